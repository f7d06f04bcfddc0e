//! Turns a folder of labelled pictures into rows.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use serde_json::json;
use stage_cli::{Console, ExitStatus, Interrupts};
use stage_files::dataset::{DATA_SET_TOOL, LabelledFolder, RowInfo, source_changed_since};
use stage_files::kind::expect_folder;
use stage_files::labelled::LabelledPicture;
use stage_files::labels::LabelSet;
use stage_files::output::Reuse;
use stage_files::picture::Canvas;
use stage_files::picture_name::PictureName;
use stage_files::rejected::Rejected;
use stage_files::sources::read_sources;
use stage_files::stage::{Earlier, StageInfo};
use stage_files::text_name::text_name;
use stage_files::{refuse, regular_file};

use crate::output::{self, How, Row};

/// Larger files are not labelled pictures.
const MAX_FILE_BYTES: u64 = 1 << 26;
/// What helps against a damaged labelled picture.
const MAKE_AGAIN: &str = "run digit-labeler again with --verify";

/// Reads the pictures of `labelled` (`{size}/{label}_{size}_{id}.png`) and writes the data set to `out`.
///
/// # Errors
/// Refusals when the folder is missing, empty or unfinished, or when no label set is known; faults from outside.
pub fn run(
    labelled: &Path,
    out: &Path,
    mixed: bool,
    labels: Option<LabelSet>,
    reuse: Reuse,
    console: &Console,
) -> anyhow::Result<ExitStatus> {
    expect_folder(labelled, "a folder of labelled pictures", "give the folder that digit-labeler wrote")?;
    StageInfo::refuse_later_stage(labelled, &["digit-labeler"])?;
    let before = LabelledFolder::of(labelled)?;
    let stage = StageInfo::read(labelled)?;
    if let Some(what) = stage.as_ref().and_then(|stage| source_changed_since(labelled, stage)) {
        console.warn(what);
    }
    if stage.is_none() && StageInfo::read_partial(labelled)?.is_some() {
        refuse!("{}: digit-labeler has not finished this folder; run it again first", labelled.display());
    }
    let pictures = pictures(labelled)?;
    if pictures.is_empty() {
        refuse!(
            "{}: expected labelled pictures in folders named by size, found none; run digit-labeler first",
            labelled.display()
        );
    }
    let Some(labels) = labels.or_else(|| stage.as_ref().map(|stage| stage.labels.clone())) else {
        refuse!(
            "{}: no stage.json tells the label set; give it with --labels, such as --labels 0-9",
            labelled.display()
        );
    };
    let canvas = stage.as_ref().and_then(|stage| stage.picture.as_ref()).map(|picture| picture.canvas);
    let sources = read_sources(labelled)?;
    let interrupts = Interrupts::listen()?;
    // Reading stops at once when a signal comes: the collection ends at the first picture that is not read.
    let progress = console.progress("reading", pictures.len());
    let read = pictures.par_iter().map(|path| match interrupts.pending() {
        Some(status) => Err(status),
        None => {
            let read = row(path, &labels, &sources);
            progress.add(1);
            Ok(read)
        }
    });
    let read: Vec<Result<(Row, Canvas), Rejected>> = match read.collect() {
        Ok(read) => read,
        Err(status) => {
            drop(progress);
            return Ok(console.interrupted(status, reuse));
        }
    };
    drop(progress);
    // Without stage.json the first picture tells the canvas of all.
    let canvas = canvas.or_else(|| read.iter().find_map(|read| read.as_ref().ok().map(|(_, canvas)| *canvas)));
    let canvas = canvas.unwrap_or(Canvas::DEFAULT);
    let (rows, rejected) = of_canvas(read, canvas);
    if rows.is_empty() {
        let first = rejected.first().map_or(String::new(), |r| format!("; the first: {}: {}", r.source, r.reason));
        refuse!("{}: none of {} pictures can be used{first}", labelled.display(), pictures.len());
    }
    let settings = json!({ "canvas": canvas.to_string(), "mixed": mixed });
    let mut info = StageInfo::new(DATA_SET_TOOL, env!("CARGO_PKG_VERSION"), settings, labels);
    info.picture = stage.as_ref().and_then(|stage| stage.picture.clone());
    info.earlier = stage.map_or_else(Vec::new, |stage| stage.lineage().into_iter().map(without_shard).collect());
    let how = How { inputs: &[labelled], mixed, reuse, console, labelled: before.as_ref(), interrupts: &interrupts };
    output::write(info, rows, &rejected, out, &how)
}

