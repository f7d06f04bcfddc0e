//! Faults planted in a set of pictures, and how many of them `digit-doctor` finds.
//!
//! 1 % of the labels are turned to another digit; copies are added: as they are, shifted by a pixel of the source,
//! brighter, saved again as JPEG; blank and cut pictures are added; where writers are known, all labels of one are
//! shifted by one and the 6 and 9 of another are swapped.

mod faults;
mod score;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use digit_source::draw::{DrawSettings, Size, plan, render};
use rayon::prelude::*;
use stage_cli::ExitStatus;
use stage_files::picture_name::PictureName;

use faults::{Planted, Source};

/// What to plant faults in.
pub(crate) struct Request<'a> {
    /// Folder for everything.
    pub(crate) work: &'a Path,
    /// Pictures.
    pub(crate) count: u32,
    /// Pictures `{label}_{size}_{id}.png`; drawn ones without.
    pub(crate) source: Option<&'a Path>,
    /// Drawn pictures without planted copies, among which none may be found.
    pub(crate) clean: u32,
    pub(crate) seed: u64,
}

/// Plants, runs the doctor, and prints a table in Markdown.
pub(crate) fn write(request: &Request<'_>) -> Result<()> {
    let planted = plant(request)?;
    let began = Instant::now();
    doctor(&request.work.join("planted"), &request.work.join("findings"))?;
    let seconds = began.elapsed().as_secs_f64();
    let mut table = score::table(&request.work.join("findings"), &planted)?;
    if request.clean > 0 {
        let folder = request.work.join("clean");
        draw(&folder, request.clean, request.seed + 1)?;
        doctor(&folder, &request.work.join("clean-findings"))?;
        let found = score::copies(&request.work.join("clean-findings"))?;
        table += &format!("| copies found among {} different drawn pictures | {found} | 0 |\n", request.clean);
    }
    let took = format!("The doctor took {seconds:.1} s, reading the pictures included.");
    Ok(std::io::stdout().write_all(format!("{table}\n{took}\n").as_bytes())?)
}

fn doctor(pictures: &Path, findings: &Path) -> Result<()> {
    let words = ["digit-doctor", "--quiet", "--fresh"].map(OsString::from).into_iter();
    let status = digit_doctor::cli::run(words.chain([pictures.into(), findings.into()]));
    ensure!(matches!(status, ExitStatus::Done | ExitStatus::SomeRejected), "digit-doctor ended with {status:?}");
    Ok(())
}

/// Writes the pictures with their faults and returns what was planted.
fn plant(request: &Request<'_>) -> Result<Planted> {
    let folder = request.work.join("planted");
    let sources = match request.source {
        Some(source) => found(source, request.count)?,
        None => drawn(request.count, request.seed)?,
    };
    empty(&folder)?;
    let (files, planted) = faults::plant(&sources, request.seed)?;
    files.par_iter().try_for_each(|(name, bytes)| fs_err::write(folder.join(name), bytes))?;
    Ok(planted)
}

/// An empty folder, without what an earlier run put there.
fn empty(folder: &Path) -> Result<()> {
    if folder.exists() {
        for entry in fs_err::read_dir(folder)? {
            let path = entry?.path();
            let is_picture = path.extension().is_some_and(|ending| ending == "png" || ending == "jpg");
            ensure!(is_picture, "{} is no picture of an earlier run; give another folder", path.display());
            fs_err::remove_file(path)?;
        }
    }
    Ok(fs_err::create_dir_all(folder)?)
}

fn draw(folder: &Path, count: u32, seed: u64) -> Result<()> {
    empty(folder)?;
    drawn(count, seed)?.par_iter().try_for_each(|source| {
        let name = PictureName { label: source.label, size: 20, id: source.id.clone() };
        Ok(fs_err::write(folder.join(name.png_file_name()), &source.png)?)
    })
}

/// Drawn digits 0 to 9.
fn drawn(count: u32, seed: u64) -> Result<Vec<Source>> {
    let labels = "0-9".parse().map_err(anyhow::Error::msg)?;
    let settings = DrawSettings::new(count, vec![Size::Fills], labels, seed);
    let specs = plan(&settings);
    let one = |spec: &digit_source::draw::DrawnSpec| {
        Ok(Source { label: spec.label, id: spec.id(), png: render(spec, seed)?.to_png()? })
    };
    specs.par_iter().map(one).collect()
}

/// So many pictures of a folder, evenly over its names.
fn found(folder: &Path, count: u32) -> Result<Vec<Source>> {
    let mut by_name: BTreeMap<PathBuf, PictureName> = BTreeMap::new();
    for entry in fs_err::read_dir(folder)? {
        let path = entry?.path();
        let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        if let (Ok(name), Some("png")) = (PictureName::parse_stem(stem), path.extension().and_then(|e| e.to_str())) {
            by_name.insert(path.clone(), name);
        }
    }
    let all: Vec<(PathBuf, PictureName)> = by_name.into_iter().collect();
    let count = all.len().min(count as usize);
    ensure!(count > 0, "{}: expected pictures {{label}}_{{size}}_{{id}}.png", folder.display());
    let chosen = (0..count).map(|at| &all[at * all.len() / count]);
    let read = |(path, name): &(PathBuf, PictureName)| {
        let png = fs_err::read(path).with_context(|| path.display().to_string())?;
        Ok(Source { label: name.label, id: name.id.clone(), png })
    };
    chosen.map(read).collect()
}
