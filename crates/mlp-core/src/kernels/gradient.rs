//! `d = x^T g`, applied to the weights or stored, in tiles of inputs by registers of columns.
#![allow(unsafe_code)]
#![allow(clippy::needless_range_loop, reason = "the indices are those of a tile's rows and registers")]

use core::mem::MaybeUninit;

use super::block::Block;
use super::nearby::{FLOATS, NEAR, Nearby};
use super::register::{Register, load, store};
use super::{Into, Rows};

/// Inputs of a tile, or half of them where there are few columns. Fewer sums than the registers would hold: a tile ends
/// after as many terms as the batch has rows, and its weights are then read and written while the next tile begins,
/// which larger tiles delay.
const DEEP: usize = 4;
/// Rows whose places are looked up once and not in every tile: larger batches than are common, for 2 KiB of the stack.
const LISTED: usize = 256;
/// Fewer rows are not worth copying their gradients; found by trying.
const GATHERED: usize = 16;

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
    let (g, w) = (g.as_ptr(), w.as_mut_ptr());
    let all = All { x, listed: &listed, g, g_stride: stride, rows, columns, stride, w, into };
    // SAFETY: this function's own contract; where the rows are no more than that, all are listed.
    unsafe {
        if stride > NEAR && (GATHERED..=LISTED).contains(&rows) {
            all.gathered::<V>();
        } else if rows <= LISTED {
            all.weights::<V, true, false>();
        } else {
            all.weights::<V, false, false>();
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
    g: *const f32,
    /// From one row of `g` to the next.
    g_stride: usize,
    rows: usize,
    columns: usize,
    /// From one row of `w` to the next.
    stride: usize,
    w: *mut f32,
    into: Into,
}

impl All<'_> {
    /// All weights, some columns at a time, whose gradients are copied side by side before. All rows are listed.
    #[inline(always)]
    unsafe fn gathered<V: Register>(&self) {
        const { assert!(LISTED * V::WIDTH <= FLOATS) };
        let mut room = Nearby::new();
        let near = room.as_mut_ptr();
        let fits = |registers: &usize| registers * V::WIDTH * self.rows <= FLOATS;
        let registers = [4, 2].into_iter().find(fits).unwrap_or(1);
        let mut column = 0;
        while column < self.columns {
            let some = (registers * V::WIDTH).min(self.columns - column);
            let part = All { g: near, g_stride: some, columns: some, w: self.w.wrapping_add(column), ..*self };
            // SAFETY: the caller's: the columns exist and all rows are listed; `room` has room for so many rows of so many
            // columns.
            unsafe {
                for r in 0..self.rows {
                    let gradients = self.g.add(r * self.g_stride + column);
                    core::ptr::copy_nonoverlapping(gradients, near.add(r * some), some);
                }
                part.weights::<V, true, true>();
            }
            column += some;
        }
    }

    /// All weights. The rows of `x` are looked up in the list if `LIST`; a tile asks for its weights before it needs them if
    /// `ASK`.
    #[inline(always)]
    unsafe fn weights<V: Register, const LIST: bool, const ASK: bool>(&self) {
        // Inputs outermost: the weights are then read and written in the order in which they lie.
        // Sixteen sums where the registers hold them, else eight.
        let narrow = if V::SUMS >= 16 { 3 } else { 2 } * V::WIDTH;
        let deep = if self.columns < narrow { 2 * DEEP } else { DEEP };
        let mut input = 0;
        while input < self.x.width {
            let left = deep.min(self.x.width - input);
            // SAFETY: the inputs that are taken exist; the rest is the caller's.
            input += unsafe {
                if left >= 8 {
                    self.weight_rows::<V, 8, LIST, ASK>(input)
                } else if left >= 4 {
                    self.weight_rows::<V, 4, LIST, ASK>(input)
                } else if left >= 2 {
                    self.weight_rows::<V, 2, LIST, ASK>(input)
                } else {
                    self.weight_rows::<V, 1, LIST, ASK>(input)
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
    unsafe fn weight_rows<V: Register, const D: usize, const LIST: bool, const ASK: bool>(
        &self,
        input: usize,
    ) -> usize {
        let mut column = 0;
        while column < self.columns {
            let whole = (self.columns - column) / V::WIDTH;
            // SAFETY: the registers of columns that are chosen lie inside the columns.
            unsafe {
                if V::SUMS >= 16 && D <= DEEP && whole >= 4 {
                    self.tile::<V, D, 4, false, LIST, ASK>(input, column);
                    column += 4 * V::WIDTH;
                } else if (V::SUMS >= 16 || D <= DEEP) && whole >= 2 {
                    self.tile::<V, D, 2, false, LIST, ASK>(input, column);
                    column += 2 * V::WIDTH;
                } else if whole >= 1 {
                    self.tile::<V, D, 1, false, LIST, ASK>(input, column);
                    column += V::WIDTH;
                } else {
                    self.tile::<V, D, 1, true, LIST, ASK>(input, column);
                    column = self.columns;
                }
            }
        }
        D
    }

    #[inline(always)]
    unsafe fn tile<V: Register, const D: usize, const C: usize, const PART: bool, const LIST: bool, const ASK: bool>(
        &self,
        input: usize,
        column: usize,
    ) {
        let part = self.columns - column;
        // SAFETY: inputs and columns of the tile exist (the callers' contract), so every address below lies inside the
        // slice it was made from; a partial register touches only the columns that are left.
        unsafe {
            let mut sums = [[V::zero(); C]; D];
            let mut g = self.g.add(column);
            if ASK {
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
                    gradients[c] = load::<V, PART>(g.add(c * V::WIDTH), part);
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
            // All weights are read before any is written: a narrow row ends inside the span that the next row's register
            // is read from, and a read behind such a write waits until that has left the processor.
            for d in 0..D {
                for c in 0..C {
                    sums[d][c] = self.into::<V, PART>(sums[d][c], place(d, c), part);
                }
            }
            for d in 0..D {
                for c in 0..C {
                    store::<V, PART>(sums[d][c], place(d, c), part);
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
                sum = sum.add(load::<V, PART>(self.g.add(r * self.g_stride + column), part));
            }
            let place = bias.add(column);
            store::<V, PART>(self.into::<V, PART>(sum, place, part), place, part);
        }
        if PART { part } else { V::WIDTH }
    }

    /// What becomes of the parameters at `place`, whose gradient is `d`.
    #[inline(always)]
    unsafe fn into<V: Register, const PART: bool>(&self, d: V, place: *const f32, part: usize) -> V {
        match self.into {
            Into::Store => d,
            // SAFETY: the caller's place lies inside the parameters.
            Into::Update(factor) => unsafe { V::splat(factor).mul_add(d, load::<V, PART>(place, part)) },
        }
    }
}
