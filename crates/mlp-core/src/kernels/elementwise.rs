//! Work that treats every element of some slices alike, compiled for each path's instructions.
//!
//! If such work adds anything up, it does so in a stated order (softmax adds a row's classes in order), so its bits do
//! not depend on how many elements a register holds. It is compiled for each path because without the FMA feature every
//! `mul_add` is a call into the mathematical library.
#![allow(unsafe_code)]

use super::path::KernelPath;

/// Work on slices, element by element.
pub(crate) trait Elementwise {
    /// Runs it. Implementations are `#[inline(always)]`, so that they are compiled with the caller's instructions.
    fn run(self);
}

impl KernelPath {
    /// Runs the work with the path's instructions, or the portable ones if this machine lacks them.
    pub(crate) fn elementwise(self, work: impl Elementwise) {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 if self.is_available() => {
                // SAFETY: the guard has just seen that this processor has every feature the function is compiled for.
                unsafe { x86::avx512(work) }
            }
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 if self.is_available() => {
                // SAFETY: the guard has just seen that this processor has every feature the function is compiled for.
                unsafe { x86::avx2(work) }
            }
            #[cfg(all(target_arch = "x86_64", feature = "std"))]
            _ if is_x86_feature_detected!("fma") => {
                // SAFETY: the guard has just seen that this processor has the feature.
                unsafe { x86::fma(work) }
            }
            _ => work.run(),
        }
    }
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use super::Elementwise;

    #[cfg(feature = "std")]
    #[target_feature(enable = "fma")]
    pub(super) fn fma(work: impl Elementwise) {
        work.run();
    }

    #[target_feature(enable = "avx2,fma")]
    pub(super) fn avx2(work: impl Elementwise) {
        work.run();
    }

    #[target_feature(enable = "avx2,fma,avx512f,avx512vl")]
    pub(super) fn avx512(work: impl Elementwise) {
        work.run();
    }
}
