//! The safetensors format: a header of names, shapes and offsets in JSON, then the numbers.
//!
//! Layout: the header's length as a little-endian u64, the header (an object; the key `__metadata__` holds strings),
//! padded with spaces to a multiple of 8 bytes, then the data. The code is our own because equal models must give equal
//! bytes: it sorts the keys. Tensors are of f32; those of 16 bits (`F16`) are read too, and widened, which is exact.
//! [`Tensors::to_half_bytes`] writes them.

mod dtype;
mod half;
mod header;
mod kind;

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Context;

use self::dtype::DType;
use self::header::{Entry, Header, METADATA};
use crate::atomic::{self, Durability};
use crate::{json, refuse, regular_file};

/// Longest header that is read: far above any real one, far below what could exhaust the memory.
const MAX_HEADER_BYTES: u64 = 1 << 24;
/// Longest file that is read.
const MAX_FILE_BYTES: u64 = 1 << 32;

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
    /// Metadata, as strings.
    pub metadata: BTreeMap<String, String>,
    /// Tensors by name.
    pub tensors: BTreeMap<String, Tensor>,
}

impl Tensors {
    /// The bytes of the file.
    pub fn to_bytes(&self) -> anyhow::Result<Vec<u8>> {
        self.bytes_with(|_| DType::F32)
    }

    /// The bytes of a file about half as long: tensors of two and more dimensions hold numbers of 16 bits. The others,
    /// such as biases and scaling, are short and stay as they are.
    ///
    /// # Errors
    /// A refusal that names a tensor with a number that is too large for 16 bits.
    pub fn to_half_bytes(&self) -> anyhow::Result<Vec<u8>> {
        self.bytes_with(|tensor| if tensor.shape.len() > 1 { DType::F16 } else { DType::F32 })
    }

    fn bytes_with(&self, dtype_of: impl Fn(&Tensor) -> DType) -> anyhow::Result<Vec<u8>> {
        let mut header = serde_json::Map::new();
        if !self.metadata.is_empty() {
            header.insert(METADATA.into(), serde_json::to_value(&self.metadata)?);
        }
        let mut data = Vec::new();
        // Longer numbers first, so that each lies at a multiple of its length.
        for dtype in [DType::F32, DType::F16] {
            for (name, tensor) in self.tensors.iter().filter(|(_, tensor)| dtype_of(tensor) == dtype) {
                let start = data.len();
                dtype.write(&tensor.data, &mut data).with_context(|| format!("tensor {name}"))?;
                let entry = Entry {
                    dtype: dtype.name().into(),
                    shape: tensor.shape.clone(),
                    data_offsets: [start, data.len()],
                };
                header.insert(name.clone(), serde_json::to_value(entry)?);
            }
        }
        let mut text = serde_json::to_vec(&header)?;
        text.resize(text.len().next_multiple_of(8), b' ');
        Ok([&(text.len() as u64).to_le_bytes()[..], &text, &data].concat())
    }

    /// Reads the bytes of a file; every number must be finite, and every byte must belong to one tensor.
    pub fn from_bytes(bytes: &[u8]) -> anyhow::Result<Self> {
        const EXPECTED: &str =
            "expected a run folder of mlp-train or a safetensors file, such as its model.safetensors";
        let Some((length, rest)) = bytes.split_first_chunk::<8>() else {
            if bytes.is_empty() {
                refuse!("the file is empty (0 bytes); {EXPECTED}");
            }
            refuse!("cut short: {} bytes, expected a header length of 8; {EXPECTED}", bytes.len());
        };
        if let Some(kind) = kind::kind_of(bytes) {
            refuse!("this is {kind}; {EXPECTED}");
        }
        let length = u64::from_le_bytes(*length);
        if length > MAX_HEADER_BYTES || length > rest.len() as u64 {
            refuse!(
                "cut short or no safetensors file: a header of {length} bytes is declared, {} follow; {EXPECTED}",
                rest.len()
            );
        }
        let (header, data) = rest.split_at(length as usize);
        let header: Header = json::from_bytes(header).context("header")?;
        let read = |(name, entry): (&String, &Entry)| Ok((name.clone(), entry.read(name, data)?));
        header.entries.iter().try_for_each(|(name, entry)| entry.check(name, data.len()).map(|_| ()))?;
        header.check_layout(data.len())?;
        let tensors = header.entries.iter().map(read).collect::<anyhow::Result<_>>()?;
        Ok(Self { metadata: header.metadata, tensors })
    }

