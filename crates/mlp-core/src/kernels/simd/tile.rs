//! A tile of a product: a few rows by a few registers of columns, whose sums over the inputs stay in registers.
#![allow(unsafe_code)]
#![allow(clippy::needless_range_loop, reason = "the indices are a tile's rows and registers")]

use super::register::{Register, load, store};
use crate::kernels::operands::Rows;

/// Most rows of a tile.
const MAX_ROWS: usize = 12;
/// How many rows of weights ahead to prefetch. Measured; other values differ little.
const PREFETCH_ROWS: usize = 8;

/// One strip of columns of `out = start + x w`, for all rows.
///
/// # Safety
/// This holds pointers; that they are valid is the contract of [`Strip::run`].
pub(super) struct Strip<'a> {
    /// Factors: each row's `inputs` values from `first` on are used.
    pub x: Rows<'a>,
    /// The first input.
    pub first: usize,
    /// Number of inputs: rows of weights.
    pub inputs: usize,
    /// Rows of `x` and of `out`.
    pub rows: usize,
    /// The weight of the first input in the strip's first column.
    pub w: *const f32,
    /// Floats from one row of weights to the next.
    pub w_stride: usize,
    /// Where the sums start.
    pub start: Start,
    /// The first row's output in the strip's first column.
    pub out: *mut f32,
    /// Floats from one row of `out` to the next.
    pub out_stride: usize,
}

/// Where the sums of a strip start.
#[derive(Clone, Copy)]
pub(super) enum Start {
    /// One value for each column.
    Bias(*const f32),
    /// Zero.
    Zero,
    /// The values of `out`.
    Out,
}

/// How many registers wide the next strip is: as wide as the registers allow for groups of `rows`, and 0 where less
/// than one register of columns is left.
#[inline(always)]
pub(super) fn strip_registers<V: Register>(columns: usize, rows: usize) -> usize {
    let whole = columns / V::WIDTH;
    let group = group_rows::<V>(columns, rows);
    [8, 4, 2].into_iter().find(|&c| c <= whole && c * group <= V::SUMS).unwrap_or(whole.min(1))
}

/// Rows of a tile. Two registers a row where the columns fill them, so that each factor that is loaded is used twice.
#[inline(always)]
fn group_rows<V: Register>(columns: usize, rows: usize) -> usize {
    let most = if columns >= 2 * V::WIDTH { V::SUMS / 2 } else { V::SUMS }.min(MAX_ROWS);
    // Groups of nearly equal size: 10 rows as 5 and 5, not as 6 and 4.
    rows.div_ceil(rows.div_ceil(most))
}

impl Strip<'_> {
    /// Computes `registers` registers of columns, or the first `lanes` lanes of one where that is 0. `PREFETCH` fetches
    /// rows of weights before they are needed.
    ///
    /// # Safety
    /// The processor has the instructions of `V`. `x` holds `rows` rows with the inputs, `w` as many rows as there are
    /// inputs, and `w`, `start` and `out` have the columns. `registers` is what [`strip_registers`] returned.
    #[inline(always)]
    pub(super) unsafe fn run<V: Register, const PREFETCH: bool>(&self, registers: usize, lanes: usize) {
        // SAFETY: the caller's contract.
        unsafe {
            match registers {
                8 => self.groups::<V, 8, false, PREFETCH>(0),
                4 => self.groups::<V, 4, false, PREFETCH>(0),
                2 => self.groups::<V, 2, false, PREFETCH>(0),
                1 => self.groups::<V, 1, false, PREFETCH>(0),
                _ => self.groups::<V, 1, true, PREFETCH>(lanes),
            }
        }
    }

    #[inline(always)]
    unsafe fn groups<V: Register, const C: usize, const PARTIAL: bool, const PREFETCH: bool>(&self, lanes: usize) {
        let most = (V::SUMS / C).min(MAX_ROWS);
        let mut row = 0;
        while row < self.rows {
            let left = self.rows - row;
            let group = left.div_ceil(left.div_ceil(most));
            macro_rules! tile_of {
                ($($r:literal)*) => {
                    match group {
                        // The guard is a constant: tiles that would not fit the registers are not compiled.
                        // SAFETY: the caller's contract; the rows exist.
                        $($r if $r * C <= V::SUMS => unsafe { self.tile::<V, $r, C, PARTIAL, PREFETCH>(row, lanes) },)*
                        _ => unreachable!("a group has at most {MAX_ROWS} rows and fits the registers"),
                    }
                };
            }
            tile_of!(1 2 3 4 5 6 7 8 9 10 11 12);
            row += group;
        }
    }

    /// Rows row..row+R: `R * C` registers of sums.
    #[inline(always)]
    unsafe fn tile<V: Register, const R: usize, const C: usize, const PARTIAL: bool, const PREFETCH: bool>(
        &self,
        row: usize,
        lanes: usize,
    ) {
        // SAFETY: the caller's contract: rows, inputs and columns exist, so every address that is read or written lies
        // inside the slice it was made from; a partial register accesses only the columns that are left.
        unsafe {
            let mut x = [core::ptr::null(); R];
            let mut sums = [[V::zero(); C]; R];
            for k in 0..R {
                x[k] = self.x.row_pointer(row + k).wrapping_add(self.first);
                let start = match self.start {
                    Start::Zero => continue,
                    Start::Bias(bias) => bias,
                    Start::Out => self.out.wrapping_add((row + k) * self.out_stride).cast_const(),
                };
                for c in 0..C {
                    sums[k][c] = load::<V, PARTIAL>(start.wrapping_add(c * V::WIDTH), lanes);
                }
            }
            let mut w = self.w;
            for i in 0..self.inputs {
                if PREFETCH {
                    V::prefetch(w.wrapping_add(PREFETCH_ROWS * self.w_stride));
                }
                let mut weights = [V::zero(); C];
                for c in 0..C {
                    weights[c] = load::<V, PARTIAL>(w.wrapping_add(c * V::WIDTH), lanes);
                }
                for k in 0..R {
                    let value = V::splat(*x[k].add(i));
                    for c in 0..C {
                        sums[k][c] = value.mul_add(weights[c], sums[k][c]);
                    }
                }
                w = w.wrapping_add(self.w_stride);
            }
            for k in 0..R {
                let out = self.out.wrapping_add((row + k) * self.out_stride);
                for c in 0..C {
                    store::<V, PARTIAL>(sums[k][c], out.wrapping_add(c * V::WIDTH), lanes);
                }
            }
        }
    }
}
