//! What the writing of files and of archives share.

use digit_image::reader::PictureReader;
use stage_cli::{Interrupts, Progress};
use stage_files::output::FolderWriter;

use crate::plan::Planned;
use crate::request::Request;

/// Pictures between two checks for signals.
pub(crate) const CHUNK: usize = 256;

/// The pictures to label, and what it takes.
pub(crate) struct Work<'a> {
    pub(crate) request: &'a Request,
    pub(crate) reader: &'a PictureReader,
    pub(crate) planned: &'a [Planned],
    pub(crate) writer: &'a FolderWriter,
    pub(crate) pool: &'a rayon::ThreadPool,
    pub(crate) interrupts: &'a Interrupts,
    pub(crate) progress: Progress,
}
