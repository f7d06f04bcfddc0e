//! The products in plain Rust: what every other path has to equal.

use super::{Activated, Into, Rows};
use crate::activation::Activation;
use crate::math::fma;

/// Columns whose gradients are summed at a time.
const COLUMNS: usize = 16;

/// See [`super::KernelPath::layer`].
#[inline(always)]
pub fn layer(x: Rows<'_>, w: &[f32], bias: &[f32], activation: Activation, sums: &mut [f32], out: &mut [f32]) {
    for (r, z) in out.chunks_exact_mut(bias.len()).enumerate() {
        z.copy_from_slice(bias);
        for (&value, weights) in x.row(r).iter().zip(w.chunks_exact(bias.len())) {
            for (z, &weight) in z.iter_mut().zip(weights) {
                *z = fma(value, weight, *z);
            }
        }
    }
    activation.apply_keeping(sums, out);
}

/// See [`super::KernelPath::update`] and [`super::KernelPath::gradient`].
#[inline(always)]
pub fn gradient(x: Rows<'_>, g: &[f32], into: Into, w: &mut [f32], bias: &mut [f32]) {
    let columns = bias.len();
    let mut d = [0.0; COLUMNS];
    for (i, w) in w.chunks_exact_mut(columns).enumerate() {
        for (c, w) in w.chunks_mut(COLUMNS).enumerate() {
            d.fill(0.0);
            for (r, g) in g.chunks_exact(columns).enumerate() {
                let value = x.row(r)[i];
                for (d, &g) in d.iter_mut().zip(&g[c * COLUMNS..][..w.len()]) {
                    *d = fma(value, g, *d);
                }
            }
            w.iter_mut().zip(d).for_each(|(w, d)| into.put(w, d));
        }
    }
    for (o, b) in bias.iter_mut().enumerate() {
        let mut sum = 0.0;
        for g in g.chunks_exact(columns) {
            sum += g[o];
        }
        into.put(b, sum);
    }
}

/// See [`super::KernelPath::backward`].
#[inline(always)]
pub fn backward(g: &[f32], w: &[f32], outputs: usize, below: Activated<'_>, dx: &mut [f32]) {
    let inputs = w.len() / outputs;
    for (g, dx) in g.chunks_exact(outputs).zip(dx.chunks_exact_mut(inputs)) {
        for (w, dx) in w.chunks_exact(outputs).zip(dx) {
            *dx = 0.0;
            for (&g, &w) in g.iter().zip(w) {
                *dx = fma(g, w, *dx);
            }
        }
    }
    below.scale_gradient(dx);
}
