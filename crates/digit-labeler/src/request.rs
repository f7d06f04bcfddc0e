//! The request: what the command line asks for.

use std::path::PathBuf;

use digit_image::decode::PageChoice;
use stage_files::atomic::Durability;
use stage_files::labels::LabelSet;
use stage_files::output::Reuse;
use stage_files::picture::PictureSettings;

use crate::labels_in::LabelsIn;
use crate::plan::Shard;

/// Larger files are not read. No picture within the pixel limit is as large.
pub const MAX_FILE_BYTES: u64 = 1 << 30;
/// A request to label a folder.
#[derive(Clone, Debug)]
pub struct Request {
    /// Folder of source pictures.
    pub source: PathBuf,
    /// Folder to write.
    pub out: PathBuf,
    /// Canvas, alpha rule and preprocessing.
    pub picture: PictureSettings,
    /// Labels to keep.
    pub labels: LabelSet,
    /// Nominal size for pictures in class folders.
    pub size: Option<u8>,
    /// Where the labels are, if the user says so.
    pub labels_in: Option<LabelsIn>,
    /// Only a part of the pictures.
    pub shard: Option<Shard>,
    /// `fixes.csv`: pictures to leave out, and pictures with another label.
    pub fixes: Option<PathBuf>,
    /// Which pages of a file become pictures.
    pub pages: PageChoice,
    /// One archive of each size instead of a file for each picture.
    pub pack: bool,
    /// Do nothing if any input is unfit.
    pub strict: bool,
    /// Flush each file to the disk.
    pub durability: Durability,
    /// Threads; 0 for as many as there are processors.
    pub jobs: usize,
    /// Pictures with more pixels are rejected.
    pub max_pixels: u64,
    /// What to do with the work of an earlier run.
    pub reuse: Reuse,
    /// Folder for what each step made of a few pictures.
    pub explain: Option<PathBuf>,
}
