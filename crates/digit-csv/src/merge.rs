//! Merges the data sets of shards into one.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use stage_cli::{Console, ExitStatus, Interrupts};
use stage_files::dataset::{DATA_SET_TOOL, DataSet, file_name_of_size, rows_count_key};
use stage_files::output::Reuse;
use stage_files::refuse;
use stage_files::rejected::read_rejected;
use stage_files::settings::{differing_values, listed};
use stage_files::stage::StageInfo;

use crate::labelled::SHARD;
use crate::output::{self, How, Row};

/// Merges folders that `digit-csv` made with the same settings. The result has the bytes of a run without shards.
///
/// # Errors
/// Refusals when a folder is no finished data set, its settings differ from the first one's, two hold one picture or,
/// unless that is allowed, a shard is missing.
pub fn run(
    shards: &[PathBuf],
    out: &Path,
    allow_missing: bool,
    reuse: Reuse,
    console: &Console,
) -> anyhow::Result<ExitStatus> {
    let interrupts = Interrupts::listen()?;
    let (mut rows, mut rejected, mut numbers) = (Vec::new(), Vec::new(), Vec::new());
    let mut first: Option<StageInfo> = None;
    for shard in shards {
        if let Some(status) = interrupts.pending() {
            return Ok(console.interrupted(status, reuse));
        }
        let info = match StageInfo::read(shard)? {
            Some(info) if info.tool == DATA_SET_TOOL => info,
            _ => refuse!("{}: expected a finished folder of digit-csv, found none; make it first", shard.display()),
        };
        if let Some(what) = first.as_ref().and_then(|first| difference(first, &info)) {
            refuse!(
                "{}: its {what} from those of {}; make both with the same settings",
                shard.display(),
                shards[0].display()
            );
        }
        numbers.push(info.found.get(SHARD).cloned());
        rows.extend(read_rows(shard, &info)?);
        rejected.extend(read_rejected(shard)?);
        first.get_or_insert(info);
    }
    let Some(mut info) = first else { refuse!("expected at least one shard folder") };
    refuse_gaps(shards, &numbers, allow_missing)?;
    if rows.is_empty() {
        refuse!("{}: no shard has a row; label the pictures first", shards[0].display());
    }
    let mut seen = BTreeSet::new();
    if let Some(row) = rows.iter().find(|row| !seen.insert((row.info.size, &row.info.source))) {
        refuse!("{} is in more than one shard; give each shard once", row.info.source);
    }
    rejected.sort();
    info.counts.clear();
    info.found.remove(SHARD);
    let mixed = info.settings["mixed"] == true;
    let inputs: Vec<&Path> = shards.iter().map(PathBuf::as_path).collect();
    let how = How { inputs: &inputs, mixed, reuse, console, labelled: None, interrupts: &interrupts };
    output::write(info, rows, &rejected, out, &how)
}

/// What differs between the stages of two shards, such as `settings differ (mixed: false -> true)`.
fn difference(first: &StageInfo, other: &StageInfo) -> Option<String> {
    let differs = |what: &str, how: Vec<String>| {
        let how = if how.is_empty() { String::new() } else { format!(" ({})", listed(&how)) };
        Some(format!("{what} differ{how}"))
    };
    if first.settings != other.settings || first.version != other.version {
        return differs("settings", differing_values(&first.settings, &other.settings));
    }
    if first.labels != other.labels {
        return differs("labels", vec![format!("{} -> {}", first.labels, other.labels)]);
    }
    if first.picture != other.picture || first.earlier != other.earlier {
        let stages = first.earlier.iter().zip(&other.earlier);
        return differs(
            "earlier stages",
            stages.flat_map(|(a, b)| differing_values(&a.settings, &b.settings)).collect(),
        );
    }
    None
}

/// Refuses shards of different divisions, and unless that is allowed a division of which a shard is missing. Folders
/// that do not say which shard they are may be any part.
fn refuse_gaps(shards: &[PathBuf], numbers: &[Option<String>], allow_missing: bool) -> anyhow::Result<()> {
    let mut known: BTreeMap<&str, (BTreeSet<&str>, &PathBuf)> = BTreeMap::new();
    for (shard, number) in shards.iter().zip(numbers) {
        let Some((index, count)) = number.as_deref().and_then(|number| number.split_once('/')) else { continue };
        known.entry(count).or_insert_with(|| (BTreeSet::new(), shard)).0.insert(index);
    }
    let mut divisions = known.into_iter();
    let Some((count, (there, shard))) = divisions.next() else { return Ok(()) };
    if let Some((other, (_, other_shard))) = divisions.next() {
        refuse!(
            "{} is one of {count} shards and {} one of {other}; make all with the same number of shards",
            shard.display(),
            other_shard.display()
        );
    }
    let all = 1..=count.parse::<u64>().unwrap_or(0);
    let missing: Vec<String> = all.map(|i| i.to_string()).filter(|i| !there.contains(i.as_str())).collect();
    if !missing.is_empty() && !allow_missing && there.len() == numbers.len() {
        let named: Vec<String> = missing.iter().map(|i| format!("{i}/{count}")).collect();
        refuse!("shards are missing ({}); give them too, or --allow-missing for the rest alone", listed(&named));
    }
    Ok(())
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
