//! Which compilation of the kernels runs.

use crate::error::{KernelPathError, NameError};
use alloc::string::ToString;
use alloc::vec::Vec;
use core::fmt;
use core::str::FromStr;

/// A kernel path that this processor can run. A value exists only after the processor was asked, so holding one is proof.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct KernelPath(pub(super) Kind);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    Portable,
    #[cfg(all(feature = "std", target_arch = "x86_64"))]
    Avx2,
    #[cfg(all(feature = "std", target_arch = "x86_64"))]
    Avx512,
}

const NAMES: &[&str] = &["portable", "avx2", "avx512"];
const AVX2_NEEDS: &str = "an x86-64 processor with AVX2 and FMA, and the feature std";
const AVX512_NEEDS: &str = "an x86-64 processor with AVX-512 F, VL, DQ and BW, AVX2 and FMA, and the feature std";

impl KernelPath {
    /// The path that runs everywhere and defines what the others compute.
    pub const PORTABLE: Self = Self(Kind::Portable);

    /// The AVX2 and FMA path, if this processor has them.
    pub fn avx2() -> Option<Self> {
        #[cfg(all(feature = "std", target_arch = "x86_64"))]
        if std::is_x86_feature_detected!("avx2") && std::is_x86_feature_detected!("fma") {
            return Some(Self(Kind::Avx2));
        }
        None
    }

    /// The AVX-512 path, if this processor has it.
    pub fn avx512() -> Option<Self> {
        #[cfg(all(feature = "std", target_arch = "x86_64"))]
        if Self::avx2().is_some()
            && std::is_x86_feature_detected!("avx512f")
            && std::is_x86_feature_detected!("avx512vl")
            && std::is_x86_feature_detected!("avx512dq")
            && std::is_x86_feature_detected!("avx512bw")
        {
            return Some(Self(Kind::Avx512));
        }
        None
    }

    /// The fastest path of this processor.
    pub fn detect() -> Self {
        Self::avx512().or_else(Self::avx2).unwrap_or(Self::PORTABLE)
    }

    /// Every path of this processor, the portable one first.
    pub fn available() -> Vec<Self> {
        [Some(Self::PORTABLE), Self::avx2(), Self::avx512()].into_iter().flatten().collect()
    }

    /// `portable`, `avx2` or `avx512`.
    pub fn name(self) -> &'static str {
        match self.0 {
            Kind::Portable => "portable",
            #[cfg(all(feature = "std", target_arch = "x86_64"))]
            Kind::Avx2 => "avx2",
            #[cfg(all(feature = "std", target_arch = "x86_64"))]
            Kind::Avx512 => "avx512",
        }
    }
}

impl fmt::Display for KernelPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for KernelPath {
    type Err = KernelPathError;

    /// Unlike [`KernelPath::detect`], never falls back: a path that was asked for and cannot run is an error.
    fn from_str(name: &str) -> Result<Self, KernelPathError> {
        match name {
            "portable" => Ok(Self::PORTABLE),
            "avx2" => Self::avx2().ok_or(KernelPathError::Unavailable { name: "avx2", needs: AVX2_NEEDS }),
            "avx512" => Self::avx512().ok_or(KernelPathError::Unavailable { name: "avx512", needs: AVX512_NEEDS }),
            _ => Err(KernelPathError::Unknown(NameError {
                what: "kernel path",
                found: name.to_string(),
                known: NAMES,
            })),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_back_to_their_paths_and_unknown_ones_are_refused() {
        for path in KernelPath::available() {
            assert_eq!(path.name().parse(), Ok(path));
        }
        assert_eq!(KernelPath::available()[0], KernelPath::PORTABLE);
        assert!(KernelPath::available().contains(&KernelPath::detect()));
        let error = "sse2".parse::<KernelPath>().unwrap_err();
        assert_eq!(error.to_string(), "no kernel path is called 'sse2'; known are portable, avx2, avx512");
    }
}
