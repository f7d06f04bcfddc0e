//! Which instructions the kernels use.

use core::fmt;
use core::str::FromStr;

/// Which instructions the products use. All give the same bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KernelPath {
    /// Plain loops, for every target.
    Portable,
    /// x86-64 with AVX2 and FMA.
    Avx2,
    /// x86-64 with AVX-512 F and VL.
    Avx512,
    /// 64-bit ARM with NEON.
    Neon,
    /// WebAssembly with 128-bit registers.
    Simd128,
}

impl KernelPath {
    /// All paths, whether this machine has them or not.
    pub const ALL: [Self; 5] = [Self::Portable, Self::Avx2, Self::Avx512, Self::Neon, Self::Simd128];

    /// `portable`, `avx2`, `avx512`, `neon` or `simd128`: what [`FromStr`] parses.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Portable => "portable",
            Self::Avx2 => "avx2",
            Self::Avx512 => "avx512",
            Self::Neon => "neon",
            Self::Simd128 => "simd128",
        }
    }

    /// Whether this machine has the instructions. On x86-64 without the feature `std` only [`Portable`](Self::Portable)
    /// is available, because detection needs the standard library.
    pub fn is_available(self) -> bool {
        match self {
            Self::Portable => true,
            #[cfg(all(target_arch = "x86_64", feature = "std"))]
            Self::Avx2 => is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma"),
            #[cfg(all(target_arch = "x86_64", feature = "std"))]
            Self::Avx512 => {
                Self::Avx2.is_available() && is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512vl")
            }
            Self::Neon => cfg!(all(target_arch = "aarch64", target_feature = "neon")),
            Self::Simd128 => cfg!(all(target_arch = "wasm32", target_feature = "simd128")),
            #[cfg(not(all(target_arch = "x86_64", feature = "std")))]
            _ => false,
        }
    }

    /// The fastest available path.
    pub fn detect() -> Self {
        Self::ALL.into_iter().rev().find(|path| path.is_available()).unwrap_or(Self::Portable)
    }
}

/// A name that [`KernelPath`] does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownPath;

impl fmt::Display for UnknownPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected a kernel path: portable, avx2, avx512, neon or simd128")
    }
}

impl core::error::Error for UnknownPath {}

impl FromStr for KernelPath {
    type Err = UnknownPath;
    fn from_str(name: &str) -> Result<Self, UnknownPath> {
        Self::ALL.into_iter().find(|path| path.name() == name).ok_or(UnknownPath)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_round_trip_and_some_path_is_available() {
        for path in KernelPath::ALL {
            assert_eq!(path.name().parse(), Ok(path));
        }
        assert_eq!("sse9".parse::<KernelPath>(), Err(UnknownPath));
        assert!(KernelPath::detect().is_available());
    }
}
