//! What the command refuses or cannot do: the message, the exit code, and what is then on disk.

use serde_json::json;
use test_support::{Test, assert_same_files};

use crate::{PIXELS, TRAIN, config, data_set, training};

/// Nothing may have been written.
#[track_caller]
fn untouched(test: &Test) {
    assert!(!test.exists("runs"), "runs was made");
}

/// A row: these pixels first, zeros after them, then the label cells.
fn row(first: &str, pixels: usize, labels: &str) -> String {
    let given = if first.is_empty() { 0 } else { first.split(',').count() };
    let mut cells: Vec<&str> = first.split(',').take(given).collect();
    cells.resize(pixels, "0");
    format!("{},{labels}", cells.join(","))
}

#[test]
fn csv_files_that_are_not_as_they_should_be_are_refused() {
    let good = row("1,2", PIXELS, "1,0,0");
    let text = data_set();
    let header = text.lines().next().unwrap();
    let csv = |rows: &[String]| format!("{header}\n{}\n", rows.join("\n"));
    let with = |bad: String| csv(&[good.clone(), bad, good.clone()]);
    for (text, parts) in [
        (with(row("", PIXELS - 1, "1,0,0")), vec!["line 3", "19 values, found 18", "too short"]),
        (with(row("", PIXELS + 1, "1,0,0")), vec!["line 3", "19 values, found 20", "too long"]),
        (with(row("7,256", PIXELS, "1,0,0")), vec!["line 3", "column 2 (pixel2)", "0..255", "`256`"]),
        (with(row("-1", PIXELS, "1,0,0")), vec!["line 3", "column 1 (pixel1)", "`-1`"]),
        (with(row("0,0,1.5", PIXELS, "1,0,0")), vec!["line 3", "column 3 (pixel3)", "`1.5`"]),
        (with(row("0,,1", PIXELS, "1,0,0")), vec!["line 3", "column 2 (pixel2)", "an empty cell"]),
        (with(row("", PIXELS, "1,0,1")), vec!["line 3", "a second 1", "isThree"]),
        (with(row("", PIXELS, "0,0,0")), vec!["line 3", "expected one 1, found only zeros"]),
        ("a,b,c\n1,2,3\n".to_owned(), vec!["d.csv", "pixel1"]),
        (String::new(), vec!["d.csv", "empty"]),
        (csv(&[]).trim_end().to_owned() + "\n", vec!["d.csv", "at least one row"]),
        (csv(std::slice::from_ref(&good)), vec!["1 row", "at least 2"]),
    ] {
        let test = training(json!({"batch": 1}));
        test.write("d.csv", text);
        test.run(TRAIN).status(2).stderr_has(&["mlp-train: error:"]).stderr_has(&parts);
        untouched(&test);
    }
}

#[test]
fn other_peoples_csv_files_are_accepted() {
    let plain = training(json!({}));
    plain.run(TRAIN).status(0).stderr_has(&["1 run done, in runs, test accuracy "]);
    let mut expected = plain.files("runs");
    // The digest of the CSV's bytes is all that may differ.
    for text in [data_set().replace('\n', "\r\n"), format!("\u{feff}{}", data_set())] {
        let test = training(json!({}));
        test.write("d.csv", text);
        test.run(TRAIN).status(0);
        let mut found = test.files("runs");
        assert_ne!(found.remove("c/stage.json"), expected.get("c/stage.json").cloned());
        expected.remove("c/stage.json");
        assert!(found == expected);
        expected = plain.files("runs");
    }
}

