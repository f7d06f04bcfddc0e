//! Turns a folder of labelled pictures into rows.

use std::collections::BTreeMap;
use std::path::Path;

use rayon::prelude::*;
use serde_json::json;
use stage_cli::{Console, ExitStatus, Interrupts};
use stage_files::dataset::{DATA_SET_TOOL, LabelledFolder, RowInfo, source_changed_since};
use stage_files::fixes::{Action, Fixes};
use stage_files::kind::expect_folder;
use stage_files::labelled::LabelledPicture;
use stage_files::labels::LabelSet;
use stage_files::output::Reuse;
use stage_files::picture::Canvas;
use stage_files::picture_name::PictureName;
use stage_files::rejected::Rejected;
use stage_files::sources::read_sources;
use stage_files::stage::{Earlier, StageInfo};
use stage_files::{pack, refuse};

use crate::files::{self, LabelledFile};
use crate::output::{self, How, Row};

/// What helps against a damaged labelled picture.
const MAKE_AGAIN: &str = "run digit-labeler again with --verify";

/// What a labelled folder holds.
#[derive(Debug)]
pub struct Labelled {
    /// A row for each picture that can be used, in the order of the files' names.
    pub rows: Vec<Row>,
    /// All other pictures.
    pub rejected: Vec<Rejected>,
    /// Of all rows.
    pub canvas: Canvas,
    /// The label set.
    pub labels: LabelSet,
    /// The folder's `stage.json`, if it has one.
    pub stage: Option<StageInfo>,
    before: Option<LabelledFolder>,
}

/// A request to make a data set of a labelled folder.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// The folder.
    pub labelled: &'a Path,
    /// The folder to write.
    pub out: &'a Path,
    /// Whether a CSV of all sizes is written too.
    pub mixed: bool,
    /// The label set, if the user says it.
    pub labels: Option<LabelSet>,
    /// `fixes.csv`: pictures to leave out, and pictures with another label.
    pub fixes: Option<&'a Path>,
    /// What to do with the work of an earlier run.
    pub reuse: Reuse,
}

