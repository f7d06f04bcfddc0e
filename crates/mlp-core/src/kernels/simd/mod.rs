//! The products in tiles of vector registers, written once for all instruction sets.
//!
//! [`Register`](register::Register) is what a tile needs of a register. [`products`] makes from an implementation the
//! three functions that the dispatcher calls.

mod forward;
mod gradient;
pub(super) mod register;
mod scratch;
mod tile;
mod transposed;

pub(super) use forward::forward;
pub(super) use gradient::gradient;
pub(super) use transposed::transposed;

/// The three products on a register type, compiled with the instructions that it needs.
#[cfg(any(
    target_arch = "x86_64",
    all(target_arch = "aarch64", target_feature = "neon"),
    all(target_arch = "wasm32", target_feature = "simd128")
))]
macro_rules! products {
    ($features:literal, $register:ty) => {
        // SAFETY of the three: the caller has seen that the processor has the features and that the shapes fit.

        #[target_feature(enable = $features)]
        pub(crate) unsafe fn layer(
            x: Rows<'_>,
            w: &[f32],
            bias: &[f32],
            activation: Activation,
            sums: Block<'_>,
            mut out: Block<'_>,
        ) {
            unsafe { forward::<$register>(x, w, bias, &mut out) };
            activate(activation, sums, out);
        }

        #[target_feature(enable = $features)]
        pub(crate) unsafe fn gradient(
            x: Rows<'_>,
            g: &[f32],
            gradient_use: GradientUse,
            mut w: Block<'_>,
            bias: &mut [f32],
        ) {
            unsafe { super::gradient::<$register>(x, g, gradient_use, &mut w, bias) }
        }

        #[target_feature(enable = $features)]
        pub(crate) unsafe fn backward(g: &[f32], w: &[f32], outputs: usize, below: Activated<'_>, mut dx: Block<'_>) {
            unsafe { transposed::<$register>(g, w, outputs, &mut dx) };
            below.scale_gradient(dx);
        }
    };
}

#[cfg(target_arch = "x86_64")]
pub(super) mod avx2;
#[cfg(target_arch = "x86_64")]
pub(super) mod avx512;
#[cfg(all(target_arch = "aarch64", target_feature = "neon"))]
pub mod neon;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
pub(super) mod simd128;
