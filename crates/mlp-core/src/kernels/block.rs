//! Some columns of a matrix, to write to, while other threads hold the others.
#![allow(unsafe_code)]

use core::marker::PhantomData;
use core::ops::Range;

/// Columns of a matrix that is stored row by row. Whoever has it alone may write to them.
pub struct Block<'a> {
    /// The first row's first column.
    first: *mut f32,
    rows: usize,
    width: usize,
    /// From one row to the next.
    stride: usize,
    borrowed: PhantomData<&'a mut [f32]>,
}

// SAFETY: a block stands for a mutable borrow of its columns, and no two blocks share any (the contract of `columns`).
unsafe impl Send for Block<'_> {}
// SAFETY: a shared block can only be asked for its shape and, by an unsafe function, for parts of it.
unsafe impl Sync for Block<'_> {}

impl<'a> Block<'a> {
    /// All columns of a matrix of this width.
    #[inline(always)]
    pub fn whole(data: &'a mut [f32], width: usize) -> Self {
        Self { first: data.as_mut_ptr(), rows: data.len() / width, width, stride: width, borrowed: PhantomData }
    }

    /// Some of its columns.
    ///
    /// # Safety
    /// While the result lives, no other part that shares a column with it does, and this block is not written to.
    #[inline(always)]
    pub unsafe fn columns(&self, range: Range<usize>) -> Block<'a> {
        assert!(range.start <= range.end && range.end <= self.width, "columns of the block");
        Block { first: self.first.wrapping_add(range.start), width: range.len(), ..*self }
    }

    /// Its rows.
    #[inline(always)]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// From one row to the next, which is the width of the whole matrix.
    #[inline(always)]
    pub fn stride(&self) -> usize {
        self.stride
    }

    /// The first row's first column.
    #[inline(always)]
    pub fn as_mut_ptr(&mut self) -> *mut f32 {
        self.first
    }

    /// Row `r`.
    #[inline(always)]
    pub fn row(&mut self, r: usize) -> &mut [f32] {
        assert!(r < self.rows, "a row of the block");
        // SAFETY: the row exists, and its columns are this block's alone.
        unsafe { core::slice::from_raw_parts_mut(self.first.add(r * self.stride), self.width) }
    }

    /// Its first row, for good.
    #[inline(always)]
    pub fn into_row(self) -> &'a mut [f32] {
        assert!(self.rows > 0, "a row of the block");
        // SAFETY: the row exists, and its columns are this block's alone.
        unsafe { core::slice::from_raw_parts_mut(self.first, self.width) }
    }

    /// Does the work on all of it, piece by piece: row by row, or at once where the rows lie without gaps. The work is
    /// told how far behind the first row's first column a piece begins.
    #[inline(always)]
    pub fn pieces(&mut self, mut work: impl FnMut(usize, &mut [f32])) {
        let gapless = self.width == self.stride;
        let (count, length) = if gapless { (1, self.rows * self.width) } else { (self.rows, self.width) };
        for k in 0..count {
            let at = k * self.stride;
            // SAFETY: a row, or all rows where nothing lies between them, all this block's alone.
            work(at, unsafe { core::slice::from_raw_parts_mut(self.first.add(at), length) });
        }
    }
}
