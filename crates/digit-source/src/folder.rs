//! Writing a folder of source pictures: the part that drawing and every kind of import share.
//!
//! Beside the pictures stand `stage.json`, `sources.csv` (`picture,source`: where each picture came from) and
//! `rejected.csv`.

use std::collections::BTreeMap;
use std::path::Path;

use rayon::prelude::*;
use stage_cli::{Console, ExitStatus, Interrupts, Outcome, counted, quoted};
use stage_files::labels::LabelSet;
use stage_files::output::{FolderWriter, Layout, OutputFolder, Reuse};
use stage_files::picture_name::PictureName;
use stage_files::rejected::Rejected;
use stage_files::sources::{SOURCES_FILE, sources_csv};
use stage_files::stage::{Input, StageInfo};
use stage_files::text_name::{folded, same_name};

/// Endings that a written picture may have.
pub const EXTENSIONS: [&str; 9] = ["png", "jpg", "bmp", "gif", "webp", "tiff", "pnm", "jp2", "j2k"];

/// One picture to be written.
pub struct Planned<T> {
    /// What its name will say.
    pub name: PictureName,
    /// Its file name without the ending, short enough for every file system.
    pub stem: String,
    /// Where it comes from, in words that hold on every machine: a relative path, a row number, a writer.
    pub source: String,
    /// What its maker needs to know.
    pub origin: T,
}

impl<T> Planned<T> {
    /// A picture with this name.
    pub fn new(name: PictureName, source: String, origin: T) -> Self {
        let stem = name.png_file_name().trim_end_matches(".png").to_owned();
        Self { name, stem, source, origin }
    }
}

/// What is to be written and out of what.
pub struct Job<T> {
    /// Settings, inputs and labels; the counts are filled in here.
    pub info: StageInfo,
    /// The pictures, in any order.
    pub pictures: Vec<Planned<T>>,
    /// Inputs found unfit before any picture was made.
    pub rejected: Vec<Rejected>,
    /// Pictures of labels that are not taken, by label.
    left_out: BTreeMap<u8, u64>,
    /// What was found out about the inputs, a line each.
    pub notes: Vec<String>,
    /// What of the inputs is not used, a line each.
    pub warnings: Vec<String>,
    /// `info.inputs` as they were when their pictures were made, where a maker reads them again.
    pub inputs_read: Option<Box<dyn Fn() -> Vec<Input>>>,
}

impl<T> Job<T> {
    /// A job without rejected inputs.
    pub fn new(info: StageInfo, pictures: Vec<Planned<T>>) -> Self {
        let (notes, warnings) = (Vec::new(), Vec::new());
        Self { info, pictures, rejected: Vec::new(), left_out: BTreeMap::new(), notes, warnings, inputs_read: None }
    }

    /// Counts the pictures that have other labels than those that are taken.
    pub fn set_left_out(&mut self, left_out: BTreeMap<u8, u64>) {
        self.info.counts.insert("left_out".into(), left_out.values().sum());
        self.left_out = left_out;
    }
}

/// A picture file.
pub struct PictureFile {
    /// Its content.
    pub bytes: Vec<u8>,
    /// Its ending, one of [`EXTENSIONS`].
    pub extension: &'static str,
}

/// A picture file, or why there is none.
pub type Made = Result<PictureFile, String>;

/// Which files this stage writes.
const LAYOUT: Layout = Layout { owns: is_own, private: &[] };

fn is_own(name: &str) -> bool {
    let is_picture = |(stem, extension): (&str, &str)| {
        EXTENSIONS.contains(&extension) && !stem.contains('/') && PictureName::parse_stem(stem).is_ok()
    };
    name == SOURCES_FILE || name.rsplit_once('.').is_some_and(is_picture)
}

/// How a folder is written.
#[derive(Clone, Copy)]
pub struct How<'a> {
    /// Files and folders that are read, so that none of them is written over.
    pub inputs: &'a [&'a Path],
    /// Whether to write nothing when any input is unfit.
    pub strict: bool,
    /// What to do with the work of an earlier run.
    pub reuse: Reuse,
    /// Where to say what happens.
    pub console: &'a Console,
}

