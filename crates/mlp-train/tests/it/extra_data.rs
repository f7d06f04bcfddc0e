//! Rows of `extra_data` train and do nothing else; files that do not belong together are refused.

use serde_json::{Value, json};
use stage_files::run::{Summary, read_predictions};
use test_support::{Test, assert_same_files, data_set_csv, numbers, rows_csv};

use crate::{PIXELS, TRAIN, config, data_set, training};

/// The usual data set, more rows of the same kind, and their writers: `a` to `f` and `e` to `h`.
fn with_more(change: Value) -> Test {
    let test = training(change);
    test.write("more.csv", data_set().split_inclusive('\n').take(41).collect::<String>());
    test.write("d.rows.csv", rows(90, &["a", "b", "c", "d", "e", "f"]));
    test.write("more.rows.csv", rows(40, &["e", "f", "g", "h"]));
    test
}

/// As `data_set` has it, the digits take turns; so writers take turns after three rows.
fn rows(n: usize, writers: &[&str]) -> String {
    rows_csv((0..n).map(|row| (1 + (row % 3) as u8, writers[row / 3 % writers.len()])))
}

fn summary(test: &Test, run: &str) -> Summary {
    serde_json::from_value(test.json(&format!("{run}/summary.json"))).unwrap()
}

#[test]
fn extra_rows_train_and_never_choose_or_test() {
    let folds = json!({"by": "row", "folds": 3});
    let test = with_more(json!({"extra_data": ["more.csv"], "split": folds, "validation": 0.25}));
    test.run(TRAIN).status(0).stderr_has(&["3 runs done"]);
    let mut tested = Vec::new();
    for fold in 1..=3 {
        let run = format!("runs/c/fold-{fold}");
        let summary = summary(&test, &run);
        // 90 rows: 30 test, a quarter of 60 chooses, 45 and 40 more train.
        assert_eq!((summary.train_rows, summary.validation_rows, summary.test_rows), (85, Some(15), 30));
        assert_eq!(summary.data, "d.csv + more.csv");
        let rows = read_predictions(&test.at(&run), &summary.labels).unwrap();
        tested.extend(rows.iter().map(|row| row.row));
        let inputs = &test.json(&format!("{run}/stage.json"))["inputs"];
        assert_eq!((&inputs[0]["name"], &inputs[1]["name"]), (&json!("d.csv"), &json!("more.csv")));
        assert_eq!(inputs[1]["sha256"].as_str().map(str::len), Some(64));
        assert_eq!(test.json(&format!("{run}/config.json"))["extra_data"], json!(["more.csv"]));
    }
    tested.sort_unstable();
    assert!(tested.into_iter().eq(0..90));
}

#[test]
fn extra_rows_are_learned_from() {
    // The first file shows the digit in one of three quarters, the others in a pixel of the last quarter.
    let mut next = numbers(3);
    let mut csv = |first: usize, step: usize, n: usize| {
        let mut pixel = |row: usize, i: usize| {
            let at = first + row % 3 * step;
            ((if (at..at + step).contains(&i) { 200 } else { 0 }) + next() % 50) as u8
        };
        let mut row = |row: usize| (1 + (row % 3) as u8, (0..PIXELS).map(|i| pixel(row, i)).collect::<Vec<u8>>());
        data_set_csv("1-3", (0..n).map(&mut row))
    };
    let test = training(json!({"data": {"train": "d.csv", "test": "t.csv"}, "epochs": 40}));
    test.write("d.csv", csv(0, 4, 90));
    test.write("more.csv", csv(12, 1, 60));
    test.write("t.csv", csv(12, 1, 30));
    test.run(TRAIN).status(0);
    test.run("c.json --extra-data more.csv --out more").status(0);
    let (without, with) = (summary(&test, "runs/c"), summary(&test, "more/c"));
    assert_eq!((with.train_rows, with.test_rows, with.data.as_str()), (150, 30, "d.csv + t.csv + more.csv"));
    assert!(without.test_accuracy < Some(0.6) && with.test_accuracy > Some(0.9), "{without:?} {with:?}");
    let rows = read_predictions(&test.at("more/c"), &with.labels).unwrap();
    assert!(rows.iter().map(|row| row.row).eq(0..30), "rows of the test file are counted from 0");
}

