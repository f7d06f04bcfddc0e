//! Every path, and the tiles on registers of other widths, against triple loops that follow the stated order of
//! summation: equal to the bit.
#![allow(unsafe_code, reason = "the tiles are called on registers in plain arrays, which every processor has")]

mod array_register;
#[cfg(feature = "std")]
mod parallel;

use super::block::Block;
use super::operands::{Activated, GradientUse, Rows};
use super::{KernelPath, Kernels, portable, simd};
use crate::activation::Activation;
use crate::math::fma;
use crate::random::{Purpose, Stream};
use alloc::vec::Vec;
use alloc::{format, vec};
use array_register::ArrayRegister;
use proptest::prelude::*;

const WIDTHS: [usize; 17] = [1, 2, 3, 4, 5, 8, 15, 16, 17, 31, 32, 33, 63, 64, 100, 256, 401];
const BATCHES: [usize; 12] = [1, 2, 3, 4, 5, 6, 7, 10, 13, 16, 17, 25];

/// Operands of the three products.
struct Case {
    inputs: usize,
    data: Vec<f32>,
    index: Vec<u32>,
    w: Vec<f32>,
    bias: Vec<f32>,
    g: Vec<f32>,
}

/// Results of the three products.
struct Outcome {
    forward: Vec<f32>,
    update: (Vec<f32>, Vec<f32>),
    gradient: (Vec<f32>, Vec<f32>),
    transposed: Vec<f32>,
}

const LEARNING_RATE: f32 = 0.01;

impl Case {
    /// Values drawn by `value`. The batch picks its rows from two more than it has, in any order and with repetitions.
    fn new(rows: usize, inputs: usize, outputs: usize, stream: &mut Stream, value: fn(&mut Stream) -> f32) -> Self {
        let mut draw = |n: usize| (0..n).map(|_| value(stream)).collect::<Vec<f32>>();
        let (data, w, bias) = (draw((rows + 2) * inputs), draw(inputs * outputs), draw(outputs));
        let g = draw(rows * outputs);
        let index = (0..rows).map(|_| stream.below(rows as u64 + 2) as u32).collect();
        Self { inputs, data, index, w, bias, g }
    }

    fn x(&self) -> Rows<'_> {
        Rows { data: &self.data, width: self.inputs, index: Some(&self.index) }
    }

    /// The order that the module's documentation states.
    fn expected(&self) -> Outcome {
        let (x, w, bias, g) = (self.x(), &self.w, &self.bias, &self.g);
        let (rows, columns) = (self.index.len(), bias.len());
        let mut forward = vec![0.0; rows * columns];
        let mut transposed = vec![0.0; rows * self.inputs];
        let mut gradient = (vec![0.0; w.len()], vec![0.0; columns]);
        for r in 0..rows {
            for o in 0..columns {
                forward[r * columns + o] =
                    x.row(r).iter().enumerate().fold(bias[o], |z, (i, &v)| fma(v, w[i * columns + o], z));
            }
            for i in 0..self.inputs {
                transposed[r * self.inputs + i] =
                    (0..columns).fold(0.0, |dx, o| fma(g[r * columns + o], w[i * columns + o], dx));
            }
        }
        for o in 0..columns {
            for i in 0..self.inputs {
                gradient.0[i * columns + o] = (0..rows).fold(0.0, |d, r| fma(x.row(r)[i], g[r * columns + o], d));
            }
            gradient.1[o] = (0..rows).fold(0.0, |d, r| d + g[r * columns + o]);
        }
        let updated = |old: &[f32], d: &[f32]| old.iter().zip(d).map(|(w, d)| fma(-LEARNING_RATE, *d, *w)).collect();
        let update = (updated(w, &gradient.0), updated(bias, &gradient.1));
        Outcome { forward, update, gradient, transposed }
    }

    /// The results of these products. Outputs that they overwrite are NaN before.
    fn found(&self, products: &Products) -> Outcome {
        let (rows, columns) = (self.index.len(), self.bias.len());
        let mut forward = vec![f32::NAN; rows * columns];
        (products.forward)(self.x(), &self.w, &self.bias, &mut forward);
        let mut update = (self.w.clone(), self.bias.clone());
        (products.gradient)(self.x(), &self.g, GradientUse::Update(-LEARNING_RATE), &mut update.0, &mut update.1);
        let mut gradient = (vec![f32::NAN; self.w.len()], vec![f32::NAN; columns]);
        (products.gradient)(self.x(), &self.g, GradientUse::Store, &mut gradient.0, &mut gradient.1);
        let mut transposed = vec![f32::NAN; rows * self.inputs];
        (products.transposed)(&self.g, &self.w, columns, &mut transposed);
        Outcome { forward, update, gradient, transposed }
    }

    fn check(&self) {
        let expected = self.expected();
        for products in all() {
            let shape = format!("{} {}x{}x{}", products.name, self.index.len(), self.inputs, self.bias.len());
            let found = self.found(&products);
            assert!(same(&found.forward, &expected.forward), "forward {shape}");
            assert!(same(&found.update.0, &expected.update.0), "update {shape}");
            assert!(same(&found.update.1, &expected.update.1), "update of the bias {shape}");
            assert!(same(&found.gradient.0, &expected.gradient.0), "gradient {shape}");
            assert!(same(&found.gradient.1, &expected.gradient.1), "gradient of the bias {shape}");
            assert!(same(&found.transposed, &expected.transposed), "transposed {shape}");
        }
    }
}

