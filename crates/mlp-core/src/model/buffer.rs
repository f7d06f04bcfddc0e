//! f32 values that start on a cache line.

use alloc::vec::Vec;

/// Floats in a cache line of 64 bytes.
pub(crate) const CACHE_LINE: usize = 16;

/// A fixed number of f32 values, aligned to 64 bytes.
#[derive(Debug)]
pub(crate) struct Buffer {
    // The values are `storage[start..]`. The vector never grows, so its address never changes.
    storage: Vec<f32>,
    start: usize,
}

impl Buffer {
    pub(crate) fn zeros(floats: usize) -> Self {
        let mut storage = alloc::vec![0.0f32; floats + CACHE_LINE];
        let start = storage.as_ptr().align_offset(64).min(CACHE_LINE);
        storage.truncate(start + floats);
        Self { storage, start }
    }

    /// The first `floats` values.
    #[inline(always)]
    pub(crate) fn get(&self, floats: usize) -> &[f32] {
        &self.storage[self.start..self.start + floats]
    }

    /// The first `floats` values.
    #[inline(always)]
    pub(crate) fn get_mut(&mut self, floats: usize) -> &mut [f32] {
        &mut self.storage[self.start..self.start + floats]
    }

    pub(crate) fn as_slice(&self) -> &[f32] {
        &self.storage[self.start..]
    }

    pub(crate) fn as_mut_slice(&mut self) -> &mut [f32] {
        &mut self.storage[self.start..]
    }
}

impl Clone for Buffer {
    fn clone(&self) -> Self {
        // The copy has another address, so its values start at another index.
        let mut copy = Self::zeros(self.as_slice().len());
        copy.as_mut_slice().copy_from_slice(self.as_slice());
        copy
    }
}

impl PartialEq for Buffer {
    fn eq(&self, other: &Self) -> bool {
        self.as_slice() == other.as_slice()
    }
}
