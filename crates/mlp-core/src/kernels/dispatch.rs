//! Picks the instructions of each product at run time.
//!
//! Each product works on some columns of its output; which ones is up to the caller.
#![allow(unsafe_code)]

use super::block::Block;
use super::operands::{Activated, GradientUse, Rows};
use super::path::KernelPath;
use super::portable;
#[cfg(all(target_arch = "aarch64", target_feature = "neon"))]
use super::simd::neon;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
use super::simd::simd128;
#[cfg(target_arch = "x86_64")]
use super::simd::{avx2, avx512};
use crate::activation::Activation;

/// The portable source with hardware fused multiply-adds, which are thirty times faster than the library's.
#[cfg(all(target_arch = "x86_64", feature = "std"))]
mod fma {
    use super::{Activated, Activation, Block, GradientUse, Rows, portable};

    #[target_feature(enable = "fma")]
    pub(super) fn layer(x: Rows<'_>, w: &[f32], bias: &[f32], activation: Activation, sums: Block<'_>, out: Block<'_>) {
        portable::layer(x, w, bias, activation, sums, out);
    }

    #[target_feature(enable = "fma")]
    pub(super) fn gradient(x: Rows<'_>, g: &[f32], gradient_use: GradientUse, w: Block<'_>, bias: &mut [f32]) {
        portable::gradient(x, g, gradient_use, w, bias);
    }

    #[target_feature(enable = "fma")]
    pub(super) fn backward(g: &[f32], w: &[f32], outputs: usize, below: Activated<'_>, dx: Block<'_>) {
        portable::backward(g, w, outputs, below, dx);
    }
}

/// Calls a product of the path's module, or the portable one if this machine lacks the path's instructions.
macro_rules! dispatch {
    ($path:expr, $product:ident($($argument:expr),*)) => {
        match $path {
            #[cfg(target_arch = "x86_64")]
            KernelPath::Avx512 if $path.is_available() => {
                // SAFETY: the guard has just seen that this processor has every feature the function is compiled for,
                // and `Kernels` that the shapes fit.
                unsafe { avx512::$product($($argument),*) }
            }
            #[cfg(target_arch = "x86_64")]
            KernelPath::Avx2 if $path.is_available() => {
                // SAFETY: as above.
                unsafe { avx2::$product($($argument),*) }
            }
            #[cfg(all(target_arch = "aarch64", target_feature = "neon"))]
            KernelPath::Neon => {
                // SAFETY: NEON is a feature of the target, and `Kernels` has seen that the shapes fit.
                unsafe { neon::$product($($argument),*) }
            }
            #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
            KernelPath::Simd128 => {
                // SAFETY: the registers are a feature of the target, and `Kernels` has seen that the shapes fit.
                unsafe { simd128::$product($($argument),*) }
            }
            #[cfg(all(target_arch = "x86_64", feature = "std"))]
            _ if is_x86_feature_detected!("fma") => {
                // SAFETY: the guard has just seen that this processor has the feature.
                unsafe { fma::$product($($argument),*) }
            }
            _ => portable::$product($($argument),*),
        }
    };
}

/// Some columns of `out = activation(x w + bias)`: `w`, `bias` and `sums` start at the first column of `out`.
#[inline]
pub(super) fn layer(
    path: KernelPath,
    x: Rows<'_>,
    w: &[f32],
    bias: &[f32],
    activation: Activation,
    sums: Block<'_>,
    out: Block<'_>,
) {
    dispatch!(path, layer(x, w, bias, activation, sums, out));
}

/// Some columns of `d = x^T g`, stored in or applied to `w` and `bias`: `g` and `bias` start at the first column of
/// `w`.
#[inline]
pub(super) fn gradient(
    path: KernelPath,
    x: Rows<'_>,
    g: &[f32],
    gradient_use: GradientUse,
    w: Block<'_>,
    bias: &mut [f32],
) {
    dispatch!(path, gradient(x, g, gradient_use, w, bias));
}

/// Some columns of `dx = g w^T` times the activation's derivative: `w` has the weights of these inputs, and `below`
/// starts at the first of them.
#[inline]
pub(super) fn backward(path: KernelPath, g: &[f32], w: &[f32], outputs: usize, below: Activated<'_>, dx: Block<'_>) {
    dispatch!(path, backward(g, w, outputs, below, dx));
}
