//! The products on AVX-512: thirty-two registers of sixteen floats, and masks for those that are not full.
#![allow(unsafe_code)]
#![allow(clippy::wildcard_imports, reason = "the names of instructions are unmistakable")]

use core::arch::x86_64::*;

use super::register::Register;
use super::{Activated, Into, LANES, Rows, avx2, forward, gradient, narrow, transposed};
use crate::activation::Activation;

// SAFETY of each method: one instruction or a few, on registers or on as many floats as the trait says.
unsafe impl Register for __m512 {
    const WIDTH: usize = 16;
    const SUMS: usize = 24;

    #[inline(always)]
    unsafe fn zero() -> Self {
        unsafe { _mm512_setzero_ps() }
    }
    #[inline(always)]
    unsafe fn splat(value: f32) -> Self {
        unsafe { _mm512_set1_ps(value) }
    }
    #[inline(always)]
    unsafe fn load(from: *const f32) -> Self {
        unsafe { _mm512_loadu_ps(from) }
    }
    #[inline(always)]
    unsafe fn load_part(from: *const f32, n: usize) -> Self {
        unsafe { _mm512_maskz_loadu_ps(mask(n), from) }
    }
    #[inline(always)]
    unsafe fn store(self, to: *mut f32) {
        unsafe { _mm512_storeu_ps(to, self) }
    }
    #[inline(always)]
    unsafe fn store_part(self, to: *mut f32, n: usize) {
        unsafe { _mm512_mask_storeu_ps(to, mask(n), self) }
    }
    #[inline(always)]
    unsafe fn mul_add(self, factor: Self, sum: Self) -> Self {
        unsafe { _mm512_fmadd_ps(self, factor, sum) }
    }
    #[inline(always)]
    unsafe fn add(self, other: Self) -> Self {
        unsafe { _mm512_add_ps(self, other) }
    }
    #[inline(always)]
    unsafe fn store_trees<const P: usize>(parts: [[Self; 4]; P], to: *mut f32) {
        unsafe {
            let [a, b, c, d] = parts[0];
            avx2::store_trees([halves(a), halves(b), halves(c), halves(d)], to);
        }
    }
}

/// The first `n` of sixteen lanes.
#[inline(always)]
fn mask(n: usize) -> __mmask16 {
    debug_assert!(n < 16);
    (1 << n) - 1
}

/// l + l+8.
#[inline(always)]
unsafe fn halves(sum: __m512) -> __m256 {
    // SAFETY: on registers only. The integer view is there because the one for f32 needs AVX-512 DQ.
    unsafe {
        let high = _mm256_castpd_ps(_mm512_extractf64x4_pd::<1>(_mm512_castps_pd(sum)));
        _mm256_add_ps(_mm512_castps512_ps256(sum), high)
    }
}

// SAFETY of the three: the caller has seen that the processor has the features and that the shapes fit.

#[target_feature(enable = "avx2,fma,avx512f,avx512vl")]
pub unsafe fn layer(x: Rows<'_>, w: &[f32], bias: &[f32], activation: Activation, sums: &mut [f32], out: &mut [f32]) {
    unsafe { forward::forward::<__m512>(x, w, bias, out) };
    activation.apply_keeping(sums, out);
}

#[target_feature(enable = "avx2,fma,avx512f,avx512vl")]
pub unsafe fn gradient(x: Rows<'_>, g: &[f32], into: Into, w: &mut [f32], bias: &mut [f32]) {
    unsafe { gradient::gradient::<__m512>(x, g, into, w, bias) }
}

#[target_feature(enable = "avx2,fma,avx512f,avx512vl")]
pub unsafe fn backward(g: &[f32], w: &[f32], outputs: usize, below: Activated<'_>, dx: &mut [f32]) {
    unsafe {
        if outputs <= LANES {
            narrow::transposed::<__m512>(g, w, outputs, dx);
        } else {
            transposed::transposed::<__m512, 1>(g, w, outputs, dx);
        }
    }
    below.scale_gradient(dx);
}