/// The rows whose pictures have this canvas, and all else with its reason.
fn of_canvas(read: Vec<Result<(Row, Canvas), Rejected>>, canvas: Canvas) -> (Vec<Row>, Vec<Rejected>) {
    let (mut rows, mut rejected) = (Vec::new(), Vec::new());
    for read in read {
        match read {
            Ok((row, found)) if found == canvas => rows.push(row),
            Ok((row, found)) => {
                let reason = format!("expected a picture of {canvas}, found {found}; {MAKE_AGAIN}");
                rejected.push(Rejected { source: format!("{}/{}", row.info.size, row.info.source), reason });
            }
            Err(entry) => rejected.push(entry),
        }
    }
    rejected.sort();
    (rows, rejected)
}

/// A shard has the same earlier stages as the whole, so that merged shards equal it.
fn without_shard(mut earlier: Earlier) -> Earlier {
    if let Some(settings) = earlier.settings.as_object_mut() {
        settings.remove("shard");
    }
    earlier
}

/// The pictures in folders named by a size.
fn pictures(labelled: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut pictures = Vec::new();
    for folder in fs_err::read_dir(labelled)? {
        let folder = folder?.path();
        let named_by_size =
            folder.file_name().and_then(|name| name.to_str()).is_some_and(|name| name.parse::<u8>().is_ok());
        if !named_by_size || !folder.is_dir() {
            continue;
        }
        for picture in fs_err::read_dir(&folder)? {
            let path = picture?.path();
            let name = path.file_name().map(text_name).unwrap_or_default();
            if !name.starts_with('.') && name.to_ascii_lowercase().ends_with(".png") {
                pictures.push(path);
            }
        }
    }
    pictures.sort();
    Ok(pictures)
}

fn row(path: &Path, labels: &LabelSet, sources: &BTreeMap<String, String>) -> Result<(Row, Canvas), Rejected> {
    let source = path.file_name().map(text_name).unwrap_or_default();
    let folder = path.parent().and_then(Path::file_name).map(text_name).unwrap_or_default();
    let reject = |reason: String| Rejected { source: format!("{folder}/{source}"), reason };
    let name = PictureName::parse_stem(&source[..source.len() - ".png".len()]).map_err(reject)?;
    let bytes = regular_file::read(path, MAX_FILE_BYTES).map_err(|error| reject(error.to_string()))?;
    let picture = LabelledPicture::decode(&bytes).map_err(reject)?;
    if (picture.label, picture.size) != (name.label, name.size) || folder != name.size.to_string() {
        return Err(reject(format!(
            "its name says label {} and size {}, its label row {} and {}, its folder {folder}; {MAKE_AGAIN}",
            name.label, name.size, picture.label, picture.size
        )));
    }
    if labels.class_of(name.label).is_none() {
        let all = LabelSet::new([labels.as_slice(), &[name.label]].concat()).unwrap_or_else(|_| labels.clone());
        let label = name.label;
        return Err(reject(format!(
            "label {label} is outside the label set {labels}; to take it, give --labels {all} --fresh"
        )));
    }
    let writer = name.writer().map(str::to_owned);
    let path = sources.get(&format!("{folder}/{source}")).cloned();
    let info = RowInfo { source, label: name.label, size: name.size, writer, path };
    Ok((Row { info, pixels: picture.pixels }, picture.canvas))
}
