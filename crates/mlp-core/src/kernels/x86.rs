//! The portable products compiled for AVX2 with FMA, and for AVX-512.
//!
//! These functions hold no arithmetic of their own: inlining the portable source into a function with a target feature
//! lets the compiler use wider registers and hardware fused multiply-adds for the same operations.
#![allow(unsafe_code)]

use super::{KernelPath, Rows, portable};

macro_rules! compile_for {
    ($name:ident, $features:literal) => {
        mod $name {
            use super::{Rows, portable};

            #[target_feature(enable = $features)]
            pub fn forward(x: Rows<'_>, w: &[f32], bias: &[f32], out: &mut [f32]) {
                portable::forward(x, w, bias, out);
            }

            #[target_feature(enable = $features)]
            pub fn update(x: Rows<'_>, g: &[f32], learning_rate: f32, w: &mut [f32], bias: &mut [f32]) {
                portable::update(x, g, learning_rate, w, bias);
            }

            #[target_feature(enable = $features)]
            pub fn gradient(x: Rows<'_>, g: &[f32], dw: &mut [f32], dbias: &mut [f32]) {
                portable::gradient(x, g, dw, dbias);
            }

            #[target_feature(enable = $features)]
            pub fn transposed(g: &[f32], w: &[f32], outputs: usize, dx: &mut [f32]) {
                portable::transposed(g, w, outputs, dx);
            }
        }
    };
}

compile_for!(avx2, "avx2,fma");
compile_for!(avx512, "avx2,fma,avx512f,avx512vl");

/// Calls a product of the path's module, or the portable one if this machine lacks the path's instructions.
macro_rules! dispatch {
    ($path:expr, $product:ident($($argument:expr),*)) => {
        match $path {
            KernelPath::Avx512 if $path.is_available() => {
                // SAFETY: the guard has just seen that this processor has every feature the function is compiled for.
                unsafe { avx512::$product($($argument),*) }
            }
            KernelPath::Avx2 if $path.is_available() => {
                // SAFETY: the guard has just seen that this processor has every feature the function is compiled for.
                unsafe { avx2::$product($($argument),*) }
            }
            _ => portable::$product($($argument),*),
        }
    };
}

#[inline]
pub fn forward(path: KernelPath, x: Rows<'_>, w: &[f32], bias: &[f32], out: &mut [f32]) {
    dispatch!(path, forward(x, w, bias, out));
}

#[inline]
pub fn update(path: KernelPath, x: Rows<'_>, g: &[f32], learning_rate: f32, w: &mut [f32], bias: &mut [f32]) {
    dispatch!(path, update(x, g, learning_rate, w, bias));
}

#[inline]
pub fn gradient(path: KernelPath, x: Rows<'_>, g: &[f32], dw: &mut [f32], dbias: &mut [f32]) {
    dispatch!(path, gradient(x, g, dw, dbias));
}

#[inline]
pub fn transposed(path: KernelPath, g: &[f32], w: &[f32], outputs: usize, dx: &mut [f32]) {
    dispatch!(path, transposed(g, w, outputs, dx));
}
