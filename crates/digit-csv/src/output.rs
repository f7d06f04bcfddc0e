//! Rows to the files of an output folder; shared by the making and the merging of data sets.

use std::collections::BTreeSet;
use std::path::Path;

use stage_cli::{Console, ExitStatus, Interrupts};
use stage_files::atomic::Durability;
use stage_files::dataset::{
    DataSetPaths, DataSetWriter, MIXED_FILE, RowInfo, file_name_of_size, rows_count_key, rows_path,
};
use stage_files::digest::{ListingDigest, sha256_hex};
use stage_files::lock::FolderLock;
use stage_files::rejected::{REJECTED_FILE, Rejected, write_rejected};
use stage_files::stage::{Input, StageInfo};

/// Rejected inputs named at the end of a run.
const SHOWN: usize = 5;
/// Rows written between two looks at the signals.
const CHUNK: usize = 1024;

/// A row of a data set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Where it came from.
    pub info: RowInfo,
    /// Its pixels, row by row.
    pub pixels: Vec<u8>,
}

/// Writes the CSVs of all sizes, their rows files, `rejected.csv` and `stage.json`. `info` has settings, labels,
/// picture settings and earlier stages; its inputs and counts are filled in here, from nothing but rows and rejected,
/// so that merged parts give what the whole gives.
pub fn write(
    mut info: StageInfo,
    mut rows: Vec<Row>,
    rejected: &[Rejected],
    mixed: bool,
    out: &Path,
    console: &Console,
    interrupts: &Interrupts,
) -> anyhow::Result<ExitStatus> {
    rows.sort_by(|a, b| (&a.info.source, a.info.size).cmp(&(&b.info.source, b.info.size)));
    let sizes: BTreeSet<u8> = rows.iter().map(|row| row.info.size).collect();
    let mut files: Vec<(String, Vec<&Row>)> = Vec::new();
    for &size in &sizes {
        files.push((file_name_of_size(size), rows.iter().filter(|row| row.info.size == size).collect()));
    }
    if mixed {
        files.push((MIXED_FILE.to_owned(), rows.iter().collect()));
    }
    let mut listing = ListingDigest::default();
    for row in &rows {
        let mut bytes = vec![row.info.label, row.info.size];
        bytes.extend_from_slice(&row.pixels);
        listing.add(&row.info.source, &sha256_hex(&bytes));
    }
    let (sha256, count) = listing.finish();
    info.inputs = vec![Input { name: "labelled".into(), sha256, files: count }];
    info.counts.insert("rows".into(), count);
    info.counts.insert("rejected".into(), rejected.len() as u64);
    info.counts.extend(files.iter().map(|(name, rows)| (rows_count_key(name), rows.len() as u64)));

    info.refuse_foreign(out)?;
    let _lock = FolderLock::take(out)?;
    info.refuse_foreign(out)?;
    let status = if rejected.is_empty() { ExitStatus::Done } else { ExitStatus::SomeRejected };
    let there = StageInfo::read(out)?;
    if there.as_ref() == Some(&info) && all_there(&files, &info, out) && same_rejected(rejected, out) {
        console.summary(format!("digit-csv: nothing to do: {count} rows are up to date"), &info.counts)?;
        return Ok(status);
    }
    let mut begun = info.clone();
    // What an earlier run wrote has to be known even if this one is killed: its names stay in the counts.
    let earlier = match there {
        Some(there) => Some(there),
        None => StageInfo::read_partial(out)?,
    };
    for (key, rows) in earlier.into_iter().flat_map(|earlier| earlier.counts) {
        begun.counts.entry(key).or_insert(rows);
    }
    begun.begin(out)?;
    for (name, rows) in &files {
        let paths = DataSetPaths::new(out.join(name));
        let pixels = rows.first().map_or(0, |row| row.pixels.len());
        let mut writer = DataSetWriter::create(&paths, &info.labels, pixels)?;
        for chunk in rows.chunks(CHUNK) {
            if let Some(status) = interrupts.pending() {
                return Ok(interrupted(status, console));
            }
            for row in chunk {
                writer.row(&row.info, &row.pixels)?;
            }
        }
        writer.finish(Durability::Process)?;
    }
    for key in begun.counts.keys().filter(|key| !info.counts.contains_key(*key)) {
        if let Some(stem) = key.strip_prefix("rows_") {
            let csv = out.join(format!("{stem}_info.csv"));
            remove(&csv)?;
            remove(&rows_path(&csv))?;
        }
    }
    write_rejected(out, rejected, Durability::Process)?;
    info.finish(out)?;
    for Rejected { source, reason } in rejected.iter().take(SHOWN) {
        console.warn(format!("{source}: {reason}"));
    }
    let parts: Vec<String> = files.iter().map(|(name, rows)| format!("{} rows in {name}", rows.len())).collect();
    let mut sentence = format!("digit-csv: {}, {} rejected", parts.join(", "), rejected.len());
    if !rejected.is_empty() {
        sentence = format!("{sentence} (see {})", out.join(REJECTED_FILE).display());
    }
    console.summary(sentence, &info.counts)?;
    Ok(status)
}

/// What is said when the work ends early; a file that is not whole has not got its name yet.
pub fn interrupted(status: ExitStatus, console: &Console) -> ExitStatus {
    console.warn("interrupted; run the same command again to go on");
    status
}

/// Whether every file stands and is what its rows give. Comparing costs less than a reader's surprise.
fn all_there(files: &[(String, Vec<&Row>)], info: &StageInfo, out: &Path) -> bool {
    files.iter().all(|(name, rows)| {
        let Ok(set) = stage_files::dataset::DataSet::read(&out.join(name)) else { return false };
        let same = |(at, row): (usize, &&Row)| {
            let pixels = set.pixels.row(at);
            pixels.iter().eq(&row.pixels) && set.rows.as_ref().and_then(|rows| rows.get(at)) == Some(&row.info)
        };
        set.labels == info.labels && set.classes.len() == rows.len() && rows.iter().enumerate().all(same)
    })
}

fn same_rejected(rejected: &[Rejected], out: &Path) -> bool {
    stage_files::rejected::read_rejected(out).is_ok_and(|there| there == rejected)
}

fn remove(path: &Path) -> anyhow::Result<()> {
    match fs_err::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}
