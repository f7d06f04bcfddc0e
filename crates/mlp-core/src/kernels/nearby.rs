//! A place on the stack for what tiles are about to go over several times, side by side.
//!
//! Rows that lie far apart share few sets of a cache (4 KiB apart: one of sixty-four), so a strip of them drives itself
//! out again; and no processor fetches ahead from one page to the next.

use core::mem::MaybeUninit;

/// Rows of a matrix up to this many floats apart lie near one another; found by trying.
pub const NEAR: usize = 256;
/// 16 KiB, half of the smallest first cache: what else a tile reads must stay there too.
pub const FLOATS: usize = 4096;

/// Room for so many floats, aligned to cache lines. Any thread's stack holds it.
#[repr(align(64))]
pub struct Nearby([MaybeUninit<f32>; FLOATS]);

impl Nearby {
    /// Nothing in it yet.
    #[inline(always)]
    #[allow(clippy::large_stack_arrays, reason = "what this is for")]
    pub fn new() -> Self {
        Self([const { MaybeUninit::uninit() }; FLOATS])
    }

    /// Where it begins.
    #[inline(always)]
    pub fn as_mut_ptr(&mut self) -> *mut f32 {
        self.0.as_mut_ptr().cast()
    }
}
