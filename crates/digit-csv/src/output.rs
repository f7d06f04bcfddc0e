//! Writes rows to the files of an output folder, for new and for merged data sets.

use std::collections::BTreeSet;
use std::path::Path;

use rayon::prelude::*;
use stage_cli::{Console, ExitStatus, Interrupts, Outcome, counted, quoted};
use stage_files::dataset::{
    DATA_SET_TOOL, DataSetWriter, LabelledFolder, MIXED_FILE, RowInfo, file_name_of_size, rows_count_key,
};
use stage_files::digest::{ListingDigest, sha256_hex};
use stage_files::fixes::fixed;
use stage_files::output::{Layout, OutputFolder, Reuse};
use stage_files::rejected::{Rejected, read_rejected};
use stage_files::settings::{differing_values, listed};
use stage_files::stage::{Input, StageInfo};

/// Rows between two checks for signals.
const CHUNK: usize = 1024;

/// A row of a data set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Where it came from.
    pub info: RowInfo,
    /// Its pixels, row by row.
    pub pixels: Vec<u8>,
}

/// Which files this stage writes: each CSV and its rows file.
const LAYOUT: Layout = Layout { owns: is_own, private: &[] };

fn is_own(name: &str) -> bool {
    let stem = name.strip_suffix("_info.csv").or_else(|| name.strip_suffix("_info.rows.csv"));
    let is_size = |stem: &str| stem.split_once('x').is_some_and(|(a, b)| a == b && a.parse::<u8>().is_ok());
    stem.is_some_and(|stem| stem == "mixed" || is_size(stem))
}

/// How a data set is written.
#[derive(Clone, Copy)]
pub struct How<'a> {
    /// Folders that are read.
    pub inputs: &'a [&'a Path],
    /// Whether a CSV of all sizes is written too.
    pub mixed: bool,
    /// What to do with the work of an earlier run.
    pub reuse: Reuse,
    /// For messages.
    pub console: &'a Console,
    /// The labelled folder, if the data set is made of a single one that has a `stage.json`.
    pub labelled: Option<&'a LabelledFolder>,
    /// Whether a signal asks to stop.
    pub interrupts: &'a Interrupts,
}

