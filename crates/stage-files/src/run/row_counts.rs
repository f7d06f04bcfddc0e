//! `row_counts.csv`: how many rows of the data train, validate and test, by label, nominal size and writer.
//!
//! Columns: `part,label,size,writer,rows`, sorted. `part` is `train`, `validation` or `test`. `size` and `writer` are
//! empty where they are not known. Rows of `extra_data` train; they have the part `extra`, no size and no writer. The
//! file is absent in run folders of older versions.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::tables::{read_table_if_there, table_csv};

/// Name of the file.
pub const ROW_COUNTS_FILE: &str = "row_counts.csv";

/// What a row of the data does in a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Part {
    /// It trains.
    Train,
    /// It trains and comes from `extra_data`.
    Extra,
    /// It decides about early stopping.
    Validation,
    /// It tests.
    Test,
}

/// A row of the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowCount {
    /// What the rows do.
    pub part: Part,
    /// The digit that they show.
    pub label: u8,
    /// Nominal size of the digit, as far as known.
    pub size: Option<u8>,
    /// Who wrote them, as far as known.
    pub writer: Option<String>,
    /// How many there are.
    pub rows: u64,
}

/// Counts rows of the same part, label, size and writer.
pub fn count_rows<'a>(rows: impl Iterator<Item = (Part, u8, Option<u8>, Option<&'a str>)>) -> Vec<RowCount> {
    let mut counts = BTreeMap::new();
    rows.for_each(|row| *counts.entry(row).or_default() += 1);
    let count = |((part, label, size, writer), rows): (_, u64)| {
        let writer: Option<&str> = writer;
        RowCount { part, label, size, writer: writer.map(str::to_owned), rows }
    };
    counts.into_iter().map(count).collect()
}

/// The bytes of `row_counts.csv`.
pub fn row_counts_csv(counts: &[RowCount]) -> anyhow::Result<Vec<u8>> {
    table_csv(counts)
}

/// Reads `row_counts.csv`; nothing where there is no such file.
pub fn read_row_counts(folder: &Path) -> anyhow::Result<Vec<RowCount>> {
    read_table_if_there(&folder.join(ROW_COUNTS_FILE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_counted_and_round_trip() {
        let rows = [
            (Part::Test, 7, Some(20), Some("김, b")),
            (Part::Train, 1, None, None),
            (Part::Test, 7, Some(20), Some("김, b")),
            (Part::Extra, 1, None, None),
        ];
        let counts = count_rows(rows.into_iter());
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(read_row_counts(folder.path()).unwrap(), []);
        let path = folder.path().join(ROW_COUNTS_FILE);
        std::fs::write(&path, row_counts_csv(&counts).unwrap()).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        assert_eq!(text, "part,label,size,writer,rows\ntrain,1,,,1\nextra,1,,,1\ntest,7,20,\"김, b\",2\n");
        assert_eq!(read_row_counts(folder.path()).unwrap(), counts);
        std::fs::write(&path, text.replace("test", "rest")).unwrap();
        assert!(crate::is_refused(&read_row_counts(folder.path()).unwrap_err()));
    }
}
