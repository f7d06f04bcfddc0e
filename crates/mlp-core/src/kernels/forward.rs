//! `out = x w + bias` in tiles of rows by registers of columns.
#![allow(unsafe_code)]
#![allow(clippy::needless_range_loop, reason = "the indices are those of a tile's rows and registers")]

use super::Rows;
use super::register::{Register, load, store};

/// Inputs that a tile takes in before the next tile has its turn. The strip of weights that several groups of rows read
/// is then still in the first-level cache for the second group. Sums wait in `out` meanwhile, which rounds nothing.
const BLOCK: usize = 64;
/// Most rows of a tile.
const ROWS: usize = 12;

/// See [`super::KernelPath::forward`].
///
/// # Safety
/// The processor has the instructions of `V`. The shapes fit one another: `w` is (`x.width`, `bias.len()`), `out` has
/// rows of `bias.len()`, and every row of `x` that `out` has a row for lies inside its data.
#[inline(always)]
pub unsafe fn forward<V: Register>(x: Rows<'_>, w: &[f32], bias: &[f32], out: &mut [f32]) {
    let columns = bias.len();
    let rows = out.len() / columns;
    // Two registers a row where the columns fill them, for then each input that is fetched serves twice.
    let most = if columns > V::WIDTH { V::SUMS / 2 } else { V::SUMS }.min(ROWS);
    // Groups of nearly equal size: 10 rows as 5 and 5, not as 6 and 4.
    let group = rows.div_ceil(rows.div_ceil(most));
    let mut first = 0;
    while first < x.width {
        let inputs = BLOCK.min(x.width - first);
        let block = Block { x, first, inputs, w: w[first * columns..].as_ptr(), bias, out: out.as_mut_ptr() };
        let mut column = 0;
        while column < columns {
            let whole = (columns - column) / V::WIDTH;
            // SAFETY: the strip that is chosen lies inside the columns; the rest is this function's own contract.
            unsafe {
                column += if whole >= 8 && 8 * group <= V::SUMS {
                    block.strip::<V, 8, false>(group, rows, column)
                } else if whole >= 4 && 4 * group <= V::SUMS {
                    block.strip::<V, 4, false>(group, rows, column)
                } else if whole >= 2 && 2 * group <= V::SUMS {
                    block.strip::<V, 2, false>(group, rows, column)
                } else if whole >= 1 {
                    block.strip::<V, 1, false>(group, rows, column)
                } else {
                    block.strip::<V, 1, true>(group, rows, column)
                };
            }
        }
        first += inputs;
    }
}

/// Some consecutive inputs of all rows, and the rows of the weights that belong to them.
struct Block<'a> {
    x: Rows<'a>,
    /// The first of the inputs; the sums begin with the bias when it is 0, otherwise with what `out` holds.
    first: usize,
    inputs: usize,
    w: *const f32,
    bias: &'a [f32],
    out: *mut f32,
}

impl Block<'_> {
    /// All rows of `C` registers of columns from `column` on, or of the partial register at the end. Returns how many
    /// columns that were.
    #[inline(always)]
    unsafe fn strip<V: Register, const C: usize, const PART: bool>(
        &self,
        group: usize,
        rows: usize,
        column: usize,
    ) -> usize {
        let mut row = 0;
        while row < rows {
            let these = group.min(rows - row);
            macro_rules! tile_of {
                ($($r:literal)*) => {
                    match these {
                        // The guard is a constant: tiles that would not fit the registers are not compiled.
                        $($r if $r * C <= V::SUMS => unsafe { self.tile::<V, $r, C, PART>(row, column) },)*
                        _ => unreachable!("a group has at most {ROWS} rows and fits the registers"),
                    }
                };
            }
            tile_of!(1 2 3 4 5 6 7 8 9 10 11 12);
            row += these;
        }
        if PART { self.bias.len() - column } else { C * V::WIDTH }
    }

    /// Rows row..row+R of the strip: `R * C` registers of sums.
    #[inline(always)]
    unsafe fn tile<V: Register, const R: usize, const C: usize, const PART: bool>(&self, row: usize, column: usize) {
        let columns = self.bias.len();
        let part = columns - column;
        // SAFETY: rows and columns of the tile exist (the callers' contract), so every address below lies inside the
        // slice it was made from; a partial register touches only the columns that are left.
        unsafe {
            let x: [*const f32; R] = core::array::from_fn(|k| self.x.row_pointer(row + k).add(self.first));
            let mut sums = [[V::zero(); C]; R];
            for k in 0..R {
                let start = if self.first == 0 {
                    self.bias.as_ptr().add(column)
                } else {
                    self.out.add((row + k) * columns + column).cast_const()
                };
                for c in 0..C {
                    sums[k][c] = load::<V, PART>(start.add(c * V::WIDTH), part);
                }
            }
            let mut w = self.w.add(column);
            for i in 0..self.inputs {
                let mut weights = [V::zero(); C];
                for c in 0..C {
                    weights[c] = load::<V, PART>(w.add(c * V::WIDTH), part);
                }
                for k in 0..R {
                    let value = V::splat(*x[k].add(i));
                    for c in 0..C {
                        sums[k][c] = value.mul_add(weights[c], sums[k][c]);
                    }
                }
                w = w.wrapping_add(columns);
            }
            for k in 0..R {
                let out = self.out.add((row + k) * columns + column);
                for c in 0..C {
                    store::<V, PART>(sums[k][c], out.add(c * V::WIDTH), part);
                }
            }
        }
    }
}
