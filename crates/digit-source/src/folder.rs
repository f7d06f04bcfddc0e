//! Writing a folder of source pictures: the part that drawing and every kind of import share.
//!
//! Beside the pictures stand `stage.json`, `sources.csv` (`picture,source`: where each picture came from) and
//! `rejected.csv`. The stems that a run is going to write are kept in `.planned` while it works, so that a later run
//! can take away what a killed one left and the inputs no longer give.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::Context;
use rayon::prelude::*;
use stage_cli::{Console, ExitStatus, Interrupts};
use stage_files::atomic::{self, Durability};
use stage_files::lock::FolderLock;
use stage_files::picture_name::PictureName;
use stage_files::rejected::{Rejected, write_rejected};
use stage_files::stage::{Input, StageInfo};

/// Stems of the pictures that an unfinished run was going to write, one a line.
const PLANNED_FILE: &str = ".planned";
/// `picture,source`, in name order.
pub const SOURCES_FILE: &str = "sources.csv";
/// Endings that a written picture may have.
pub const EXTENSIONS: [&str; 7] = ["png", "jpg", "bmp", "gif", "webp", "tiff", "pnm"];

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
    /// `info.inputs` as they were when their pictures were made, where a maker reads them again.
    pub inputs_read: Option<Box<dyn Fn() -> Vec<Input>>>,
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

/// Writes the folder. `make` gives the bytes of a picture; it is called from several threads.
///
/// Does nothing when the folder already holds the result of the same settings and inputs.
pub fn write<T: Send + Sync>(
    out: &Path,
    mut job: Job<T>,
    strict: bool,
    console: &Console,
    make: impl Fn(&Planned<T>) -> Made + Sync,
) -> anyhow::Result<ExitStatus> {
    job.info.refuse_foreign(out)?;
    let interrupts = Interrupts::listen()?;
    if let Some(done) = StageInfo::read(out)?
        && done.inputs == job.info.inputs
        && done.version == job.info.version
        && is_complete(out)?
    {
        StageInfo::tidy_abandoned(out)?;
        let pictures = done.counts.get("pictures").copied().unwrap_or(0);
        console.summary(format!("nothing to do: {} pictures are up to date in {}", pictures, out.display()), &done)?;
        let rejected = done.counts.get("rejected").copied().unwrap_or(0);
        return Ok(if rejected == 0 { ExitStatus::Done } else { ExitStatus::SomeRejected });
    }
    reject_equal_names(&mut job);
    if strict && refuse_all(&job.rejected, console) {
        return Ok(ExitStatus::SomeRejected);
    }
    let _lock = FolderLock::take(out)?;
    let earlier = earlier_stems(out)?;
    let keep: Vec<&str> =
        earlier.iter().map(String::as_str).chain(job.pictures.iter().map(|p| p.stem.as_str())).collect();
    atomic::write(&out.join(PLANNED_FILE), (keep.join("\n") + "\n").as_bytes(), Durability::Process)?;
    job.info.begin(out)?;

    let made: Vec<Option<Result<String, String>>> = job
        .pictures
        .par_iter()
        .map(|picture| {
            if interrupts.pending().is_some() {
                return Ok(None);
            }
            Ok(Some(match make(picture) {
                Ok(file) => {
                    let name = format!("{}.{}", picture.stem, file.extension);
                    atomic::write(&out.join(&name), &file.bytes, Durability::Process)?;
                    Ok(name)
                }
                Err(reason) => Err(reason),
            }))
        })
        .collect::<anyhow::Result<_>>()?;
    if let Some(status) = interrupts.pending() {
        console.warn(format!("interrupted; run the same command again to go on in {}", out.display()));
        return Ok(status);
    }

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
    remove_stale(out, &earlier, &sources.iter().map(|(name, _)| name.as_str()).collect())?;
    sources.sort_unstable();
    write_sources(out, &sources)?;
    job.rejected.sort();
    write_rejected(out, &job.rejected, Durability::Process)?;
    if let Some(inputs_read) = &job.inputs_read {
        job.info.inputs = inputs_read();
    }
    job.info.counts.insert("pictures".into(), sources.len() as u64);
    job.info.counts.insert("rejected".into(), job.rejected.len() as u64);
    job.info.counts.extend(of_size.into_iter().map(|(size, count)| (format!("size_{size}"), count)));
    job.info.finish(out)?;
    remove(&out.join(PLANNED_FILE))?;
    report(out, &job, console)
}

