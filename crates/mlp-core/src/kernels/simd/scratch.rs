//! A buffer on the stack for values that tiles read several times, packed without gaps.
//!
//! Rows whose distance is a large power of two share few sets of a cache (4 KiB apart: one set of 64), so the rows of a
//! strip evict one another. No processor prefetches across a page boundary either.

use core::mem::MaybeUninit;

/// Up to this many floats from one row to the next, rows are read where they are instead of packed. Measured.
pub(super) const MAX_UNPACKED_STRIDE: usize = 256;
/// Capacity: 16 KiB, half of the smallest first-level cache, which must also hold what else a tile reads.
pub(super) const FLOATS: usize = 4096;

/// Uninitialised room for [`FLOATS`] floats, aligned to cache lines.
#[repr(align(64))]
pub(super) struct Scratch([MaybeUninit<f32>; FLOATS]);

impl Scratch {
    #[inline(always)]
    #[allow(clippy::large_stack_arrays, reason = "any thread's stack holds 16 KiB")]
    pub(super) fn new() -> Self {
        Self([const { MaybeUninit::uninit() }; FLOATS])
    }

    /// The first float.
    #[inline(always)]
    pub(super) fn as_mut_ptr(&mut self) -> *mut f32 {
        self.0.as_mut_ptr().cast()
    }
}
