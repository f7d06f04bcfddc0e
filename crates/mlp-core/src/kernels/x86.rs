//! Picks the instructions for x86-64.
#![allow(unsafe_code)]

use super::block::Block;
use super::{Activated, Into, KernelPath, Rows, avx2, avx512, portable};
use crate::activation::Activation;

/// The portable source with hardware fused multiply-adds, which are thirty times faster than the library's.
#[cfg(feature = "std")]
mod fma {
    use super::{Activated, Activation, Block, Into, Rows, portable};

    #[target_feature(enable = "fma")]
    pub fn layer(x: Rows<'_>, w: &[f32], bias: &[f32], activation: Activation, sums: Block<'_>, out: Block<'_>) {
        portable::layer(x, w, bias, activation, sums, out);
    }

    #[target_feature(enable = "fma")]
    pub fn gradient(x: Rows<'_>, g: &[f32], into: Into, w: Block<'_>, bias: &mut [f32]) {
        portable::gradient(x, g, into, w, bias);
    }

    #[target_feature(enable = "fma")]
    pub fn backward(g: &[f32], w: &[f32], outputs: usize, below: Activated<'_>, dx: Block<'_>) {
        portable::backward(g, w, outputs, below, dx);
    }
}

/// Calls a product of the path's module, or the portable one if this machine lacks the path's instructions.
macro_rules! dispatch {
    ($path:expr, $product:ident($($argument:expr),*)) => {
        match $path {
            KernelPath::Avx512 if $path.is_available() => {
                // SAFETY: the guard has just seen that this processor has every feature the function is compiled for,
                // and `KernelPath` that the shapes fit.
                unsafe { avx512::$product($($argument),*) }
            }
            KernelPath::Avx2 if $path.is_available() => {
                // SAFETY: as above.
                unsafe { avx2::$product($($argument),*) }
            }
            #[cfg(feature = "std")]
            _ if is_x86_feature_detected!("fma") => {
                // SAFETY: the guard has just seen that this processor has the feature.
                unsafe { fma::$product($($argument),*) }
            }
            _ => portable::$product($($argument),*),
        }
    };
}

#[inline]
pub fn layer(
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

#[inline]
pub fn gradient(path: KernelPath, x: Rows<'_>, g: &[f32], into: Into, w: Block<'_>, bias: &mut [f32]) {
    dispatch!(path, gradient(x, g, into, w, bias));
}

#[inline]
pub fn backward(path: KernelPath, g: &[f32], w: &[f32], outputs: usize, below: Activated<'_>, dx: Block<'_>) {
    dispatch!(path, backward(g, w, outputs, below, dx));
}
