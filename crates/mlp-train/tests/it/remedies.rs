//! What a message advises helps: the advice is typed, and the command gets on.

use serde_json::{Value, json};
use test_support::{Test, assert_same_files, data_set_csv};

use crate::{TRAIN, config, data_set, training};

#[test]
fn changed_settings_are_named_and_fresh_trains_anew_in_place() {
    let test = training(json!({}));
    test.run(TRAIN).status(0);
    test.write("runs/c/notes.txt", "mine");
    let before = test.files("runs");
    let changed = "c.json --out runs --epochs 4 --hidden 7";
    test.run(changed)
        .status(2)
        .stderr_has(&["runs/c was made with other settings (epochs: 6 -> 4, hidden: [6,5] -> [7])"]);
    assert!(test.files("runs") == before);
    test.run(&format!("{changed} --fresh")).status(0).stderr_has(&["1 run done, in runs"]);
    test.run("c.json --out other --epochs 4 --hidden 7").status(0);
    test.write("other/c/notes.txt", "mine");
    assert_same_files(&test.files("runs"), &test.files("other"));
    test.run(changed).status(0).stderr_has(&["nothing to do"]);
    // Anew means anew, also with the same settings.
    test.run(&format!("{changed} --fresh")).status(0).stderr_has(&["1 run done, in runs"]);
}

/// The same command would begin anew, so the advice is to leave `--fresh` out. That goes on with all runs, those that
/// had not begun as well.
#[cfg(unix)]
#[test]
fn fresh_work_that_was_interrupted_goes_on_as_the_message_says() {
    let test = training(json!({"seed": null, "seeds": 2, "epochs": 2}));
    test.run(TRAIN).status(0);
    config(&test, json!({"seed": null, "seeds": 2, "epochs": 4000, "report": 4000}));
    let line = "c.json --out runs --jobs 1 --checkpoint-seconds 0";
    let mut running = test.command(&format!("{line} --fresh")).start();
    running.wait_for("runs/c/seed-1/.checkpoint");
    running.signal("INT");
    running.end().status(130).stderr_has(&["run the same command without --fresh to go on"]);
    assert!(!test.exists("runs/c/seed-2/stage.json"));
    config(&test, json!({"seed": null, "seeds": 2, "epochs": 4000, "report": 4000}));
    test.run("c.json --out runs --seeds 2").status(0).stderr_has(&["2 runs done", "going on after"]);
}

#[test]
fn a_run_of_another_version_is_replaced_only_when_that_is_asked_for() {
    let test = training(json!({}));
    test.run(TRAIN).status(0);
    let version = test.json("runs/c/stage.json")["version"].as_str().unwrap().to_owned();
    test.edit("runs/c/stage.json", &format!("\"version\": \"{version}\""), "\"version\": \"0.0.1\"");
    let other =
        format!("runs/c was trained by version 0.0.1, this is version {version}; train anew in place with --fresh");
    test.run(TRAIN).status(2).stderr_has(&[&other]);
    test.run("c.json --out runs --fresh").status(0).stderr_has(&["1 run done"]);
    test.run(TRAIN).status(0).stderr_has(&["nothing to do"]);
}

#[test]
fn a_folder_in_which_nothing_was_done_refuses_nothing() {
    let test = training(json!({}));
    test.run(TRAIN).status(0);
    // As a run leaves it that was killed before its first checkpoint.
    test.rename("runs/c/stage.json", "runs/c/.stage.partial.json");
    for name in test.names("runs/c") {
        if !name.starts_with(".stage") && !name.starts_with(".outputs") && name != "config.json" {
            test.remove(&format!("runs/c/{name}"));
        }
    }
    for name in ["timing.csv", "log.txt"] {
        test.remove(&format!("runs/c/{name}"));
    }
    test.run("c.json --out runs --epochs 3").status(0).stderr_has(&["1 run done"]);
}

/// Each case: what is changed in the config, a command, a part of its message, and the command that follows it.
#[test]
fn every_option_that_a_message_names_helps() {
    let cases: [(Value, &str, &str, &str); 9] = [
        (json!({}), "c.json", "such as --out runs", "c.json --out runs"),
        (json!({"data": null}), TRAIN, "with --data, as in --data ", "c.json --out runs --data d.csv"),
        (json!({"data": "no.csv"}), TRAIN, "name another one, as with --data", "c.json --out runs --data d.csv"),
        (
            json!({"extra_data": ["no.csv"]}),
            TRAIN,
            "name another one, as with --extra-data",
            "c.json --out runs --extra-data d.csv",
        ),
        (
            json!({"sweep": {"batch": [8, 9]}}),
            "c.json --out runs --batch 7",
            "give --set sweep=null too",
            "c.json --out runs --batch 7 --set sweep=null",
        ),
        (
            json!({}),
            "c.json --out runs --epochs 2 --set epochs=3",
            "--epochs 2 and --set epochs=3 contradict each other; give one of them",
            "c.json --out runs --epochs 2",
        ),
        (
            json!({}),
            "c.json --out runs --seeds x",
            "a list such as 3,5,8 or a count",
            "c.json --out runs --seeds 3,5,8",
        ),
        (json!({}), "c.json --out runs --epoch 2", "'--epochs'", "c.json --out runs --epochs 2"),
        (
            json!({}),
            "c.json --out runs --hidden 8,",
            "widths such as 64,64, or none",
            "c.json --out runs --hidden none",
        ),
    ];
    for (change, wrong, part, right) in cases {
        let test = training(change);
        test.run(wrong).status(2).stderr_has(&[part]);
        assert!(!test.exists("runs"), "{wrong}");
        test.run(right).status(0).stderr_has(&["done"]);
    }
    let test = training(json!({}));
    test.run(TRAIN).status(0);
    test.run("export runs")
        .status(2)
        .stderr_has(&["give --onnx FILE, --c FILE, --npz FILE, --f16 FILE or --html FILE"]);
    test.run("export runs --onnx a.onnx --c a.c --npz a.npz").status(0);
    test.run("exprot runs --onnx b.onnx").status(2).stderr_has(&["found none of this name; did you mean `export`?"]);
    test.run("c.json --out runs --epochs 9").status(2).stderr_has(&["--fresh"]);
    test.run("c.json --out runs --epochs 9 --fresh").status(0);
}

