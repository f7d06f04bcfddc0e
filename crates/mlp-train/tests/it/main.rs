//! The whole command: message, exit code and what is on disk.

#![allow(clippy::disallowed_methods, reason = "tests put files in place as users do")]

mod augment;
mod batches;
mod confidence;
mod configs;
mod copies;
mod curve;
mod exactness;
mod export;
mod extra_data;
mod in_memory;
mod outputs;
mod refusals;
mod remedies;
mod resume;
mod rows;
mod short_configs;
mod split;
mod sweeps;
#[cfg(unix)]
mod terminal;
mod verify;

use serde_json::{Value, json};
use test_support::{Test, data_set_csv, numbers};

/// Rows of the usual data set.
const ROWS: usize = 90;
/// Its pixels.
const PIXELS: usize = 16;
/// Trains the config `c.json` into `runs`.
const TRAIN: &str = "c.json --out runs";

/// A folder with the usual data set `d.csv` and the config `c.json`, in which these keys differ from the usual one.
fn training(change: Value) -> Test {
    let test = Test::new(env!("CARGO_BIN_EXE_mlp-train"));
    test.write("d.csv", data_set());
    config(&test, change);
    test
}

/// Writes `c.json`: the usual config with these keys changed.
fn config(test: &Test, change: Value) {
    let mut config = json!({
        "data": "d.csv", "scale": "unit", "hidden": [6, 5], "activation": "relu", "init": "he",
        "optimizer": {"sgd": {"lr": 0.2}}, "batch": 8, "epochs": 6, "report": 2, "seed": 3
    });
    let Value::Object(changes) = change else { panic!("an object") };
    for (key, value) in changes {
        config[key] = value;
    }
    test.write("c.json", config.to_string());
}

/// Three kinds of rows with noise: one quarter of the pixels is bright, and the label says which.
fn data_set() -> String {
    let mut next = numbers(7);
    let mut row = |row: usize| {
        let class = row % 3;
        let mut pixel = |i: usize| ((if i / 4 == class { 120 } else { 0 }) + next() % 130) as u8;
        (class as u8 + 1, (0..PIXELS).map(&mut pixel).collect::<Vec<u8>>())
    };
    data_set_csv("1-3", (0..ROWS).map(&mut row))
}
