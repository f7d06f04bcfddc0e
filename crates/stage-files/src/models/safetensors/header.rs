//! The header of a safetensors file: names, shapes and places of the tensors. Everything in it is checked.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use crate::refuse;

/// The key of the metadata, beside the names of the tensors.
pub(super) const METADATA: &str = "__metadata__";

/// What the header says of a tensor.
#[derive(Serialize, Deserialize)]
pub(super) struct Entry {
    pub(super) dtype: String,
    pub(super) shape: Vec<usize>,
    /// First byte and byte after the last, counted from the end of the header.
    pub(super) data_offsets: [usize; 2],
}

/// A header in which each name occurs once.
#[derive(Default)]
pub(super) struct Header {
    pub(super) metadata: BTreeMap<String, String>,
    pub(super) entries: BTreeMap<String, Entry>,
}

impl<'de> Deserialize<'de> for Header {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(HeaderVisitor)
    }
}

struct HeaderVisitor;

impl<'de> Visitor<'de> for HeaderVisitor {
    type Value = Header;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of tensors")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Header, A::Error> {
        let mut header = Header::default();
        let mut has_metadata = false;
        while let Some(name) = map.next_key::<String>()? {
            let is_twice = if name == METADATA {
                header.metadata = map.next_value::<Unique>()?.0;
                std::mem::replace(&mut has_metadata, true)
            } else {
                header.entries.insert(name.clone(), map.next_value()?).is_some()
            };
            if is_twice {
                return Err(A::Error::custom(format_args!("`{name}` stands twice")));
            }
        }
        Ok(header)
    }
}

/// An object of strings in which each key occurs once.
struct Unique(BTreeMap<String, String>);

impl<'de> Deserialize<'de> for Unique {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(UniqueVisitor)
    }
}

struct UniqueVisitor;

impl<'de> Visitor<'de> for UniqueVisitor {
    type Value = Unique;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of strings")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Unique, A::Error> {
        let mut strings = BTreeMap::new();
        while let Some((key, value)) = map.next_entry::<String, String>()? {
            if strings.insert(key.clone(), value).is_some() {
                return Err(A::Error::custom(format_args!("`{key}` stands twice")));
            }
        }
        Ok(Unique(strings))
    }
}

impl Header {
    /// Refuses tensors that share bytes, and bytes that belong to no tensor: programs may read different weights from
    /// such a file. The tensors are known to lie inside the data.
    pub(super) fn check_layout(&self, data_bytes: usize) -> anyhow::Result<()> {
        let mut ranges: Vec<([usize; 2], &str)> =
            self.entries.iter().map(|(name, entry)| (entry.data_offsets, name.as_str())).collect();
        ranges.sort_unstable();
        let (mut end, mut before) = (0, "");
        for ([start, its_end], name) in ranges {
            if start < end {
                refuse!("tensors {before} and {name} share the bytes {start} to {}", end.min(its_end));
            }
            if start > end {
                refuse!("the bytes {end} to {start} before tensor {name} belong to no tensor");
            }
            (end, before) = (its_end, name);
        }
        if end != data_bytes {
            refuse!("the tensors cover {end} bytes, but the file holds {data_bytes}; copy it again");
        }
        Ok(())
    }
}