/// Equal bits, including the sign of zero; any NaN equals any other.
fn same(a: &[f32], b: &[f32]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan())
}

/// One way to compute the three products.
struct Products {
    name: &'static str,
    forward: fn(Rows<'_>, &[f32], &[f32], &mut [f32]),
    gradient: fn(Rows<'_>, &[f32], GradientUse, &mut [f32], &mut [f32]),
    transposed: fn(&[f32], &[f32], usize, &mut [f32]),
}

/// The paths of this machine, and the tiles on arrays with the register sizes of AVX-512, AVX2 and NEON.
fn all() -> Vec<Products> {
    macro_rules! path {
        ($path:expr) => {
            Products {
                name: $path.name(),
                forward: |x, w, bias, out| Kernels::new($path).forward(x, w, bias, out),
                gradient: |x, g, used, w, bias| Kernels::new($path).use_gradient(x, g, used, w, bias),
                transposed: |g, w, outputs, dx| Kernels::new($path).transposed(g, w, outputs, dx),
            }
        };
    }
    macro_rules! tiles {
        ($name:literal, $width:literal, $sums:literal) => {
            // SAFETY: arrays need no special instructions; the shapes of a case fit.
            Products {
                name: $name,
                forward: |x, w, bias, out| unsafe {
                    simd::forward::<ArrayRegister<$width, $sums>>(x, w, bias, &mut Block::whole(out, bias.len()));
                },
                gradient: |x, g, used, w, bias| unsafe {
                    let mut w = Block::whole(w, bias.len());
                    simd::gradient::<ArrayRegister<$width, $sums>>(x, g, used, &mut w, bias);
                },
                transposed: |g, w, outputs, dx| unsafe {
                    let mut dx = Block::whole(dx, w.len() / outputs);
                    simd::transposed::<ArrayRegister<$width, $sums>>(g, w, outputs, &mut dx);
                },
            }
        };
    }
    let mut all = vec![
        path!(KernelPath::Portable),
        Products {
            name: "portable without hardware's fused multiply-add",
            forward: |x, w, bias, out| {
                let out = Block::whole(out, bias.len());
                portable::layer(x, w, bias, Activation::Identity, Block::whole(&mut [], 1), out);
            },
            gradient: |x, g, used, w, bias| portable::gradient(x, g, used, Block::whole(w, bias.len()), bias),
            transposed: |g, w, outputs, dx| {
                let below = Activated { activation: Activation::Identity, values: &[], sums: &[] };
                portable::backward(g, w, outputs, below, Block::whole(dx, w.len() / outputs));
            },
        },
        tiles!("tiles as on AVX-512", 16, 24),
        tiles!("tiles as on AVX2", 8, 12),
        tiles!("tiles on narrow registers", 4, 24),
    ];
    if KernelPath::Avx2.is_available() {
        all.push(path!(KernelPath::Avx2));
    }
    if KernelPath::Avx512.is_available() {
        all.push(path!(KernelPath::Avx512));
    }
    if KernelPath::Neon.is_available() {
        all.push(path!(KernelPath::Neon));
    }
    all
}

fn normal(stream: &mut Stream) -> f32 {
    stream.normal() as f32
}

/// Zeros of both signs and numbers at the ends of the range, for underflow and overflow.
fn extreme(stream: &mut Stream) -> f32 {
    const VALUES: [f32; 8] = [0.0, -0.0, 1e-38, -1e-42, f32::MIN_POSITIVE, 3e38, -1.0, 1e-20];
    VALUES[stream.below(8) as usize]
}

/// Like `extreme`, and sometimes infinite or NaN.
fn wild(stream: &mut Stream) -> f32 {
    match stream.below(60) {
        0 => f32::NAN,
        1 => f32::INFINITY,
        2 => f32::NEG_INFINITY,
        _ => extreme(stream),
    }
}

#[test]
fn every_path_gives_the_bits_of_the_stated_order() {
    let mut stream = Stream::new(11, Purpose::Init);
    for (n, &inputs) in WIDTHS.iter().enumerate() {
        // Every pair of widths. The batch size cycles instead of being combined with all, so that the test is fast.
        for (m, &outputs) in WIDTHS.iter().enumerate() {
            Case::new(BATCHES[(5 * n + m) % BATCHES.len()], inputs, outputs, &mut stream, normal).check();
        }
    }
}

#[test]
fn large_batches_and_wide_layers_do_too() {
    let mut stream = Stream::new(12, Purpose::Init);
    // More rows than the gradient lists; and rows of weights and gradients that are far apart, for few rows and for
    // many, whose strips fit the scratch memory at once, in several pieces, or not at all.
    let listed = [(256, 9, 21), (257, 15, 9), (300, 5, 37)];
    let far = [(10, 30, 260), (16, 13, 257), (40, 530, 300), (64, 9, 332), (3, 7, 1024), (2, 600, 520)];
    let many = [(65, 21, 271), (128, 6, 290), (129, 11, 278), (256, 5, 261), (257, 7, 265), (520, 3, 259)];
    for (rows, inputs, outputs) in listed.into_iter().chain(far).chain(many).chain([(70, 20, 5), (3, 1024, 7)]) {
        Case::new(rows, inputs, outputs, &mut stream, normal).check();
    }
}

#[test]
fn nothing_is_lost_at_the_ends_of_the_range() {
    let mut stream = Stream::new(13, Purpose::Init);
    for (n, &inputs) in WIDTHS[..12].iter().enumerate() {
        for (m, &outputs) in WIDTHS[..12].iter().enumerate() {
            let value = if (n + m) % 2 == 0 { extreme } else { wild };
            Case::new(BATCHES[(n + 2 * m) % BATCHES.len()], inputs, outputs, &mut stream, value).check();
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]
    #[test]
    fn random_shapes_do_too(rows in 1_usize..40, inputs in 1_usize..90, outputs in 1_usize..90, seed: u64) {
        Case::new(rows, inputs, outputs, &mut Stream::new(seed, Purpose::Init), normal).check();
    }
}

#[test]
fn infinities_and_nan_are_not_lost_in_any_path() {
    for path in KernelPath::ALL.into_iter().filter(|path| path.is_available()) {
        // 0 * infinity is NaN: leaving out terms with a zero input would hide it.
        let x = Rows { data: &[0.0, 1.0], width: 2, index: None };
        let mut out = [0.0; 2];
        Kernels::new(path).forward(x, &[f32::INFINITY, 1.0, 2.0, f32::NAN], &[0.0, 0.0], &mut out);
        assert!(out[0].is_nan() && out[1].is_nan(), "{}", path.name());
    }
}

#[test]
fn layers_forth_and_back_give_the_bits_of_product_and_activation_apart() {
    let mut stream = Stream::new(14, Purpose::Init);
    for (rows, inputs, outputs) in [(10, 33, 17), (3, 40, 5), (1, 7, 64)] {
        let case = Case::new(rows, inputs, outputs, &mut stream, normal);
        let plain = case.expected();
        for activation in Activation::ALL {
            let mut values = plain.forward.clone();
            activation.apply(&mut values);
            // As if the activation stood below the layer: its values and sums are random.
            let below = Case::new(rows, inputs, 1, &mut stream, normal);
            let (below_values, below_sums) = (&below.data[..rows * inputs], &below.data[inputs..][..rows * inputs]);
            let mut dx = plain.transposed.clone();
            activation.scale_gradient(&mut dx, below_values, below_sums);
            for path in KernelPath::ALL.into_iter().filter(|path| path.is_available()) {
                let (mut found, mut sums) = (vec![f32::NAN; values.len()], vec![f32::NAN; values.len()]);
                Kernels::new(path).layer(case.x(), &case.w, &case.bias, activation, &mut sums, &mut found);
                assert!(same(&found, &values), "{} on {}", activation.name(), path.name());
                assert!(!activation.needs_sum() || same(&sums, &plain.forward), "{}", activation.name());
                let mut found = vec![f32::NAN; dx.len()];
                let below = Activated { activation, values: below_values, sums: below_sums };
                Kernels::new(path).backward(&case.g, &case.w, outputs, below, &mut found);
                assert!(same(&found, &dx), "derivative of {} on {}", activation.name(), path.name());
            }
        }
    }
}

#[test]
#[should_panic(expected = "do not fit")]
fn a_row_outside_the_data_is_refused() {
    let x = Rows { data: &[1.0; 6], width: 2, index: Some(&[0, 3]) };
    Kernels::new(KernelPath::detect()).forward(x, &[1.0; 2], &[0.0], &mut [0.0; 2]);
}
