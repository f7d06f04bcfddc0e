//! Some columns of a matrix to write to, while other threads write to the others.
#![allow(unsafe_code)]

use core::marker::PhantomData;
use core::ops::Range;

/// Exclusive access to some columns of a matrix that is stored row by row.
pub(crate) struct Block<'a> {
    /// Row 0 of the block's first column.
    first: *mut f32,
    rows: usize,
    width: usize,
    /// Floats from one row to the next.
    stride: usize,
    borrowed: PhantomData<&'a mut [f32]>,
}

// SAFETY: a block is a mutable borrow of its columns, and no two blocks share any (the contract of `columns`).
unsafe impl Send for Block<'_> {}
// SAFETY: through a shared block one can only read its shape and, by an unsafe function, make blocks of its columns.
unsafe impl Sync for Block<'_> {}

impl<'a> Block<'a> {
    /// All columns of a matrix of this width.
    #[inline(always)]
    pub(crate) fn whole(data: &'a mut [f32], width: usize) -> Self {
        Self { first: data.as_mut_ptr(), rows: data.len() / width, width, stride: width, borrowed: PhantomData }
    }

    /// The columns in `range`.
    ///
    /// # Safety
    /// While the result is alive, no other block of one of its columns is, and this block is not written to.
    #[inline(always)]
    pub(crate) unsafe fn columns(&self, range: Range<usize>) -> Block<'a> {
        assert!(range.start <= range.end && range.end <= self.width, "columns of the block");
        Block { first: self.first.wrapping_add(range.start), width: range.len(), ..*self }
    }

    /// Number of rows.
    #[inline(always)]
    pub(crate) fn rows(&self) -> usize {
        self.rows
    }

    /// Floats from one row to the next: the width of the whole matrix.
    #[inline(always)]
    pub(crate) fn stride(&self) -> usize {
        self.stride
    }

    /// Row 0 of the block's first column.
    #[inline(always)]
    pub(crate) fn as_mut_ptr(&mut self) -> *mut f32 {
        self.first
    }

    /// Row `r`.
    #[inline(always)]
    pub(crate) fn row(&mut self, r: usize) -> &mut [f32] {
        assert!(r < self.rows, "a row of the block");
        // SAFETY: the row exists, and only this block has its columns.
        unsafe { core::slice::from_raw_parts_mut(self.first.add(r * self.stride), self.width) }
    }

    /// Row 0, for the lifetime of the matrix's borrow.
    #[inline(always)]
    pub(crate) fn into_row(self) -> &'a mut [f32] {
        assert!(self.rows > 0, "a row of the block");
        // SAFETY: the row exists, and only this block has its columns.
        unsafe { core::slice::from_raw_parts_mut(self.first, self.width) }
    }

    /// Calls `work` with each contiguous run of the block: each row, or all rows at once where the block is the whole
    /// matrix. The first argument is the run's offset from the block's first float.
    #[inline(always)]
    pub(crate) fn for_each_run(&mut self, mut work: impl FnMut(usize, &mut [f32])) {
        let contiguous = self.width == self.stride;
        let (count, length) = if contiguous { (1, self.rows * self.width) } else { (self.rows, self.width) };
        for k in 0..count {
            let at = k * self.stride;
            // SAFETY: a row, or all rows where there are no gaps between them; only this block has its columns.
            work(at, unsafe { core::slice::from_raw_parts_mut(self.first.add(at), length) });
        }
    }
}
