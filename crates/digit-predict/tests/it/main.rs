//! The whole command: stdout, stderr, exit code.

mod built_in;
mod evaluate;
mod guarantee;
mod many;
mod models;
mod pictures;
mod requests;
#[cfg(feature = "serve")]
mod serve;

use stage_files::config::{ActivationName, Scale};
use stage_files::model::{Layer, Model};
use stage_files::picture::{Alpha, Canvas, PictureSettings};
use stage_files::scaling::Scaling;
use test_support::Test;

/// A folder with `model.safetensors` in it.
fn test() -> Test {
    let test = Test::new(env!("CARGO_BIN_EXE_digit-predict"));
    test.write("model.safetensors", model().to_bytes().unwrap());
    test
}

/// A network on 4x4 pixels that says in which quarter the ink is: 2 and 5 above, 7 and 9 below. Each hidden unit adds
/// the ink of a quarter.
fn model() -> Model {
    let quarter = |at: usize| usize::from(at % 4 >= 2) + 2 * (at / 8);
    let first = (0..16 * 4).map(|i| if quarter(i / 4) == i % 4 { 1.0 } else { 0.0 }).collect();
    let second = (0..4 * 4).map(|i| if i / 4 == i % 4 { 2.0 } else { 0.0 }).collect();
    Model {
        name: "quarters".into(),
        labels: "2,5,7,9".parse().unwrap(),
        activation: vec![ActivationName::Relu],
        scaling: Scaling { scale: Scale::Unit, invert: true, standard: None },
        temperature: 1.0,
        picture: Some(PictureSettings {
            canvas: Canvas { width_px: 4, height_px: 4 },
            alpha: Alpha::White,
            preprocess: vec![],
        }),
        layers: vec![
            Layer { inputs: 16, outputs: 4, weight: first, bias: vec![0.0; 4] },
            Layer { inputs: 4, outputs: 4, weight: second, bias: vec![0.0; 4] },
        ],
        detector: None,
        guarantee: None,
    }
}

/// A PGM of `side` x `side` pixels with ink in one quarter.
fn quarter(side: usize, quarter: usize) -> Vec<u8> {
    let mut bytes = format!("P5 {side} {side} 255\n").into_bytes();
    let half = side / 2;
    bytes.extend((0..side * side).map(|at| {
        let here = usize::from(at % side >= half) + 2 * usize::from(at / side >= half);
        if here == quarter { 0 } else { 255 }
    }));
    bytes
}
