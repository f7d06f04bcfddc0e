//! What is learned about confidence: by runs that hold rows back for it, and by no others.

mod common;

use common::{PIXELS, Place};
use serde_json::json;
use stage_files::model::Model;

/// A data set of 8 x 8 pixels: a dark bar, upright or lying, at a place that changes, some labels wrong.
fn bars(rows: usize) -> String {
    let names: Vec<String> = (1..=64).map(|i| format!("pixel{i}")).collect();
    let mut text = names.join(",") + ",isOne,isTwo\n";
    for n in 0..rows {
        let (upright, at) = (n % 2 == 0, 1 + n / 2 % 6);
        let ink = |i: usize| (if upright { i % 8 } else { i / 8 }) == at;
        let pixels: Vec<String> = (0..64).map(|i| if ink(i) { 10 + n % 40 } else { 255 - n % 9 }.to_string()).collect();
        let label = if upright == (n % 11 == 5) { "0,1" } else { "1,0" };
        text += &format!("{},{label}\n", pixels.join(","));
    }
    text
}

#[test]
fn rows_held_back_give_temperatures_and_a_detector() {
    let place = Place::new(json!({"validation": 0.4, "epochs": 20}));
    place.write("d.csv", &bars(800));
    place.train().expect(0, &[]);
    let model = Model::read(&place.path().join("runs/c/model.safetensors")).unwrap();
    assert!(model.temperature != 1.0 && model.detector.is_some(), "{}", model.temperature);

    // Equal inputs, equal bytes: also of what is learned here.
    let again = place.run(&["c.json", "--out", "again"]);
    again.expect(0, &[]);
    assert!(place.files("runs/c") == place.files("again/c"));

    // Nothing is held back, so nothing is learned, and no time is spent.
    place.config(json!({"name": "plain"}));
    place.train().expect(0, &[]);
    let model = Model::read(&place.path().join("runs/plain/model.safetensors")).unwrap();
    assert!(model.temperature == 1.0 && model.detector.is_none());
}

#[test]
fn few_rows_leave_the_probabilities_as_they_are() {
    let place = Place::new(json!({"validation": 0.2}));
    place.train().expect(0, &[]);
    let model = Model::read(&place.path().join("runs/c/model.safetensors")).unwrap();
    assert_eq!((model.layers[0].inputs, model.temperature), (PIXELS, 1.0));
    assert!(model.detector.is_none());
}