#[test]
fn a_hand_that_tests_or_chooses_does_not_train_from_the_extra_rows_either() {
    let test = with_more(json!({"extra_data": ["more.csv"], "split": {"by": "group", "folds": 3}}));
    test.run(TRAIN).status(0).stderr_has(&["3 runs done"]);
    // Writers a and b test, then c and d, then e and f: of the 40 extra rows e has 12, f 10 (rows 3..6, 15..18, 27..30
    // and row 39 are e's turn again).
    let trained = [1, 2, 3].map(|fold| summary(&test, &format!("runs/c/fold-{fold}")).train_rows);
    let of_e_and_f = test.read("more.rows.csv").lines().filter(|l| l.ends_with(",e") || l.ends_with(",f")).count();
    assert_eq!(trained, [100, 100, 100 - of_e_and_f as u64]);
    config(
        &test,
        json!({"name": "v", "extra_data": ["more.csv"], "validation": 0.3,
        "split": {"by": "group", "folds": 3, "fold": 3}}),
    );
    test.run(TRAIN).status(0);
    let held = summary(&test, "runs/v/fold-3");
    assert_eq!(held.train_rows + held.validation_rows.unwrap(), trained[2]);
}

#[test]
fn runs_with_extra_rows_that_vary_end_alike_after_an_interruption_and_on_every_path() {
    let change = json!({
        "extra_data": ["more.csv"], "augment": {"shift_px": 0.5, "noise": 4}, "validation": 0.2, "scale": "standard",
        "split": {"by": "row", "folds": 2, "fold": 1}
    });
    let test = with_more(change);
    test.run(TRAIN).status(0);
    let all = test.files("runs");
    for path in ["portable", "avx2"] {
        let ended = test.command(&format!("c.json --out {path}")).env("MLP_KERNEL", path).run();
        if ended.code == Some(0) {
            assert!(test.files(path) == all, "{path}");
        } else {
            ended.status(2).stderr_has(&["this machine lacks the instructions"]);
        }
    }
    // Killed as soon as it has saved a state, then run again.
    let mut running = test.command("c.json --out again --checkpoint-seconds 0").start();
    running.wait_for("again/c/fold-1/.checkpoint");
    running.kill();
    test.run("c.json --out again").status(0);
    assert_same_files(&test.files("again"), &all);
    // Other extra rows make another run.
    test.write("more.csv", test.read("more.csv").replacen("isThree\n", "isThree\n0", 1));
    test.run(TRAIN).status(2).stderr_has(&["was trained before more.csv changed", "--fresh"]);
    test.run("c.json --out runs --fresh").status(0).stderr_has(&["1 run done"]);
    assert!(test.files("runs") != all);
}

#[test]
fn files_that_do_not_belong_together_are_refused() {
    let stage = |preprocess: serde_json::Value, rows: usize| {
        json!({
            "format": 1, "tool": "digit-csv", "version": "0", "settings": {}, "inputs": [], "labels": [1, 2, 3],
            "counts": {"rows_d": rows, "rows_more": rows},
            "picture": {"canvas": {"width_px": 4, "height_px": 4}, "alpha": "white", "preprocess": preprocess}
        })
    };
    let test = with_more(json!({"data": "d/d.csv", "extra_data": ["more/more.csv"]}));
    let refused = |parts: &[&str]| {
        test.run(TRAIN).status(2).stderr_has(&["key `extra_data`"]).stderr_has(parts);
        assert!(!test.exists("runs"));
    };
    test.write("d/d.csv", data_set());
    refused(&["more/more.csv: no such file", "--extra-data"]);
    test.write("more/more.csv", data_set().replace("isThree", "isFour"));
    refused(&["d/d.csv has labels 1-3", "more/more.csv has 1,2,4"]);
    let narrow: Vec<String> =
        data_set().lines().map(|line| line.split_once(',').unwrap().1.replace("pixel", "p")).collect();
    let names = (1..PIXELS).map(|i| format!("pixel{i}")).collect::<Vec<_>>().join(",");
    test.write("more/more.csv", format!("{names},isOne,isTwo,isThree\n{}\n", narrow[1..].join("\n")));
    refused(&["16 pixels", "15"]);
    test.write("more/more.csv", data_set());
    test.write("d/stage.json", stage(json!([{"step": "ink"}]), 90).to_string());
    test.write("more/stage.json", stage(json!([]), 90).to_string());
    refused(&["in different ways", "\"preprocess\":[{\"step\":\"ink\"}]", "--preprocess"]);
    test.write("more/stage.json", stage(json!([{"step": "ink"}]), 90).to_string());
    test.run(TRAIN).status(0).stderr_has(&["1 run done"]);
}
