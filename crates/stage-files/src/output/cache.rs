//! `.cache`: the sizes, times and digests of inputs at the last run, and their outcome, so that unchanged inputs are
//! not read again.
//!
//! No other stage reads it. If it is missing, damaged or made with other settings, the work is done again.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::{json, no_follow};

/// Name of the file in an output folder.
pub const CACHE_FILE: &str = ".cache";

/// The outcome of an input.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Written under a path relative to the output folder.
    Written {
        /// Path with `/`.
        output: String,
    },
    /// Rejected for this reason.
    Rejected(String),
}

/// An input as it was when it was last read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remembered {
    /// Length of the input.
    pub size_bytes: u64,
    /// Time of its last change in nanoseconds since 1970.
    pub modified_ns: u64,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// Its outcome.
    pub outcome: Outcome,
    /// Pages or frames of the input that were not used.
    #[serde(default)]
    pub pages_left_out: u64,
}

/// The content of the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cache {
    /// Tool, version and settings for which it is valid.
    pub key: String,
    /// Inputs by their name.
    pub inputs: BTreeMap<String, Remembered>,
}

impl Cache {
    /// Reads the cache of a folder; an empty one if there is none with this key.
    pub fn read(folder: &Path, key: &str) -> Self {
        let bytes = no_follow::read(&folder.join(CACHE_FILE)).ok().flatten();
        // What is wrong with it is said to nobody, so nothing keeps track of where that is.
        let cache: Option<Self> = bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        cache.filter(|cache| cache.key == key).unwrap_or_else(|| Self::empty(key))
    }

    /// A cache without inputs.
    pub fn empty(key: &str) -> Self {
        Self { key: key.to_owned(), inputs: BTreeMap::new() }
    }

    /// Writes the cache.
    pub fn write(&self, folder: &Path) -> anyhow::Result<()> {
        json::write(&folder.join(CACHE_FILE), self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_round_trips_and_a_damaged_or_foreign_one_is_ignored() {
        let folder = tempfile::tempdir().unwrap();
        let mut cache = Cache::read(folder.path(), "k");
        let outcome = Outcome::Rejected("cut off".into());
        let (sha256, pages_left_out) = ("s".into(), 3);
        let remembered = Remembered { size_bytes: 1, modified_ns: 2, sha256, outcome, pages_left_out };
        cache.inputs.insert("a".into(), remembered);
        cache.write(folder.path()).unwrap();
        assert_eq!(Cache::read(folder.path(), "k"), cache);
        assert_eq!(Cache::read(folder.path(), "other").inputs.len(), 0);
        std::fs::write(folder.path().join(CACHE_FILE), "{\"key\": ").unwrap();
        assert_eq!(Cache::read(folder.path(), "").inputs.len(), 0);
    }
}
