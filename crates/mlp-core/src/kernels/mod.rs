//! The three matrix products of a dense layer.
//!
//! # Order of every sum
//!
//! The portable source is the specification. It is compiled several times, for different instruction sets, and one of
//! the results is chosen at run time; none may change a bit, because each output element is one chain of operations:
//!
//! - forward, `z[r][o]`: begins with `bias[o]`, then for i = 0, 1, .. I-1: `z = fma(x[r][i], w[i][o], z)`.
//! - update, `w[i][o]`: `d = 0`, then for r = 0, 1, .. B-1: `d = fma(x[r][i], g[r][o], d)`; then
//!   `w = fma(-lr, d, w)`. The bias likewise with x = 1, added without multiplication. The plain gradient is `d`.
//! - transposed product, `dx[r][i]`: 16 virtual lanes, all 0; for o = 0, 1, .. O-1 lane `o mod 16` becomes
//!   `fma(g[r][o], w[i][o], lane)`; then the lanes are added as a tree: lane l + lane l+8, then l+4, l+2, l+1.
//!
//! Every multiply-add is fused (one rounding). Vector registers run along `o` in the first two products and hold lanes
//! in the third, so their width does not enter. Tiles only decide in which order *different* elements are computed.
//!
//! No path calls any other arithmetic, and none starts a thread.

mod elementwise;
mod portable;
#[cfg(target_arch = "x86_64")]
mod x86;

pub(crate) use elementwise::Elementwise;
pub use portable::LANES;

use crate::activation::Activation;
use core::fmt;
use core::str::FromStr;

/// Which instructions the products use. All give the same bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KernelPath {
    /// What every machine of the target has.
    Portable,
    /// x86-64 with AVX2 and FMA.
    Avx2,
    /// x86-64 with AVX-512 F and VL.
    Avx512,
}

/// Rows of a matrix, picked by index or all in order.
#[derive(Clone, Copy, Debug)]
pub struct Rows<'a> {
    /// The matrix, row by row.
    pub data: &'a [f32],
    /// Columns of the matrix.
    pub width: usize,
    /// Which rows; `None` for all in order.
    pub index: Option<&'a [u32]>,
}

impl<'a> Rows<'a> {
    /// Row `r` of those picked.
    #[inline(always)]
    fn row(&self, r: usize) -> &'a [f32] {
        let at = self.index.map_or(r, |index| index[r] as usize) * self.width;
        &self.data[at..at + self.width]
    }
}

impl KernelPath {
    /// All paths, whether this machine has them or not.
    pub const ALL: [Self; 3] = [Self::Portable, Self::Avx2, Self::Avx512];

    /// Its name: `portable`, `avx2` or `avx512`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Portable => "portable",
            Self::Avx2 => "avx2",
            Self::Avx512 => "avx512",
        }
    }

    /// Whether this machine can take the path.
    pub fn is_available(self) -> bool {
        match self {
            Self::Portable => true,
            #[cfg(all(target_arch = "x86_64", feature = "std"))]
            Self::Avx2 => is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma"),
            #[cfg(all(target_arch = "x86_64", feature = "std"))]
            Self::Avx512 => {
                Self::Avx2.is_available() && is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512vl")
            }
            #[cfg(not(all(target_arch = "x86_64", feature = "std")))]
            _ => false,
        }
    }

    /// The fastest path of this machine.
    pub fn detect() -> Self {
        Self::ALL.into_iter().rev().find(|path| path.is_available()).unwrap_or(Self::Portable)
    }

    /// `out = x w + bias`: x (B, I) by rows, w (I, O), bias (O), out (B, O).
    #[inline]
    pub fn forward(self, x: Rows<'_>, w: &[f32], bias: &[f32], out: &mut [f32]) {
        check(x.width * bias.len() == w.len() && out.len().is_multiple_of(bias.len()));
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 | Self::Avx512 => x86::forward(self, x, w, bias, out),
            _ => portable::forward(x, w, bias, out),
        }
    }

    /// A dense layer: `out = activation(x w + bias)`, shapes as for [`forward`](Self::forward). Where the activation's
    /// derivative [needs them](Activation::needs_sum), `sums` (B, O) receives what it was given; else it is left alone.
    #[inline]
    pub fn layer(
        self,
        x: Rows<'_>,
        w: &[f32],
        bias: &[f32],
        activation: Activation,
        sums: &mut [f32],
        out: &mut [f32],
    ) {
        self.forward(x, w, bias, out);
        if activation.needs_sum() {
            sums.copy_from_slice(out);
        }
        activation.apply(out);
    }

    /// `w -= lr x^T g` and `bias -= lr` times the column sums of g: x (B, I) by rows, g (B, O), w (I, O), bias (O).
    #[inline]
    pub fn update(self, x: Rows<'_>, g: &[f32], learning_rate: f32, w: &mut [f32], bias: &mut [f32]) {
        check(x.width * bias.len() == w.len() && g.len().is_multiple_of(bias.len()));
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 | Self::Avx512 => x86::update(self, x, g, learning_rate, w, bias),
            _ => portable::update(x, g, learning_rate, w, bias),
        }
    }

    /// `dw = x^T g` and `dbias` = the column sums of g: x (B, I) by rows, g (B, O), dw (I, O), dbias (O). What was
    /// in `dw` and `dbias` is overwritten. The bits are those that [`update`](Self::update) applies.
    #[inline]
    pub fn gradient(self, x: Rows<'_>, g: &[f32], dw: &mut [f32], dbias: &mut [f32]) {
        check(x.width * dbias.len() == dw.len() && g.len().is_multiple_of(dbias.len()));
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 | Self::Avx512 => x86::gradient(self, x, g, dw, dbias),
            _ => portable::gradient(x, g, dw, dbias),
        }
    }

    /// `dx = g w^T`: g (B, O), w (I, O), dx (B, I). `outputs` is O.
    #[inline]
    pub fn transposed(self, g: &[f32], w: &[f32], outputs: usize, dx: &mut [f32]) {
        let inputs = w.len() / outputs;
        check(inputs * outputs == w.len() && g.len() / outputs * inputs == dx.len());
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 | Self::Avx512 => x86::transposed(self, g, w, outputs, dx),
            _ => portable::transposed(g, w, outputs, dx),
        }
    }
}

/// Shapes are fixed when a network is made; a mismatch here is a mistake in this crate.
#[inline(always)]
fn check(fits: bool) {
    assert!(fits, "matrix shapes do not fit one another");
}

/// The name is none of a kernel path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownPath;

impl fmt::Display for UnknownPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected a kernel path: portable, avx2 or avx512")
    }
}

impl core::error::Error for UnknownPath {}

impl FromStr for KernelPath {
    type Err = UnknownPath;
    fn from_str(name: &str) -> Result<Self, UnknownPath> {
        Self::ALL.into_iter().find(|path| path.name() == name).ok_or(UnknownPath)
    }
}

#[cfg(test)]
mod tests;
