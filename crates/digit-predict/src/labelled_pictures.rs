//! The pictures of a folder whose labels are known, each with its prediction.

use std::path::Path;

use anyhow::Context;
use digit_image::decode::PageChoice;
use digit_labeler::LabelsIn;
use digit_labeler::inspect::{Asked, inspect, pictures};
use digit_labeler::plan::Planned;
use rayon::prelude::*;
use stage_cli::{Console, counted};
use stage_files::digest::{ListingDigest, sha256_hex};
use stage_files::rejected::Rejected;
use stage_files::stage::Input;
use stage_files::text_name::base_name;
use stage_files::{LabelSet, refuse};

use crate::{Prediction, Predictor};

/// Pictures that one thread takes through the network at a time.
const TASK: usize = 64;
/// Larger files are not read.
const MAX_FILE_BYTES: u64 = 1 << 30;

/// A picture with its label and its prediction.
pub(crate) struct Judged {
    /// Path below the folder.
    pub(crate) path: String,
    /// The digit that it shows.
    pub(crate) label: u8,
    /// Who wrote it, if the path says so.
    pub(crate) writer: Option<String>,
    /// As the network saw it.
    pub(crate) pixels: Vec<u8>,
    /// What the network answered.
    pub(crate) prediction: Prediction,
}

impl Judged {
    pub(crate) fn is_correct(&self) -> bool {
        self.label == self.prediction.label
    }
}

/// A folder of labelled pictures.
pub(crate) struct LabelledFolder {
    /// Pictures of the labels that the model knows.
    pub(crate) known: Vec<Judged>,
    /// Pictures of other labels; the model cannot be right on them.
    pub(crate) unknown: Vec<Judged>,
    /// What could not be used.
    pub(crate) rejected: Vec<Rejected>,
    /// Name and digest of the pictures.
    pub(crate) input: Input,
}

impl LabelledFolder {
    /// Reads and predicts every picture of a folder that the labeler would take, by the labeler's rules for names.
    ///
    /// # Errors
    /// Refusals: labels that are not certain, no picture that can be read. Faults from outside.
    pub(crate) fn judge(
        predictor: &Predictor,
        folder: &Path,
        layout: Option<LabelsIn>,
        console: &Console,
    ) -> anyhow::Result<Self> {
        let asked = Asked { size: None, is_size_known: false, labels_in: layout, pages: PageChoice::First };
        let found = inspect(folder, &asked)?;
        found.check(folder)?;
        let (planned, mut rejected) = pictures(folder, &asked, &found)?;
        let progress = console.progress("predicting", planned.len());
        let tasks: anyhow::Result<Vec<_>> = planned
            .par_chunks(TASK)
            .map(|task| {
                let judged = task_of(predictor, task);
                progress.add(task.len() as u64);
                judged
            })
            .collect();
        drop(progress);
        let (mut judged, mut listing) = (Vec::new(), ListingDigest::default());
        for (planned, (sha256, of)) in planned.iter().zip(tasks?.into_iter().flatten()) {
            listing.add(&planned.found.name, &sha256);
            match of {
                Ok(of) => judged.push(of),
                Err(reason) => rejected.push(Rejected { source: planned.found.name.clone(), reason }),
            }
        }
        if judged.is_empty() {
            let first = rejected.first().map_or_else(String::new, |r| format!(", such as {}: {}", r.source, r.reason));
            let all = counted(rejected.len() as u64, "file");
            refuse!("{}: expected pictures that can be read, found {all} that cannot{first}", folder.display());
        }
        rejected.sort();
        let (sha256, files) = listing.finish();
        let (known, unknown) = judged.into_iter().partition(|of| predictor.labels().class_of(of.label).is_some());
        Ok(Self { known, unknown, rejected, input: Input { name: base_name(folder), sha256, files } })
    }

    /// Refuses a folder without any picture of the model's labels.
    pub(crate) fn check_labels(&self, folder: &Path, labels: &LabelSet) -> anyhow::Result<()> {
        if self.known.is_empty() {
            refuse!(
                "{}: expected pictures of the digits {labels}, which the model knows, found {} only",
                folder.display(),
                digits(&self.unknown)
            );
        }
        Ok(())
    }
}

/// The digits that pictures show, such as `6,7`.
pub(crate) fn digits(pictures: &[Judged]) -> String {
    let mut all: Vec<u8> = pictures.iter().map(|of| of.label).collect();
    all.sort_unstable();
    all.dedup();
    all.iter().map(u8::to_string).collect::<Vec<_>>().join(",")
}

/// The digest of each file, and its picture with the prediction or what is wrong with it.
type Tried = (String, Result<Judged, String>);

fn task_of(predictor: &Predictor, task: &[Planned]) -> anyhow::Result<Vec<Tried>> {
    let mut pixels = Vec::new();
    let mut read: Vec<(String, Result<Vec<u8>, String>)> = Vec::new();
    for planned in task {
        let bytes = planned.found.read(MAX_FILE_BYTES).map_err(|error| error.to_string());
        let sha256 = bytes.as_ref().map(|bytes| sha256_hex(bytes)).unwrap_or_default();
        let prepared =
            bytes.and_then(|bytes| predictor.prepare_page(&bytes, planned.page).map_err(|e| format!("{e:#}")));
        prepared.iter().for_each(|prepared| pixels.extend_from_slice(prepared));
        read.push((sha256, prepared));
    }
    let mut predictions = predictor.predict_pixels(&pixels)?.into_iter();
    let mut tried = Vec::with_capacity(task.len());
    for (planned, (sha256, prepared)) in task.iter().zip(read) {
        let judged = match prepared {
            Err(reason) => Err(reason),
            Ok(pixels) => {
                predictions.next().context("one row of pixels gives one prediction")?.map(|prediction| Judged {
                    path: planned.found.name.clone(),
                    label: planned.name.label,
                    writer: planned.name.writer().map(str::to_owned),
                    pixels,
                    prediction,
                })
            }
        };
        tried.push((sha256, judged));
    }
    Ok(tried)
}
