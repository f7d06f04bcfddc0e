//! `timing.csv`: the only table in which time appears.

use std::fmt::Write;
use std::path::Path;

use super::{TIMING_FILE, table};

/// The header line.
pub const HEADER: &str = "epoch,elapsed_s";

/// One epoch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TimingRow {
    /// From 1.
    pub epoch: u64,
    /// Seconds of training up to the end of the epoch.
    pub elapsed_s: f64,
}

/// Writes the file into a run folder, atomically.
pub fn write(folder: &Path, rows: &[TimingRow]) -> anyhow::Result<()> {
    let mut text = format!("{HEADER}\n");
    for row in rows {
        let _ = writeln!(text, "{},{:?}", row.epoch, row.elapsed_s);
    }
    table::write(&folder.join(TIMING_FILE), &text)
}

/// Reads the file of a run folder.
pub fn read(folder: &Path) -> anyhow::Result<Vec<TimingRow>> {
    let path = folder.join(TIMING_FILE);
    let (columns, lines) = table::read(&path)?;
    table::expect_header(&path, &columns, HEADER)?;
    lines
        .iter()
        .map(|line| Ok(TimingRow { epoch: line.whole(0, "a whole number")?, elapsed_s: line.number(1)? }))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_round_trip() {
        let folder = tempfile::tempdir().unwrap();
        let rows = [TimingRow { epoch: 1, elapsed_s: 0.1 }, TimingRow { epoch: 2, elapsed_s: 12.5 }];
        write(folder.path(), &rows).unwrap();
        assert_eq!(read(folder.path()).unwrap(), rows);
    }
}
