//! AVX-512: thirty-two registers of sixteen floats, and masks for those that are not full.
#![allow(unsafe_code)]
#![allow(clippy::wildcard_imports, reason = "a file of intrinsics")]

use core::arch::x86_64::*;

use super::register::Register;
use super::{forward, transposed};
use crate::activation::Activation;
use crate::kernels::block::Block;
use crate::kernels::operands::{Activated, GradientUse, Rows, activate};

// SAFETY of each method: a few instructions, on registers or on as many floats as the trait says.
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
    unsafe fn load_partial(from: *const f32, n: usize) -> Self {
        unsafe { _mm512_maskz_loadu_ps(mask(n), from) }
    }
    #[inline(always)]
    unsafe fn store(self, to: *mut f32) {
        unsafe { _mm512_storeu_ps(to, self) }
    }
    #[inline(always)]
    unsafe fn store_partial(self, to: *mut f32, n: usize) {
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
    unsafe fn transpose(rows: impl Fn(usize) -> *const f32, to: *mut f32, stride: usize) {
        unsafe {
            // Rows k, k + 4, k + 8 and k + 12 side by side, so that the remaining shuffles stay inside the quarters of
            // the registers.
            let mut r = [Self::zero(); 4];
            for (k, r) in r.iter_mut().enumerate() {
                let first = _mm512_castps128_ps512(_mm_loadu_ps(rows(k)));
                let two = _mm512_insertf32x4::<1>(first, _mm_loadu_ps(rows(k + 4)));
                let three = _mm512_insertf32x4::<2>(two, _mm_loadu_ps(rows(k + 8)));
                *r = _mm512_insertf32x4::<3>(three, _mm_loadu_ps(rows(k + 12)));
            }
            let (a, b) = (_mm512_unpacklo_ps(r[0], r[1]), _mm512_unpackhi_ps(r[0], r[1]));
            let (c, d) = (_mm512_unpacklo_ps(r[2], r[3]), _mm512_unpackhi_ps(r[2], r[3]));
            _mm512_shuffle_ps::<0x44>(a, c).store(to);
            _mm512_shuffle_ps::<0xee>(a, c).store(to.add(stride));
            _mm512_shuffle_ps::<0x44>(b, d).store(to.add(2 * stride));
            _mm512_shuffle_ps::<0xee>(b, d).store(to.add(3 * stride));
        }
    }
    #[inline(always)]
    fn prefetch(address: *const f32) {
        // SAFETY: a prefetch does not fault, whatever the address.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(address.cast()) }
    }
}

/// The first `n` of sixteen lanes.
#[inline(always)]
fn mask(n: usize) -> __mmask16 {
    debug_assert!(n < 16);
    (1 << n) - 1
}

products!("avx2,fma,avx512f,avx512vl", __m512);