    /// Reads a file.
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        let bytes = regular_file::read_input(path, MAX_FILE_BYTES)?;
        Self::from_bytes(&bytes).with_context(|| path.display().to_string())
    }

    /// Writes a file atomically.
    pub fn write(&self, path: &Path) -> anyhow::Result<()> {
        atomic::write(path, &self.to_bytes()?, Durability::Process)
    }
}

impl Entry {
    /// Refuses numbers of an unknown type, and a tensor that does not lie inside data of this length with its shape.
    fn check(&self, name: &str, data_bytes: usize) -> anyhow::Result<DType> {
        let Some(dtype) = DType::named(&self.dtype) else {
            refuse!("tensor {name}: expected dtype F32 or F16, found {}", self.dtype);
        };
        let [start, end] = self.data_offsets;
        if start > end || end > data_bytes {
            refuse!(
                "tensor {name}: its data lie outside the file (bytes {start} to {end} of {data_bytes}); copy it again"
            );
        }
        let numbers = self.shape.iter().try_fold(1usize, |n, size| n.checked_mul(*size));
        match numbers.and_then(|n| n.checked_mul(dtype.bytes())) {
            None => refuse!("tensor {name}: shape {:?} is larger than any file", self.shape),
            Some(expected) if expected != end - start => {
                refuse!("tensor {name}: shape {:?} takes {expected} bytes, found {}", self.shape, end - start)
            }
            Some(_) => Ok(dtype),
        }
    }

    /// The numbers of a tensor.
    fn read(&self, name: &str, data: &[u8]) -> anyhow::Result<Tensor> {
        let dtype = self.check(name, data.len())?;
        let [start, end] = self.data_offsets;
        let data = dtype.read(&data[start..end]);
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
    fn half_as_many_bytes_hold_the_nearest_numbers_of_matrices() {
        let bytes = tensors().to_half_bytes().unwrap();
        let mut expected = tensors();
        // The smallest number of 16 bits is 6e-8.
        expected.tensors.get_mut("layers.0.weight").unwrap().data[4] = 0.0;
        assert_eq!(Tensors::from_bytes(&bytes).unwrap(), expected);
        assert_eq!(expected.to_half_bytes().unwrap(), bytes);
        let header = u64::from_le_bytes(bytes[..8].try_into().unwrap()) as usize;
        assert_eq!(bytes.len(), 8 + header + 3 * 4 + 6 * 2);
        // The vector of f32 comes first: its numbers lie at multiples of 4.
        assert_eq!(bytes[8 + header..][..4], 0.1_f32.to_le_bytes());

        let mut large = tensors();
        large.tensors.get_mut("layers.0.weight").unwrap().data[2] = 7e4;
        let error = large.to_half_bytes().unwrap_err();
        let said = format!("{error:#}");
        assert!(said.contains("tensor layers.0.weight: element 2 is 70000; numbers of 16 bits end at 65504"), "{said}");
        assert!(crate::is_refused(&error));
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
            (text("F32", "I32"), "expected dtype F32 or F16, found I32"),
            (text("F32", "F16"), "takes 6 bytes, found 12"),
            (text("[2,3]", "[2,9]"), "takes 72 bytes"),
            (text("\"__meta", "?__meta"), "header"),
            (nan, "element 5 is NaN"),
        ] {
            let error = Tensors::from_bytes(&bytes).unwrap_err();
            assert!(format!("{error:#}").contains(part), "{part}: {error:#}");
            assert!(crate::is_refused(&error));
        }
    }

    /// A file with this header and so many bytes of zeros.
    fn file(header: &str, data_bytes: usize) -> Vec<u8> {
        let length = (header.len() as u64).to_le_bytes();
        [&length[..], header.as_bytes(), &vec![0; data_bytes]].concat()
    }

