//! The safetensors format: a header of names, shapes and offsets in JSON, then the numbers.
//!
//! Layout: the header's length as a little-endian u64, the header (an object; the key `__metadata__` holds strings),
//! padded with spaces to a multiple of 8 bytes, then the data. Written by hand because equal models must give equal
//! bytes: keys are sorted here. Only f32 tensors are known.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Context;
use serde::{Deserialize, Serialize};

use crate::atomic::{self, Durability};
use crate::{json, refuse};

/// Longest header that is believed: far above any real one, far below what could exhaust the memory.
const MAX_HEADER_BYTES: u64 = 1 << 24;

/// A tensor of f32 in row order.
#[derive(Clone, Debug, PartialEq)]
pub struct Tensor {
    /// Sizes, outermost first.
    pub shape: Vec<usize>,
    /// As many numbers as the sizes multiply to.
    pub data: Vec<f32>,
}

/// The content of a file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tensors {
    /// Facts about the tensors, as strings.
    pub metadata: BTreeMap<String, String>,
    /// Tensors by name.
    pub tensors: BTreeMap<String, Tensor>,
}

#[derive(Serialize, Deserialize)]
struct Entry {
    dtype: String,
    shape: Vec<usize>,
    data_offsets: [usize; 2],
}

impl Tensors {
    /// The bytes of the file.
    pub fn to_bytes(&self) -> anyhow::Result<Vec<u8>> {
        let mut header = serde_json::Map::new();
        if !self.metadata.is_empty() {
            header.insert("__metadata__".into(), serde_json::to_value(&self.metadata)?);
        }
        let mut offset = 0;
        for (name, tensor) in &self.tensors {
            let end = offset + 4 * tensor.data.len();
            let entry = Entry { dtype: "F32".into(), shape: tensor.shape.clone(), data_offsets: [offset, end] };
            header.insert(name.clone(), serde_json::to_value(entry)?);
            offset = end;
        }
        let mut text = serde_json::to_vec(&header)?;
        text.resize(text.len().next_multiple_of(8), b' ');
        let mut bytes = (text.len() as u64).to_le_bytes().to_vec();
        bytes.extend(text);
        bytes.reserve(offset);
        for tensor in self.tensors.values() {
            bytes.extend(tensor.data.iter().flat_map(|v| v.to_le_bytes()));
        }
        Ok(bytes)
    }

    /// Reads the bytes of a file; every number must be finite.
    pub fn from_bytes(bytes: &[u8]) -> anyhow::Result<Self> {
        let Some((length, rest)) = bytes.split_first_chunk::<8>() else {
            refuse!("cut short: {} bytes, expected a header length of 8", bytes.len());
        };
        let length = u64::from_le_bytes(*length);
        if length > MAX_HEADER_BYTES || length > rest.len() as u64 {
            refuse!("cut short or no safetensors file: a header of {length} bytes is declared, {} follow", rest.len());
        }
        let (header, data) = rest.split_at(length as usize);
        let header: BTreeMap<String, serde_json::Value> = json::from_bytes(header).context("header")?;
        let mut result = Self::default();
        let mut covered = 0;
        for (name, value) in header {
            if name == "__metadata__" {
                let Ok(metadata) = serde_json::from_value(value) else {
                    refuse!("header: __metadata__ must be an object of strings");
                };
                result.metadata = metadata;
                continue;
            }
            let Ok(entry) = serde_json::from_value::<Entry>(value) else {
                refuse!("header: tensor {name}: expected dtype, shape and data_offsets");
            };
            covered += entry.data_offsets[1].saturating_sub(entry.data_offsets[0]);
            result.tensors.insert(name.clone(), entry.read(&name, data)?);
        }
        // Every tensor lies inside the data; together they must fill it, or some overlap or something is left over.
        if covered != data.len() {
            refuse!("the tensors cover {covered} bytes, but the file holds {}; copy it again", data.len());
        }
        Ok(result)
    }

