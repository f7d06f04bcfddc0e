//! `out = x w + bias`, strip by strip of columns.
#![allow(unsafe_code)]

use super::Rows;
use super::block::Block;
use super::nearby::{FLOATS, NEAR, Nearby};
use super::register::Register;
use super::tile::{Start, Strip, registers};

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
    // With more than two groups of rows, a strip is fetched once and then in the cache, or pays to be copied there. With
    // fewer, it pays to ask ahead where its rows lie near, and costs more than it brings elsewhere; found by trying.
    let (many, near) = (rows > V::SUMS, stride <= NEAR);
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
            if near && !many {
                strip.run::<V, true>(wide, left);
            } else if !near && many && wide == 2 {
                gathered::<V>(strip);
            } else {
                strip.run::<V, false>(wide, left);
            }
        }
        column += if wide == 0 { left } else { wide * V::WIDTH };
    }
}

/// A strip of two registers, whose weights are copied side by side, some inputs at a time, before several groups of rows
/// go over them.
///
/// # Safety
/// As for [`Strip::run`].
#[inline(always)]
unsafe fn gathered<V: Register>(mut strip: Strip<'_>) {
    let width = 2 * V::WIDTH;
    let mut room = Nearby::new();
    let near = room.as_mut_ptr();
    let (inputs, mut from, stride) = (strip.inputs, strip.w, strip.w_stride);
    (strip.w, strip.w_stride) = (near, width);
    while strip.first < inputs {
        strip.inputs = (FLOATS / width).min(inputs - strip.first);
        // SAFETY: the caller's: the strip has these inputs, and `room` room for them.
        unsafe {
            for i in 0..strip.inputs {
                core::ptr::copy_nonoverlapping(from, near.add(i * width), width);
                from = from.wrapping_add(stride);
            }
            strip.run::<V, false>(2, 0);
        }
        strip.first += strip.inputs;
        strip.start = Start::Out;
    }
}