/// Two inputs that would get one name: the first in source order is kept, the others are rejected.
fn reject_equal_names<T>(job: &mut Job<T>) {
    job.pictures.sort_by(|a, b| (&a.stem, &a.source).cmp(&(&b.stem, &b.source)));
    let mut kept: Vec<Planned<T>> = Vec::with_capacity(job.pictures.len());
    for picture in job.pictures.drain(..) {
        match kept.last() {
            Some(last) if last.stem == picture.stem => job.rejected.push(Rejected {
                reason: format!("would get the name {}, which {} has already", picture.stem, last.source),
                source: picture.source,
            }),
            _ => kept.push(picture),
        }
    }
    job.pictures = kept;
}

fn refuse_all(rejected: &[Rejected], console: &Console) -> bool {
    for Rejected { source, reason } in rejected {
        console.warn(format!("{source}: {reason}"));
    }
    if !rejected.is_empty() {
        console.warn(format!("{} inputs are unfit and --strict was given: nothing was written", rejected.len()));
    }
    !rejected.is_empty()
}

fn report<T>(out: &Path, job: &Job<T>, console: &Console) -> anyhow::Result<ExitStatus> {
    const SHOWN: usize = 5;
    for Rejected { source, reason } in job.rejected.iter().take(SHOWN) {
        console.warn(format!("{source}: {reason}"));
    }
    let (pictures, rejected) = (job.info.counts["pictures"], job.rejected.len());
    let mut sentence = format!("{pictures} source pictures in {}", out.display());
    if rejected > 0 {
        sentence += &format!(", {rejected} inputs rejected (see {}/rejected.csv)", out.display());
    }
    console.summary(sentence, &job.info)?;
    Ok(if rejected == 0 { ExitStatus::Done } else { ExitStatus::SomeRejected })
}

/// Stems that earlier runs wrote or were going to write.
fn earlier_stems(out: &Path) -> anyhow::Result<BTreeSet<String>> {
    let mut stems = BTreeSet::new();
    if let Some(text) = read_if_there(&out.join(PLANNED_FILE))? {
        stems.extend(text.lines().map(str::to_owned));
    }
    stems.extend(read_sources(out)?.iter().filter_map(|name| Some(name.rsplit_once('.')?.0.to_owned())));
    // Whatever these files say, nothing but a picture of this very folder may be taken away.
    stems.retain(|stem| PictureName::parse_stem(stem).is_ok() && !stem.contains(['/', '\\']));
    Ok(stems)
}

/// Takes away pictures of earlier runs that this one did not write.
fn remove_stale(out: &Path, earlier: &BTreeSet<String>, written: &BTreeSet<&str>) -> anyhow::Result<()> {
    for stem in earlier {
        for name in EXTENSIONS.map(|extension| format!("{stem}.{extension}")) {
            if !written.contains(name.as_str()) {
                remove(&out.join(name))?;
            }
        }
    }
    Ok(())
}

fn is_complete(out: &Path) -> anyhow::Result<bool> {
    let names = read_sources(out)?;
    Ok(names.iter().all(|name| out.join(name).is_file()))
}

fn read_sources(out: &Path) -> anyhow::Result<Vec<String>> {
    let path = out.join(SOURCES_FILE);
    let Some(text) = read_if_there(&path)? else { return Ok(Vec::new()) };
    let mut names = Vec::new();
    for record in csv::Reader::from_reader(text.as_bytes()).records() {
        let record = record.with_context(|| path.display().to_string())?;
        names.extend(record.get(0).map(str::to_owned));
    }
    Ok(names)
}

fn write_sources(out: &Path, sources: &[(String, &str)]) -> anyhow::Result<()> {
    let mut csv = csv::Writer::from_writer(Vec::new());
    csv.write_record(["picture", "source"])?;
    for (picture, source) in sources {
        csv.write_record([picture.as_str(), source])?;
    }
    let bytes = csv.into_inner().map_err(csv::IntoInnerError::into_error)?;
    atomic::write(&out.join(SOURCES_FILE), &bytes, Durability::Process)
}

fn read_if_there(path: &Path) -> anyhow::Result<Option<String>> {
    match fs_err::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn remove(path: &Path) -> anyhow::Result<()> {
    match fs_err::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

/// The entry for a single input file.
pub fn file_input(path: &Path, bytes: &[u8]) -> Input {
    let name = stage_files::text_name::base_name(path);
    Input { name, sha256: stage_files::digest::sha256_hex(bytes), files: 1 }
}
