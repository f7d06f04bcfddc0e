//! The three matrix products of a dense layer.
//!
//! # Order of every sum
//!
//! The portable source is the specification; tiles of vector registers, written for each instruction set, are chosen at
//! run time. None may change a bit, because each output element is one chain of operations:
//!
//! - forward, `z[r][o]`: begins with `bias[o]`, then for i = 0, 1, .. I-1: `z = fma(x[r][i], w[i][o], z)`.
//! - update, `w[i][o]`: `d = 0`, then for r = 0, 1, .. B-1: `d = fma(x[r][i], g[r][o], d)`; then
//!   `w = fma(-lr, d, w)`. The bias likewise with x = 1, added without multiplication. The plain gradient is `d`.
//! - transposed product, `dx[r][i]`: begins with 0, then for o = 0, 1, .. O-1: `dx = fma(g[r][o], w[i][o], dx)`.
//!
//! Every multiply-add is fused (one rounding). No sum is spread over lanes: vector registers run along `o` in the first
//! two products and along `i` in the third, so their width does not enter. Tiles only decide in which order *different*
//! elements are computed, and when a sum waits in memory.
//!
//! No path calls any other arithmetic. A [`Team`] of threads parts the columns of what a product writes, never a sum.

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
mod block;
mod elementwise;
#[cfg(any(target_arch = "x86_64", all(target_arch = "aarch64", target_feature = "neon"), test))]
mod forward;
#[cfg(any(target_arch = "x86_64", all(target_arch = "aarch64", target_feature = "neon"), test))]
mod gradient;
#[cfg(any(target_arch = "x86_64", all(target_arch = "aarch64", target_feature = "neon"), test))]
mod nearby;
#[cfg(all(target_arch = "aarch64", target_feature = "neon"))]
mod neon;
mod portable;
#[cfg(any(target_arch = "x86_64", all(target_arch = "aarch64", target_feature = "neon"), test))]
mod register;
mod split;
#[cfg(feature = "std")]
mod team;
#[cfg(any(target_arch = "x86_64", all(target_arch = "aarch64", target_feature = "neon"), test))]
mod tile;
#[cfg(any(target_arch = "x86_64", all(target_arch = "aarch64", target_feature = "neon"), test))]
mod transposed;
#[cfg(target_arch = "x86_64")]
mod x86;

pub(crate) use elementwise::Elementwise;
pub(crate) use split::Kernels;
#[cfg(feature = "std")]
pub use team::Team;

use crate::activation::Activation;
use crate::math::fma;
use block::Block;
use core::fmt;
use core::str::FromStr;

/// What becomes of the gradient `d` of a parameter.
#[derive(Clone, Copy, Debug)]
enum Into {
    /// `parameter = fma(-learning_rate, d, parameter)`; holds `-learning_rate`.
    Update(f32),
    /// `place = d`.
    Store,
}

impl Into {
    #[inline(always)]
    fn put(self, place: &mut f32, d: f32) {
        *place = match self {
            Self::Update(factor) => fma(factor, d, *place),
            Self::Store => d,
        };
    }
}

/// An activation with what its derivative needs.
#[derive(Clone, Copy, Debug)]
pub struct Activated<'a> {
    /// The activation.
    pub activation: Activation,
    /// What it gave. Not read for the identity.
    pub values: &'a [f32],
    /// What it was given. Read only where its derivative [needs it](Activation::needs_sum).
    pub sums: &'a [f32],
}

impl<'a> Activated<'a> {
    /// Multiplies each gradient by the derivative at its place; what is known of the activation begins with the first
    /// of the block's columns.
    #[inline(always)]
    fn scale_gradient(self, mut gradients: Block<'_>) {
        gradients.pieces(|at, piece| {
            let Self { activation, values, sums } = self.behind(at);
            activation.scale_gradient(piece, values, sums);
        });
    }

    /// Without the first `floats` of what is known.
    #[inline(always)]
    fn behind(self, floats: usize) -> Self {
        let behind = |known: &'a [f32]| known.get(floats..).unwrap_or_default();
        Self { activation: self.activation, values: behind(self.values), sums: behind(self.sums) }
    }
}

