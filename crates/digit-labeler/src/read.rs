//! The pictures of a folder as the labeler would write them, in memory.

use std::path::Path;

use digit_image::decode::{DEFAULT_MAX_PIXELS, PageChoice};
use digit_image::raster::GrayPicture;
use digit_image::reader::PictureReader;
use rayon::prelude::*;
use stage_cli::{ExitStatus, Interrupts, Progress};
use stage_files::labels::LabelSet;
use stage_files::picture::PictureSettings;
use stage_files::refuse;
use stage_files::rejected::Rejected;

use crate::LabelsIn;
use crate::batch::{check_source, find, with_page_counts};
use crate::inspect::Inspection;
use crate::plan::{Planned, plan};
use crate::request::MAX_FILE_BYTES;

/// A picture of a source folder, prepared and shrunk.
#[derive(Clone, Debug)]
pub struct ReadPicture<T> {
    /// Its name as a labelled picture, `20/3_20_kim-1.png`.
    pub output: String,
    /// Its source, relative to the folder.
    pub source: String,
    /// The digit that its name or folder says.
    pub label: u8,
    /// Who wrote it, as far as known.
    pub writer: Option<String>,
    /// Gray, row by row, as large as the canvas.
    pub pixels: Vec<u8>,
    /// What was kept of the picture as decoded, before any step.
    pub seen: T,
}

/// What is read, and how.
#[derive(Clone, Copy, Debug)]
pub struct ReadRequest<'a> {
    /// The folder.
    pub source: &'a Path,
    /// What [`inspect`](crate::inspect::inspect) has found in it.
    pub found: &'a Inspection,
    /// Pictures with other labels are rejected.
    pub labels: &'a LabelSet,
    /// Where the labels are, if the user says it.
    pub labels_in: Option<LabelsIn>,
    /// How pictures become pixels.
    pub settings: &'a PictureSettings,
}

/// Pictures that were read, and what was rejected; or a signal that came before the end.
pub type Reading<T> = Result<(Vec<ReadPicture<T>>, Vec<Rejected>), ExitStatus>;

/// Reads the pictures of a folder. `see` is shown each picture in gray as decoded, before any step. Calls `progress`
/// with their number. The inner error is a signal that came before all were read.
///
/// # Errors
/// Refusals about the folder and the preprocessing. A picture that cannot be used is in the second list.
pub fn read_pictures<T: Send>(
    request: &ReadRequest<'_>,
    see: impl Fn(&GrayPicture) -> T + Sync,
    progress: impl FnOnce(usize) -> Progress,
    interrupts: &Interrupts,
) -> anyhow::Result<Reading<T>> {
    check_source(request.source)?;
    let reader = match PictureReader::new(request.settings) {
        Ok(reader) => reader,
        Err(reason) => refuse!("preprocessing: {reason}"),
    };
    let walked = find(request.source)?;
    let mut rejected = walked.rejected;
    let pictures = with_page_counts(walked.pictures, PageChoice::First);
    let size = request.found.size;
    let planned = plan(pictures, request.labels, size, request.labels_in, None, None, &mut rejected).pictures;
    let progress = progress(planned.len());
    // Reading stops at once when a signal comes: the collection ends at the first picture that is not read.
    let read = planned.par_iter().map(|planned| match interrupts.pending() {
        Some(status) => Err(status),
        None => {
            let read = one(planned, &reader, &see);
            progress.add(1);
            Ok(read.map_err(|reason| Rejected { source: planned.found.name.clone(), reason }))
        }
    });
    let read: Vec<Result<ReadPicture<T>, Rejected>> = match read.collect() {
        Ok(read) => read,
        Err(status) => return Ok(Err(status)),
    };
    let mut pictures = Vec::with_capacity(planned.len());
    for read in read {
        match read {
            Ok(picture) => pictures.push(picture),
            Err(entry) => rejected.push(entry),
        }
    }
    rejected.sort();
    Ok(Ok((pictures, rejected)))
}

fn one<T>(
    planned: &Planned,
    reader: &PictureReader,
    see: impl Fn(&GrayPicture) -> T,
) -> Result<ReadPicture<T>, String> {
    let bytes = planned.found.read(MAX_FILE_BYTES).map_err(|error| error.to_string())?;
    let mut seen = None;
    let keep = |step: Option<&_>, image: &digit_image::preprocess::Image| {
        if step.is_none() {
            seen = Some(see(&image.to_gray()));
        }
    };
    let small =
        reader.read_page_seen(&bytes, planned.page, DEFAULT_MAX_PIXELS, keep).map_err(|error| error.to_string())?;
    Ok(ReadPicture {
        output: planned.output(),
        source: planned.found.name.clone(),
        label: planned.name.label,
        writer: planned.name.writer().map(str::to_owned),
        pixels: small.pixels,
        seen: seen.ok_or("the picture was not decoded")?,
    })
}
