//! The pictures of a folder as the labeler would write them, in memory.

use std::path::Path;

use digit_image::decode::PageChoice;
use digit_image::reader::PictureReader;
use rayon::prelude::*;
use stage_cli::Progress;
use stage_files::labels::LabelSet;
use stage_files::picture::PictureSettings;
use stage_files::rejected::Rejected;
use stage_files::{refuse, regular_file};

use crate::LabelsIn;
use crate::batch::{check_source, find, with_page_counts};
use crate::inspect::Inspection;
use crate::plan::{Planned, plan};
use crate::request::MAX_FILE_BYTES;

/// Pictures with more pixels are rejected.
const MAX_PIXELS: u64 = 100_000_000;

/// A picture of a source folder, prepared and shrunk.
#[derive(Clone, Debug)]
pub struct ReadPicture {
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
}

/// Reads what [`inspect`](crate::inspect::inspect) has found in `source`, with the labels `labels`. Calls `progress`
/// for each picture.
///
/// # Errors
/// Refusals about the folder and the preprocessing. A picture that cannot be used is in the second list.
pub fn read_pictures(
    source: &Path,
    found: &Inspection,
    labels: &LabelSet,
    labels_in: Option<LabelsIn>,
    settings: &PictureSettings,
    progress: impl FnOnce(usize) -> Progress,
) -> anyhow::Result<(Vec<ReadPicture>, Vec<Rejected>)> {
    check_source(source)?;
    let reader = match PictureReader::new(settings) {
        Ok(reader) => reader,
        Err(reason) => refuse!("preprocessing: {reason}"),
    };
    let walked = find(source)?;
    let mut rejected = walked.rejected;
    let pictures = with_page_counts(walked.pictures, PageChoice::First);
    let planned = plan(pictures, labels, found.size, labels_in, None, None, &mut rejected).pictures;
    let progress = progress(planned.len());
    let read = |planned: &Planned| {
        let read = one(planned, &reader);
        progress.add(1);
        read.map_err(|reason| Rejected { source: planned.found.name.clone(), reason })
    };
    let mut pictures = Vec::with_capacity(planned.len());
    for read in planned.par_iter().map(read).collect::<Vec<_>>() {
        match read {
            Ok(picture) => pictures.push(picture),
            Err(entry) => rejected.push(entry),
        }
    }
    rejected.sort();
    Ok((pictures, rejected))
}

fn one(planned: &Planned, reader: &PictureReader) -> Result<ReadPicture, String> {
    let bytes = regular_file::read(&planned.found.path, MAX_FILE_BYTES).map_err(|error| error.to_string())?;
    let small = reader.read_page(&bytes, planned.page, MAX_PIXELS).map_err(|error| error.to_string())?;
    Ok(ReadPicture {
        output: planned.output.clone(),
        source: planned.found.name.clone(),
        label: planned.name.label,
        writer: planned.name.writer().map(str::to_owned),
        pixels: small.pixels,
    })
}
