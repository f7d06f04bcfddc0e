//! `out = x w + bias`, strip by strip of columns.
#![allow(unsafe_code)]

use super::register::Register;
use super::scratch::{FLOATS, MAX_UNPACKED_STRIDE, Scratch};
use super::tile::{Start, Strip, strip_registers};
use crate::kernels::block::Block;
use crate::kernels::operands::Rows;

/// Some columns of `out = x w + bias`: `w` and `bias` start at the first column of `out`.
///
/// # Safety
/// The processor has the instructions of `V`. The shapes fit one another: `w` starts at the first of the columns of
/// `out` and has `x.width` rows, one every `out.stride()` floats, and every row of `x` that `out` has a row for
/// lies inside its data.
#[inline(always)]
pub(crate) unsafe fn forward<V: Register>(x: Rows<'_>, w: &[f32], bias: &[f32], out: &mut Block<'_>) {
    let columns = bias.len();
    let (rows, stride) = (out.rows(), out.stride());
    // Measured: with more than two groups of rows, packing pays where the strip's rows are far apart, and elsewhere the
    // strip stays in the cache after the first group. With fewer groups, prefetching pays where the rows are near.
    let (many_groups, near) = (rows > V::SUMS, stride <= MAX_UNPACKED_STRIDE);
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
        let wide = strip_registers::<V>(left, rows);
        // SAFETY: this function's own contract; the strip lies inside the columns.
        unsafe {
            if near && !many_groups {
                strip.run::<V, true>(wide, left);
            } else if !near && many_groups && wide == 2 {
                packed::<V>(strip);
            } else {
                strip.run::<V, false>(wide, left);
            }
        }
        column += if wide == 0 { left } else { wide * V::WIDTH };
    }
}

/// A strip two registers wide. Its weights are packed into scratch memory, some inputs at a time, before several
/// groups of rows use them.
///
/// # Safety
/// As for [`Strip::run`].
#[inline(always)]
unsafe fn packed<V: Register>(mut strip: Strip<'_>) {
    let width = 2 * V::WIDTH;
    let mut scratch = Scratch::new();
    let packed = scratch.as_mut_ptr();
    let (inputs, mut from, stride) = (strip.inputs, strip.w, strip.w_stride);
    (strip.w, strip.w_stride) = (packed, width);
    while strip.first < inputs {
        strip.inputs = (FLOATS / width).min(inputs - strip.first);
        // SAFETY: the caller's contract: the strip has these inputs; and the scratch memory has room for them.
        unsafe {
            for i in 0..strip.inputs {
                core::ptr::copy_nonoverlapping(from, packed.add(i * width), width);
                from = from.wrapping_add(stride);
            }
            strip.run::<V, false>(2, 0);
        }
        strip.first += strip.inputs;
        strip.start = Start::Out;
    }
}
