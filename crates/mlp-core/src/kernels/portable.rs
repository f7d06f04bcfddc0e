//! The products in plain Rust. Compiled for each instruction set from this one source.

use super::Rows;
use crate::math::fma;

/// Virtual lanes of a sum that runs along a row.
pub const LANES: usize = 16;
/// Columns of a tile: two registers of 16 floats, or four of 8.
const TILE_COLUMNS: usize = 32;
/// Rows of a tile: with two registers a row the sums fit the registers of every path.
const TILE_ROWS: usize = 5;

/// See [`super::KernelPath::forward`].
#[inline(always)]
pub fn forward(x: Rows<'_>, w: &[f32], bias: &[f32], out: &mut [f32]) {
    let columns = bias.len();
    let rows = out.len() / columns;
    let mut r = 0;
    while r + TILE_ROWS <= rows {
        forward_rows::<TILE_ROWS>(x, r, w, bias, out);
        r += TILE_ROWS;
    }
    while r < rows {
        forward_rows::<1>(x, r, w, bias, out);
        r += 1;
    }
}

#[inline(always)]
fn forward_rows<const R: usize>(x: Rows<'_>, r: usize, w: &[f32], bias: &[f32], out: &mut [f32]) {
    let columns = bias.len();
    let rows: [&[f32]; R] = core::array::from_fn(|k| x.row(r + k));
    let mut o = 0;
    while o + TILE_COLUMNS <= columns {
        forward_tile::<R, TILE_COLUMNS>(rows, r, o, w, bias, out);
        o += TILE_COLUMNS;
    }
    while o + LANES <= columns {
        forward_tile::<R, LANES>(rows, r, o, w, bias, out);
        o += LANES;
    }
    while o + 4 <= columns {
        forward_tile::<R, 4>(rows, r, o, w, bias, out);
        o += 4;
    }
    while o < columns {
        forward_tile::<R, 1>(rows, r, o, w, bias, out);
        o += 1;
    }
}

#[inline(always)]
fn forward_tile<const R: usize, const C: usize>(
    rows: [&[f32]; R],
    r: usize,
    o: usize,
    w: &[f32],
    bias: &[f32],
    out: &mut [f32],
) {
    let columns = bias.len();
    let start: [f32; C] = core::array::from_fn(|c| bias[o + c]);
    let mut sums = [start; R];
    for (i, weights) in w.chunks_exact(columns).enumerate() {
        let weights: &[f32; C] = weights[o..].first_chunk().expect("a tile lies inside its row");
        for k in 0..R {
            let value = rows[k][i];
            for c in 0..C {
                sums[k][c] = fma(value, weights[c], sums[k][c]);
            }
        }
    }
    for k in 0..R {
        out[(r + k) * columns + o..][..C].copy_from_slice(&sums[k]);
    }
}

/// See [`super::KernelPath::update`].
#[inline(always)]
pub fn update(x: Rows<'_>, g: &[f32], learning_rate: f32, w: &mut [f32], bias: &mut [f32]) {
    for_each_gradient(x, g, w, bias, |parameter, d| *parameter = fma(-learning_rate, d, *parameter));
}

/// See [`super::KernelPath::gradient`].
#[inline(always)]
pub fn gradient(x: Rows<'_>, g: &[f32], dw: &mut [f32], dbias: &mut [f32]) {
    for_each_gradient(x, g, dw, dbias, |place, d| *place = d);
}

/// Hands the gradient `d` of each weight and bias to `store`, together with the place that belongs to it.
#[inline(always)]
fn for_each_gradient(x: Rows<'_>, g: &[f32], w: &mut [f32], bias: &mut [f32], store: impl Fn(&mut f32, f32) + Copy) {
    let columns = bias.len();
    let mut o = 0;
    while o + TILE_COLUMNS <= columns {
        gradient_columns::<TILE_COLUMNS>(x, g, o, w, columns, store);
        o += TILE_COLUMNS;
    }
    while o + LANES <= columns {
        gradient_columns::<LANES>(x, g, o, w, columns, store);
        o += LANES;
    }
    while o + 4 <= columns {
        gradient_columns::<4>(x, g, o, w, columns, store);
        o += 4;
    }
    while o < columns {
        gradient_columns::<1>(x, g, o, w, columns, store);
        o += 1;
    }
    for (o, b) in bias.iter_mut().enumerate() {
        let mut sum = 0.0;
        for gradient in g.chunks_exact(columns) {
            sum += gradient[o];
        }
        store(b, sum);
    }
}

