//! What is learned about confidence: by runs that hold rows back for it, and by no others.

use serde_json::json;
use stage_files::model::Model;
use test_support::data_set_csv;

use crate::{PIXELS, TRAIN, config, training};

/// A data set of 8 x 8 pixels: a dark bar, upright or lying, at a test that changes, some labels wrong.
fn bars(rows: usize) -> String {
    let row = |n: usize| {
        let (upright, at) = (n.is_multiple_of(2), 1 + n / 2 % 6);
        let is_ink = |i: usize| (if upright { i % 8 } else { i / 8 }) == at;
        let pixel = |i: usize| (if is_ink(i) { 10 + n % 40 } else { 255 - n % 9 }) as u8;
        let label = if upright == (n % 11 == 5) { 2 } else { 1 };
        (label, (0..64).map(pixel).collect::<Vec<u8>>())
    };
    data_set_csv("1,2", (0..rows).map(row))
}

#[test]
fn rows_held_back_give_temperatures_and_a_detector() {
    let test = training(json!({"validation": 0.4, "epochs": 20}));
    test.write("d.csv", bars(800));
    test.run(TRAIN).status(0);
    let model = Model::read(&test.at("runs/c/model.safetensors")).unwrap();
    assert!(model.temperature != 1.0 && model.detector.is_some(), "{}", model.temperature);

    // Equal inputs, equal bytes: also of what is learned here.
    test.run("c.json --out again").status(0);
    assert!(test.files("runs/c") == test.files("again/c"));

    // Nothing is held back, so nothing is learned, and no time is spent.
    config(&test, json!({"name": "plain"}));
    test.run(TRAIN).status(0);
    let model = Model::read(&test.at("runs/plain/model.safetensors")).unwrap();
    assert!(model.temperature == 1.0 && model.detector.is_none());
}

#[test]
fn few_rows_leave_the_probabilities_as_they_are() {
    let test = training(json!({"validation": 0.2}));
    test.run(TRAIN).status(0);
    let model = Model::read(&test.at("runs/c/model.safetensors")).unwrap();
    assert_eq!((model.layers[0].inputs, model.temperature), (PIXELS, 1.0));
    assert!(model.detector.is_none());
}