/// Writes the folder. `make` gives the bytes of a picture; it is called from several threads.
///
/// Does nothing when the folder already holds the result of the same settings and inputs.
pub fn write<T: Send + Sync>(
    out: &Path,
    mut job: Job<T>,
    how: &How<'_>,
    make: impl Fn(&Planned<T>) -> Made + Sync,
) -> anyhow::Result<ExitStatus> {
    let console = how.console;
    let folder = OutputFolder::new(out, LAYOUT, job.info.clone(), how.inputs, how.reuse)?;
    let interrupts = Interrupts::listen()?;
    let is_same = |done: &StageInfo| done.inputs == job.info.inputs && done.version == job.info.version;
    if let Some(done) = folder.up_to_date(is_same)? {
        return report(out, &done, true, &[], &job.left_out, console);
    }
    reject_equal_names(&mut job);
    if how.strict && console.refuses_strictly(&job.rejected) {
        return Ok(ExitStatus::SomeRejected);
    }
    let writer = folder.begin()?;
    let progress = console.progress("writing pictures", job.pictures.len());
    let made: Vec<Option<Result<String, String>>> = job
        .pictures
        .par_iter()
        .map(|picture| {
            if interrupts.pending().is_some() {
                return Ok(None);
            }
            let made = match make(picture) {
                Ok(file) => {
                    let name = format!("{}.{}", picture.stem, file.extension);
                    writer.write(&name, &file.bytes)?;
                    Ok(name)
                }
                Err(reason) => Err(reason),
            };
            progress.add(1);
            Ok(Some(made))
        })
        .collect::<anyhow::Result<_>>()?;
    drop(progress);
    if let Some(status) = interrupts.pending() {
        return Ok(console.interrupted(status, how.reuse));
    }

    finish(writer, job, made, console)
}

/// Writes the files beside the pictures and marks the folder as whole.
fn finish<T>(
    writer: FolderWriter,
    mut job: Job<T>,
    made: Vec<Option<Result<String, String>>>,
    console: &Console,
) -> anyhow::Result<ExitStatus> {
    let out = writer.root().to_owned();
    let mut sources = Vec::new();
    let mut of_size: BTreeMap<u8, u64> = BTreeMap::new();
    for (picture, made) in job.pictures.iter().zip(made) {
        match made {
            Some(Ok(name)) => {
                *of_size.entry(picture.name.size).or_default() += 1;
                sources.push((name, picture.source.as_str()));
            }
            Some(Err(reason)) => job.rejected.push(Rejected { source: picture.source.clone(), reason }),
            None => {}
        }
    }
    sources.sort_unstable();
    let pairs = sources.iter().map(|(picture, source)| (picture.as_str(), *source));
    writer.write(SOURCES_FILE, &sources_csv(pairs)?)?;
    job.rejected.sort();
    writer.write_rejected(&job.rejected)?;
    if let Some(inputs_read) = &job.inputs_read {
        job.info.inputs = inputs_read();
    }
    job.info.counts.insert("pictures".into(), sources.len() as u64);
    job.info.counts.insert("rejected".into(), job.rejected.len() as u64);
    job.info.counts.extend(of_size.into_iter().map(|(size, count)| (format!("size_{size}"), count)));
    console.altered(&out, &writer.finish(&job.info)?);
    report(&out, &job.info, false, &job.rejected, &job.left_out, console)
}

fn report(
    out: &Path,
    info: &StageInfo,
    nothing_to_do: bool,
    rejected: &[Rejected],
    left_out: &BTreeMap<u8, u64>,
    console: &Console,
) -> anyhow::Result<ExitStatus> {
    let pictures = info.counts.get("pictures").copied().unwrap_or(0);
    let place = if nothing_to_do { String::new() } else { format!(" in {}", out.display()) };
    let result = format!("{}{place}{}", counted(pictures, "source picture"), left_out_words(&info.labels, left_out));
    let status = console.outcome(&Outcome { folder: out, info, result: &result, nothing_to_do }, rejected)?;
    let labelled = quoted(&out.with_file_name("labelled"));
    let labels = &info.labels;
    console.next("label", "digit-labeler", &[&quoted(out), &labelled, &"--labels", labels, &"--preprocess standard"]);
    Ok(status)
}

/// What was left out because of its label, and the option that takes it.
fn left_out_words(taken: &LabelSet, left_out: &BTreeMap<u8, u64>) -> String {
    let count: u64 = left_out.values().sum();
    if count == 0 {
        return String::new();
    }
    let others = LabelSet::new(left_out.keys().copied().collect()).map(|set| set.to_string()).unwrap_or_default();
    format!(
        ", {count} left out, since --labels {taken} does not name their labels {others}; --labels 0-9 --fresh takes all"
    )
}

/// Two inputs that would get one name, or names that some file systems take for one: the first in source order is
/// kept, the others are rejected.
fn reject_equal_names<T>(job: &mut Job<T>) {
    let key = |picture: &Planned<T>| (folded(&picture.stem), picture.stem.clone(), picture.source.clone());
    job.pictures.sort_by_cached_key(key);
    let mut kept: Vec<Planned<T>> = Vec::with_capacity(job.pictures.len());
    for picture in job.pictures.drain(..) {
        match kept.last() {
            Some(last) if folded(&last.stem) == folded(&picture.stem) => job
                .rejected
                .push(Rejected { reason: same_name(&picture.stem, &last.stem, &last.source), source: picture.source }),
            _ => kept.push(picture),
        }
    }
    kept.sort_by(|a, b| a.stem.cmp(&b.stem));
    job.pictures = kept;
}

/// The entry for a single input file.
pub fn file_input(path: &Path, bytes: &[u8]) -> Input {
    let name = stage_files::text_name::base_name(path);
    Input { name, sha256: stage_files::digest::sha256_hex(bytes), files: 1 }
}
