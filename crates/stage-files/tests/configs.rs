//! The config files and the schema in the repository are those of the types.

#![allow(clippy::disallowed_methods, reason = "tests put files in place as users do")]

use std::path::{Path, PathBuf};

use stage_files::config::{Config, Data, Init, Optimizer, Share, SplitBy, schema};

fn configs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../configs")
}

fn files(folder: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(configs().join(folder)).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> = entries.filter(|path| path.extension().is_some_and(|e| e == "json")).collect();
    files.sort();
    files
}

#[test]
fn the_schema_file_is_current() {
    let path = configs().join("schema.json");
    let there = std::fs::read_to_string(&path).unwrap();
    let current = String::from_utf8(schema().unwrap()).unwrap();
    assert!(there == current, "configs/schema.json is not that of the types; make it again: just schema");
}

/// An editor that checks a config by the schema refuses what the parser refuses, and shows the defaults that hold.
#[test]
fn the_schema_has_the_limits_and_the_defaults_of_the_parser() {
    let schema: serde_json::Value = serde_json::from_slice(&schema().unwrap()).unwrap();
    assert_eq!(schema["required"], serde_json::json!(["hidden"]));
    for (name, limit, bound) in [
        ("Share", "exclusiveMaximum", 1),
        ("Share", "exclusiveMinimum", 0),
        ("Portion", "exclusiveMaximum", 1),
        ("Portion", "minimum", 0),
        ("AtMostOne", "maximum", 1),
        ("Positive", "exclusiveMinimum", 0),
        ("NonNegative", "minimum", 0),
        ("Turn", "maximum", 180),
        ("GrayLevels", "maximum", 255),
    ] {
        assert_eq!(schema["$defs"][name][limit], bound, "{name}: {limit}");
    }
    let config = |text: &str| serde_json::to_value(serde_json::from_str::<Config>(text).unwrap()).unwrap();
    let plain = config(r#"{"hidden": [4], "optimizer": {"sgd": {"lr": 1}}}"#);
    let short = config(r#"{"hidden": [4]}"#);
    for (key, about) in schema["properties"].as_object().unwrap() {
        let Some(default) = about.get("default").filter(|_| key != "$schema") else { continue };
        let parsed = if key == "optimizer" { &short[key] } else { &plain[key] };
        assert_eq!(parsed, default, "{key}");
    }
    assert_eq!(short["optimizer"], schema["properties"]["optimizer"]["default"]);
}

#[test]
fn every_config_is_read() {
    for folder in ["2022", "recommended", "sweeps"] {
        let files = files(folder);
        assert!(!files.is_empty(), "{folder}");
        for path in files {
            Config::read(&path).unwrap_or_else(|error| panic!("{error:#}"));
        }
    }
}

/// Set, hidden widths, activation, standard deviation (none: he-2022), learning rate, batch, epochs of each of the 28
/// experiments of the 2022 project, in its order.
const EXPERIMENTS: [(&str, &[usize], &str, Option<f64>, f64, u32, u32); 28] = [
    ("20x20", &[1], "sigmoid", Some(0.003), 0.001, 10, 1000),
    ("20x20", &[1], "tanh", Some(0.003), 0.001, 10, 1000),
    ("20x20", &[32], "tanh", Some(0.003), 0.001, 10, 1000),
    ("20x20", &[32], "tanh", Some(0.03), 0.001, 10, 1000),
    ("20x20", &[32], "tanh", Some(0.03), 0.0001, 10, 1000),
    ("20x20", &[128], "tanh", Some(0.03), 0.0001, 10, 1000),
    ("20x20", &[1], "relu", Some(0.003), 0.001, 10, 1000),
    ("20x20", &[32], "relu", Some(0.03), 0.0001, 10, 1000),
    ("20x20", &[8, 8], "relu", Some(0.003), 0.001, 10, 1000),
    ("20x20", &[32, 32], "relu", Some(0.003), 0.001, 10, 1000),
    ("20x20", &[32, 5], "relu", Some(0.003), 0.001, 10, 1000),
    ("20x20", &[8, 8, 8], "relu", Some(0.003), 0.001, 10, 1000),
    ("20x20", &[32, 16, 8], "relu", Some(0.03), 0.0001, 10, 1000),
    ("20x20", &[32, 32, 32], "relu", Some(0.03), 0.0001, 10, 1000),
    ("20x20", &[64, 64, 64], "relu", Some(0.03), 0.0001, 10, 1000),
    ("20x20", &[64, 64], "relu", None, 0.001, 10, 1000),
    ("20x20", &[128, 128], "relu", None, 0.001, 10, 1000),
    ("20x20", &[256, 256], "relu", None, 0.001, 10, 1000),
    ("20x20", &[64, 64, 64], "relu", None, 0.001, 10, 1000),
    ("20x20", &[32, 32, 32, 32], "relu", None, 0.001, 10, 1000),
    ("20x20", &[64, 64, 64, 64], "relu", None, 0.001, 10, 1000),
    ("20x20", &[64, 32, 16, 4], "relu", None, 0.001, 10, 1000),
    ("20x20", &[128, 64, 32, 16], "relu", None, 0.001, 10, 1000),
    ("8x8", &[256, 256], "relu", None, 0.001, 10, 1000),
    ("8x8", &[256, 256], "relu", None, 0.001, 5, 1000),
    ("8x8", &[256, 256], "relu", None, 0.001, 5, 2000),
    ("mixed", &[256, 256], "relu", None, 0.001, 10, 1000),
    ("mixed", &[512, 128], "relu", None, 0.001, 10, 1000),
];

#[test]
fn the_28_experiments_are_those_of_2022() {
    let files = files("2022");
    assert_eq!(files.len(), 28);
    for (number, (path, expected)) in files.iter().zip(EXPERIMENTS).enumerate() {
        let (set, hidden, activation, std, lr, batch, epochs) = expected;
        let config = Config::read(path).unwrap();
        let name = config.name();
        assert!(name.starts_with(&format!("{:02}-{set}-", number + 1)), "{name}");
        assert_eq!(path.file_stem().unwrap(), name);
        assert_eq!(config.data, Some(Data::One(format!("datasets/demo/{set}_info.csv"))), "{name}");
        assert_eq!(config.widths(), hidden, "{name}");
        assert!(config.activations().iter().all(|found| found.as_str() == activation), "{name}");
        match (&config.init, std) {
            (Init::He2022, None) => {}
            (Init::Normal(normal), Some(std)) => assert_eq!(normal.std.get(), std, "{name}"),
            (found, _) => panic!("{name}: {found:?}"),
        }
        assert!(matches!(&config.optimizer, Optimizer::Sgd(sgd) if sgd.lr.get() == lr), "{name}");
        assert_eq!((config.batch.get(), config.epochs.get(), config.report), (batch, epochs, 10), "{name}");
        assert_eq!((config.split.by, config.split.train.map(Share::get)), (SplitBy::Row, Some(0.8)), "{name}");
        assert!(config.shuffle && !config.invert && config.zero_loss == 0.005, "{name}");
        assert_eq!(config.seed_list().len(), 1, "{name}");
    }
}
