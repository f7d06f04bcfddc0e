//! Short configs, short options, and the config to start from.

use serde_json::json;
use test_support::{data_set_csv, rows_csv};

use crate::{TRAIN, config, training};

#[test]
fn data_and_hidden_are_a_whole_config() {
    let test = training(json!({}));
    test.write("c.json", r#"{"$schema": "anything.json", "data": "d.csv", "hidden": [6]}"#);
    test.run("check c.json").status(0);
    test.run("c.json --out runs --epochs 2").status(0);
    let written = test.json("runs/c/config.json");
    let recommended = json!({"sgd": {
        "lr": 0.02, "momentum": 0.9, "nesterov": true, "weight_decay": 1e-4,
        "schedule": {"cosine": {"floor": 0.01, "warmup": 1.0}}
    }});
    assert_eq!(written["optimizer"], recommended);
    assert_eq!((&written["scale"], &written["invert"]), (&json!("unit"), &json!(true)));
    assert_eq!((&written["batch"], &written["dropout"], &written["epochs"]), (&json!(32), &json!(0.1), &json!(2)));
    assert!(written.get("$schema").is_none(), "{written}");
    let stage = test.read("runs/c/stage.json");
    assert!(!stage.contains("$schema"), "{stage}");

    // What it says itself holds, and a part of the optimiser can be changed.
    test.write("c.json", r#"{"data": "d.csv", "hidden": [6], "batch": 9, "scale": "standard"}"#);
    test.run("c.json --out changed --epochs 2 --lr 0.1").status(0);
    let changed = test.json("changed/c/config.json");
    assert_eq!(
        (&changed["batch"], &changed["scale"], &changed["invert"]),
        (&json!(9), &json!("standard"), &json!(true))
    );
    assert_eq!(changed["optimizer"]["sgd"]["lr"], 0.1);
    assert_eq!(changed["optimizer"]["sgd"]["momentum"], 0.9);
    test.run("c.json --out adam --epochs 2 --set optimizer.adamw.lr=0.01 --lr 0.01").status(0);
    assert_eq!(test.json("adam/c/config.json")["optimizer"]["adamw"]["lr"], 0.01);
    let schedule = "optimizer.sgd.schedule.constant.warmup=0";
    test.run(&format!("c.json --out constant --epochs 2 --set {schedule}")).status(0);
    // The recommended warm-up of an epoch would be all of it.
    test.run("c.json --out one --epochs 1").status(0);
    assert_eq!(test.json("one/c/config.json")["optimizer"]["sgd"]["schedule"]["cosine"]["warmup"], 0.0);
    assert_eq!(
        test.json("constant/c/config.json")["optimizer"]["sgd"]["schedule"],
        json!({"constant": {"warmup": 0.0}})
    );
}

/// Configs with an optimiser mean what they always meant.
#[test]
fn a_config_with_an_optimizer_takes_plain_values_for_what_it_leaves_out() {
    let test = training(json!({}));
    test.write("c.json", r#"{"data": "d.csv", "hidden": [6], "optimizer": {"sgd": {"lr": 0.001}}, "epochs": 2}"#);
    test.run(TRAIN).status(0);
    let written = test.json("runs/c/config.json");
    assert_eq!((&written["scale"], &written["invert"]), (&json!("raw"), &json!(false)));
    assert_eq!((&written["batch"], &written["dropout"]), (&json!(10), &json!(0.0)));
    assert_eq!(written["optimizer"]["sgd"]["momentum"], 0.0);
}

#[test]
fn short_options_stand_for_settings() {
    let test = training(json!({}));
    test.run("c.json --out short --epochs 3 --hidden 7,4 --lr 0.05 --batch 9").status(0);
    let set = "--set epochs=3 --set hidden=[7,4] --set optimizer.sgd.lr=0.05 --set batch=9";
    test.run(&format!("c.json --out long {set}")).status(0);
    assert!(test.files("short") == test.files("long"));
    // The same value twice is no contradiction; the learning rate is that of the optimiser that the config has.
    config(&test, json!({"optimizer": {"adamw": {"lr": 0.001}}}));
    test.run("c.json --out adam --lr 0.05 --epochs 3 --set epochs=3").status(0);
    assert_eq!(test.json("adam/c/config.json")["optimizer"]["adamw"]["lr"], 0.05);
    test.run("c.json --out never --lr 0.05 --set optimizer.adamw.lr=0.5").status(2).stderr_has(&["contradict"]);
    let whole = r#"optimizer={"sgd":{"lr":1}}"#;
    test.run(&format!("c.json --out never --lr 0.05 --set {whole}")).status(2).stderr_has(&["--lr 0.05", "contradict"]);
    test.run("c.json --out never --epochs 0").status(2).stderr_has(&["--epochs 0", "key `epochs`", "found 0"]);
    assert!(!test.exists("never"));
}

#[test]
fn new_writes_a_config_to_start_from_and_says_what_its_keys_mean() {
    let test = training(json!({}));
    let rows: Vec<(u8, [u8; 16])> = (0..90).map(|row| (row % 3 + 1, [row * 2; 16])).collect();
    test.write("hands/d.csv", data_set_csv("1-3", rows.clone()));
    let writers = ["kim", "lee", "pat"];
    test.write("hands/d.rows.csv", rows_csv((0..90).map(|row| (row % 3 + 1, writers[usize::from(row) / 30]))));
    let ended = test.run("new my/a.json --data hands/d.csv");
    ended.status(2).stderr_has(&["my", "make it first"]);
    test.make_folder("my");
    test.run("new my/a.json --data hands/d.csv").status(0).stderr_has(&[
        "Keys of this config:",
        "  hidden          Widths of the hidden layers",
        "  validation      Share of the training rows",
        "my/a.json written; train with it: mlp-train my/a.json --out runs",
    ]);
    assert_eq!(test.json("my/mlp-train.schema.json")["title"], "Config");
    assert_eq!(test.json("my/a.json")["split"]["by"], "group");
    assert_eq!(test.json("my/a.json")["$schema"], "mlp-train.schema.json");
    test.run("my/a.json --out runs --epochs 2").status(0);
    // Nothing is written over.
    test.run("new my/a.json").status(2).stderr_has(&["my/a.json: expected no file of this name, found one"]);
    test.write("my/mlp-train.schema.json", "mine");
    test.run("new my/b.json --data d.csv").status(0);
    assert_eq!(test.read("my/mlp-train.schema.json"), "mine");
    assert_eq!(test.json("my/b.json")["split"]["by"], "row");
    test.run("my/b.json --out runs --epochs 2").status(0);
    let printed = test.run("new --data d.csv");
    assert_eq!(printed.status(0).json(), test.json("my/b.json"));
    test.run("new --data no.csv").status(2).stderr_has(&["no.csv: no such file"]);
}
