//! `.cache`: the sizes, times and digests of inputs at the last run, and their outcome, so that unchanged inputs are
//! not read again.
//!
//! ```text
//! {"key":"digit-labeler 0.9.0 .."}
//! {"source":"3_20_a.png","size_bytes":612,"modified_ns":17,"sha256":"9f86..","outcome":{"written":{..}}}
//! ```
//!
//! While a stage works it [appends](Log) what it has done, so that a killed run is not repeated. A later line for an
//! input replaces an earlier one. No other stage reads the file. If it is missing, damaged or made with other settings,
//! the work is done again.

use std::borrow::Cow;
use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;

use anyhow::Context;
use serde::{Deserialize, Serialize};

use crate::atomic::{self, Durability};
use crate::no_follow;

/// Name of the file in an output folder.
pub const CACHE_FILE: &str = ".cache";

/// The first line.
#[derive(Serialize, Deserialize)]
struct Key<'a> {
    /// Tool, version and settings for which the file is valid.
    #[serde(borrow)]
    key: Cow<'a, str>,
}

/// The outcome of an input.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome<'a> {
    /// Written under a path relative to the output folder.
    Written {
        /// Path with `/`.
        #[serde(borrow)]
        output: Cow<'a, str>,
        /// SHA-256 of what was written, in hex.
        #[serde(borrow)]
        sha256: Cow<'a, str>,
    },
    /// Rejected for this reason.
    #[serde(borrow)]
    Rejected(Cow<'a, str>),
}

/// An input as it was when it was last read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry<'a> {
    /// Its name.
    #[serde(borrow)]
    pub source: Cow<'a, str>,
    /// Its page, from 0: each is an input of its own.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub page: u64,
    /// Its length.
    pub size_bytes: u64,
    /// Time of its last change in nanoseconds since 1970.
    pub modified_ns: u64,
    /// SHA-256 of its bytes in hex; empty if it could not be read.
    #[serde(borrow)]
    pub sha256: Cow<'a, str>,
    /// Its outcome.
    #[serde(borrow)]
    pub outcome: Outcome<'a>,
    /// Pages or frames of the input that were not used.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub pages_left_out: u64,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_zero(value: &u64) -> bool {
    *value == 0
}

/// Reads the cache of a folder, an entry after the other: none if there is no cache with this key. Says whether all of
/// it was read, so that more may be [appended](Log).
pub fn read(folder: &Path, key: &str, mut each: impl FnMut(Entry<'_>)) -> bool {
    let Ok(file) = no_follow::open(&folder.join(CACHE_FILE), File::options().read(true)) else { return false };
    let mut lines = BufReader::with_capacity(1 << 16, file);
    let mut line = Vec::new();
    let mut next = |line: &mut Vec<u8>| {
        line.clear();
        lines.read_until(b'\n', line).is_ok_and(|count| count > 0)
    };
    // What is wrong with it is said to nobody: the work is done again.
    let is_of_key = next(&mut line)
        && line.ends_with(b"\n")
        && serde_json::from_slice(&line).is_ok_and(|first: Key<'_>| first.key == key);
    if !is_of_key {
        return false;
    }
    while next(&mut line) {
        match serde_json::from_slice(&line) {
            Ok(entry) if line.ends_with(b"\n") => each(entry),
            _ => return false,
        }
    }
    true
}

/// Writes the cache of a folder.
///
/// # Errors
/// Faults from outside.
pub fn write<'a>(folder: &Path, key: &str, entries: impl IntoIterator<Item = Entry<'a>>) -> anyhow::Result<()> {
    atomic::write_pieces(&folder.join(CACHE_FILE), Durability::Process, |file| {
        line(file, &Key { key: key.into() })?;
        entries.into_iter().try_for_each(|entry| line(file, &entry))
    })
}

fn line(file: &mut dyn Write, value: &impl Serialize) -> anyhow::Result<()> {
    serde_json::to_writer(&mut *file, value)?;
    Ok(file.write_all(b"\n")?)
}

/// A cache to which entries are appended.
#[derive(Debug)]
pub struct Log(File);

impl Log {
    /// Opens the cache of a folder, which must be there.
    ///
    /// # Errors
    /// Faults from outside.
    pub fn open(folder: &Path) -> anyhow::Result<Self> {
        Ok(Self(no_follow::open(&folder.join(CACHE_FILE), File::options().append(true))?))
    }

    /// Appends entries. One call to the system writes them all.
    ///
    /// # Errors
    /// Faults from outside.
    pub fn append<'a>(&mut self, entries: impl IntoIterator<Item = Entry<'a>>) -> anyhow::Result<()> {
        let mut lines = Vec::new();
        entries.into_iter().try_for_each(|entry| line(&mut lines, &entry))?;
        self.0.write_all(&lines).with_context(|| format!("cannot write {CACHE_FILE}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(source: &str, size_bytes: u64) -> Entry<'_> {
        let outcome = Outcome::Rejected("cut \"off\"".into());
        let sha256 = "s".into();
        Entry { source: source.into(), page: 2, size_bytes, modified_ns: 2, sha256, outcome, pages_left_out: 3 }
    }

    fn all(folder: &Path, key: &str) -> (Vec<(String, u64)>, bool) {
        let mut found = Vec::new();
        let is_whole = read(folder, key, |entry| found.push((entry.source.into_owned(), entry.size_bytes)));
        (found, is_whole)
    }

    #[test]
    fn entries_round_trip_and_those_appended_follow() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(all(folder.path(), "k"), (vec![], false));
        write(folder.path(), "k", [entry("a\nb", 1)]).unwrap();
        let mut read_back = Vec::new();
        read(folder.path(), "k", |entry| read_back.push(format!("{entry:?}")));
        assert_eq!(read_back, [format!("{:?}", entry("a\nb", 1))]);
        Log::open(folder.path()).unwrap().append([entry("c", 2), entry("a\nb", 3)]).unwrap();
        let expected = [("a\nb", 1), ("c", 2), ("a\nb", 3)].map(|(source, size)| (source.to_owned(), size));
        assert_eq!(all(folder.path(), "k"), (expected.into(), true));
        assert_eq!(all(folder.path(), "other"), (vec![], false));
    }

    #[test]
    fn of_a_damaged_cache_what_stands_before_the_damage_counts() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), "k", [entry("a", 1), entry("b", 2)]).unwrap();
        let path = folder.path().join(CACHE_FILE);
        let bytes = std::fs::read(&path).unwrap();
        let ends: Vec<usize> = bytes.iter().enumerate().filter(|(_, b)| **b == b'\n').map(|(at, _)| at + 1).collect();
        for end in 0..=bytes.len() {
            std::fs::write(&path, &bytes[..end]).unwrap();
            let (found, is_whole) = all(folder.path(), "k");
            assert_eq!(found.len(), ends[1..].iter().filter(|&&line| line <= end).count(), "{end}");
            assert_eq!(is_whole, ends.contains(&end), "{end}");
        }
    }
}
