//! The types of a tensor's numbers.

use super::half;
use crate::refuse;

/// How a file holds a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DType {
    /// 32 bits.
    F32,
    /// 16 bits.
    F16,
}

impl DType {
    /// The type of this name.
    pub(super) fn named(name: &str) -> Option<Self> {
        [Self::F32, Self::F16].into_iter().find(|dtype| dtype.name() == name)
    }

    /// Its name in a header.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::F32 => "F32",
            Self::F16 => "F16",
        }
    }

    /// Bytes of a number.
    pub(super) fn bytes(self) -> usize {
        match self {
            Self::F32 => 4,
            Self::F16 => 2,
        }
    }

    /// The numbers in these bytes, little-endian.
    pub(super) fn read(self, bytes: &[u8]) -> Vec<f32> {
        match self {
            Self::F32 => bytes.as_chunks::<4>().0.iter().map(|b| f32::from_le_bytes(*b)).collect(),
            Self::F16 => bytes.as_chunks::<2>().0.iter().map(|b| half::widen(u16::from_le_bytes(*b))).collect(),
        }
    }

    /// Appends numbers to bytes.
    ///
    /// # Errors
    /// A refusal that names a number that is too large for the type.
    pub(super) fn write(self, numbers: &[f32], bytes: &mut Vec<u8>) -> anyhow::Result<()> {
        if self == Self::F32 {
            bytes.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
            return Ok(());
        }
        for (at, &number) in numbers.iter().enumerate() {
            let Some(bits) = half::narrow(number) else {
                refuse!("element {at} is {number}; numbers of 16 bits end at {}; keep 32 bits", half::LARGEST);
            };
            bytes.extend(bits.to_le_bytes());
        }
        Ok(())
    }
}
