//! `sources.csv`: where each picture of a folder came from.
//!
//! ```text
//! picture,source
//! 20/3_20_kim-2034.png,kim/3/IMG_2034.JPG
//! ```
//!
//! `picture` is relative to the folder of the file. `source` is a path relative to the folder that was read, or another
//! description that holds on every machine, such as a row number. In name order.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use crate::{no_follow, refuse};

/// Name of the file.
pub const SOURCES_FILE: &str = "sources.csv";
const COLUMNS: [&str; 2] = ["picture", "source"];

/// The bytes of `sources.csv`. The pairs of picture and source come in the order of the pictures' names.
///
/// # Errors
/// None that depends on the names.
pub fn sources_csv<'a>(sources: impl IntoIterator<Item = (&'a str, &'a str)>) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    write_sources(&mut bytes, sources)?;
    Ok(bytes)
}

/// Writes `sources.csv` line by line; there may be millions.
///
/// # Errors
/// When it cannot be written.
pub fn write_sources<P: AsRef<[u8]>, S: AsRef<[u8]>>(
    out: impl Write,
    sources: impl IntoIterator<Item = (P, S)>,
) -> anyhow::Result<()> {
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record(COLUMNS)?;
    for (picture, source) in sources {
        csv.write_record([picture.as_ref(), source.as_ref()])?;
    }
    Ok(csv.flush()?)
}

/// The source of each picture of a folder; none if the folder has no `sources.csv`.
///
/// # Errors
/// A refusal when the file is not as [`sources_csv`] writes it; a fault from outside when it cannot be read.
pub fn read_sources(folder: &Path) -> anyhow::Result<BTreeMap<String, String>> {
    let path = folder.join(SOURCES_FILE);
    let Some(bytes) = no_follow::read(&path)? else { return Ok(BTreeMap::new()) };
    parse_sources(&bytes, &path.display().to_string())
}

/// As [`read_sources`], of the bytes of the file; `shown` names it in messages.
///
/// # Errors
/// As [`read_sources`].
pub fn parse_sources(bytes: &[u8], shown: &str) -> anyhow::Result<BTreeMap<String, String>> {
    let mut sources = BTreeMap::new();
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes);
    for (at, record) in reader.records().enumerate() {
        let record = match record {
            Ok(record) if record.len() == COLUMNS.len() => record,
            Ok(record) => refuse!("{shown}: expected picture and source on each line, found {record:?}"),
            Err(error) => refuse!("{shown}: {error}; make the folder again"),
        };
        if at > 0 {
            sources.insert(record[0].to_owned(), record[1].to_owned());
        } else if record.iter().ne(COLUMNS) {
            refuse!("{shown}: expected the header {}, found {record:?}; make the folder again", COLUMNS.join(","));
        }
    }
    Ok(sources)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_round_trip_whatever_they_hold() {
        let folder = tempfile::tempdir().unwrap();
        assert!(read_sources(folder.path()).unwrap().is_empty());
        let sources = [("20/3_20_김-1.png", "김 \"철수\"/3/IMG, 1.JPG"), ("20/4_20_a.png", "4_20_a.png")];
        let write = |bytes: &[u8]| std::fs::write(folder.path().join(SOURCES_FILE), bytes).unwrap();
        write(&sources_csv(sources).unwrap());
        let read = read_sources(folder.path()).unwrap();
        assert_eq!(
            read.iter().map(|(picture, source)| (picture.as_str(), source.as_str())).collect::<Vec<_>>(),
            sources
        );
        for bad in ["", "a,b\n", "picture,source\nx\n", "picture,source\na,b,c\n"] {
            write(bad.as_bytes());
            let read = read_sources(folder.path());
            assert!(bad.is_empty() || read.is_err_and(|error| crate::is_refused(&error)), "{bad}");
        }
    }
}
