//! What the command refuses or cannot do: the message, the exit code, and what is then on disk.

mod common;

use common::{PIXELS, Place, data_set, ended, header};
use serde_json::json;

/// Nothing may have been written.
#[track_caller]
fn untouched(place: &Place) {
    assert!(!place.has("runs"), "runs was made");
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
    let csv = |rows: &[String]| format!("{}\n{}\n", header(), rows.join("\n"));
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
        let place = Place::new(json!({"batch": 1}));
        place.write("d.csv", &text);
        place.train().expect(2, &["mlp-train: error:"]).expect(2, &parts);
        untouched(&place);
    }
}

#[test]
fn other_peoples_csv_files_are_accepted() {
    let plain = Place::new(json!({}));
    plain.train().expect(0, &["1 runs done, in runs"]);
    let mut expected = plain.files("runs");
    // The digest of the CSV's bytes is all that may differ.
    for text in [data_set().replace('\n', "\r\n"), format!("\u{feff}{}", data_set())] {
        let place = Place::new(json!({}));
        place.write("d.csv", &text);
        place.train().expect(0, &[]);
        let mut found = place.files("runs");
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
        let place = Place::new(change.clone());
        place.train().expect(2, &["mlp-train: error:"]).expect(2, &parts);
        untouched(&place);
        // `check` needs no data: it refuses the same, as far as the config alone shows it.
        let alone = ["data", "init", "split", "batch"].iter().all(|key| change.get(key).is_none());
        if alone {
            place.run(&["check", "c.json"]).expect(2, &parts);
        } else {
            place.run(&["check", "c.json"]).expect(0, &["1 configs are sound"]);
        }
    }
    let place = Place::new(json!({}));
    place.write("c.json", &place.read("c.json").replace("0.2", "NaN"));
    place.train().expect(2, &["c.json", "line 1"]);
    place.config(json!({}));
    place.run(&["none.json", "--out", "runs"]).expect(2, &["none.json", "no such file"]);
    place.run(&["--out", "runs"]).expect(2, &["no config"]);
    place.run(&["c.json"]).expect(2, &["--out"]);
    place.run(&["c.json", "--out", "runs", "--seeds", "1,1"]).expect(2, &["--seeds", "found `1,1`"]);
    place.run(&["c.json", "--out", "runs", "--checkpoint-seconds=-1"]).expect(2, &["0 or more"]);
    untouched(&place);
}

#[test]
fn a_network_without_hidden_layers_and_a_run_of_one_epoch_are_fine() {
    let place = Place::new(json!({"hidden": [], "epochs": 1, "report": 0}));
    place.train().expect(0, &["multi-layer perceptron with 0 hidden layers"]);
    let summary = place.json("runs/c/summary.json");
    assert_eq!((&summary["hidden"], &summary["epochs"], &summary["parameters"]), (&json!([]), &json!(1), &json!(51)));
    assert!(summary["test_accuracy"].as_f64().unwrap() > 0.5, "{summary}");
}

#[test]
fn what_belongs_to_another_is_not_overwritten() {
    let place = Place::new(json!({}));
    std::fs::create_dir_all(place.path().join("runs/c")).unwrap();
    place.write("runs/c/thesis.docx", "years of work");
    place.train().expect(2, &["runs/c", "no stage made", "thesis.docx"]);
    assert_eq!(place.files("runs").len(), 1);
    std::fs::remove_dir_all(place.path().join("runs")).unwrap();

    place.train().expect(0, &[]);
    let before = place.files("runs");
    place.config(json!({"epochs": 7}));
    place.train().expect(2, &["runs/c", "other settings", "write to another folder"]);
    assert!(place.files("runs") == before);
    place.config(json!({}));
    place.train().expect(0, &["nothing to do: 1 runs are up to date in runs"]);
    assert!(place.files("runs") == before);

    // With other data the run is done again.
    place.write("d.csv", &data_set().replacen("isThree\n", "isThree\n0", 1));
    place.train().expect(0, &["1 runs done"]);
    assert!(place.files("runs") != before);
}

