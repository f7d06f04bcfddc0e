//! `d = x^T g`, applied to the weights or stored, in tiles of inputs by registers of columns.
#![allow(unsafe_code)]
#![allow(clippy::needless_range_loop, reason = "the indices are a tile's inputs and registers")]

use core::mem::MaybeUninit;

use super::register::{Register, load, store};
use super::scratch::{FLOATS, MAX_UNPACKED_STRIDE, Scratch};
use crate::kernels::block::Block;
use crate::kernels::operands::{GradientUse, Rows};

/// Inputs of a tile; twice as many where there are few columns. The tile has fewer sums than the registers hold,
/// because it ends after as many terms as the batch has rows. Its weights are then read and written while the next
/// tile begins, which larger tiles delay.
const TILE_INPUTS: usize = 4;
/// Most rows whose addresses are listed once instead of computed in every tile: 2 KiB of the stack, for batches larger
/// than is common.
const MAX_LISTED_ROWS: usize = 256;
/// Packing the gradients of fewer rows does not pay. Measured.
const MIN_PACKED_ROWS: usize = 16;

/// Some columns of `d = x^T g`: `g` and `bias` start at the first column of `w`.
///
/// # Safety
/// The processor has the instructions of `V`. The shapes fit one another: `w` has `x.width` rows of `bias.len()`
/// columns, `g` starts at the first of these and has a row every `w.stride()` floats, and every row of `x` that `g` has
/// a row for lies inside its data.
#[inline(always)]
pub(crate) unsafe fn gradient<V: Register>(
    x: Rows<'_>,
    g: &[f32],
    gradient_use: GradientUse,
    w: &mut Block<'_>,
    bias: &mut [f32],
) {
    let (columns, stride) = (bias.len(), w.stride());
    let rows = g.len().div_ceil(stride);
    let mut listed = [const { MaybeUninit::uninit() }; MAX_LISTED_ROWS];
    for (r, place) in listed[..rows.min(MAX_LISTED_ROWS)].iter_mut().enumerate() {
        // SAFETY: this function's own contract: x has the rows that g has.
        place.write(unsafe { x.row_pointer(r) });
    }
    let (g, w) = (g.as_ptr(), w.as_mut_ptr());
    let product = GradientProduct { x, listed: &listed, g, g_stride: stride, rows, columns, stride, w, gradient_use };
    // SAFETY: this function's own contract; all rows are listed where there are no more than that.
    unsafe {
        if stride > MAX_UNPACKED_STRIDE && (MIN_PACKED_ROWS..=MAX_LISTED_ROWS).contains(&rows) {
            product.packed::<V>();
        } else if rows <= MAX_LISTED_ROWS {
            product.weights::<V, true, false>();
        } else {
            product.weights::<V, false, false>();
        }
    }
    let mut column = 0;
    while column < columns {
        // SAFETY: as above.
        column += unsafe {
            if column + V::WIDTH <= columns {
                product.bias::<V, false>(column, bias.as_mut_ptr())
            } else {
                product.bias::<V, true>(column, bias.as_mut_ptr())
            }
        };
    }
}

struct GradientProduct<'a> {
    x: Rows<'a>,
    /// Addresses of the first [`MAX_LISTED_ROWS`] rows of `x`.
    listed: &'a [MaybeUninit<*const f32>; MAX_LISTED_ROWS],
    g: *const f32,
    /// Floats from one row of `g` to the next.
    g_stride: usize,
    rows: usize,
    columns: usize,
    /// Floats from one row of `w` to the next.
    stride: usize,
    w: *mut f32,
    gradient_use: GradientUse,
}