#[test]
fn configs_that_cannot_be_are_refused() {
    let lr = |value: serde_json::Value| json!({"optimizer": {"sgd": {"lr": value}}});
    for (change, parts) in [
        (json!({"epoch": 3}), vec!["c.json", "line 1", "unknown field `epoch`", "`epochs`"]),
        (json!({"epochs": "many"}), vec!["c.json", "line 1", "key `epochs`", "string"]),
        (json!({"hidden": 5}), vec!["key `hidden`", "invalid type: integer `5`"]),
        (json!({"activation": "rellu"}), vec!["key `activation`", "leaky_relu"]),
        (lr(json!(0)), vec!["key `optimizer.sgd.lr`", "above 0", "found 0"]),
        (lr(json!(-0.5)), vec!["key `optimizer.sgd.lr`", "above 0", "found -0.5"]),
        (json!({"batch": 73}), vec!["config c", "key `batch`", "73 is more than the 72 training rows"]),
        (json!({"epochs": 0}), vec!["key `epochs`", "found 0"]),
        (json!({"hidden": [70_000]}), vec!["key `hidden[0]`", "found 70000"]),
        (json!({"data": "no/such.csv"}), vec!["key `data`", "no/such.csv: no such file"]),
        (json!({"init": {"file": "no.safetensors"}}), vec!["no.safetensors"]),
        (json!({"split": {"by": "group"}}), vec!["key `split`", "rows file"]),
        (json!({"optimizer": {"adam": {"lr": 1}}}), vec!["unknown variant `adam`", "adamw"]),
        (json!({"optimizer": {"adamw": {"lr": 1, "momentum": 1}}}), vec!["unknown field `momentum`", "beta1"]),
        (json!({"dropout": [0.5]}), vec!["key `dropout`", "list of 2", "found 1"]),
    ] {
        let test = training(change.clone());
        test.run(TRAIN).status(2).stderr_has(&["mlp-train: error:"]).stderr_has(&parts);
        untouched(&test);
        // `check` needs no data: it refuses the same, as far as the config alone shows it.
        let alone = ["data", "init", "split", "batch"].iter().all(|key| change.get(key).is_none());
        if alone {
            test.run("check c.json").status(2).stderr_has(&parts);
        } else {
            test.run("check c.json").status(0).stderr_has(&["nothing wrong in 1 config"]);
        }
    }
    let test = training(json!({}));
    test.write("c.json", test.read("c.json").replace("0.2", "NaN"));
    test.run(TRAIN).status(2).stderr_has(&["c.json", "line 1"]);
    config(&test, json!({}));
    test.run("none.json --out runs").status(2).stderr_has(&["none.json", "no such file"]);
    test.run("--out runs").status(2).stderr_has(&["no config"]);
    test.run("c.json").status(2).stderr_has(&["--out"]);
    test.run("c.json --out runs --seeds 1,1").status(2).stderr_has(&["--seeds", "found `1,1`"]);
    test.run("c.json --out runs --checkpoint-seconds=-1").status(2).stderr_has(&["0 or more"]);
    untouched(&test);
}

#[test]
fn a_network_without_hidden_layers_and_a_run_of_one_epoch_are_fine() {
    let test = training(json!({"hidden": [], "epochs": 1, "report": 0}));
    test.run(TRAIN).status(0).stderr_has(&["multi-layer perceptron with 0 hidden layers"]);
    let summary = test.json("runs/c/summary.json");
    assert_eq!((&summary["hidden"], &summary["epochs"], &summary["parameters"]), (&json!([]), &json!(1), &json!(51)));
    assert!(summary["test_accuracy"].as_f64().unwrap() > 0.5, "{summary}");
}

#[test]
fn what_belongs_to_another_is_not_overwritten() {
    let test = training(json!({}));
    test.write("runs/c/thesis.docx", "years of work");
    test.run(TRAIN).status(2).stderr_has(&["runs/c", "no stage made", "thesis.docx"]);
    assert_eq!(test.files("runs").len(), 1);
    test.remove("runs");

    test.run(TRAIN).status(0);
    let before = test.files("runs");
    config(&test, json!({"epochs": 7}));
    test.run(TRAIN).status(2).stderr_has(&["runs/c", "other settings", "write to another folder"]);
    assert!(test.files("runs") == before);
    config(&test, json!({}));
    test.run(TRAIN).status(0).stderr_has(&["nothing to do: 1 run, up to date in runs"]);
    assert!(test.files("runs") == before);

    // Other data would give another result: the older one stays until it is given up.
    test.write("d.csv", data_set().replacen("isThree\n", "isThree\n0", 1));
    test.run(TRAIN).status(2).stderr_has(&["runs/c was trained before d.csv changed", "--fresh", "--out"]);
    assert!(test.files("runs") == before);
    test.run("c.json --out runs --fresh").status(0).stderr_has(&["1 run done"]);
    assert!(test.files("runs") != before);
}

