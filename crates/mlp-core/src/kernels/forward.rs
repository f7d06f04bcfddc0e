//! `out = x w + bias`, strip by strip of columns.
#![allow(unsafe_code)]

use super::Rows;
use super::block::Block;
use super::register::Register;
use super::tile::{Start, Strip, registers};

/// Up to this many floats from one row of weights to the next, rows are asked for before they are needed. Where they lie
/// further apart, asking ahead costs more than it brings; found by trying.
const NEAR: usize = 256;

/// See [`super::KernelPath::layer_part`].
///
/// # Safety
/// The processor has the instructions of `V`. The shapes fit one another: `w` begins with the first of the columns of
/// `out` and `bias` and has `x.width` rows, one every `out.stride()`, and every row of `x` that `out` has a row for
/// lies inside its data.
#[inline(always)]
pub unsafe fn forward<V: Register>(x: Rows<'_>, w: &[f32], bias: &[f32], out: &mut Block<'_>) {
    let columns = bias.len();
    let (rows, stride) = (out.rows(), out.stride());
    // A strip that more than two groups of rows go over is in the cache for most of them.
    let ahead = stride <= NEAR && rows <= V::SUMS;
    let mut column = 0;
    while column < columns {
        let left = columns - column;
        let strip = Strip {
            x,
            first: 0,
            inputs: x.width,
            rows,
            w: w[column..].as_ptr(),
            w_stride: stride,
            start: Start::Bias(bias[column..].as_ptr()),
            out: out.as_mut_ptr().wrapping_add(column),
            out_stride: stride,
        };
        let wide = registers::<V>(left, rows);
        // SAFETY: this function's own contract; the strip lies inside the columns.
        unsafe {
            if ahead {
                strip.run::<V, true>(wide, left);
            } else {
                strip.run::<V, false>(wide, left);
            }
        }
        column += if wide == 0 { left } else { wide * V::WIDTH };
    }
}
