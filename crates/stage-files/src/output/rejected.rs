//! `rejected.csv`: the inputs that a stage could not use, each with its reason. It is always written, even without
//! entries.

use std::path::Path;

use anyhow::Context;
use serde::{Deserialize, Serialize};

use crate::regular_file;

/// Name of the file.
pub const REJECTED_FILE: &str = "rejected.csv";
/// Longest file that is read.
const MAX_BYTES: u64 = 1 << 32;

/// An input that was not used.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Rejected {
    /// The input: a path below the input folder, a line or an item.
    pub source: String,
    /// What was found, what was expected and what helps.
    pub reason: String,
}

/// The bytes of `rejected.csv` (`source,reason`), sorted by source.
pub(crate) fn rejected_bytes(rejected: &[Rejected]) -> anyhow::Result<Vec<u8>> {
    let mut sorted: Vec<&Rejected> = rejected.iter().collect();
    sorted.sort_unstable();
    let mut csv = csv::WriterBuilder::new().has_headers(false).from_writer(Vec::new());
    csv.write_record(["source", "reason"])?;
    for entry in sorted {
        csv.serialize(entry)?;
    }
    Ok(csv.into_inner().map_err(csv::IntoInnerError::into_error)?)
}

/// Reads `rejected.csv`.
pub fn read_rejected(folder: &Path) -> anyhow::Result<Vec<Rejected>> {
    let path = folder.join(REJECTED_FILE);
    let bytes = regular_file::read(&path, MAX_BYTES).map_err(|error| error.at(&path))?;
    let entries = csv::Reader::from_reader(bytes.as_slice()).into_deserialize().collect::<Result<_, _>>();
    entries.with_context(|| path.display().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_round_trip_in_order_whatever_they_hold() {
        let folder = tempfile::tempdir().unwrap();
        let entry = |source: &str| Rejected { source: source.into(), reason: "a \"b\", c\nd".into() };
        let path = folder.path().join(REJECTED_FILE);
        std::fs::write(&path, rejected_bytes(&[entry("김.png"), entry("a,b.png")]).unwrap()).unwrap();
        assert_eq!(read_rejected(folder.path()).unwrap(), [entry("a,b.png"), entry("김.png")]);
        assert_eq!(rejected_bytes(&[]).unwrap(), b"source,reason\n");
    }
}
