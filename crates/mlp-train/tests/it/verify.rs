//! `mlp-train verify`: the same to the bit, or what differs first.

use serde_json::json;

use crate::{TRAIN, training};

#[test]
fn a_run_is_trained_again_and_stays_as_it_is() {
    let test = training(json!({"name": "k", "confidence": false}));
    test.run(TRAIN).status(0);
    let before = test.files("runs");
    // The data set is found by its name and digest, or named.
    for data in ["", " --data d.csv"] {
        let ran = test.run(&format!("verify runs/k{data}"));
        ran.status(0).stderr_has(&["mlp-train: runs/k: 6 epochs trained again: the same to the bit"]);
    }
    let json = test.run("verify runs --json").status(0).json();
    assert_eq!(json, json!({"run": "runs/k", "same": true, "difference": null}));
    assert!(test.files("runs") == before);
}

#[test]
fn what_differs_first_is_named() {
    let test = training(json!({"name": "k", "confidence": false}));
    test.run(TRAIN).status(0);
    let whole = test.read("runs/k/metrics.csv");
    let third = whole.lines().nth(3).unwrap().to_owned();
    let loss = third.split(',').nth(1).unwrap();
    test.write("runs/k/metrics.csv", whole.replace(&third, &third.replace(loss, "0.125")));
    let ran = test.run("verify runs/k");
    ran.status(1).stderr_has(&[&format!(
        "runs/k: trained again, and it differs: metrics.csv: epoch 3, train_loss: 0.125 in the run, {loss} when trained \
         again"
    )]);
    test.write("runs/k/metrics.csv", whole);
    let mut model = test.bytes("runs/k/model.safetensors");
    *model.last_mut().unwrap() ^= 1;
    test.write("runs/k/model.safetensors", &model);
    test.run("verify runs/k").status(1).stderr_has(&["model.safetensors: ", ", value ", " in the run, "]);
    assert!(test.bytes("runs/k/model.safetensors") == model);
    test.remove("runs/k/predictions.csv");
    test.run("verify runs/k").status(1).stderr_has(&["model.safetensors: "]);
}

#[test]
fn other_or_missing_data_and_unfinished_runs_are_refused() {
    let test = training(json!({"name": "k", "confidence": false}));
    test.run(TRAIN).status(0);
    let before = test.files("runs");
    let data = test.read("d.csv");
    test.write("d.csv", data.replacen("0,", "1,", 1));
    test.run("verify runs/k --data d.csv").status(2).stderr_has(&["d.csv: the file has changed since the run"]);
    test.run("verify runs/k").status(2).stderr_has(&["d.csv: not found; name the file"]);
    test.remove("d.csv");
    test.run("verify runs/k --data d.csv").status(2).stderr_has(&["d.csv"]);
    test.run("verify nothing").status(2).stderr_has(&["expected the folder that mlp-train wrote, found nothing"]);
    assert!(test.files("runs") == before);
    test.remove("runs/k/stage.json");
    test.run("verify runs/k").status(2).stderr_has(&["expected a finished run"]);
    test.make_folder("empty");
    test.run("verify empty").status(2).stderr_has(&["expected a run folder, found none below it"]);
}
