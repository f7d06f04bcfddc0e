//! A tile of a product: a few rows by a few registers of columns, summed along the inputs in registers.
#![allow(unsafe_code)]
#![allow(clippy::needless_range_loop, reason = "the indices are those of a tile's rows and registers")]

use super::Rows;
use super::register::{Register, load, store};

/// Most rows of a tile.
const ROWS: usize = 12;
/// How many rows of weights ahead the next are asked for; found by trying, of little weight.
const AHEAD: usize = 8;

/// One strip of columns of `out = start + x w`, for all rows.
///
/// # Safety
/// This holds pointers: that what they point to is there is the contract of [`Strip::run`].
pub struct Strip<'a> {
    /// Factors, of which `inputs` from `first` on are used in each row.
    pub x: Rows<'a>,
    /// The first input.
    pub first: usize,
    /// Inputs, hence rows of weights.
    pub inputs: usize,
    /// Rows of `x` and of `out`.
    pub rows: usize,
    /// The weight of the first input in the strip's first column.
    pub w: *const f32,
    /// From one row of weights to the next.
    pub w_stride: usize,
    /// What the sums begin with.
    pub start: Start,
    /// The first row's sum in the strip's first column.
    pub out: *mut f32,
    /// From one row of sums to the next.
    pub out_stride: usize,
}

/// What the sums of a strip begin with.
#[derive(Clone, Copy)]
pub enum Start {
    /// One value for each column.
    Bias(*const f32),
    /// Zero.
    Zero,
    /// What `out` holds.
    Out,
}

/// How many registers wide the next strip should be: as wide as the registers hold for groups of `rows`, and 0 where
/// only a part of a register is left.
#[inline(always)]
pub fn registers<V: Register>(columns: usize, rows: usize) -> usize {
    let whole = columns / V::WIDTH;
    let group = group::<V>(columns, rows);
    [8, 4, 2].into_iter().find(|&c| c <= whole && c * group <= V::SUMS).unwrap_or(whole.min(1))
}

/// Rows of a tile. Two registers a row where the columns fill them, for then each factor that is fetched serves twice.
#[inline(always)]
fn group<V: Register>(columns: usize, rows: usize) -> usize {
    let most = if columns >= 2 * V::WIDTH { V::SUMS / 2 } else { V::SUMS }.min(ROWS);
    // Groups of nearly equal size: 10 rows as 5 and 5, not as 6 and 4.
    rows.div_ceil(rows.div_ceil(most))
}

impl Strip<'_> {
    /// Computes `registers` registers of columns, or the first `part` lanes of one where that is 0. With `ASK`, rows of
    /// weights are asked for before they are needed.
    ///
    /// # Safety
    /// The processor has the instructions of `V`. `x` holds `rows` rows with the inputs, `w` as many rows as there are
    /// inputs, and they, `start` and `out` have the columns. `registers` is what [`registers`] said.
    #[inline(always)]
    pub unsafe fn run<V: Register, const ASK: bool>(&self, registers: usize, part: usize) {
        // SAFETY: the caller's.
        unsafe {
            match registers {
                8 => self.groups::<V, 8, false, ASK>(0),
                4 => self.groups::<V, 4, false, ASK>(0),
                2 => self.groups::<V, 2, false, ASK>(0),
                1 => self.groups::<V, 1, false, ASK>(0),
                _ => self.groups::<V, 1, true, ASK>(part),
            }
        }
    }

    #[inline(always)]
    unsafe fn groups<V: Register, const C: usize, const PART: bool, const ASK: bool>(&self, part: usize) {
        let most = (V::SUMS / C).min(ROWS);
        let mut row = 0;
        while row < self.rows {
            let left = self.rows - row;
            let these = left.div_ceil(left.div_ceil(most));
            macro_rules! tile_of {
                ($($r:literal)*) => {
                    match these {
                        // The guard is a constant: tiles that would not fit the registers are not compiled.
                        // SAFETY: the caller's; the rows exist.
                        $($r if $r * C <= V::SUMS => unsafe { self.tile::<V, $r, C, PART, ASK>(row, part) },)*
                        _ => unreachable!("a group has at most {ROWS} rows and fits the registers"),
                    }
                };
            }
            tile_of!(1 2 3 4 5 6 7 8 9 10 11 12);
            row += these;
        }
    }

    /// Rows row..row+R: `R * C` registers of sums.
    #[inline(always)]
    unsafe fn tile<V: Register, const R: usize, const C: usize, const PART: bool, const ASK: bool>(
        &self,
        row: usize,
        part: usize,
    ) {
        // SAFETY: the caller's: rows, inputs and columns exist, so every address that is read or written lies inside
        // what it was made from; a partial register touches only the columns that are left.
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
                    sums[k][c] = load::<V, PART>(start.wrapping_add(c * V::WIDTH), part);
                }
            }
            let mut w = self.w;
            for i in 0..self.inputs {
                if ASK {
                    V::prefetch(w.wrapping_add(AHEAD * self.w_stride));
                }
                let mut weights = [V::zero(); C];
                for c in 0..C {
                    weights[c] = load::<V, PART>(w.wrapping_add(c * V::WIDTH), part);
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
                    store::<V, PART>(sums[k][c], out.wrapping_add(c * V::WIDTH), part);
                }
            }
        }
    }
}
