//! The products in plain loops. Every other path must give the same bits.

use super::block::Block;
use super::operands::{Activated, GradientUse, Rows, activate};
use crate::activation::Activation;
use crate::math::fma;

/// Columns whose gradients are summed together.
const COLUMNS: usize = 16;

/// See [`super::dispatch::layer`].
#[inline(always)]
pub(super) fn layer(x: Rows<'_>, w: &[f32], bias: &[f32], activation: Activation, sums: Block<'_>, mut out: Block<'_>) {
    let stride = out.stride();
    for r in 0..out.rows() {
        let z = out.row(r);
        z.copy_from_slice(bias);
        for (&value, weights) in x.row(r).iter().zip(w.chunks(stride)) {
            for (z, &weight) in z.iter_mut().zip(weights) {
                *z = fma(value, weight, *z);
            }
        }
    }
    activate(activation, sums, out);
}

/// See [`super::dispatch::gradient`].
#[inline(always)]
pub(super) fn gradient(x: Rows<'_>, g: &[f32], gradient_use: GradientUse, mut w: Block<'_>, bias: &mut [f32]) {
    let stride = w.stride();
    let mut d = [0.0; COLUMNS];
    for i in 0..w.rows() {
        for (c, w) in w.row(i).chunks_mut(COLUMNS).enumerate() {
            d.fill(0.0);
            for (r, g) in g.chunks(stride).enumerate() {
                let value = x.row(r)[i];
                for (d, &g) in d.iter_mut().zip(&g[c * COLUMNS..][..w.len()]) {
                    *d = fma(value, g, *d);
                }
            }
            w.iter_mut().zip(d).for_each(|(w, d)| gradient_use.apply(w, d));
        }
    }
    for (o, b) in bias.iter_mut().enumerate() {
        let mut sum = 0.0;
        for g in g.chunks(stride) {
            sum += g[o];
        }
        gradient_use.apply(b, sum);
    }
}

/// See [`super::dispatch::backward`].
#[inline(always)]
pub(super) fn backward(g: &[f32], w: &[f32], outputs: usize, below: Activated<'_>, mut dx: Block<'_>) {
    for (r, g) in g.chunks_exact(outputs).enumerate() {
        for (w, dx) in w.chunks_exact(outputs).zip(dx.row(r)) {
            *dx = 0.0;
            for (&g, &w) in g.iter().zip(w) {
                *dx = fma(g, w, *dx);
            }
        }
    }
    below.scale_gradient(dx);
}
