//! Every path against a triple loop that follows the stated order of summation, with `==`.

use super::*;
use crate::math::fma;
use crate::random::{Purpose, Stream};
use alloc::vec::Vec;
use alloc::{format, vec};

const WIDTHS: [usize; 17] = [1, 2, 3, 4, 5, 8, 15, 16, 17, 31, 32, 33, 63, 64, 100, 256, 401];
const BATCHES: [usize; 8] = [1, 2, 3, 5, 6, 10, 16, 17];

fn random(n: usize, stream: &mut Stream) -> Vec<f32> {
    (0..n).map(|_| stream.normal() as f32).collect()
}

fn forward_reference(x: Rows<'_>, w: &[f32], bias: &[f32], rows: usize) -> Vec<f32> {
    let columns = bias.len();
    let mut out = vec![0.0; rows * columns];
    for r in 0..rows {
        for o in 0..columns {
            out[r * columns + o] =
                x.row(r).iter().enumerate().fold(bias[o], |z, (i, &v)| fma(v, w[i * columns + o], z));
        }
    }
    out
}

fn update_reference(x: Rows<'_>, g: &[f32], lr: f32, w: &mut [f32], bias: &mut [f32]) {
    let columns = bias.len();
    let rows = g.len() / columns;
    for o in 0..columns {
        for i in 0..x.width {
            let d = (0..rows).fold(0.0, |d, r| fma(x.row(r)[i], g[r * columns + o], d));
            w[i * columns + o] = fma(-lr, d, w[i * columns + o]);
        }
        let d = (0..rows).fold(0.0, |d, r| d + g[r * columns + o]);
        bias[o] = fma(-lr, d, bias[o]);
    }
}

fn transposed_reference(g: &[f32], w: &[f32], outputs: usize) -> Vec<f32> {
    let mut dx = Vec::new();
    for g in g.chunks(outputs) {
        for w in w.chunks(outputs) {
            dx.push(g.iter().zip(w).fold(0.0, |sum, (g, w)| fma(*g, *w, sum)));
        }
    }
    dx
}

#[test]
fn every_path_gives_the_bits_of_the_stated_order() {
    let mut stream = Stream::new(11, Purpose::Init);
    let paths: Vec<KernelPath> = KernelPath::ALL.into_iter().filter(|path| path.is_available()).collect();
    for (n, &inputs) in WIDTHS.iter().enumerate() {
        // Every width meets every other as an output; the batch goes round, so that the test stays quick.
        for (m, &outputs) in WIDTHS.iter().enumerate() {
            let rows = BATCHES[(n + m) % BATCHES.len()];
            let data = random((rows + 2) * inputs, &mut stream);
            let index: Vec<u32> = (0..rows).map(|_| stream.below(rows as u64 + 2) as u32).collect();
            let x = Rows { data: &data, width: inputs, index: Some(&index) };
            let (w, bias) = (random(inputs * outputs, &mut stream), random(outputs, &mut stream));
            let g = random(rows * outputs, &mut stream);
            let expected = forward_reference(x, &w, &bias, rows);
            let (mut expected_w, mut expected_bias) = (w.clone(), bias.clone());
            update_reference(x, &g, 0.01, &mut expected_w, &mut expected_bias);
            // 0 - (-1) d is exactly d.
            let (mut expected_dw, mut expected_dbias) = (vec![0.0; w.len()], vec![0.0; outputs]);
            update_reference(x, &g, -1.0, &mut expected_dw, &mut expected_dbias);
            let expected_dx = transposed_reference(&g, &w, outputs);
            for &path in &paths {
                let shape = format!("{} {rows}x{inputs}x{outputs}", path.name());
                let mut out = vec![f32::NAN; rows * outputs];
                path.forward(x, &w, &bias, &mut out);
                assert!(out == expected, "forward {shape}");
                let (mut new_w, mut new_bias) = (w.clone(), bias.clone());
                path.update(x, &g, 0.01, &mut new_w, &mut new_bias);
                assert!(new_w == expected_w && new_bias == expected_bias, "update {shape}");
                let (mut dw, mut dbias) = (vec![f32::NAN; w.len()], vec![f32::NAN; outputs]);
                path.gradient(x, &g, &mut dw, &mut dbias);
                assert!(dw == expected_dw && dbias == expected_dbias, "gradient {shape}");
                let mut dx = vec![f32::NAN; rows * inputs];
                path.transposed(&g, &w, outputs, &mut dx);
                assert!(dx == expected_dx, "transposed {shape}");
            }
        }
    }
}

#[test]
fn infinities_and_nan_are_not_lost_in_any_path() {
    for path in KernelPath::ALL.into_iter().filter(|path| path.is_available()) {
        // 0 * infinity is NaN: leaving out terms with a zero input would hide it.
        let x = Rows { data: &[0.0, 1.0], width: 2, index: None };
        let mut out = [0.0; 2];
        path.forward(x, &[f32::INFINITY, 1.0, 2.0, f32::NAN], &[0.0, 0.0], &mut out);
        assert!(out[0].is_nan() && out[1].is_nan(), "{}", path.name());
    }
}

#[test]
fn names_round_trip_and_some_path_is_there() {
    for path in KernelPath::ALL {
        assert_eq!(path.name().parse(), Ok(path));
    }
    assert_eq!("sse9".parse::<KernelPath>(), Err(UnknownPath));
    assert!(KernelPath::detect().is_available());
}
