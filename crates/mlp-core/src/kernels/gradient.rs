//! `d = x^T g`, applied to the weights or stored, in tiles of inputs by registers of columns.
#![allow(unsafe_code)]
#![allow(clippy::needless_range_loop, reason = "the indices are those of a tile's rows and registers")]

use core::mem::MaybeUninit;

use super::block::Block;
use super::register::{Register, load, store};
use super::{Into, Rows};

/// Inputs of a tile, or half of them where there is but one register of columns. Fewer sums than the registers would
/// hold: a tile ends after as many terms as the batch has rows, and its weights are then read and written while the
/// next tile begins, which larger tiles delay.
const DEEP: usize = 4;
/// Rows whose places are looked up once and not in every tile: larger batches than are common, for 2 KiB of the stack.
const LISTED: usize = 256;

/// See [`super::KernelPath::gradient_part`].
///
/// # Safety
/// The processor has the instructions of `V`. The shapes fit one another: `w` has `x.width` rows of `bias.len()`
/// columns, `g` begins with the first of these and has a row every `w.stride()`, and every row of `x` that `g` has a
/// row for lies inside its data.
#[inline(always)]
pub unsafe fn gradient<V: Register>(x: Rows<'_>, g: &[f32], into: Into, w: &mut Block<'_>, bias: &mut [f32]) {
    let (columns, stride) = (bias.len(), w.stride());
    let rows = g.len().div_ceil(stride);
    let mut listed = [const { MaybeUninit::uninit() }; LISTED];
    for (r, place) in listed[..rows.min(LISTED)].iter_mut().enumerate() {
        // SAFETY: this function's own contract: x has the rows that g has.
        place.write(unsafe { x.row_pointer(r) });
    }
    let all = All { x, listed: &listed, g, rows, columns, stride, w: w.as_mut_ptr(), into };
    // SAFETY: this function's own contract; where the rows are no more than that, all are listed.
    unsafe {
        if rows <= LISTED {
            all.weights::<V, true>();
        } else {
            all.weights::<V, false>();
        }
    }
    let mut column = 0;
    while column < columns {
        // SAFETY: as above.
        column += unsafe {
            if column + V::WIDTH <= columns {
                all.bias::<V, false>(column, bias.as_mut_ptr())
            } else {
                all.bias::<V, true>(column, bias.as_mut_ptr())
            }
        };
    }
}

struct All<'a> {
    x: Rows<'a>,
    /// Where the first [`LISTED`] rows of `x` begin.
    listed: &'a [MaybeUninit<*const f32>; LISTED],
    g: &'a [f32],
    rows: usize,
    columns: usize,
    /// From one row of `g` or `w` to the next.
    stride: usize,
    w: *mut f32,
    into: Into,
}

impl All<'_> {
    /// All weights; the rows of `x` are looked up in the list if `LIST`.
    #[inline(always)]
    unsafe fn weights<V: Register, const LIST: bool>(&self) {
        // Inputs outermost: the weights are then read and written in the order in which they lie.
        let deep = if self.columns > V::WIDTH { DEEP } else { 2 * DEEP };
        let mut input = 0;
        while input < self.x.width {
            let left = deep.min(self.x.width - input);
            // SAFETY: the inputs that are taken exist; the rest is the caller's.
            input += unsafe {
                if left >= 8 {
                    self.weight_rows::<V, 8, LIST>(input)
                } else if left >= 4 {
                    self.weight_rows::<V, 4, LIST>(input)
                } else if left >= 2 {
                    self.weight_rows::<V, 2, LIST>(input)
                } else {
                    self.weight_rows::<V, 1, LIST>(input)
                }
            };
        }
    }

    /// Where row `r` of `x` begins.
    #[inline(always)]
    unsafe fn row<const LIST: bool>(&self, r: usize) -> *const f32 {
        // SAFETY: the row exists, and is listed if `LIST`.
        unsafe { if LIST { self.listed.get_unchecked(r).assume_init() } else { self.x.row_pointer(r) } }
    }

    /// Rows input..input+D of the weights. Returns how many that were.
    #[inline(always)]
    unsafe fn weight_rows<V: Register, const D: usize, const LIST: bool>(&self, input: usize) -> usize {
        let mut column = 0;
        while column < self.columns {
            let whole = (self.columns - column) / V::WIDTH;
            // SAFETY: the registers of columns that are chosen lie inside the columns.
            unsafe {
                if V::SUMS >= 16 && D <= DEEP && whole >= 4 {
                    self.tile::<V, D, 4, false, LIST>(input, column);
                    column += 4 * V::WIDTH;
                } else if D <= DEEP && whole >= 2 {
                    self.tile::<V, D, 2, false, LIST>(input, column);
                    column += 2 * V::WIDTH;
                } else if whole >= 1 {
                    self.tile::<V, D, 1, false, LIST>(input, column);
                    column += V::WIDTH;
                } else {
                    self.tile::<V, D, 1, true, LIST>(input, column);
                    column = self.columns;
                }
            }
        }
        D
    }

    #[inline(always)]
    unsafe fn tile<V: Register, const D: usize, const C: usize, const PART: bool, const LIST: bool>(
        &self,
        input: usize,
        column: usize,
    ) {
        let part = self.columns - column;
        // SAFETY: inputs and columns of the tile exist (the callers' contract), so every address below lies inside the
        // slice it was made from; a partial register touches only the columns that are left.
        unsafe {
            let mut sums = [[V::zero(); C]; D];
            let mut g = self.g.as_ptr().add(column);
            for r in 0..self.rows {
                let x = self.row::<LIST>(r).add(input);
                let mut gradients = [V::zero(); C];
                for c in 0..C {
                    gradients[c] = load::<V, PART>(g.add(c * V::WIDTH), part);
                }
                for d in 0..D {
                    let value = V::splat(*x.add(d));
                    for c in 0..C {
                        sums[d][c] = value.mul_add(gradients[c], sums[d][c]);
                    }
                }
                g = g.wrapping_add(self.stride);
            }
            for d in 0..D {
                for c in 0..C {
                    let place = self.w.add((input + d) * self.stride + column + c * V::WIDTH);
                    self.put::<V, PART>(sums[d][c], place, part);
                }
            }
        }
    }

    /// The bias from `column` on: one register. Returns how many columns that were.
    #[inline(always)]
    unsafe fn bias<V: Register, const PART: bool>(&self, column: usize, bias: *mut f32) -> usize {
        let part = self.columns - column;
        // SAFETY: `column` exists in the bias and in every row of `g`; whole registers are used only where they fit.
        unsafe {
            let mut sum = V::zero();
            for r in 0..self.rows {
                sum = sum.add(load::<V, PART>(self.g.as_ptr().add(r * self.stride + column), part));
            }
            self.put::<V, PART>(sum, bias.add(column), part);
        }
        if PART { part } else { V::WIDTH }
    }

    #[inline(always)]
    unsafe fn put<V: Register, const PART: bool>(&self, d: V, place: *mut f32, part: usize) {
        // SAFETY: the caller's tile lies inside the parameters.
        unsafe {
            let value = match self.into {
                Into::Store => d,
                Into::Update(factor) => V::splat(factor).mul_add(d, load::<V, PART>(place, part)),
            };
            store::<V, PART>(value, place, part);
        }
    }
}
