//! A detector that learned from simple digits, on writers and signs that it has not seen.

use digit_model::{Rows, calibrate, canvas_of, learn_confidence};
use mlp_core::activation::Activation;
use mlp_core::architecture::Architecture;
use mlp_core::init::Init;
use mlp_core::kernels::KernelPath;
use mlp_core::network::Network;
use mlp_core::random::{Purpose, Stream};
use mlp_core::train::{Sgd, Trainer};
use stage_files::config::{ActivationName, Scale};
use stage_files::model::Model;
use stage_files::picture::Canvas;
use stage_files::scaling::Scaling;

const SIDE: usize = 16;
const CANVAS: Canvas = Canvas { width_px: SIDE as u32, height_px: SIDE as u32 };

const NONE: Rows<'static> = Rows { pixels: &[], classes: &[] };

/// Strokes as lists of points on a 0..=4 grid.
type Shape = &'static [&'static [(f64, f64)]];

/// The digits 1, 2, 4 and 7.
const DIGITS: [Shape; 4] = [
    &[&[(1.0, 1.0), (2.0, 0.0), (2.0, 4.0)]],
    &[&[(0.0, 1.0), (1.0, 0.0), (3.0, 0.0), (4.0, 1.0), (0.0, 4.0), (4.0, 4.0)]],
    &[&[(3.0, 4.0), (3.0, 0.0), (0.0, 3.0), (4.0, 3.0)]],
    &[&[(0.0, 0.0), (4.0, 0.0), (1.0, 4.0)]],
];

/// Signs that are neither among the digits nor among what a detector learns from: a house, an hourglass, a fork.
const SIGNS: [Shape; 3] = [
    &[&[(0.0, 4.0), (0.0, 2.0), (2.0, 0.0), (4.0, 2.0), (4.0, 4.0), (0.0, 4.0)]],
    &[&[(0.0, 0.0), (4.0, 0.0), (0.0, 4.0), (4.0, 4.0), (0.0, 0.0)]],
    &[&[(0.0, 0.0), (0.0, 2.0), (4.0, 2.0), (4.0, 0.0)], &[(2.0, 0.0), (2.0, 4.0)]],
];

/// A shape by an unsteady hand, 255 being paper.
fn picture(shape: Shape, stream: &mut Stream) -> Vec<u8> {
    let (x, y, size) = (3.0 + stream.normal() * 0.5, 2.0 + stream.normal() * 0.5, 2.4 + stream.normal() * 0.15);
    let slant = 0.15 * stream.normal();
    let mut pixels = vec![255; SIDE * SIDE];
    for stroke in shape {
        for ends in stroke.windows(2) {
            for step in 0..=40 {
                let along = f64::from(step) / 40.0;
                let (px, py) =
                    (ends[0].0 + along * (ends[1].0 - ends[0].0), ends[0].1 + along * (ends[1].1 - ends[0].1));
                let (px, py) = (x + size * (px - slant * py), y + size * py);
                for (dx, dy) in [(0.0, 0.0), (0.6, 0.0), (0.0, 0.6), (0.6, 0.6)] {
                    let (column, row) = ((px + dx).max(0.0) as usize, (py + dy).max(0.0) as usize);
                    if column < SIDE && row < SIDE {
                        pixels[row * SIDE + column] = 40;
                    }
                }
            }
        }
    }
    pixels
}

fn drawn(shapes: &[Shape], rows: usize, seed: u64) -> (Vec<u8>, Vec<u8>) {
    let mut stream = Stream::new(seed, Purpose::Augmentation);
    let classes: Vec<u8> = (0..rows).map(|i| (i % shapes.len()) as u8).collect();
    (classes.iter().flat_map(|&class| picture(shapes[usize::from(class)], &mut stream)).collect(), classes)
}

fn inputs(model: &Model, pixels: &[u8]) -> Vec<f32> {
    let mut inputs: Vec<f32> = pixels.iter().map(|&value| f32::from(value)).collect();
    inputs.chunks_exact_mut(SIDE * SIDE).for_each(|row| model.scaling.apply(row));
    inputs
}

