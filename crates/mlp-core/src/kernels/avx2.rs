//! The products on AVX2 with FMA: sixteen registers of eight floats.
#![allow(unsafe_code)]
#![allow(clippy::wildcard_imports, reason = "the names of instructions are unmistakable")]

use core::arch::x86_64::*;

use super::register::Register;
use super::{Activated, Into, LANES, Rows, forward, gradient, narrow, transposed};
use crate::activation::Activation;

// SAFETY of each method: one instruction or a few, on registers or on as many floats as the trait says.
unsafe impl Register for __m256 {
    const WIDTH: usize = 8;
    const SUMS: usize = 12;

    #[inline(always)]
    unsafe fn zero() -> Self {
        unsafe { _mm256_setzero_ps() }
    }
    #[inline(always)]
    unsafe fn splat(value: f32) -> Self {
        unsafe { _mm256_set1_ps(value) }
    }
    #[inline(always)]
    unsafe fn load(from: *const f32) -> Self {
        unsafe { _mm256_loadu_ps(from) }
    }
    #[inline(always)]
    unsafe fn load_part(from: *const f32, n: usize) -> Self {
        unsafe { _mm256_maskload_ps(from, mask(n)) }
    }
    #[inline(always)]
    unsafe fn store(self, to: *mut f32) {
        unsafe { _mm256_storeu_ps(to, self) }
    }
    #[inline(always)]
    unsafe fn store_part(self, to: *mut f32, n: usize) {
        unsafe {
            // Not by a masked store, which takes dozens of operations on some processors.
            let mut to = to;
            let mut rest = _mm256_castps256_ps128(self);
            if n & 4 != 0 {
                _mm_storeu_ps(to, rest);
                to = to.add(4);
                rest = _mm256_extractf128_ps::<1>(self);
            }
            if n & 2 != 0 {
                _mm_storel_pd(to.cast(), _mm_castps_pd(rest));
                to = to.add(2);
                rest = _mm_movehl_ps(rest, rest);
            }
            if n & 1 != 0 {
                _mm_store_ss(to, rest);
            }
        }
    }
    #[inline(always)]
    unsafe fn mul_add(self, factor: Self, sum: Self) -> Self {
        unsafe { _mm256_fmadd_ps(self, factor, sum) }
    }
    #[inline(always)]
    unsafe fn add(self, other: Self) -> Self {
        unsafe { _mm256_add_ps(self, other) }
    }
    #[inline(always)]
    unsafe fn store_trees<const P: usize>(parts: [[Self; 4]; P], to: *mut f32) {
        unsafe {
            let mut sums = parts[0];
            for k in 0..4 {
                sums[k] = sums[k].add(parts[1][k]);
            }
            store_trees(sums, to);
        }
    }
}

/// All bits in the first `n` of eight lanes.
#[inline(always)]
unsafe fn mask(n: usize) -> __m256i {
    const ONES_THEN_ZEROS: [i32; 16] = [-1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0];
    debug_assert!(n <= 8);
    // SAFETY: with n at most 8, eight of the sixteen integers from 8 - n on.
    unsafe { _mm256_loadu_si256(ONES_THEN_ZEROS.as_ptr().add(8 - n).cast()) }
}

/// The rest of the tree for four sums of which eight lanes are left: l + l+4, then l+2, then l+1.
#[inline(always)]
pub unsafe fn store_trees(sums: [__m256; 4], to: *mut f32) {
    // SAFETY: four floats are written, as the trait says.
    unsafe {
        let [a, b, c, d] = sums;
        // Four lanes of a beside four of b; of c beside d.
        let ab = _mm256_add_ps(_mm256_permute2f128_ps::<0x20>(a, b), _mm256_permute2f128_ps::<0x31>(a, b));
        let cd = _mm256_add_ps(_mm256_permute2f128_ps::<0x20>(c, d), _mm256_permute2f128_ps::<0x31>(c, d));
        // Two lanes each of a, c, b, d.
        let (x, y) = (_mm256_castps_pd(ab), _mm256_castps_pd(cd));
        let low = _mm256_castpd_ps(_mm256_unpacklo_pd(x, y));
        let high = _mm256_castpd_ps(_mm256_unpackhi_pd(x, y));
        let acbd = _mm256_add_ps(low, high);
        // a, c, -, - beside b, d, -, -.
        let sums = _mm256_add_ps(acbd, _mm256_shuffle_ps::<0b1111_0101>(acbd, acbd));
        let even = _mm256_shuffle_ps::<0b0000_1000>(sums, sums);
        let abcd = _mm_unpacklo_ps(_mm256_castps256_ps128(even), _mm256_extractf128_ps::<1>(even));
        _mm_storeu_ps(to, abcd);
    }
}

// SAFETY of the three: the caller has seen that the processor has the features and that the shapes fit.

#[target_feature(enable = "avx2,fma")]
pub unsafe fn layer(x: Rows<'_>, w: &[f32], bias: &[f32], activation: Activation, sums: &mut [f32], out: &mut [f32]) {
    unsafe { forward::forward::<__m256>(x, w, bias, out) };
    activation.apply_keeping(sums, out);
}

#[target_feature(enable = "avx2,fma")]
pub unsafe fn gradient(x: Rows<'_>, g: &[f32], into: Into, w: &mut [f32], bias: &mut [f32]) {
    unsafe { gradient::gradient::<__m256>(x, g, into, w, bias) }
}

#[target_feature(enable = "avx2,fma")]
pub unsafe fn backward(g: &[f32], w: &[f32], outputs: usize, below: Activated<'_>, dx: &mut [f32]) {
    unsafe {
        if outputs <= LANES {
            narrow::transposed::<__m256>(g, w, outputs, dx);
        } else {
            transposed::transposed::<__m256, 2>(g, w, outputs, dx);
        }
    }
    below.scale_gradient(dx);
}
