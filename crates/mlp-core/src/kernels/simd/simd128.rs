//! WebAssembly's registers of four floats. There is no fused multiply-add for them: each is computed in two registers
//! of two f64, as [`math::fma_by_f64`] does it for one number.
#![allow(unsafe_code)]
#![allow(clippy::wildcard_imports, reason = "a file of intrinsics")]

use core::arch::wasm32::*;

use super::register::Register;
use super::{forward, transposed};
use crate::activation::Activation;
use crate::kernels::block::Block;
use crate::kernels::operands::{Activated, GradientUse, Rows, activate};
use crate::math;

// SAFETY of each method: a few instructions, on registers or on as many floats as the trait says.
unsafe impl Register for v128 {
    const WIDTH: usize = 4;
    // Engines have sixteen registers on x86-64, and half of each sum is in f64 while it is added to.
    const SUMS: usize = 8;

    #[inline(always)]
    unsafe fn zero() -> Self {
        f32x4_splat(0.0)
    }
    #[inline(always)]
    unsafe fn splat(value: f32) -> Self {
        f32x4_splat(value)
    }
    #[inline(always)]
    unsafe fn load(from: *const f32) -> Self {
        unsafe { v128_load(from.cast()) }
    }
    #[inline(always)]
    unsafe fn load_partial(from: *const f32, n: usize) -> Self {
        let mut lanes = [0.0_f32; 4];
        unsafe {
            for (lane, place) in lanes.iter_mut().enumerate().take(n) {
                *place = *from.add(lane);
            }
            v128_load(lanes.as_ptr().cast())
        }
    }
    #[inline(always)]
    unsafe fn store(self, to: *mut f32) {
        unsafe { v128_store(to.cast(), self) }
    }
    #[inline(always)]
    unsafe fn store_partial(self, to: *mut f32, n: usize) {
        let lanes = lanes(self);
        for (lane, value) in lanes.iter().enumerate().take(n) {
            unsafe { *to.add(lane) = *value };
        }
    }
    #[inline(always)]
    unsafe fn mul_add(self, factor: Self, sum: Self) -> Self {
        let low = f64x2_add(f64x2_mul(low(self), low(factor)), low(sum));
        let high = f64x2_add(f64x2_mul(high(self), high(factor)), high(sum));
        if needs_odd(low, high) {
            return mul_add_by_lane(self, factor, sum);
        }
        i32x4_shuffle::<0, 1, 4, 5>(f32x4_demote_f64x2_zero(low), f32x4_demote_f64x2_zero(high))
    }
    #[inline(always)]
    unsafe fn add(self, other: Self) -> Self {
        f32x4_add(self, other)
    }
    #[inline(always)]
    unsafe fn transpose(rows: impl Fn(usize) -> *const f32, to: *mut f32, stride: usize) {
        unsafe {
            let [a, b, c, d] = [0, 1, 2, 3].map(|k| Self::load(rows(k)));
            let (ab_low, ab_high) = (i32x4_shuffle::<0, 4, 1, 5>(a, b), i32x4_shuffle::<2, 6, 3, 7>(a, b));
            let (cd_low, cd_high) = (i32x4_shuffle::<0, 4, 1, 5>(c, d), i32x4_shuffle::<2, 6, 3, 7>(c, d));
            let transposed = [
                i64x2_shuffle::<0, 2>(ab_low, cd_low),
                i64x2_shuffle::<1, 3>(ab_low, cd_low),
                i64x2_shuffle::<0, 2>(ab_high, cd_high),
                i64x2_shuffle::<1, 3>(ab_high, cd_high),
            ];
            for (k, four) in transposed.into_iter().enumerate() {
                four.store(to.add(k * stride));
            }
        }
    }
    #[inline(always)]
    fn prefetch(_: *const f32) {
        // There is no such instruction.
    }
}

/// The first two lanes as f64.
#[inline(always)]
fn low(four: v128) -> v128 {
    f64x2_promote_low_f32x4(four)
}

/// The last two lanes as f64.
#[inline(always)]
fn high(four: v128) -> v128 {
    f64x2_promote_low_f32x4(i32x4_shuffle::<2, 3, 2, 3>(four, four))
}

/// Whether one of four f64 may be rounded to f32 otherwise than the sum that it was rounded from: the test of
/// [`math::fma_by_f64`] on the lower and the upper words.
#[inline(always)]
fn needs_odd(low: v128, high: v128) -> bool {
    /// The upper word of the smallest normal f32 as f64.
    const LEAST_NORMAL: i32 = 0x3810_0000;
    let lower = i32x4_shuffle::<0, 2, 4, 6>(low, high);
    let upper = i32x4_shuffle::<1, 3, 5, 7>(low, high);
    let is_middle = i32x4_eq(v128_and(lower, i32x4_splat(0x1FFF_FFFF)), i32x4_splat(0x1000_0000));
    // Less 1, so that 0, which is exact, becomes the largest number. No other sum is so small that its upper word is 0.
    let size = i32x4_sub(v128_and(upper, i32x4_splat(i32::MAX)), i32x4_splat(1));
    let is_subnormal = u32x4_lt(size, i32x4_splat(LEAST_NORMAL - 1));
    v128_any_true(v128_or(is_middle, is_subnormal))
}

#[inline(always)]
fn lanes(four: v128) -> [f32; 4] {
    [
        f32x4_extract_lane::<0>(four),
        f32x4_extract_lane::<1>(four),
        f32x4_extract_lane::<2>(four),
        f32x4_extract_lane::<3>(four),
    ]
}

#[cold]
fn mul_add_by_lane(a: v128, b: v128, c: v128) -> v128 {
    let (a, b, c) = (lanes(a), lanes(b), lanes(c));
    let lane = |k: usize| math::fma_by_f64(a[k], b[k], c[k]);
    f32x4(lane(0), lane(1), lane(2), lane(3))
}

products!("simd128", v128);
