//! Folds and validation rows, from outside: a run folder each fold, every row tested in just one of them; the network
//! of the best epoch kept.

use serde_json::{Value, json};
use stage_files::run::{MetricsRow, Outcome, Summary, read_metrics, read_predictions};
use test_support::{Test, assert_same_files, data_set_csv, rows_csv};

use crate::TRAIN;

/// 35 rows of 4 pixels by seven writers; the first pixel gives the digit away.
fn split_test() -> Test {
    let test = Test::new(env!("CARGO_BIN_EXE_mlp-train"));
    let label = |row: u8| 1 + row % 2;
    test.write("d.csv", data_set_csv("1,2", (0..35).map(|row| (label(row), [row % 2 * 200 + row, row, 255 - row, 9]))));
    test.write("d.rows.csv", rows_csv((0..35).map(|row| (label(row), format!("writer{}", row % 7)))));
    test
}

/// Writes the config `c.json`, named `k`, with these keys more.
fn config(test: &Test, split: &Value, more: &Value) {
    let mut config = json!({
        "name": "k", "data": "d.csv", "split": split, "scale": "unit", "hidden": [4],
        "optimizer": {"sgd": {"lr": 0.1}}, "batch": 5
    });
    config.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    test.write("c.json", config.to_string());
}

fn two_seeds() -> Value {
    json!({"epochs": 2, "seeds": [1, 2]})
}

fn summary(test: &Test, run: &str) -> Summary {
    serde_json::from_value(test.json(&format!("{run}/summary.json"))).unwrap()
}

#[test]
fn every_fold_and_seed_has_its_run_and_every_row_is_tested_once() {
    let test = split_test();
    config(&test, &json!({"by": "group", "folds": 3}), &two_seeds());
    test.run(TRAIN).status(0).stderr_has(&["6 runs done, in runs"]);
    let mut tested = Vec::new();
    for (fold, writers) in [(1, vec![0, 1, 2]), (2, vec![3, 4]), (3, vec![5, 6])] {
        for seed in [1, 2] {
            let run = format!("runs/k/fold-{fold}/seed-{seed}");
            let summary = summary(&test, &run);
            assert_eq!((summary.name.as_str(), summary.seed, summary.fold), ("k", seed, Some(fold)));
            let rows = read_predictions(&test.at(&run), &summary.labels).unwrap();
            assert_eq!(rows.len() as u64, summary.test_rows);
            assert!(rows.iter().all(|row| writers.contains(&(row.row % 7))), "fold {fold}");
            if seed == 1 {
                tested.extend(rows.iter().map(|row| row.row));
            }
        }
    }
    tested.sort_unstable();
    assert!(tested.into_iter().eq(0..35));

    // One fold alone lies in the same test and has the same bytes.
    config(&test, &json!({"by": "group", "folds": 3, "fold": 2}), &two_seeds());
    test.run("c.json --out alone").status(0);
    assert_same_files(&test.files("alone/k/fold-2"), &test.files("runs/k/fold-2"));
    assert!(!test.exists("alone/k/fold-1"));
    test.run(TRAIN).status(0).stderr_has(&["nothing to do: 2 runs, up to date"]);
}

#[test]
fn folds_that_cannot_be_are_refused_before_anything_is_written() {
    let test = split_test();
    for (split, part) in [
        (json!({"by": "group", "folds": 8}), "at most as many folds as there are writers (7), found 8"),
        (json!({"by": "row", "folds": 36}), "at most as many folds as there are rows (35), found 36"),
        (json!({"by": "row", "folds": 4, "fold": 5}), "key `split.fold`: expected 1 to 4"),
        (json!({"by": "row", "folds": 4, "train": 0.5}), "expected one of them, found both"),
        (json!({"by": "row", "folds": 1}), "expected a whole number from 2 to 1000000, found 1"),
    ] {
        config(&test, &split, &two_seeds());
        test.run(TRAIN).status(2).stderr_has(&[part]);
        assert!(!test.exists("runs"));
    }
    config(
        &test,
        &json!({"by": "row", "folds": 4}),
        &json!({"data": {"train": "d.csv", "test": "d.csv"}, "epochs": 2}),
    );
    test.run(TRAIN).status(2).stderr_has(&["`data` names two files"]);
}

#[test]
fn the_network_of_the_best_epoch_is_kept() {
    let test = split_test();
    let by_group = json!({"by": "group", "folds": 3, "fold": 2});
    config(&test, &by_group, &json!({"epochs": 60, "validation": 0.4, "seed": 3}));
    let ended = test.run("c.json --out long");
    ended.status(0);
    let summary = summary(&test, "long/k/fold-2");
    // Writers 3 and 4 test; two of the other five choose the epoch.
    assert_eq!((summary.train_rows, summary.validation_rows, summary.test_rows), (15, Some(10), 10));
    let metrics = read_metrics(&test.at("long/k/fold-2")).unwrap();
    assert_eq!(metrics.len(), 60);
    let best = summary.best_epoch.unwrap();
    let row = &metrics[best as usize - 1];
    assert_eq!((row.validation_accuracy, row.validation_loss), (summary.validation_accuracy, summary.validation_loss));
    let key = |row: &MetricsRow| (row.validation_accuracy.unwrap(), -row.validation_loss.unwrap());
    assert!(metrics.iter().all(|other| key(other) <= key(row)));
    ended.stderr_has(&[&format!("Best Epoch : {best}, validation accuracy")]);

    // A run that ends with that epoch has the same network and the same predictions for the test rows, which do not
    // choose.
    config(&test, &by_group, &json!({"epochs": best, "validation": 0.4, "seed": 3}));
    test.run("c.json --out short").status(0);
    let (short, long) = (test.files("short/k/fold-2"), test.files("long/k/fold-2"));
    assert_eq!(short["model.safetensors"], long["model.safetensors"]);
    assert_eq!(short["predictions.csv"], long["predictions.csv"]);
}

#[test]
fn training_stops_when_patience_is_at_its_end() {
    let test = split_test();
    let more = json!({
        "epochs": 5000, "validation": 0.3, "patience": 4, "stop_loss": null, "report": 0, "zero_loss": 0,
        // So large a step that the loss goes up and down.
        "optimizer": {"sgd": {"lr": 2.5}}
    });
    config(&test, &json!({"by": "row"}), &more);
    test.run(TRAIN).status(0);
    let summary = summary(&test, "runs/k");
    let best = summary.best_epoch.unwrap();
    assert_eq!(summary.outcome, Outcome::Stopped { epoch: best + 4 });
    assert_eq!(summary.epochs, best + 4);
    assert!(read_metrics(&test.at("runs/k")).unwrap().last().unwrap().test_accuracy.is_some());
}

#[test]
fn a_split_by_group_without_two_writers_names_the_option_that_works() {
    let rows = |writer: &str| rows_csv((0..35).map(|row| (1 + row % 2, writer.to_owned())));
    for (rows, part) in [
        (Some(rows("kim")), "needs at least two writers, found 1"),
        (Some(rows("")), "has no writer"),
        (None, "there is none"),
    ] {
        let test = split_test();
        match rows {
            Some(rows) => test.write("d.rows.csv", rows),
            None => test.remove("d.rows.csv"),
        }
        config(&test, &json!({"by": "group"}), &json!({"epochs": 2}));
        test.run(TRAIN).status(2).stderr_has(&[part, "split by row with --set split.by=row"]);
        assert!(!test.exists("runs"));
        test.run(&format!("{TRAIN} --set split.by=row")).status(0);
    }
}