    /// Reads a file.
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        let bytes = match std::fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                refuse!("{}: no such file; expected a safetensors file", path.display())
            }
            Err(error) => return Err(error).with_context(|| path.display().to_string()),
        };
        Self::from_bytes(&bytes).with_context(|| path.display().to_string())
    }

    /// Writes a file atomically.
    pub fn write(&self, path: &Path) -> anyhow::Result<()> {
        atomic::write(path, &self.to_bytes()?, Durability::Process)
    }
}

impl Entry {
    fn read(&self, name: &str, data: &[u8]) -> anyhow::Result<Tensor> {
        if self.dtype != "F32" {
            refuse!("tensor {name}: expected dtype F32, found {}", self.dtype);
        }
        let [start, end] = self.data_offsets;
        let floats = self.shape.iter().try_fold(1usize, |n, size| n.checked_mul(*size));
        let expected = floats.and_then(|n| n.checked_mul(4));
        let found = data.get(start..end);
        let (Some(expected), Some(found)) = (expected, found) else {
            refuse!(
                "tensor {name}: its data lie outside the file (bytes {start} to {end} of {}); copy it again",
                data.len()
            );
        };
        if found.len() != expected {
            refuse!("tensor {name}: shape {:?} takes {expected} bytes, found {}", self.shape, found.len());
        }
        let data: Vec<f32> = found.as_chunks::<4>().0.iter().map(|b| f32::from_le_bytes(*b)).collect();
        if let Some(at) = data.iter().position(|v| !v.is_finite()) {
            refuse!("tensor {name}: element {at} is {}; a model has finite numbers only", data[at]);
        }
        Ok(Tensor { shape: self.shape.clone(), data })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tensors() -> Tensors {
        let mut t = Tensors::default();
        t.metadata.insert("b".into(), "2".into());
        t.metadata.insert("a".into(), "\"1\"".into());
        t.tensors.insert(
            "layers.0.weight".into(),
            Tensor { shape: vec![2, 3], data: vec![1.0, -2.5, 0.0, 4.0, 1e-30, 6.0] },
        );
        t.tensors.insert("layers.0.bias".into(), Tensor { shape: vec![3], data: vec![0.1, 0.2, 0.3] });
        t
    }

    #[test]
    fn a_file_round_trips_with_sorted_keys_and_aligned_data() {
        let bytes = tensors().to_bytes().unwrap();
        assert_eq!(Tensors::from_bytes(&bytes).unwrap(), tensors());
        let header = u64::from_le_bytes(bytes[..8].try_into().unwrap());
        assert_eq!(header % 8, 0);
        let text = String::from_utf8_lossy(&bytes[8..8 + header as usize]).into_owned();
        assert!(text.starts_with(r#"{"__metadata__":{"a":"\"1\"","b":"2"},"layers.0.bias":{"#), "{text}");
    }

    #[test]
    fn damaged_files_are_told_what_is_wrong() {
        let good = tensors().to_bytes().unwrap();
        let text = |from: &str, to: &str| {
            let at = good.windows(from.len()).position(|w| w == from.as_bytes()).unwrap();
            let mut bytes = good.clone();
            bytes[at..at + from.len()].copy_from_slice(to.as_bytes());
            bytes
        };
        let mut nan = good.clone();
        let end = nan.len();
        nan[end - 4..].copy_from_slice(&f32::NAN.to_le_bytes());
        for (bytes, part) in [
            (good[..5].to_vec(), "cut short"),
            (good[..60].to_vec(), "cut short"),
            (good[..good.len() - 4].to_vec(), "outside the file"),
            ([good.clone(), vec![0]].concat(), "cover"),
            (vec![255; 40], "cut short"),
            (text("F32", "F16"), "expected dtype F32"),
            (text("[2,3]", "[2,9]"), "takes 72 bytes"),
            (text("\"__meta", "?__meta"), "header"),
            (nan, "element 5 is NaN"),
        ] {
            let error = Tensors::from_bytes(&bytes).unwrap_err();
            assert!(format!("{error:#}").contains(part), "{part}: {error:#}");
            assert!(crate::is_refused(&error));
        }
    }
}