/// Reads the pictures of `labelled` (`{size}/{label}_{size}_{id}.png`). The inner error is a signal that came before
/// all were read.
///
/// # Errors
/// Refusals when the folder is missing, empty or unfinished, when no label set is known, or when no picture can be
/// used; faults from outside.
pub fn read(
    labelled: &Path,
    labels: Option<LabelSet>,
    console: &Console,
    interrupts: &Interrupts,
) -> anyhow::Result<Result<Labelled, ExitStatus>> {
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
    let pictures = files::find(labelled)?;
    // A shard may have no picture: the names decide.
    let is_shard = stage.as_ref().is_some_and(|stage| shard_of(stage).is_some());
    if pictures.is_empty() && !is_shard {
        refuse!(
            "{}: expected labelled pictures in folders named by size or in archives such as 20.tar, found none; run \
             digit-labeler first",
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
    // Reading stops at once when a signal comes: the collection ends at the first picture that is not read.
    let progress = console.progress("reading", pictures.len());
    let read = pictures.par_iter().map(|file| match interrupts.pending() {
        Some(status) => Err(status),
        None => {
            let read = row(file, &labels, &sources);
            progress.add(1);
            Ok(read)
        }
    });
    let read: Vec<Result<(Row, Canvas), Rejected>> = match read.collect() {
        Ok(read) => read,
        Err(status) => return Ok(Err(status)),
    };
    drop(progress);
    // Without stage.json the first picture tells the canvas of all.
    let canvas = canvas.or_else(|| read.iter().find_map(|read| read.as_ref().ok().map(|(_, canvas)| *canvas)));
    let canvas = canvas.unwrap_or(Canvas::DEFAULT);
    let (rows, rejected) = of_canvas(read, canvas);
    if rows.is_empty() && !is_shard {
        let first = rejected.first().map_or(String::new(), |r| format!("; the first: {}: {}", r.source, r.reason));
        refuse!("{}: none of {} pictures can be used{first}", labelled.display(), pictures.len());
    }
    Ok(Ok(Labelled { rows, rejected, canvas, labels, stage, before }))
}

/// Reads the pictures of a labelled folder and writes the data set.
///
/// # Errors
/// As [`read`]; also refusals about the fixes and the folder to write.
pub fn run(request: &Request<'_>, console: &Console) -> anyhow::Result<ExitStatus> {
    let mut fixes = request.fixes.map(Fixes::read).transpose()?;
    let interrupts = Interrupts::listen()?;
    let mut found = match read(request.labelled, request.labels.clone(), console, &interrupts)? {
        Ok(found) => found,
        Err(status) => return Ok(console.interrupted(status, request.reuse)),
    };
    let mut settings = json!({ "canvas": found.canvas.to_string(), "mixed": request.mixed });
    let mut counts = BTreeMap::new();
    if let Some(fixes) = &mut fixes {
        fix(&mut found, fixes);
        fixes.unused().iter().for_each(|unused| console.warn(unused));
        if found.rows.is_empty() {
            refuse!("{}: the fixes drop all pictures; keep some", request.labelled.display());
        }
        settings["fixes"] = fixes.sha256.clone().into();
        let (dropped, relabelled) = fixes.counts();
        counts.extend([("dropped".to_owned(), dropped), ("relabelled".to_owned(), relabelled)]);
    }
    let mut info = StageInfo::new(DATA_SET_TOOL, env!("CARGO_PKG_VERSION"), settings, found.labels);
    info.counts = counts;
    info.picture = found.stage.as_ref().and_then(|stage| stage.picture.clone());
    let shard = found.stage.as_ref().and_then(shard_of);
    info.found.extend(shard.map(|shard| (SHARD.to_owned(), shard.to_owned())));
    info.earlier =
        found.stage.map_or_else(Vec::new, |stage| stage.lineage().into_iter().map(without_division).collect());
    let inputs: Vec<&Path> = [Some(request.labelled), request.fixes].into_iter().flatten().collect();
    let how = How {
        inputs: &inputs,
        mixed: request.mixed,
        reuse: request.reuse,
        console,
        labelled: found.before.as_ref(),
        interrupts: &interrupts,
    };
    output::write(info, found.rows, &found.rejected, request.out, &how)
}

/// Takes out the rows that fixes drop, and gives others their new label. The name of the picture stays, as that is
/// where
/// the row came from.
fn fix(found: &mut Labelled, fixes: &mut Fixes) {
    for mut row in std::mem::take(&mut found.rows) {
        let name = format!("{}/{}", row.info.size, row.info.source);
        match fixes.decide(&name, row.info.path.as_deref(), row.info.label) {
            Action::Keep => found.rows.push(row),
            Action::Drop => {}
            Action::Relabel(label) if found.labels.class_of(label).is_some() => {
                row.info.label = label;
                found.rows.push(row);
            }
            Action::Relabel(label) => {
                let reason = format!("fixes relabel it, and {}", outside_of(&found.labels, label));
                found.rejected.push(Rejected { source: name, reason });
            }
        }
    }
    found.rejected.sort();
}

fn outside_of(labels: &LabelSet, label: u8) -> String {
    let all = LabelSet::new([labels.as_slice(), &[label]].concat()).unwrap_or_else(|_| labels.clone());
    format!("label {label} is outside the label set {labels}; to take it, give --labels {all} --fresh")
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

/// Key in `found` of the `stage.json` of a shard's data set: which shard it is, so that a merge misses none.
pub(crate) const SHARD: &str = "shard";

/// Which shard a labelled folder is, such as `2/4`.
fn shard_of(stage: &StageInfo) -> Option<&str> {
    stage.settings.get(SHARD)?.as_str()
}

/// Neither in how many parts nor in how many files pictures were labelled makes a difference to them: the data set is
/// the same.
fn without_division(mut earlier: Earlier) -> Earlier {
    if let Some(settings) = earlier.settings.as_object_mut() {
        settings.remove(SHARD);
        settings.remove(pack::SETTING);
    }
    earlier
}

fn row(file: &LabelledFile, labels: &LabelSet, sources: &BTreeMap<String, String>) -> Result<(Row, Canvas), Rejected> {
    let (folder, source) = (&file.folder, &file.name);
    let reject = |reason: String| Rejected { source: format!("{folder}/{source}"), reason };
    let name = PictureName::parse_stem(&source[..source.len() - ".png".len()]).map_err(reject)?;
    let picture = LabelledPicture::decode(&file.read().map_err(reject)?).map_err(reject)?;
    if (picture.label, picture.size) != (name.label, name.size) || *folder != name.size.to_string() {
        return Err(reject(format!(
            "its name says label {} and size {}, its label row {} and {}, its folder {folder}; {MAKE_AGAIN}",
            name.label, name.size, picture.label, picture.size
        )));
    }
    if labels.class_of(name.label).is_none() {
        return Err(reject(outside_of(labels, name.label)));
    }
    let writer = name.writer().map(str::to_owned);
    let path = sources.get(&format!("{folder}/{source}")).cloned();
    let info = RowInfo { source: source.clone(), label: name.label, size: name.size, writer, path };
    Ok((Row { info, pixels: picture.pixels }, picture.canvas))
}
