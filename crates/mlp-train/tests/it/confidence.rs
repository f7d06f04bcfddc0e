//! What runs learn about confidence: a detector and temperatures.

use serde_json::{Value, json};
use stage_files::model::Model;
use test_support::{Test, data_set_csv, numbers};

use crate::{PIXELS, TRAIN, config, training};

/// A data set of 8 x 8 pixels: a dark bar, upright or lying, at a test that changes, some labels wrong.
fn bars(rows: usize, noise: u32) -> String {
    let mut next = numbers(7);
    let mut row = |n: usize| {
        let (upright, at) = (n.is_multiple_of(2), 1 + n / 2 % 6);
        let is_ink = |i: usize| (if upright { i % 8 } else { i / 8 }) == at;
        let mut pixel = |i: usize| {
            let level = if is_ink(i) { 10 + n % 40 } else { 255 - n % 9 - (next() % noise) as usize };
            level as u8
        };
        let label = if upright == (n % 11 == 5) { 2 } else { 1 };
        (label, (0..64).map(&mut pixel).collect::<Vec<u8>>())
    };
    data_set_csv("1,2", (0..rows).map(&mut row))
}

/// A run on 800 rows whose paper has noise of so many gray levels, and its model.
fn model_of(test: &Test, noise: u32) -> Model {
    test.write("d.csv", bars(800, noise));
    let output = test.run(TRAIN);
    output.status(0);
    assert!(!output.stderr.contains("no detector"), "{}", output.stderr);
    Model::read(&test.at("runs/c/model.safetensors")).unwrap()
}

#[test]
fn every_run_gets_a_detector_and_a_temperature() {
    // Some labels are wrong, and the noise lets the network learn them by heart: it is too sure of itself.
    let keys = json!({"epochs": 60, "hidden": [64]});
    let test = training(keys.clone());
    let model = model_of(&test, 150);
    assert!(model.temperature > 1.0 && model.detector.is_some(), "{}", model.temperature);

    // Equal inputs give equal bytes on every kernel path.
    test.command("c.json --out again").env("MLP_KERNEL", "portable").run().status(0);
    assert_eq!(test.bytes("runs/c/model.safetensors"), test.bytes("again/c/model.safetensors"));

    // Without confidence the network is the same: no row is held back for it.
    config(&test, json!({"confidence": false, "epochs": keys["epochs"], "hidden": keys["hidden"]}));
    test.run("c.json --out without").status(0);
    let without = Model::read(&test.at("without/c/model.safetensors")).unwrap();
    assert!(without.temperature == 1.0 && without.detector.is_none());
    assert_eq!(without.layers, model.layers);
    assert_eq!(test.json("runs/c/summary.json"), test.json("without/c/summary.json"));
}

#[test]
fn rows_held_back_give_the_temperature() {
    let test = training(json!({"validation": 0.4, "epochs": 20}));
    let model = model_of(&test, 1);
    assert!(model.temperature != 1.0 && model.detector.is_some(), "{}", model.temperature);
    test.run("c.json --out again").status(0);
    assert!(test.files("runs/c") == test.files("again/c"));
}

#[test]
fn a_run_as_before_is_still_done() {
    // The key is not in the config of a run that does not set it, so that the settings are those of older runs.
    let test = training(json!({}));
    test.run(TRAIN).status(0);
    assert_eq!(test.json("runs/c/config.json").get("confidence"), None::<&Value>);
    config(&test, json!({"confidence": true}));
    test.run(TRAIN).status(0).stderr_has(&["nothing to do"]);
}

#[test]
fn few_rows_leave_the_probabilities_as_they_are() {
    let test = training(json!({"validation": 0.2}));
    test.run(TRAIN).status(0).stderr_has(&["c: fewer than 200 training rows, so the model has no detector"]);
    let model = Model::read(&test.at("runs/c/model.safetensors")).unwrap();
    assert_eq!((model.layers[0].inputs, model.temperature), (PIXELS, 1.0));
    assert!(model.detector.is_none());
}
