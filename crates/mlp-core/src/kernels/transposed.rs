//! `dx = g w^T`: a strip of the weights is turned, so that those of one output lie side by side; then the product is
//! the same as forward's.
//!
//! To keep a turned copy of the weights instead would mean to update it as well, which costs more than turning.
#![allow(unsafe_code)]

use super::Rows;
use super::block::Block;
use super::nearby::{FLOATS, Nearby};
use super::register::Register;
use super::tile::{Start, Strip};

/// See [`super::KernelPath::backward_part`].
///
/// # Safety
/// The processor has the instructions of `V`. The shapes fit one another: `g` is (B, `outputs`), `w` (I, `outputs`) with
/// the weights of the I columns of `dx`, which has B rows.
#[inline(always)]
pub unsafe fn transposed<V: Register>(g: &[f32], w: &[f32], outputs: usize, dx: &mut Block<'_>) {
    // What is turned is two registers wide.
    let most = const { FLOATS / (2 * V::WIDTH) };
    let inputs = w.len() / outputs;
    let rows = g.len() / outputs;
    let x = Rows { data: g, width: outputs, index: None };
    let mut room = Nearby::new();
    let turned = room.as_mut_ptr();
    let mut input = 0;
    while input < inputs {
        let left = inputs - input;
        let stride = if left > V::WIDTH { 2 * V::WIDTH } else { V::WIDTH };
        let mut first = 0;
        while first < outputs {
            let some = most.min(outputs - first);
            let mut strip = Strip {
                x,
                first,
                inputs: some,
                rows,
                w: turned,
                w_stride: stride,
                start: if first == 0 { Start::Zero } else { Start::Out },
                out: dx.as_mut_ptr().wrapping_add(input),
                out_stride: dx.stride(),
            };
            // SAFETY: this function's own contract. The inputs input..inputs and the outputs first..first+some exist,
            // `turned` has room for `some` rows of `stride`, and all of it is written before the strips read it.
            unsafe {
                let from = w.as_ptr().add(input * outputs + first);
                if left > V::WIDTH {
                    turn::<V, 2>(from, outputs, left, some, turned);
                } else {
                    turn::<V, 1>(from, outputs, left, some, turned);
                }
                if left >= 2 * V::WIDTH {
                    strip.run::<V, false>(2, 0);
                } else if left >= V::WIDTH {
                    strip.run::<V, false>(1, 0);
                    strip.w = turned.wrapping_add(V::WIDTH);
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

/// Writes `columns` rows of `C` registers: the columns of the first rows of `from`, of which only `rows` may be there;
/// the last of them then stands in for those that are missing.
#[inline(always)]
unsafe fn turn<V: Register, const C: usize>(
    from: *const f32,
    from_stride: usize,
    rows: usize,
    columns: usize,
    to: *mut f32,
) {
    for c in 0..C {
        let r = c * V::WIDTH;
        let (first, to) = (from.wrapping_add(r * from_stride), to.wrapping_add(r));
        // SAFETY: the caller's: rows and columns exist, and `to` has room.
        unsafe {
            if r + V::WIDTH <= rows {
                turn_rows::<V, C>(|k| first.wrapping_add(k * from_stride), columns, to);
            } else {
                let last = rows - 1 - r;
                turn_rows::<V, C>(|k| first.wrapping_add(k.min(last) * from_stride), columns, to);
            }
        }
    }
}

/// The same for a register's width of rows.
#[inline(always)]
unsafe fn turn_rows<V: Register, const C: usize>(row: impl Fn(usize) -> *const f32, columns: usize, to: *mut f32) {
    let stride = C * V::WIDTH;
    let mut c = 0;
    // SAFETY: the caller's.
    unsafe {
        while c + 4 <= columns {
            V::turn(|k| row(k).wrapping_add(c), to.wrapping_add(c * stride), stride);
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
