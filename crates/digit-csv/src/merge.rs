//! Merges the data sets of shards into one.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use stage_cli::{Console, ExitStatus, Interrupts};
use stage_files::dataset::{DATA_SET_TOOL, DataSet, file_name_of_size, rows_count_key};
use stage_files::output::Reuse;
use stage_files::refuse;
use stage_files::rejected::read_rejected;
use stage_files::stage::StageInfo;

use crate::output::{self, How, Row};

/// Merges folders that `digit-csv` made with the same settings. The result has the bytes of a run without shards.
///
/// # Errors
/// Refusals when a folder is no finished data set, its settings differ from the first one's, or two hold one picture.
pub fn run(shards: &[PathBuf], out: &Path, reuse: Reuse, console: &Console) -> anyhow::Result<ExitStatus> {
    let interrupts = Interrupts::listen()?;
    let (mut rows, mut rejected) = (Vec::new(), Vec::new());
    let mut first: Option<StageInfo> = None;
    for shard in shards {
        if let Some(status) = interrupts.pending() {
            return Ok(console.interrupted(status, reuse));
        }
        let info = match StageInfo::read(shard)? {
            Some(info) if info.tool == DATA_SET_TOOL => info,
            _ => refuse!("{}: expected a finished folder of digit-csv, found none; make it first", shard.display()),
        };
        if let Some(first) = &first {
            let differs = |what: &str| {
                stage_files::refused(format!(
                    "{}: its {what} differ from those of {}; make both with the same settings",
                    shard.display(),
                    shards[0].display()
                ))
            };
            if first.settings != info.settings || first.version != info.version {
                return Err(differs("settings"));
            }
            if first.labels != info.labels {
                return Err(differs("labels"));
            }
            if first.picture != info.picture || first.earlier != info.earlier {
                return Err(differs("earlier stages"));
            }
        }
        rows.extend(read_rows(shard, &info)?);
        rejected.extend(read_rejected(shard)?);
        first.get_or_insert(info);
    }
    let Some(mut info) = first else { refuse!("expected at least one shard folder") };
    let mut seen = BTreeSet::new();
    if let Some(row) = rows.iter().find(|row| !seen.insert((row.info.size, &row.info.source))) {
        refuse!("{} is in more than one shard; give each shard once", row.info.source);
    }
    rejected.sort();
    info.counts.clear();
    let mixed = info.settings["mixed"] == true;
    let inputs: Vec<&Path> = shards.iter().map(PathBuf::as_path).collect();
    let how = How { inputs: &inputs, mixed, reuse, console, labelled: None, interrupts: &interrupts };
    output::write(info, rows, &rejected, out, &how)
}

fn read_rows(shard: &Path, info: &StageInfo) -> anyhow::Result<Vec<Row>> {
    let mut rows = Vec::new();
    let names = (1..=255).map(file_name_of_size).filter(|name| info.counts.contains_key(&rows_count_key(name)));
    for name in names {
        let path = shard.join(&name);
        let set = DataSet::read(&path)?;
        let Some(infos) = set.rows else {
            refuse!("{}: expected a rows file beside it, found none; make the shard again", path.display());
        };
        for (info, pixels) in infos.into_iter().zip(set.pixels.rows()) {
            rows.push(Row { info, pixels: pixels.to_vec() });
        }
    }
    Ok(rows)
}