#[test]
fn a_run_that_another_process_is_writing_is_left_to_it() {
    let test = training(json!({"seed": null, "seeds": [1, 2]}));
    let lock = stage_files::lock::FolderLock::take(&test.at("runs/c/seed-1")).unwrap();
    let ended = test.run(TRAIN);
    ended.status(3).stderr_has(&["run c/seed-1", "is being written by process", "wait until it has ended"]);
    // The other run is done all the same.
    assert!(test.exists("runs/c/seed-2/stage.json") && !test.exists("runs/c/seed-1/stage.json"), "{ended:?}");
    drop(lock);
    test.run(TRAIN).status(0).stderr_has(&["1 run done, 1 done before, in runs"]);
    assert!(test.exists("runs/c/seed-1/stage.json"));
}

#[test]
fn an_output_folder_that_cannot_be_made_or_written_is_a_fault_from_outside() {
    let test = training(json!({}));
    test.write("file", "");
    test.run("c.json --out file/runs").status(2).stderr_has(&["file/runs", "expected folders only"]);

    if test.make_read_only_folder("closed") {
        test.run("c.json --out closed").status(3).stderr_has(&["closed"]);
    }
}

#[cfg(unix)]
#[test]
fn a_full_disk_is_a_fault_from_outside_and_the_run_goes_on_when_there_is_room() {
    let test = training(json!({"hidden": [400]}));
    test.command(TRAIN).on_full_disk().run().status(3).stderr_has(&["run c", "cannot write"]);
    assert!(!test.exists("runs/c/stage.json") && !test.exists("runs/c/model.safetensors"));
    test.run(TRAIN).status(0).stderr_has(&["1 run done"]);
    let other = training(json!({"hidden": [400]}));
    other.run(TRAIN).status(0);
    assert_same_files(&test.files("runs"), &other.files("runs"));
}

#[test]
fn a_run_that_diverges_is_done_and_says_where() {
    let test = training(json!({"optimizer": {"sgd": {"lr": 1e30}}}));
    test.run(TRAIN).status(0).stderr_has(&["diverged in epoch 1", "first in layer", "a smaller learning rate"]);
    let outcome = &test.json("runs/c/summary.json")["outcome"]["diverged"];
    assert_eq!((&outcome["epoch"], &outcome["learning_rate"]), (&json!(1), &json!(1e30)));
    assert!(outcome["layer"].as_u64().unwrap() >= 1 && outcome["largest_weight"].as_f64().unwrap() < 10.0);
    assert!(!test.exists("runs/c/model.safetensors") && test.exists("runs/c/stage.json"));
}

#[test]
fn every_outcome_is_told() {
    for (change, expected) in [
        (json!({"zero_loss": 100}), json!("learned")),
        (json!({"zero_loss": 0}), json!("unreached")),
        (json!({"stop_loss": 100}), json!({"stopped": {"epoch": 1}})),
        // Weights so large and a bias so far below zero after the first steps that no ReLU is ever above it again.
        (json!({"hidden": [4, 1], "optimizer": {"sgd": {"lr": 1000}}, "scale": "raw"}), json!("dead")),
    ] {
        let test = training(change);
        let ended = test.run(TRAIN);
        ended.status(0);
        let outcome = &test.json("runs/c/summary.json")["outcome"];
        if expected == json!("dead") {
            assert!(outcome["dead"]["layer"].as_u64().is_some_and(|layer| layer >= 1), "{outcome}");
            ended.status(0).stderr_has(&["dead: every output of hidden layer"]);
        } else {
            assert_eq!(*outcome, expected);
        }
    }
}
