//! The three matrix products of a dense layer.
//!
//! ```
//! use mlp_core::kernels::{KernelPath, Kernels, Rows};
//!
//! // (1, 2) x [[1], [10]] + [5] = 26.
//! let x = Rows { data: &[1.0, 2.0], width: 2, index: None };
//! let mut out = [0.0];
//! Kernels::new(KernelPath::detect()).forward(x, &[1.0, 10.0], &[5.0], &mut out);
//! assert_eq!(out, [26.0]);
//! ```
//!
//! # Order of every sum
//!
//! The portable source is the specification. Tiles of vector registers, written for each instruction set, are chosen at
//! run time. No path may change a bit, because each output element is one chain of operations:
//!
//! - forward, `z[r][o]`: starts at `bias[o]`, then for i = 0, 1, .. I-1: `z = fma(x[r][i], w[i][o], z)`.
//! - update, `w[i][o]`: `d = 0`, then for r = 0, 1, .. B-1: `d = fma(x[r][i], g[r][o], d)`; then
//!   `w = fma(-learning_rate, d, w)`. The bias is updated likewise with x = 1, added without a multiplication. The
//!   gradient that is stored instead is `d`.
//! - transposed product, `dx[r][i]`: starts at 0, then for o = 0, 1, .. O-1: `dx = fma(g[r][o], w[i][o], dx)`.
//!
//! Every multiply-add is fused (one rounding). No sum is spread over lanes: vector registers run along `o` in the
//! first two products and along `i` in the third, so the register width does not affect the result. Tiles only decide
//! in which order *different* elements are computed, and when a partial sum is kept in memory.
//!
//! No path calls any other arithmetic. A [`Team`] of threads divides the columns of the output, never a sum.

mod block;
mod dispatch;
mod elementwise;
mod operands;
mod parallel;
mod path;
mod portable;
#[cfg(any(
    target_arch = "x86_64",
    all(target_arch = "aarch64", target_feature = "neon"),
    all(target_arch = "wasm32", target_feature = "simd128"),
    test
))]
mod simd;
#[cfg(feature = "std")]
mod team;
#[cfg(test)]
mod tests;

pub(crate) use elementwise::Elementwise;
pub(crate) use operands::Activated;
pub use operands::Rows;
pub use parallel::Kernels;
pub use path::{KernelPath, UnknownPath};
#[cfg(feature = "std")]
pub use team::Team;