    fn refused_because(bytes: &[u8], part: &str) {
        let error = Tensors::from_bytes(bytes).map(|_| "was read").unwrap_err();
        assert!(format!("{error:#}").contains(part), "{part}: {error:#}");
        assert!(crate::is_refused(&error));
    }

    #[test]
    fn headers_that_lie_are_refused() {
        let entry = |name: &str, shape: &str, start: usize, end: usize| {
            format!(r#""{name}":{{"dtype":"F32","shape":{shape},"data_offsets":[{start},{end}]}}"#)
        };
        let header = |entries: &[String]| format!("{{{}}}", entries.join(","));
        let two = |from: usize, to: usize| header(&[entry("a", "[4]", 0, 16), entry("b", "[2]", from, to)]);
        assert!(Tensors::from_bytes(&file(&two(16, 24), 24)).is_ok());
        let huge = format!("[{}, 3]", usize::MAX / 2);
        let half = format!("[{}, 2]", usize::MAX / 4);
        for (text, data_bytes, part) in [
            (two(8, 16), 16, "tensors a and b share the bytes 8 to 16"),
            (two(12, 20), 20, "tensors a and b share the bytes 12 to 16"),
            (two(0, 8), 16, "share the bytes 0 to 8"),
            // One tensor over another, and a hole that makes up for it: the sum of the lengths is that of the file.
            (two(8, 16), 24, "tensors a and b share the bytes 8 to 16"),
            (two(20, 28), 28, "the bytes 16 to 20 before tensor b belong to no tensor"),
            (header(&[entry("a", "[2]", 8, 16)]), 16, "the bytes 0 to 8 before tensor a belong to no tensor"),
            (two(16, 24), 32, "cover 24 bytes, but the file holds 32"),
            (two(16, 24), 20, "outside the file (bytes 16 to 24 of 20)"),
            (two(24, 16), 24, "outside the file (bytes 24 to 16 of 24)"),
            (two(usize::MAX - 7, usize::MAX), 24, "outside the file"),
            (header(&[entry("a", &huge, 0, 16)]), 16, "is larger than any file"),
            (header(&[entry("a", &half, 0, 16)]), 16, "is larger than any file"),
            (header(&[entry("a", "[]", 0, 8)]), 8, "shape [] takes 4 bytes, found 8"),
            (header(&[entry("a", "[0]", 0, 4)]), 4, "shape [0] takes 0 bytes, found 4"),
            (header(&[entry("a", "[-1]", 0, 4)]), 4, "invalid value"),
            (header(&[entry("a", "[1]", 0, 4), entry("a", "[1]", 4, 8)]), 8, "`a` stands twice"),
            (r#"{"__metadata__":{},"__metadata__":{"a":"b"}}"#.into(), 0, "`__metadata__` stands twice"),
            (r#"{"__metadata__":{"a":"b","a":"c"}}"#.into(), 0, "`a` stands twice"),
            (r#"{"__metadata__":{"a":1}}"#.into(), 0, "expected a string"),
            (r#"{"a":{"dtype":"F32","dtype":"F32","shape":[],"data_offsets":[0,4]}}"#.into(), 4, "duplicate field"),
            (r#"{"a":{"dtype":"F32","shape":[]}}"#.into(), 0, "missing field `data_offsets`"),
            (r#"{"a":[]}"#.into(), 0, "header"),
        ] {
            refused_because(&file(&text, data_bytes), part);
        }
    }

    #[test]
    fn files_of_other_kinds_are_told_what_they_are() {
        for (bytes, part) in [
            (&b""[..], "the file is empty (0 bytes); expected a run folder of mlp-train or a safetensors file"),
            (
                b"\x08\x07\x12\x09mlp-train\x1a\x050.1.0",
                "this is an ONNX file; expected a run folder of mlp-train or a safetensors file",
            ),
            (b"pixel1,pixel2,isOne\n", "this is a text file"),
        ] {
            refused_because(bytes, part);
        }
    }
}
