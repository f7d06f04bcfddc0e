//! `dx = g w^T`: a strip of the weights is transposed into scratch memory, then multiplied as in forward.
//!
//! Keeping a transposed copy of all weights would mean updating it too, which costs more than transposing.
#![allow(unsafe_code)]

use super::register::Register;
use super::scratch::{FLOATS, Scratch};
use super::tile::{Start, Strip};
use crate::kernels::block::Block;
use crate::kernels::operands::Rows;

/// Some columns of `dx = g w^T`: `w` has the weights of these inputs.
///
/// # Safety
/// The processor has the instructions of `V`. The shapes fit one another: `g` is (B, `outputs`), `w` (I, `outputs`)
/// with the weights of the I columns of `dx`, which has B rows.
#[inline(always)]
pub(crate) unsafe fn transposed<V: Register>(g: &[f32], w: &[f32], outputs: usize, dx: &mut Block<'_>) {
    // The transposed strip is at most two registers wide.
    let max_outputs = const { FLOATS / (2 * V::WIDTH) };
    let inputs = w.len() / outputs;
    let rows = g.len() / outputs;
    let x = Rows { data: g, width: outputs, index: None };
    let mut scratch = Scratch::new();
    let strip_weights = scratch.as_mut_ptr();
    let mut input = 0;
    while input < inputs {
        let left = inputs - input;
        let stride = if left > V::WIDTH { 2 * V::WIDTH } else { V::WIDTH };
        let mut first = 0;
        while first < outputs {
            let some = max_outputs.min(outputs - first);
            let mut strip = Strip {
                x,
                first,
                inputs: some,
                rows,
                w: strip_weights,
                w_stride: stride,
                start: if first == 0 { Start::Zero } else { Start::Out },
                out: dx.as_mut_ptr().wrapping_add(input),
                out_stride: dx.stride(),
            };
            // SAFETY: this function's own contract. The inputs input..inputs and the outputs first..first+some exist,
            // the scratch memory has room for `some` rows of `stride` floats, all written before the strips read them.
            unsafe {
                let from = w.as_ptr().add(input * outputs + first);
                if left > V::WIDTH {
                    transpose::<V, 2>(from, outputs, left, some, strip_weights);
                } else {
                    transpose::<V, 1>(from, outputs, left, some, strip_weights);
                }
                if left >= 2 * V::WIDTH {
                    strip.run::<V, false>(2, 0);
                } else if left >= V::WIDTH {
                    strip.run::<V, false>(1, 0);
                    strip.w = strip_weights.wrapping_add(V::WIDTH);
                    strip.out = strip.out.wrapping_add(V::WIDTH);
                    if left > V::WIDTH {
                        strip.run::<V, false>(0, left - V::WIDTH);
                    }
                } else {
                    strip.run::<V, false>(0, left);
                }
            }
            first += some;
        }
        input += stride;
    }
}

/// Writes `columns` rows of `C` registers: the columns of the first `C * WIDTH` rows of `from`. If there are only
/// `rows` rows, the last one is repeated.
#[inline(always)]
unsafe fn transpose<V: Register, const C: usize>(
    from: *const f32,
    from_stride: usize,
    rows: usize,
    columns: usize,
    to: *mut f32,
) {
    for c in 0..C {
        let r = c * V::WIDTH;
        let (first, to) = (from.wrapping_add(r * from_stride), to.wrapping_add(r));
        // SAFETY: the caller's contract: rows and columns exist, and `to` has room.
        unsafe {
            if r + V::WIDTH <= rows {
                transpose_rows::<V, C>(|k| first.wrapping_add(k * from_stride), columns, to);
            } else {
                let last = rows - 1 - r;
                transpose_rows::<V, C>(|k| first.wrapping_add(k.min(last) * from_stride), columns, to);
            }
        }
    }
}

/// Transposes `WIDTH` rows.
#[inline(always)]
unsafe fn transpose_rows<V: Register, const C: usize>(row: impl Fn(usize) -> *const f32, columns: usize, to: *mut f32) {
    let stride = C * V::WIDTH;
    let mut c = 0;
    // SAFETY: the caller's contract.
    unsafe {
        while c + 4 <= columns {
            V::transpose(|k| row(k).wrapping_add(c), to.wrapping_add(c * stride), stride);
            c += 4;
        }
        while c < columns {
            for k in 0..V::WIDTH {
                *to.add(c * stride + k) = *row(k).add(c);
            }
            c += 1;
        }
    }
}