/// Columns o..o+C of all weight rows, four at a time, so that each gradient that is loaded serves four sums.
#[inline(always)]
fn gradient_columns<const C: usize>(
    x: Rows<'_>,
    g: &[f32],
    o: usize,
    w: &mut [f32],
    columns: usize,
    store: impl Fn(&mut f32, f32) + Copy,
) {
    const DEEP: usize = 4;
    let mut i = 0;
    while i + DEEP <= x.width {
        gradient_tile::<DEEP, C>(x, g, (i, o), w, columns, store);
        i += DEEP;
    }
    while i < x.width {
        gradient_tile::<1, C>(x, g, (i, o), w, columns, store);
        i += 1;
    }
}

#[inline(always)]
fn gradient_tile<const D: usize, const C: usize>(
    x: Rows<'_>,
    g: &[f32],
    (i, o): (usize, usize),
    w: &mut [f32],
    columns: usize,
    store: impl Fn(&mut f32, f32) + Copy,
) {
    let mut sums = [[0.0f32; C]; D];
    for r in 0..g.len() / columns {
        let gradients: &[f32; C] = g[r * columns + o..].first_chunk().expect("a tile lies inside its row");
        let values: &[f32; D] = x.row(r)[i..].first_chunk().expect("a tile lies inside its row");
        for d in 0..D {
            for c in 0..C {
                sums[d][c] = fma(values[d], gradients[c], sums[d][c]);
            }
        }
    }
    for d in 0..D {
        let weights = &mut w[(i + d) * columns + o..][..C];
        for c in 0..C {
            store(&mut weights[c], sums[d][c]);
        }
    }
}

/// See [`super::KernelPath::transposed`].
#[inline(always)]
pub fn transposed(g: &[f32], w: &[f32], outputs: usize, dx: &mut [f32]) {
    let inputs = w.len() / outputs;
    let rows = g.len() / outputs;
    let mut r = 0;
    while r + 2 <= rows {
        transposed_rows::<2>(g, w, outputs, inputs, r, dx);
        r += 2;
    }
    if r < rows {
        transposed_rows::<1>(g, w, outputs, inputs, r, dx);
    }
}

#[inline(always)]
fn transposed_rows<const R: usize>(g: &[f32], w: &[f32], outputs: usize, inputs: usize, r: usize, dx: &mut [f32]) {
    const WIDE: usize = 4;
    let mut i = 0;
    while i + WIDE <= inputs {
        transposed_tile::<R, WIDE>(g, w, outputs, inputs, (r, i), dx);
        i += WIDE;
    }
    while i < inputs {
        transposed_tile::<R, 1>(g, w, outputs, inputs, (r, i), dx);
        i += 1;
    }
}

#[inline(always)]
fn transposed_tile<const R: usize, const W: usize>(
    g: &[f32],
    w: &[f32],
    outputs: usize,
    inputs: usize,
    (r, i): (usize, usize),
    dx: &mut [f32],
) {
    let gradients: [&[f32]; R] = core::array::from_fn(|k| &g[(r + k) * outputs..][..outputs]);
    let weights: [&[f32]; W] = core::array::from_fn(|k| &w[(i + k) * outputs..][..outputs]);
    let mut lanes = [[[0.0f32; LANES]; W]; R];
    let whole = outputs - outputs % LANES;
    let mut o = 0;
    while o < whole {
        for a in 0..R {
            let g: &[f32; LANES] = gradients[a][o..].first_chunk().expect("a chunk lies inside its row");
            for b in 0..W {
                let w: &[f32; LANES] = weights[b][o..].first_chunk().expect("a chunk lies inside its row");
                for l in 0..LANES {
                    lanes[a][b][l] = fma(g[l], w[l], lanes[a][b][l]);
                }
            }
        }
        o += LANES;
    }
    for a in 0..R {
        for b in 0..W {
            for l in 0..outputs - whole {
                lanes[a][b][l] = fma(gradients[a][whole + l], weights[b][whole + l], lanes[a][b][l]);
            }
            dx[(r + a) * inputs + i + b] = add_lanes(lanes[a][b]);
        }
    }
}

/// The lanes as a tree: halves are added until one is left.
#[inline(always)]
fn add_lanes(mut lanes: [f32; LANES]) -> f32 {
    let mut half = LANES / 2;
    while half > 0 {
        for l in 0..half {
            lanes[l] += lanes[l + half];
        }
        half /= 2;
    }
    lanes[0]
}