#[test]
fn a_run_that_another_process_is_writing_is_left_to_it() {
    let place = Place::new(json!({"seed": null, "seeds": [1, 2]}));
    let lock = stage_files::lock::FolderLock::take(&place.path().join("runs/c/seed-1")).unwrap();
    let ended = place.train();
    ended.expect(3, &["run c/seed-1", "is being written by process", "wait until it has ended"]);
    // The other run is done all the same.
    assert!(place.has("runs/c/seed-2/stage.json") && !place.has("runs/c/seed-1/stage.json"), "{ended:?}");
    drop(lock);
    place.train().expect(0, &["1 runs done, 1 were done before, in runs"]);
    assert!(place.has("runs/c/seed-1/stage.json"));
}

#[test]
fn an_output_folder_that_cannot_be_made_or_written_is_a_fault_from_outside() {
    let place = Place::new(json!({}));
    place.write("file", "");
    place.run(&["c.json", "--out", "file/runs"]).expect(3, &["file/runs"]);

    let closed = place.path().join("closed");
    std::fs::create_dir(&closed).unwrap();
    let mut permissions = std::fs::metadata(&closed).unwrap().permissions();
    permissions.set_readonly(true);
    std::fs::set_permissions(&closed, permissions).unwrap();
    if std::fs::write(closed.join("probe"), "").is_ok() {
        #[expect(clippy::print_stderr, reason = "what is not tried must not be silent")]
        {
            eprintln!("this user may write everywhere, so a folder without permission is not tried");
        }
    } else {
        place.run(&["c.json", "--out", "closed"]).expect(3, &["closed"]);
    }
}

/// A disk that is full after 4 kB, as far as one file goes.
#[cfg(unix)]
#[test]
fn a_full_disk_is_a_fault_from_outside_and_the_run_goes_on_when_there_is_room() {
    let place = Place::new(json!({"hidden": [400]}));
    let program = assert_cmd::cargo::cargo_bin("mlp-train");
    let script = "trap '' XFSZ; ulimit -f 8; exec \"$0\" c.json --out runs";
    let mut command = std::process::Command::new("sh");
    command.current_dir(place.path()).args(["-c", script]).arg(program);
    ended(&mut command).expect(3, &["run c", "cannot write"]);
    assert!(!place.has("runs/c/stage.json") && !place.has("runs/c/model.safetensors"));
    place.train().expect(0, &["1 runs done"]);
    let other = Place::new(json!({"hidden": [400]}));
    other.train().expect(0, &[]);
    assert!(place.files("runs") == other.files("runs"));
}

#[test]
fn a_run_that_diverges_is_done_and_says_where() {
    let place = Place::new(json!({"optimizer": {"sgd": {"lr": 1e30}}}));
    place.train().expect(0, &["diverged in epoch 1", "first in layer", "a smaller learning rate"]);
    let outcome = &place.json("runs/c/summary.json")["outcome"]["diverged"];
    assert_eq!((&outcome["epoch"], &outcome["learning_rate"]), (&json!(1), &json!(1e30)));
    assert!(outcome["layer"].as_u64().unwrap() >= 1 && outcome["largest_weight"].as_f64().unwrap() < 10.0);
    assert!(!place.has("runs/c/model.safetensors") && place.has("runs/c/stage.json"));
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
        let place = Place::new(change);
        let ended = place.train();
        ended.expect(0, &[]);
        let outcome = &place.json("runs/c/summary.json")["outcome"];
        if expected == json!("dead") {
            assert!(outcome["dead"]["layer"].as_u64().is_some_and(|layer| layer >= 1), "{outcome}");
            ended.expect(0, &["dead: every output of hidden layer"]);
        } else {
            assert_eq!(*outcome, expected);
        }
    }
}
