//! NEON, which every 64-bit ARM processor with floating point has: thirty-two registers of four floats.
#![allow(unsafe_code)]
#![allow(clippy::wildcard_imports, reason = "a file of intrinsics")]

use core::arch::aarch64::*;

use super::register::Register;
use super::{forward, transposed};
use crate::activation::Activation;
use crate::kernels::block::Block;
use crate::kernels::operands::{Activated, GradientUse, Rows, activate};

// SAFETY of each method: a few instructions, on registers or on as many floats as the trait says.
unsafe impl Register for float32x4_t {
    const WIDTH: usize = 4;
    const SUMS: usize = 24;

    #[inline(always)]
    unsafe fn zero() -> Self {
        unsafe { vdupq_n_f32(0.0) }
    }
    #[inline(always)]
    unsafe fn splat(value: f32) -> Self {
        unsafe { vdupq_n_f32(value) }
    }
    #[inline(always)]
    unsafe fn load(from: *const f32) -> Self {
        unsafe { vld1q_f32(from) }
    }
    #[inline(always)]
    unsafe fn load_partial(from: *const f32, n: usize) -> Self {
        let mut lanes = [0.0; 4];
        unsafe {
            for (lane, place) in lanes.iter_mut().enumerate().take(n) {
                *place = *from.add(lane);
            }
            vld1q_f32(lanes.as_ptr())
        }
    }
    #[inline(always)]
    unsafe fn store(self, to: *mut f32) {
        unsafe { vst1q_f32(to, self) }
    }
    #[inline(always)]
    unsafe fn store_partial(self, to: *mut f32, n: usize) {
        let mut lanes = [0.0; 4];
        unsafe {
            vst1q_f32(lanes.as_mut_ptr(), self);
            for (lane, value) in lanes.iter().enumerate().take(n) {
                *to.add(lane) = *value;
            }
        }
    }
    #[inline(always)]
    unsafe fn mul_add(self, factor: Self, sum: Self) -> Self {
        unsafe { vfmaq_f32(sum, self, factor) }
    }
    #[inline(always)]
    unsafe fn add(self, other: Self) -> Self {
        unsafe { vaddq_f32(self, other) }
    }
    #[inline(always)]
    unsafe fn transpose(rows: impl Fn(usize) -> *const f32, to: *mut f32, stride: usize) {
        unsafe {
            let [a, b, c, d] = [0, 1, 2, 3].map(|k| Self::load(rows(k)));
            // Pairs of neighbouring rows, then pairs of pairs.
            let pairs = |even: Self, odd: Self| {
                [vtrn1q_f32(even, odd), vtrn2q_f32(even, odd)].map(|both| vreinterpretq_f64_f32(both))
            };
            let ([low_even, low_odd], [high_even, high_odd]) = (pairs(a, b), pairs(c, d));
            let transposed = [
                vtrn1q_f64(low_even, high_even),
                vtrn1q_f64(low_odd, high_odd),
                vtrn2q_f64(low_even, high_even),
                vtrn2q_f64(low_odd, high_odd),
            ];
            for (k, four) in transposed.into_iter().enumerate() {
                vreinterpretq_f32_f64(four).store(to.add(k * stride));
            }
        }
    }
    #[inline(always)]
    fn prefetch(_: *const f32) {
        // The intrinsic is not stable, and its effect was not measured.
    }
}

products!("neon", float32x4_t);