/// Writes the CSVs of all sizes, their rows files, `rejected.csv` and `stage.json`. `info` has settings, labels,
/// picture settings and earlier stages; its inputs and counts are filled in here. They depend on rows and rejected
/// inputs only, so that merged shards equal the whole.
pub fn write(
    mut info: StageInfo,
    mut rows: Vec<Row>,
    rejected: &[Rejected],
    out: &Path,
    how: &How<'_>,
) -> anyhow::Result<ExitStatus> {
    rows.sort_by(|a, b| (&a.info.source, a.info.size).cmp(&(&b.info.source, b.info.size)));
    let sizes: BTreeSet<u8> = rows.iter().map(|row| row.info.size).collect();
    let mut files: Vec<(String, Vec<&Row>)> = Vec::new();
    for &size in &sizes {
        files.push((file_name_of_size(size), rows.iter().filter(|row| row.info.size == size).collect()));
    }
    if how.mixed && !rows.is_empty() {
        files.push((MIXED_FILE.to_owned(), rows.iter().collect()));
    }
    let mut listing = ListingDigest::default();
    for (row, sha256) in rows.iter().zip(rows.par_iter().map(digest_of).collect::<Vec<String>>()) {
        listing.add(&row.info.source, &sha256);
    }
    let (sha256, count) = listing.finish();
    info.inputs = vec![Input { name: "labelled".into(), sha256, files: count }];
    info.counts.insert("rows".into(), count);
    info.counts.insert("rejected".into(), rejected.len() as u64);
    info.counts.extend(files.iter().map(|(name, rows)| (rows_count_key(name), rows.len() as u64)));

    let reuse = match of_changed_source(out, &info) {
        Some(what) => {
            how.console.note(format!("digit-csv: {what}; the data set is made anew"));
            Reuse { fresh: true, ..how.reuse }
        }
        None => how.reuse,
    };
    let folder = OutputFolder::new(out, LAYOUT, info.clone(), how.inputs, reuse)?;
    let parts: Vec<String> =
        files.iter().map(|(name, rows)| format!("{} in {name}", counted(rows.len() as u64, "row"))).collect();
    let parts = if parts.is_empty() { vec!["no rows".to_owned()] } else { parts };
    let result = parts.into_iter().chain(fixed(&info.counts)).collect::<Vec<_>>().join(", ");
    let outcome = |nothing_to_do| Outcome { folder: out, info: &info, result: &result, nothing_to_do };
    let is_done = folder.up_to_date(|done| *done == info)?.is_some();
    if is_done && read_rejected(out).is_ok_and(|there| there == rejected) {
        LabelledFolder::remember(how.labelled, out)?;
        let status = how.console.outcome(&outcome(true), &[])?;
        say_next(out, &files, how.console);
        return Ok(status);
    }
    let writer = folder.begin()?;
    let has_paths = rows.iter().any(|row| row.info.path.is_some());
    let progress = how.console.progress("writing rows", files.iter().map(|(_, rows)| rows.len()).sum());
    for (name, rows) in &files {
        let pixels = rows.first().map_or(0, |row| row.pixels.len());
        let mut csv = DataSetWriter::create(&writer, name, &info.labels, pixels, has_paths)?;
        for chunk in rows.chunks(CHUNK) {
            if let Some(status) = how.interrupts.pending() {
                drop(progress);
                return Ok(how.console.interrupted(status, how.reuse));
            }
            for row in chunk {
                csv.row(&row.info, &row.pixels)?;
            }
            progress.add(chunk.len() as u64);
        }
        csv.finish()?;
    }
    drop(progress);
    writer.write_rejected(rejected)?;
    LabelledFolder::remember(how.labelled, out)?;
    how.console.altered(out, &writer.finish(&info)?);
    let status = how.console.outcome(&outcome(false), rejected)?;
    say_next(out, &files, how.console);
    Ok(status)
}

/// The digest of all that a row says.
fn digest_of(row: &Row) -> String {
    let mut bytes = vec![row.info.label, row.info.size];
    bytes.extend_from_slice(&row.pixels);
    bytes.extend_from_slice(row.info.path.as_deref().unwrap_or_default().as_bytes());
    sha256_hex(&bytes)
}

/// Names the command that trains on the largest file, with the recommended config of its name.
fn say_next(out: &Path, files: &[(String, Vec<&Row>)], console: &Console) {
    let Some((csv, _)) = files.iter().max_by_key(|(_, rows)| rows.len()) else { return };
    let config = format!("configs/recommended/{}.json", csv.trim_end_matches("_info.csv"));
    let config = if Path::new(&config).is_file() { config } else { "CONFIG.json".to_owned() };
    let data = quoted(&out.join(csv));
    console.next("train", "mlp-train", &[&config, &"--data", &data, &"--out runs"]);
}

/// What has changed in the settings of the stages before, if this stage's own settings are the same. The label set and
/// the canvas are those of the labelled folder, so they follow it.
fn of_changed_source(out: &Path, info: &StageInfo) -> Option<String> {
    // A folder that cannot be read is told as such when it is opened for writing.
    let there = StageInfo::read_any(out).ok().flatten()?;
    let is_own_change = ["mixed", "fixes"].iter().any(|key| there.settings[key] != info.settings[key]);
    if there.tool != DATA_SET_TOOL || is_own_change || there.earlier == info.earlier {
        return None;
    }
    let mut changed: Vec<String> = Vec::new();
    for now in &info.earlier {
        let before = there.earlier.iter().find(|before| before.tool == now.tool);
        changed.extend(before.into_iter().flat_map(|before| differing_values(&before.settings, &now.settings)));
    }
    if there.labels != info.labels {
        changed.push(format!("labels: {} -> {}", there.labels, info.labels));
    }
    let what = if changed.is_empty() { String::new() } else { format!(" with other settings ({})", listed(&changed)) };
    Some(format!("the labelled pictures were made again{what}"))
}
