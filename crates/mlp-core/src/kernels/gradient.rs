//! `d = x^T g`, applied to the weights or stored, in tiles of inputs by registers of columns.
#![allow(unsafe_code)]
#![allow(clippy::needless_range_loop, reason = "the indices are those of a tile's rows and registers")]

use super::block::Block;
use super::register::{Register, load, store};
use super::{Into, Rows};

/// Inputs of a tile, or half of them where there is but one register of columns. Fewer sums than the registers would
/// hold: a tile ends after as many terms as the batch has rows, and its weights are then read and written while the
/// next tile begins, which larger tiles delay.
const DEEP: usize = 4;

/// See [`super::KernelPath::gradient_part`].
///
/// # Safety
/// The processor has the instructions of `V`. The shapes fit one another: `w` has `x.width` rows of `bias.len()`
/// columns, `g` begins with the first of these and has a row every `w.stride()`, and every row of `x` that `g` has a
/// row for lies inside its data.
#[inline(always)]
pub unsafe fn gradient<V: Register>(x: Rows<'_>, g: &[f32], into: Into, w: &mut Block<'_>, bias: &mut [f32]) {
    let (columns, stride) = (bias.len(), w.stride());
    let all = All { x, g, rows: g.len().div_ceil(stride), columns, stride, w: w.as_mut_ptr(), into };
    // Inputs outermost: the weights are then read and written in the order in which they lie.
    let deep = if columns > V::WIDTH { DEEP } else { 2 * DEEP };
    let mut input = 0;
    while input < x.width {
        let these = deep.min(x.width - input);
        macro_rules! rows_of {
            ($($d:literal)*) => {
                match these {
                    // SAFETY: inputs input..input+these exist; the rest is this function's own contract.
                    $($d => unsafe { all.weight_rows::<V, $d>(input) },)*
                    _ => unreachable!("a tile has at most {} inputs", 2 * DEEP),
                }
            };
        }
        rows_of!(1 2 3 4 5 6 7 8);
        input += these;
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
    g: &'a [f32],
    rows: usize,
    columns: usize,
    /// From one row of `g` or `w` to the next.
    stride: usize,
    w: *mut f32,
    into: Into,
}

impl All<'_> {
    /// Rows input..input+D of the weights.
    #[inline(always)]
    unsafe fn weight_rows<V: Register, const D: usize>(&self, input: usize) {
        let mut column = 0;
        while column < self.columns {
            let whole = (self.columns - column) / V::WIDTH;
            // SAFETY: the registers of columns that are chosen lie inside the columns.
            unsafe {
                if V::SUMS >= 16 && D <= DEEP && whole >= 4 {
                    self.tile::<V, D, 4, false>(input, column);
                    column += 4 * V::WIDTH;
                } else if D <= DEEP && whole >= 2 {
                    self.tile::<V, D, 2, false>(input, column);
                    column += 2 * V::WIDTH;
                } else if whole >= 1 {
                    self.tile::<V, D, 1, false>(input, column);
                    column += V::WIDTH;
                } else {
                    self.tile::<V, D, 1, true>(input, column);
                    column = self.columns;
                }
            }
        }
    }

    #[inline(always)]
    unsafe fn tile<V: Register, const D: usize, const C: usize, const PART: bool>(&self, input: usize, column: usize) {
        let part = self.columns - column;
        // SAFETY: inputs and columns of the tile exist (the callers' contract), so every address below lies inside the
        // slice it was made from; a partial register touches only the columns that are left.
        unsafe {
            let mut sums = [[V::zero(); C]; D];
            let mut g = self.g.as_ptr().add(column);
            for r in 0..self.rows {
                let x = self.x.row_pointer(r).add(input);
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