/// Which instructions the products use. All give the same bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KernelPath {
    /// What every machine of the target has.
    Portable,
    /// x86-64 with AVX2 and FMA.
    Avx2,
    /// x86-64 with AVX-512 F and VL.
    Avx512,
    /// 64-bit ARM with NEON.
    Neon,
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

    /// Where row `r` begins.
    ///
    /// # Safety
    /// `r` is below a number of rows that [`holds`](Self::holds) has seen to exist.
    #[inline(always)]
    #[allow(unsafe_code, reason = "stands in the inner loops of the tiles")]
    unsafe fn row_pointer(&self, r: usize) -> *const f32 {
        let row = match self.index {
            // SAFETY: the caller's.
            Some(index) => unsafe { *index.get_unchecked(r) as usize },
            None => r,
        };
        self.data.as_ptr().wrapping_add(row * self.width)
    }

    /// Whether there are that many rows, all inside the data.
    #[inline]
    fn holds(&self, rows: usize) -> bool {
        let have = self.data.len() / self.width;
        match self.index {
            Some(index) => rows <= index.len() && index[..rows].iter().all(|&row| (row as usize) < have),
            None => rows <= have,
        }
    }
}

impl KernelPath {
    /// All paths, whether this machine has them or not.
    pub const ALL: [Self; 4] = [Self::Portable, Self::Avx2, Self::Avx512, Self::Neon];

    /// Its name: `portable`, `avx2`, `avx512` or `neon`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Portable => "portable",
            Self::Avx2 => "avx2",
            Self::Avx512 => "avx512",
            Self::Neon => "neon",
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
            Self::Neon => cfg!(all(target_arch = "aarch64", target_feature = "neon")),
            #[cfg(not(all(target_arch = "x86_64", feature = "std")))]
            _ => false,
        }
    }

    /// The fastest path of this machine.
    pub fn detect() -> Self {
        Self::ALL.into_iter().rev().find(|path| path.is_available()).unwrap_or(Self::Portable)
    }

    /// A dense layer: `out = activation(x w + bias)`: x (B, I) by rows, w (I, O), bias (O), out (B, O). Where the
    /// activation's derivative [needs them](Activation::needs_sum), `sums` (B, O) receives what the activation was
    /// given; else it is left alone and may be empty.
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
        Kernels::new(self).layer(x, w, bias, activation, sums, out);
    }

    /// Some columns of [`layer`](Self::layer): `w`, `bias` and `sums` begin with the first column of `out`.
    #[inline]
    fn layer_part(self, x: Rows<'_>, w: &[f32], bias: &[f32], activation: Activation, sums: Block<'_>, out: Block<'_>) {
        #[cfg(target_arch = "x86_64")]
        x86::layer(self, x, w, bias, activation, sums, out);
        #[cfg(all(target_arch = "aarch64", target_feature = "neon"))]
        neon::layer(self, x, w, bias, activation, sums, out);
        #[cfg(not(any(target_arch = "x86_64", all(target_arch = "aarch64", target_feature = "neon"))))]
        portable::layer(x, w, bias, activation, sums, out);
    }

    /// `out = x w + bias`: x (B, I) by rows, w (I, O), bias (O), out (B, O).
    #[inline]
    pub fn forward(self, x: Rows<'_>, w: &[f32], bias: &[f32], out: &mut [f32]) {
        self.layer(x, w, bias, Activation::Identity, &mut [], out);
    }

    /// `w -= lr x^T g` and `bias -= lr` times the column sums of g: x (B, I) by rows, g (B, O), w (I, O), bias (O).
    #[inline]
    pub fn update(self, x: Rows<'_>, g: &[f32], learning_rate: f32, w: &mut [f32], bias: &mut [f32]) {
        Kernels::new(self).update(x, g, learning_rate, w, bias);
    }

    /// `dw = x^T g` and `dbias` = the column sums of g: x (B, I) by rows, g (B, O), dw (I, O), dbias (O). What was
    /// in `dw` and `dbias` is overwritten. The bits are those that [`update`](Self::update) applies.
    #[inline]
    pub fn gradient(self, x: Rows<'_>, g: &[f32], dw: &mut [f32], dbias: &mut [f32]) {
        Kernels::new(self).gradient(x, g, dw, dbias);
    }

    /// Some columns of [`update`](Self::update) or [`gradient`](Self::gradient): `g` and `bias` begin with the first
    /// column of `w`.
    #[inline]
    fn gradient_part(self, x: Rows<'_>, g: &[f32], into: Into, w: Block<'_>, bias: &mut [f32]) {
        #[cfg(target_arch = "x86_64")]
        x86::gradient(self, x, g, into, w, bias);
        #[cfg(all(target_arch = "aarch64", target_feature = "neon"))]
        neon::gradient(self, x, g, into, w, bias);
        #[cfg(not(any(target_arch = "x86_64", all(target_arch = "aarch64", target_feature = "neon"))))]
        portable::gradient(x, g, into, w, bias);
    }

    /// The gradient of a layer's inputs, taken back through the activation that gave them: `dx = g w^T` times the
    /// activation's derivative. g (B, O), w (I, O), dx (B, I); `outputs` is O.
    #[inline]
    pub fn backward(self, g: &[f32], w: &[f32], outputs: usize, below: Activated<'_>, dx: &mut [f32]) {
        Kernels::new(self).backward(g, w, outputs, below, dx);
    }

    /// Some columns of [`backward`](Self::backward): `w` are the weights of these inputs, and what is known of the
    /// activation begins with the first.
    #[inline]
    fn backward_part(self, g: &[f32], w: &[f32], outputs: usize, below: Activated<'_>, dx: Block<'_>) {
        #[cfg(target_arch = "x86_64")]
        x86::backward(self, g, w, outputs, below, dx);
        #[cfg(all(target_arch = "aarch64", target_feature = "neon"))]
        neon::backward(self, g, w, outputs, below, dx);
        #[cfg(not(any(target_arch = "x86_64", all(target_arch = "aarch64", target_feature = "neon"))))]
        portable::backward(g, w, outputs, below, dx);
    }

    /// `dx = g w^T`: g (B, O), w (I, O), dx (B, I). `outputs` is O.
    #[inline]
    pub fn transposed(self, g: &[f32], w: &[f32], outputs: usize, dx: &mut [f32]) {
        let below = Activated { activation: Activation::Identity, values: &[], sums: &[] };
        self.backward(g, w, outputs, below, dx);
    }
}