impl GradientProduct<'_> {
    /// All weights, some columns at a time, with the output gradients of these columns packed into scratch memory. All
    /// rows are listed.
    #[inline(always)]
    unsafe fn packed<V: Register>(&self) {
        const { assert!(MAX_LISTED_ROWS * V::WIDTH <= FLOATS) };
        let mut scratch = Scratch::new();
        let packed = scratch.as_mut_ptr();
        let fits = |registers: &usize| registers * V::WIDTH * self.rows <= FLOATS;
        let registers = [4, 2].into_iter().find(fits).unwrap_or(1);
        let mut column = 0;
        while column < self.columns {
            let some = (registers * V::WIDTH).min(self.columns - column);
            let packed_product =
                GradientProduct { g: packed, g_stride: some, columns: some, w: self.w.wrapping_add(column), ..*self };
            // SAFETY: the caller's contract: the columns exist and all rows are listed; and the scratch memory has
            // room for all rows of these columns.
            unsafe {
                for r in 0..self.rows {
                    let gradients = self.g.add(r * self.g_stride + column);
                    core::ptr::copy_nonoverlapping(gradients, packed.add(r * some), some);
                }
                packed_product.weights::<V, true, true>();
            }
            column += some;
        }
    }

    /// All weights. `LIST` takes the addresses of the rows from the list; `PREFETCH` fetches a tile's weights before
    /// they are needed.
    #[inline(always)]
    unsafe fn weights<V: Register, const LIST: bool, const PREFETCH: bool>(&self) {
        // Inputs are the outer loop, so that the weights are read and written in memory order.
        // Sixteen sums where the registers hold them, else eight.
        let narrow = if V::SUMS >= 16 { 3 } else { 2 } * V::WIDTH;
        let tile_inputs = if self.columns < narrow { 2 * TILE_INPUTS } else { TILE_INPUTS };
        let mut input = 0;
        while input < self.x.width {
            let left = tile_inputs.min(self.x.width - input);
            // SAFETY: the inputs that are taken exist; the rest is the caller's contract.
            input += unsafe {
                if left >= 8 {
                    self.weight_rows::<V, 8, LIST, PREFETCH>(input)
                } else if left >= 4 {
                    self.weight_rows::<V, 4, LIST, PREFETCH>(input)
                } else if left >= 2 {
                    self.weight_rows::<V, 2, LIST, PREFETCH>(input)
                } else {
                    self.weight_rows::<V, 1, LIST, PREFETCH>(input)
                }
            };
        }
    }

    /// The address of row `r` of `x`.
    #[inline(always)]
    unsafe fn row<const LIST: bool>(&self, r: usize) -> *const f32 {
        // SAFETY: the row exists, and is listed if `LIST`.
        unsafe { if LIST { self.listed.get_unchecked(r).assume_init() } else { self.x.row_pointer(r) } }
    }

    /// Rows input..input+D of the weights. Returns `D`.
    #[inline(always)]
    unsafe fn weight_rows<V: Register, const D: usize, const LIST: bool, const PREFETCH: bool>(
        &self,
        input: usize,
    ) -> usize {
        let mut column = 0;
        while column < self.columns {
            let whole = (self.columns - column) / V::WIDTH;
            // SAFETY: the registers of columns that are chosen lie inside the columns.
            unsafe {
                if V::SUMS >= 16 && D <= TILE_INPUTS && whole >= 4 {
                    self.tile::<V, D, 4, false, LIST, PREFETCH>(input, column);
                    column += 4 * V::WIDTH;
                } else if (V::SUMS >= 16 || D <= TILE_INPUTS) && whole >= 2 {
                    self.tile::<V, D, 2, false, LIST, PREFETCH>(input, column);
                    column += 2 * V::WIDTH;
                } else if whole >= 1 {
                    self.tile::<V, D, 1, false, LIST, PREFETCH>(input, column);
                    column += V::WIDTH;
                } else {
                    self.tile::<V, D, 1, true, LIST, PREFETCH>(input, column);
                    column = self.columns;
                }
            }
        }
        D
    }

    #[inline(always)]
    unsafe fn tile<
        V: Register,
        const D: usize,
        const C: usize,
        const PARTIAL: bool,
        const LIST: bool,
        const PREFETCH: bool,
    >(
        &self,
        input: usize,
        column: usize,
    ) {
        let lanes = self.columns - column;
        // SAFETY: inputs and columns of the tile exist (the callers' contract), so every address below lies inside the
        // slice it was made from; a partial register accesses only the columns that are left.
        unsafe {
            let mut sums = [[V::zero(); C]; D];
            let mut g = self.g.add(column);
            if PREFETCH {
                for d in 0..D {
                    for c in 0..C {
                        V::prefetch(self.w.wrapping_add((input + d) * self.stride + column + c * V::WIDTH));
                    }
                }
            }
            for r in 0..self.rows {
                let x = self.row::<LIST>(r).add(input);
                let mut gradients = [V::zero(); C];
                for c in 0..C {
                    gradients[c] = load::<V, PARTIAL>(g.add(c * V::WIDTH), lanes);
                }
                for d in 0..D {
                    let value = V::splat(*x.add(d));
                    for c in 0..C {
                        sums[d][c] = value.mul_add(gradients[c], sums[d][c]);
                    }
                }
                g = g.wrapping_add(self.g_stride);
            }
            let place = |d: usize, c: usize| self.w.add((input + d) * self.stride + column + c * V::WIDTH);
            // All weights are read before any is written. A register of the next row may overlap the end of a narrow
            // row, and a load that partly overlaps a store in flight waits until the store has reached the cache.
            for d in 0..D {
                for c in 0..C {
                    sums[d][c] = self.result::<V, PARTIAL>(sums[d][c], place(d, c), lanes);
                }
            }
            for d in 0..D {
                for c in 0..C {
                    store::<V, PARTIAL>(sums[d][c], place(d, c), lanes);
                }
            }
        }
    }

    /// One register of the bias, from `column` on. Returns its number of columns.
    #[inline(always)]
    unsafe fn bias<V: Register, const PARTIAL: bool>(&self, column: usize, bias: *mut f32) -> usize {
        let lanes = self.columns - column;
        // SAFETY: `column` exists in the bias and in every row of `g`; whole registers are used only where they fit.
        unsafe {
            let mut sum = V::zero();
            for r in 0..self.rows {
                sum = sum.add(load::<V, PARTIAL>(self.g.add(r * self.g_stride + column), lanes));
            }
            let place = bias.add(column);
            store::<V, PARTIAL>(self.result::<V, PARTIAL>(sum, place, lanes), place, lanes);
        }
        if PARTIAL { lanes } else { V::WIDTH }
    }

    /// The new values of the parameters at `place`, whose gradient is `d`.
    #[inline(always)]
    unsafe fn result<V: Register, const PARTIAL: bool>(&self, d: V, place: *const f32, lanes: usize) -> V {
        match self.gradient_use {
            GradientUse::Store => d,
            // SAFETY: the caller's contract: the place lies inside the parameters.
            GradientUse::Update(factor) => unsafe { V::splat(factor).mul_add(d, load::<V, PARTIAL>(place, lanes)) },
        }
    }
}