#[test]
fn bad_input_is_told_with_what_was_expected_found_and_helps() {
    let test = training(json!({}));
    test.make_folder("folder");
    test.write("file", "");
    let broken = |name: &str, text: &str| test.write(name, text);
    broken("comment.json", "{\n  // the data\n  \"data\": \"d.csv\", \"hidden\": [4]\n}");
    broken("typo.json", "{\"data\": \"d.csv\", \"hiden\": [4]}");
    broken("rate.json", "{\"data\": \"d.csv\", \"hidden\": [4], \"optimizer\": {\"sgd\": {\"learning_rate\": 1}}}");
    broken("percent.json", "{\"data\": \"d.csv\", \"hidden\": [4], \"split\": {\"by\": \"row\", \"train\": 80}}");
    let two = data_set().replace("isThree", "isFour");
    test.write("other.csv", two);
    for (line, parts) in [
        ("none.json --out runs", vec!["none.json: no such file; check the path"]),
        ("folder --out runs", vec!["folder: is a folder, expected a regular file; give a file"]),
        ("file/c.json --out runs", vec!["file/c.json: a part of this path is a file, expected folders only"]),
        ("c.json --out file", vec!["file/c", "expected folders only; name another folder"]),
        ("c.json --out runs --data folder", vec!["expected a data set CSV, found a folder", "folder/20x20_info.csv"]),
        ("c.json --out runs --extra-data other.csv", vec!["1-3 and 16 pixels", "1,2,4 and 16", "--labels", "--fresh"]),
        ("c.json --out runs --summary folder", vec!["--summary", "folder"]),
        ("c.json --out runs --summary no/such/file", vec!["--summary", "make it first"]),
        ("comment.json --out runs", vec!["comment.json: line 2, column 3: JSON has no comments, found `// the data`"]),
        ("typo.json --out runs", vec!["unknown field `hiden`; did you mean `hidden`?", "line 1"]),
        ("rate.json --out runs", vec!["unknown field `learning_rate`; did you mean `lr`?"]),
        ("percent.json --out runs", vec!["key `split.train`", "a share between 0 and 1, found 80; 80 % is 0.8"]),
    ] {
        let ended = test.run(line);
        ended.status(2).stderr_has(&parts);
        assert!(!ended.stderr.contains("os error") && !test.exists("runs"), "{ended}");
    }
}

/// 20x20 pictures in the config for 8x8: it may be meant, and is said.
#[test]
fn the_pictures_of_another_size_than_the_configs_are_told() {
    let test = training(json!({"data": "data/8x8_info.csv"}));
    test.write("data/20x20_info.csv", data_set());
    test.run("c.json --out runs --data data/20x20_info.csv --epochs 1")
        .status(0)
        .stderr_has(&["warning: config c: it is for 8x8_info.csv, and --data gives 20x20_info.csv"]);
}

#[test]
fn a_data_set_that_is_older_than_its_labelled_folder_is_told() {
    let test = Test::new(env!("CARGO_BIN_EXE_mlp-train"));
    let labelled = |preprocess: &str| {
        let info = json!({
            "format": 1, "tool": "digit-labeler", "version": "0", "settings": {"preprocess": preprocess}, "inputs": [],
            "labels": [1, 2, 3], "counts": {"pictures": 90}
        });
        test.write("data/labelled/stage.json", info.to_string());
    };
    labelled("none");
    let row = |row: usize| (row as u8 % 3 + 1, [row as u8; 4]);
    test.write("data/20x20_info.csv", data_set_csv("1-3", (0..90).map(row)));
    let earlier = json!([{"tool": "digit-labeler", "version": "0", "settings": {"preprocess": "none"}}]);
    let info = json!({
        "format": 1, "tool": "digit-csv", "version": "0", "settings": {}, "inputs": [], "labels": [1, 2, 3],
        "counts": {"rows": 90, "rows_20x20": 90}, "earlier": earlier
    });
    test.write("data/stage.json", info.to_string());
    let folder = stage_files::dataset::LabelledFolder::of(&test.at("data/labelled")).unwrap();
    stage_files::dataset::LabelledFolder::remember(folder.as_ref(), &test.at("data")).unwrap();
    config(&test, json!({"data": "data/20x20_info.csv", "epochs": 1}));
    let ended = test.run(TRAIN);
    assert!(!ended.status(0).stderr.contains("has changed since"), "{ended}");
    labelled("standard");
    test.run(TRAIN).status(0).stderr_has(&[
        "warning: data/labelled has changed since data/20x20_info.csv was made of it (preprocess: none -> standard); \
         to train on what it holds now, run digit-csv again",
    ]);
}