/// A network of the digits, trained for a moment.
fn model(pixels: &[u8], classes: &[u8]) -> Model {
    let shape = Architecture::new(SIDE * SIDE, &[16], &[Activation::Relu], DIGITS.len()).unwrap();
    let network = Network::new(shape, Init::He, &mut Stream::new(1, Purpose::Init));
    let mut model = Model {
        name: "test".into(),
        labels: "1,2,4,7".parse().unwrap(),
        activation: vec![ActivationName::Relu],
        scaling: Scaling { scale: Scale::Unit, invert: true, standard: None },
        picture: None,
        temperature: 1.0,
        layers: Vec::new(),
        detector: None,
        guarantee: None,
    };
    let mut trainer = Trainer::new(network, Sgd { learning_rate: 0.1 }, 8, KernelPath::detect());
    let (inputs, rows) = (inputs(&model, pixels), (0..classes.len() as u32).collect::<Vec<_>>());
    for _ in 0..3 {
        for rows in rows.chunks(8) {
            trainer.step(&inputs, classes, rows);
        }
    }
    model.layers = digit_model::to_layers(&trainer.into_network());
    model
}

/// Share of pairs in which the digit has the larger value; half for equals.
fn area_under_roc(digits: &[f32], others: &[f32]) -> f64 {
    let pair = |d: &f32, o: &f32| {
        if d > o {
            1.0
        } else if d == o {
            0.5
        } else {
            0.0
        }
    };
    let sum: f64 = digits.iter().flat_map(|d| others.iter().map(move |o| pair(d, o))).sum();
    sum / (digits.len() * others.len()) as f64
}

fn detected(model: &Model, pixels: &[u8], path: KernelPath) -> Vec<f32> {
    let detector = digit_model::Detector::from_stored(model.detector.as_ref().unwrap(), SIDE * SIDE).unwrap();
    let mut out = vec![0.0; pixels.len() / (SIDE * SIDE)];
    detector.probabilities(&inputs(model, pixels), path, &mut out);
    out
}

#[test]
fn signs_never_seen_are_told_from_digits_never_seen() {
    let (pixels, classes) = drawn(&DIGITS, 1200, 1);
    let mut model = model(&pixels, &classes);
    let canvas = canvas_of(&model).unwrap();
    assert_eq!(canvas, CANVAS);
    let training = Rows { pixels: &pixels, classes: &classes };
    learn_confidence(&mut model, training, NONE, canvas, KernelPath::detect()).unwrap();
    let (held_out, held_out_classes) = drawn(&DIGITS, 400, 2);
    let rows = Rows { pixels: &held_out, classes: &held_out_classes };
    let calibrated = calibrate(&mut model, rows, canvas, KernelPath::detect()).unwrap();
    assert_eq!(model.temperature, calibrated.temperature);
    assert!(calibrated.error_after < 0.05, "{calibrated:?}");
    let digits = detected(&model, &drawn(&DIGITS, 200, 3).0, KernelPath::detect());
    let signs = detected(&model, &drawn(&SIGNS, 200, 4).0, KernelPath::detect());
    let blanks = detected(&model, &[[255_u8; SIDE * SIDE], [200; SIDE * SIDE]].concat(), KernelPath::detect());
    assert!(area_under_roc(&digits, &signs) > 0.95, "{}", area_under_roc(&digits, &signs));
    assert!(blanks.iter().all(|&p| p < 0.05), "{blanks:?}");
    assert!(digits.iter().filter(|&&p| p > 0.5).count() > 180);
    // The measure itself: what is always the same tells nothing apart.
    assert_eq!(area_under_roc(&[0.5; 3], &[0.5; 4]), 0.5);
}

#[test]
fn equal_rows_give_equal_detectors_on_every_kernel_path() {
    let (pixels, classes) = drawn(&DIGITS, 240, 1);
    let learned = |path| {
        let mut model = model(&pixels, &classes);
        let rows = Rows { pixels: &pixels, classes: &classes };
        learn_confidence(&mut model, rows, NONE, CANVAS, path).unwrap();
        calibrate(&mut model, rows, CANVAS, path).unwrap();
        model
    };
    let portable = learned(KernelPath::Portable);
    for path in KernelPath::ALL.into_iter().filter(|path| path.is_available()) {
        assert_eq!(learned(path), portable, "{}", path.name());
    }
}

#[test]
fn too_few_digits_leave_a_model_without_a_detector() {
    let (pixels, classes) = drawn(&DIGITS, 100, 1);
    let mut model = model(&pixels, &classes);
    let rows = Rows { pixels: &pixels, classes: &classes };
    learn_confidence(&mut model, rows, rows, CANVAS, KernelPath::detect()).unwrap();
    assert_eq!((model.detector, model.temperature), (None, 1.0));
}
