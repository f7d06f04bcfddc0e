//! A run in memory gives the bytes of a run folder.

use mlp_train::train_in_memory;
use serde_json::{Value, json};
use stage_files::config::Config;
use stage_files::dataset::DataSet;

use crate::{TRAIN, training};

#[test]
fn a_run_in_memory_has_the_files_of_a_run_folder() {
    let kinds = [
        json!({}),
        json!({"validation": 0.2, "patience": 2, "dropout": 0.2, "average": {"ema": {"decay": 0.9}},
               "augment": {"shift_px": 1, "noise": 5}, "optimizer": {"adamw": {"lr": 0.01}}}),
        json!({"optimizer": {"sgd": {"lr": 1e30}}}),
    ];
    for kind in kinds {
        let test = training(kind.clone());
        test.run(TRAIN).status(0);
        let config: Config = serde_json::from_str(&test.read("c.json")).unwrap();
        let named = Config { name: Some("c".into()), ..config };
        let data = DataSet::read(&test.at("d.csv")).unwrap();
        let mut epochs = Vec::new();
        let trained = train_in_memory(&named, data, None, &mut |row| epochs.push(row.epoch)).unwrap();
        assert_eq!(epochs.len() as u32, trained.summary.epochs, "{kind}");
        let differ = ["timing.csv", "log.txt"];
        let mut compared = 0;
        for (name, bytes) in trained.files.iter().filter(|(name, _)| !differ.contains(name)) {
            assert!(*bytes == test.bytes(&format!("runs/c/{name}")), "{kind}: {name}");
            compared += 1;
        }
        assert!(compared >= 6, "{kind}");
    }
}

#[test]
fn starting_weights_come_from_memory_and_several_runs_are_refused() {
    let test = training(json!({}));
    test.run(TRAIN).status(0);
    let start = test.bytes("runs/c/model.safetensors");
    test.write("start.safetensors", &start);
    let mut value: Value = serde_json::from_str(&test.read("c.json")).unwrap();
    value["init"] = json!({"file": "start.safetensors"});
    value["name"] = "on".into();
    test.write("c.json", value.to_string());
    test.run(TRAIN).status(0);
    let read = |value: &Value| serde_json::from_value::<Config>(value.clone()).unwrap();
    let data = || DataSet::read(&test.at("d.csv")).unwrap();
    test.remove("start.safetensors");
    let trained = train_in_memory(&read(&value), data(), Some(&start), &mut |_| ()).unwrap();
    let model = trained.files.iter().find(|(name, _)| *name == "model.safetensors").unwrap();
    assert!(model.1 == test.bytes("runs/on/model.safetensors"));
    value["seeds"] = json!([1, 2]);
    let refused = train_in_memory(&read(&value), data(), Some(&start), &mut |_| ()).unwrap_err();
    assert!(refused.to_string().contains("found 2 runs"), "{refused}");
}
