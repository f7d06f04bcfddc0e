//! `dx = g w^T` for few outputs: one chain for each sum, and registers that run along the inputs.
#![allow(unsafe_code)]
#![allow(clippy::needless_range_loop, reason = "the indices are those of a tile's rows and registers")]

use super::LANES;
use super::register::{Register, load, store};

/// Inputs whose weights are turned at a time, so that those of one output lie side by side.
const BLOCK: usize = 32;

/// See [`super::KernelPath::transposed`]; for `outputs` up to [`LANES`].
///
/// # Safety
/// The processor has the instructions of `V`. The shapes fit one another: `g` is (B, `outputs`), `w` (I, `outputs`) and
/// `dx` (B, I).
#[inline(always)]
pub unsafe fn transposed<V: Register>(g: &[f32], w: &[f32], outputs: usize, dx: &mut [f32]) {
    let inputs = w.len() / outputs;
    let mut turned = [[0.0f32; BLOCK]; LANES];
    for (block, w) in w.chunks(BLOCK * outputs).enumerate() {
        for (i, w) in w.chunks_exact(outputs).enumerate() {
            for (o, w) in w.iter().enumerate() {
                turned[o][i] = *w;
            }
        }
        let first = block * BLOCK;
        let here = BLOCK.min(inputs - first);
        let rows = g.chunks_exact(outputs).zip(dx.chunks_exact_mut(inputs));
        for (g, dx) in rows {
            let dx = dx[first..first + here].as_mut_ptr();
            let mut i = 0;
            while i + 4 * V::WIDTH <= here {
                // SAFETY: four registers from `i` on lie inside the block and inside `dx`.
                unsafe { chains::<V, 4, false>(g, &turned, dx, i, V::WIDTH) };
                i += 4 * V::WIDTH;
            }
            while i + V::WIDTH <= here {
                // SAFETY: one register from `i` on does.
                unsafe { chains::<V, 1, false>(g, &turned, dx, i, V::WIDTH) };
                i += V::WIDTH;
            }
            if i < here {
                // SAFETY: the first `here - i` lanes do.
                unsafe { chains::<V, 1, true>(g, &turned, dx, i, here - i) };
            }
        }
    }
}

/// `C` registers of inputs from `i` on, or the first `n` lanes of one if `PART`.
#[inline(always)]
unsafe fn chains<V: Register, const C: usize, const PART: bool>(
    g: &[f32],
    turned: &[[f32; BLOCK]; LANES],
    dx: *mut f32,
    i: usize,
    n: usize,
) {
    // SAFETY: the caller's registers lie inside the block and inside `dx`.
    unsafe {
        let mut sums = [V::zero(); C];
        for (g, w) in g.iter().zip(turned) {
            let g = V::splat(*g);
            for c in 0..C {
                let w = load::<V, PART>(w.as_ptr().add(i + c * V::WIDTH), n);
                sums[c] = g.mul_add(w, sums[c]);
            }
        }
        for c in 0..C {
            store::<V, PART>(sums[c], dx.add(i + c * V::WIDTH), n);
        }
    }
}