/// The activation of some columns; `sums` are where its derivative [needs them](Activation::needs_sum).
#[inline(always)]
fn activate(activation: Activation, mut sums: Block<'_>, mut out: Block<'_>) {
    if activation.needs_sum() {
        for r in 0..out.rows() {
            sums.row(r).copy_from_slice(out.row(r));
        }
    }
    out.pieces(|_, piece| activation.apply(piece));
}

/// Shapes are fixed when a network is made; a mismatch here is a mistake in this crate.
#[inline(always)]
fn check(fits: bool) {
    assert!(fits, "matrix shapes do not fit one another");
}

#[inline(always)]
fn check_layer(x: Rows<'_>, w: &[f32], bias: &[f32], activation: Activation, sums: &[f32], out: &[f32]) {
    check(x.width * bias.len() == w.len() && out.len().is_multiple_of(bias.len()));
    check(x.holds(out.len() / bias.len()) && (!activation.needs_sum() || sums.len() == out.len()));
}

#[inline(always)]
fn check_gradient(x: Rows<'_>, g: &[f32], w: &[f32], bias: &[f32]) {
    check(x.width * bias.len() == w.len() && g.len().is_multiple_of(bias.len()));
    check(x.holds(g.len() / bias.len()));
}

#[inline(always)]
fn check_backward(g: &[f32], w: &[f32], outputs: usize, below: Activated<'_>, dx: &[f32]) {
    let inputs = w.len() / outputs;
    check(inputs * outputs == w.len() && g.len().is_multiple_of(outputs));
    check(inputs > 0 && g.len() / outputs * inputs == dx.len());
    check(below.activation == Activation::Identity || below.values.len() == dx.len());
    check(!below.activation.needs_sum() || below.sums.len() == dx.len());
}

/// The name is none of a kernel path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownPath;

impl fmt::Display for UnknownPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected a kernel path: portable, avx2, avx512 or neon")
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
