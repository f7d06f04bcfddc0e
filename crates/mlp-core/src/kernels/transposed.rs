//! `dx = g w^T`: sums that run along the rows of both matrices.
#![allow(unsafe_code)]
#![allow(clippy::needless_range_loop, reason = "the indices are those of a tile's rows and registers")]

use super::LANES;
use super::register::{Register, load};

/// Inputs of a tile: their sums are added up together.
const INPUTS: usize = 4;

/// See [`super::KernelPath::transposed`]; for `outputs` above [`LANES`].
///
/// # Safety
/// The processor has the instructions of `V`. The shapes fit one another: `g` is (B, `outputs`), `w` (I, `outputs`) and
/// `dx` (B, I). `P * V::WIDTH` is [`LANES`].
#[inline(always)]
pub unsafe fn transposed<V: Register, const P: usize>(g: &[f32], w: &[f32], outputs: usize, dx: &mut [f32]) {
    let inputs = w.len() / outputs;
    let rows = g.len() / outputs;
    let group = rows.div_ceil(rows.div_ceil(V::SUMS / INPUTS));
    let mut input = 0;
    while input < inputs {
        // The last tile lies over the one before it where fewer inputs are left, and computes the same sums again; only
        // a layer with fewer inputs than a tile has some computed that are not written.
        let at = input.min(inputs.saturating_sub(INPUTS));
        let mut row = 0;
        while row < rows {
            let these = group.min(rows - row);
            macro_rules! tile_of {
                ($($r:literal)*) => {
                    match these {
                        // SAFETY: the rows exist, and so do the inputs (see `tile`).
                        $($r if $r * INPUTS <= V::SUMS => unsafe {
                            tile::<V, P, $r>(g, w, outputs, inputs, (row, at), dx);
                        },)*
                        _ => unreachable!("a group fits the registers"),
                    }
                };
            }
            tile_of!(1 2 3 4 5 6);
            row += these;
        }
        input = at + INPUTS;
    }
}

/// Rows row..row+R of g against inputs input..input+4 of w.
#[inline(always)]
unsafe fn tile<V: Register, const P: usize, const R: usize>(
    g: &[f32],
    w: &[f32],
    outputs: usize,
    inputs: usize,
    (row, input): (usize, usize),
    dx: &mut [f32],
) {
    // SAFETY: the row and, up to the last, the inputs exist, so every address lies inside its slice. Where a layer has
    // fewer inputs than a tile, the last input stands in for those that are missing.
    unsafe {
        let g: [*const f32; R] = core::array::from_fn(|k| g.as_ptr().add((row + k) * outputs));
        let w: [*const f32; INPUTS] = core::array::from_fn(|k| w.as_ptr().add((input + k).min(inputs - 1) * outputs));
        // Each part of the lanes has a pass of its own, for which all registers hold different sums: more of them
        // share what is loaded than if a sum took several registers at a time.
        let mut parts = [[[V::zero(); INPUTS]; R]; P];
        for p in 0..P {
            let offset = p * V::WIDTH;
            let mut sums = [[V::zero(); INPUTS]; R];
            let mut o = offset;
            while o + V::WIDTH <= outputs {
                add::<V, R, false>(&mut sums, &g, &w, o, V::WIDTH);
                o += LANES;
            }
            if o - offset < outputs {
                // Of the last sixteen, what is there; the rest is padding, for these lanes perhaps all.
                add::<V, R, true>(&mut sums, &g, &w, o, outputs.saturating_sub(o));
            }
            parts[p] = sums;
        }
        for k in 0..R {
            let lanes: [[V; INPUTS]; P] = core::array::from_fn(|p| parts[p][k]);
            let out = dx.as_mut_ptr().add((row + k) * inputs + input);
            if inputs >= INPUTS {
                V::store_trees(lanes, out);
            } else {
                let mut four = [0.0; INPUTS];
                V::store_trees(lanes, four.as_mut_ptr());
                out.copy_from_nonoverlapping(four.as_ptr(), inputs);
            }
        }
    }
}

/// Takes in a register of columns from `o` on, or its first `n` lanes if `PART`.
#[inline(always)]
unsafe fn add<V: Register, const R: usize, const PART: bool>(
    sums: &mut [[V; INPUTS]; R],
    g: &[*const f32; R],
    w: &[*const f32; INPUTS],
    o: usize,
    n: usize,
) {
    // SAFETY: the caller's rows have `n` columns from `o` on; where `n` is 0 the address is formed but not used.
    unsafe {
        let mut weights = [V::zero(); INPUTS];
        for b in 0..INPUTS {
            weights[b] = load::<V, PART>(w[b].wrapping_add(o), n);
        }
        for a in 0..R {
            let gradient = load::<V, PART>(g[a].wrapping_add(o), n);
            for b in 0..INPUTS {
                sums[a][b] = gradient.mul_add(weights[b], sums[a][b]);
            }
        }
    }
}
