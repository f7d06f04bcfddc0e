//! A register that is an array: checks the tiles' loops for register sizes that this machine may not have.
#![allow(unsafe_code)]

use crate::kernels::simd::register::Register;
use crate::math::fma;

/// `W` lanes, and room for `S` sums.
#[derive(Clone, Copy)]
pub(super) struct ArrayRegister<const W: usize, const S: usize>([f32; W]);

// SAFETY of each method: reads and writes what the trait says and nothing else.
unsafe impl<const W: usize, const S: usize> Register for ArrayRegister<W, S> {
    const WIDTH: usize = W;
    const SUMS: usize = S;

    unsafe fn zero() -> Self {
        Self([0.0; W])
    }
    unsafe fn splat(value: f32) -> Self {
        Self([value; W])
    }
    unsafe fn load(from: *const f32) -> Self {
        Self(core::array::from_fn(|l| unsafe { *from.add(l) }))
    }
    unsafe fn load_partial(from: *const f32, n: usize) -> Self {
        assert!(n < W, "fewer lanes than the register has");
        Self(core::array::from_fn(|l| if l < n { unsafe { *from.add(l) } } else { 0.0 }))
    }
    unsafe fn store(self, to: *mut f32) {
        (0..W).for_each(|l| unsafe { *to.add(l) = self.0[l] });
    }
    unsafe fn store_partial(self, to: *mut f32, n: usize) {
        assert!(n < W, "fewer lanes than the register has");
        (0..n).for_each(|l| unsafe { *to.add(l) = self.0[l] });
    }
    unsafe fn mul_add(self, factor: Self, sum: Self) -> Self {
        Self(core::array::from_fn(|l| fma(self.0[l], factor.0[l], sum.0[l])))
    }
    unsafe fn add(self, other: Self) -> Self {
        Self(core::array::from_fn(|l| self.0[l] + other.0[l]))
    }
    unsafe fn transpose(rows: impl Fn(usize) -> *const f32, to: *mut f32, stride: usize) {
        for k in 0..4 {
            (0..W).for_each(|l| unsafe { *to.add(k * stride + l) = *rows(l).add(k) });
        }
    }
    fn prefetch(_: *const f32) {}
}
