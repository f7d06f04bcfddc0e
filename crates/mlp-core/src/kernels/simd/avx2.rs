//! AVX2 with FMA: sixteen registers of eight floats.
#![allow(unsafe_code)]
#![allow(clippy::wildcard_imports, reason = "a file of intrinsics")]

use core::arch::x86_64::*;

use super::register::Register;
use super::{forward, transposed};
use crate::activation::Activation;
use crate::kernels::block::Block;
use crate::kernels::operands::{Activated, GradientUse, Rows, activate};

// SAFETY of each method: a few instructions, on registers or on as many floats as the trait says.
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
    unsafe fn load_partial(from: *const f32, n: usize) -> Self {
        unsafe { _mm256_maskload_ps(from, mask(n)) }
    }
    #[inline(always)]
    unsafe fn store(self, to: *mut f32) {
        unsafe { _mm256_storeu_ps(to, self) }
    }
    #[inline(always)]
    unsafe fn store_partial(self, to: *mut f32, n: usize) {
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
    unsafe fn transpose(rows: impl Fn(usize) -> *const f32, to: *mut f32, stride: usize) {
        unsafe {
            // Row k beside row k + 4, so that the remaining shuffles stay inside the halves of the registers.
            let mut r = [Self::zero(); 4];
            for (k, r) in r.iter_mut().enumerate() {
                let low = _mm256_castps128_ps256(_mm_loadu_ps(rows(k)));
                *r = _mm256_insertf128_ps::<1>(low, _mm_loadu_ps(rows(k + 4)));
            }
            let (a, b) = (_mm256_unpacklo_ps(r[0], r[1]), _mm256_unpackhi_ps(r[0], r[1]));
            let (c, d) = (_mm256_unpacklo_ps(r[2], r[3]), _mm256_unpackhi_ps(r[2], r[3]));
            _mm256_shuffle_ps::<0x44>(a, c).store(to);
            _mm256_shuffle_ps::<0xee>(a, c).store(to.add(stride));
            _mm256_shuffle_ps::<0x44>(b, d).store(to.add(2 * stride));
            _mm256_shuffle_ps::<0xee>(b, d).store(to.add(3 * stride));
        }
    }
    #[inline(always)]
    fn prefetch(address: *const f32) {
        // SAFETY: a prefetch does not fault, whatever the address.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(address.cast()) }
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

products!("avx2,fma", __m256);
