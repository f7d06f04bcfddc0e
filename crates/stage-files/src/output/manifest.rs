//! `.outputs.csv`: the files that a stage wrote into its folder, each with size and SHA-256.
//!
//! ```text
//! bytes,sha256,name
//! 612,9f86d0..,20/3_20_kim-1.png
//! ```
//!
//! A line is appended before a file gets its name, so a killed run leaves no file that is not listed. The manifest
//! decides whether a folder is up to date and which files the stage may replace or remove. It can come with a folder
//! from elsewhere, so its names are data: only plain relative names that the stage itself would write count. Other
//! lines are ignored.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write;
use std::path::Path;

use anyhow::Context;
use sha2::{Digest, Sha256};

use super::Layout;
use crate::atomic::{self, Durability};
use crate::digest::{hex, unhex};
use crate::no_follow;

/// Name of the manifest in every output folder.
pub const MANIFEST_FILE: &str = ".outputs.csv";
const HEADER: &str = "bytes,sha256,name\n";
/// Room for a usual line.
const LINE_BYTES: usize = 256;

/// A file as it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Written {
    /// Its length.
    pub bytes: u64,
    /// The SHA-256 of its bytes.
    pub sha256: [u8; 32],
}

impl Written {
    /// A file with these bytes.
    pub(super) fn of(bytes: &[u8]) -> Self {
        Self { bytes: bytes.len() as u64, sha256: Sha256::digest(bytes).into() }
    }

    /// Whether the file is intact: by its size, and with `verify` by its SHA-256.
    pub(super) fn stands(&self, path: &Path, verify: bool) -> bool {
        let is_whole = std::fs::symlink_metadata(path).is_ok_and(|there| there.is_file() && there.len() == self.bytes);
        is_whole && (!verify || self.is_unaltered(path))
    }

    fn is_unaltered(&self, path: &Path) -> bool {
        no_follow::read(path).is_ok_and(|bytes| bytes.is_some_and(|bytes| Self::of(&bytes) == *self))
    }
}

/// The files of a folder by their names.
pub(super) type Manifest = BTreeMap<String, Written>;

/// Reads the manifest of a folder; `None` if there is none that can be read. Damaged lines and names that the stage
/// would not write are ignored. A later line for a name replaces an earlier one.
pub(super) fn read(folder: &Path, layout: &Layout) -> Option<Manifest> {
    parse(&no_follow::read(&folder.join(MANIFEST_FILE)).ok()??, layout)
}

fn parse(bytes: &[u8], layout: &Layout) -> Option<Manifest> {
    let rest = bytes.strip_prefix(HEADER.as_bytes())?;
    let records = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(rest).into_records();
    let entry = |record: csv::StringRecord| {
        let sha256 = unhex(record.get(1)?)?;
        let name = record.get(2).filter(|name| layout.may_write(name))?;
        Some((name.to_owned(), Written { bytes: record.get(0)?.parse().ok()?, sha256 }))
    };
    Some(records.filter_map(|record| entry(record.ok()?)).collect())
}

/// The manifest of these bytes as it is read, and the bytes that are written for what was read; `None` where it does
/// not begin as a manifest does. This is for tests.
///
/// # Errors
/// None that depends on the names.
pub fn manifest_round_trip(bytes: &[u8], layout: &Layout) -> anyhow::Result<Option<(Vec<String>, Vec<u8>)>> {
    let Some(manifest) = parse(bytes, layout) else { return Ok(None) };
    let mut written = HEADER.as_bytes().to_vec();
    for (name, entry) in &manifest {
        written.extend(line(name, entry)?);
    }
    Ok(Some((manifest.into_keys().collect(), written)))
}

/// Writes the manifest.
pub(super) fn write(folder: &Path, manifest: &Manifest, durability: Durability) -> anyhow::Result<()> {
    atomic::write_pieces(&folder.join(MANIFEST_FILE), durability, |file| {
        file.write_all(HEADER.as_bytes())?;
        manifest.iter().try_for_each(|(name, entry)| Ok(file.write_all(&line(name, entry)?)?))
    })
}

/// Opens the manifest, which must exist, for [`append`].
pub(super) fn open(folder: &Path) -> anyhow::Result<File> {
    Ok(no_follow::open(&folder.join(MANIFEST_FILE), File::options().append(true))?)
}

/// Adds a file. One call to the system writes the whole line, so lines of several threads do not mix.
pub(super) fn append(list: &mut File, name: &str, written: &Written) -> anyhow::Result<()> {
    list.write_all(&line(name, written)?).with_context(|| format!("cannot write {MANIFEST_FILE}"))
}

fn line(name: &str, written: &Written) -> anyhow::Result<Vec<u8>> {
    // A line is short, and the usual buffer is cleared when it is made.
    let mut csv = csv::WriterBuilder::new().buffer_capacity(LINE_BYTES).from_writer(Vec::with_capacity(LINE_BYTES));
    csv.write_record([&written.bytes.to_string(), &hex(&written.sha256), name])?;
    Ok(csv.into_inner().map_err(csv::IntoInnerError::into_error)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LAYOUT: Layout = Layout { owns: |name| name.ends_with(".png"), private: &[] };

    #[test]
    fn a_list_round_trips_and_appended_lines_count() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(read(folder.path(), &LAYOUT), None);
        let mut manifest = Manifest::from([("20/a,\"b\"\n.png".to_owned(), Written::of(b"one"))]);
        write(folder.path(), &manifest, Durability::Process).unwrap();
        append(&mut open(folder.path()).unwrap(), "c.png", &Written::of(b"two")).unwrap();
        manifest.insert("c.png".to_owned(), Written::of(b"two"));
        assert_eq!(read(folder.path(), &LAYOUT), Some(manifest));
    }

    #[test]
    fn names_that_the_stage_does_not_write_and_damaged_lines_are_dropped() {
        let folder = tempfile::tempdir().unwrap();
        let digest = hex(&Written::of(b"").sha256);
        let names = ["../x.png", "/x.png", "a/../../x.png", "./x.png", "a//x.png", "thesis.docx", "", "good.png"];
        let mut text = names.map(|name| format!("0,{digest},{name}\n")).concat();
        text += &format!("-1,{digest},y.png\n0,{},y.png\n0\n0,{}", &digest[1..], &digest[..9]);
        std::fs::write(folder.path().join(MANIFEST_FILE), format!("{HEADER}{text}")).unwrap();
        let read = read(folder.path(), &LAYOUT).unwrap();
        assert_eq!(read.keys().collect::<Vec<_>>(), ["good.png"]);
    }

    #[test]
    fn a_file_stands_by_size_and_if_asked_by_digest() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.png");
        let written = Written::of(b"abc");
        assert!(!written.stands(&path, false));
        std::fs::write(&path, b"abd").unwrap();
        assert!(written.stands(&path, false) && !written.stands(&path, true));
        std::fs::write(&path, b"abc").unwrap();
        assert!(written.stands(&path, true));
        std::fs::write(&path, b"").unwrap();
        assert!(!written.stands(&path, false));
    }
}
