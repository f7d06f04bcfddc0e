//! Folds and validation rows, from outside: a run folder each fold, every row tested in just one of them; the network
//! of the best epoch kept.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use assert_cmd::Command;
use stage_files::run::{MetricsRow, Outcome, Summary, read_metrics, read_predictions};

/// 35 rows of 4 pixels by seven writers; the first pixel gives the digit away.
fn data_set(folder: &Path) {
    let mut csv = String::from("pixel1,pixel2,pixel3,pixel4,isOne,isTwo\n");
    let mut rows = String::from("row,source,label,size,group\n");
    for row in 0..35 {
        let (label, writer) = (1 + row % 2, row % 7);
        let one_hot = if label == 1 { "1,0" } else { "0,1" };
        let _ = writeln!(csv, "{},{},{},9,{one_hot}", (label - 1) * 200 + row, row, 255 - row);
        let _ = writeln!(rows, "{row},{label}_20_writer{writer}-{row}.png,{label},20,writer{writer}");
    }
    std::fs::write(folder.join("d.csv"), csv).unwrap();
    std::fs::write(folder.join("d.rows.csv"), rows).unwrap();
}

fn config(folder: &Path, split: &str) {
    config_with(folder, split, r#""epochs": 2, "seeds": [1, 2]"#);
}

fn config_with(folder: &Path, split: &str, more: &str) {
    let text = format!(
        r#"{{"name": "k", "data": "d.csv", "split": {split}, "scale": "unit", "hidden": [4],
            "optimizer": {{"sgd": {{"lr": 0.1}}}}, "batch": 5, {more}}}"#
    );
    std::fs::write(folder.join("k.json"), text).unwrap();
}

fn train(folder: &Path, out: &str) -> (Option<i32>, String) {
    let mut command = Command::cargo_bin("mlp-train").unwrap();
    let output = command.current_dir(folder).args(["k.json", "--out", out]).output().unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

/// The contract's files below a folder, but for those that hold times.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for name in ["config.json", "metrics.csv", "predictions.csv", "summary.json", "stage.json", "model.safetensors"] {
        found.insert(name.to_owned(), std::fs::read(folder.join(name)).unwrap());
    }
    found
}

#[test]
fn every_fold_and_seed_has_its_run_and_every_row_is_tested_once() {
    let temp = tempfile::tempdir().unwrap();
    data_set(temp.path());
    config(temp.path(), r#"{"by": "group", "folds": 3}"#);
    let (code, stderr) = train(temp.path(), "runs");
    assert_eq!(code, Some(0), "{stderr}");
    assert!(stderr.contains("6 runs done, in runs"), "{stderr}");
    let mut tested = Vec::new();
    for (fold, writers) in [(1, vec![0, 1, 2]), (2, vec![3, 4]), (3, vec![5, 6])] {
        for seed in [1, 2] {
            let run = temp.path().join(format!("runs/k/fold-{fold}/seed-{seed}"));
            let summary: Summary = stage_files::json::read(&run.join("summary.json")).unwrap();
            assert_eq!((summary.name.as_str(), summary.seed, summary.fold), ("k", seed, Some(fold)));
            let rows = read_predictions(&run, &summary.labels).unwrap();
            assert_eq!(rows.len() as u64, summary.test_rows);
            assert!(rows.iter().all(|row| writers.contains(&(row.row % 7))), "fold {fold}");
            if seed == 1 {
                tested.extend(rows.iter().map(|row| row.row));
            }
        }
    }
    tested.sort_unstable();
    assert!(tested.into_iter().eq(0..35));

    // One fold alone lies in the same place and has the same bytes.
    config(temp.path(), r#"{"by": "group", "folds": 3, "fold": 2}"#);
    assert_eq!(train(temp.path(), "alone").0, Some(0));
    let (alone, all) = (temp.path().join("alone/k/fold-2/seed-2"), temp.path().join("runs/k/fold-2/seed-2"));
    assert_eq!(files(&alone), files(&all));
    assert!(!temp.path().join("alone/k/fold-1").exists());
    let (code, stderr) = train(temp.path(), "runs");
    assert_eq!(code, Some(0), "{stderr}");
    assert!(stderr.contains("nothing to do: 2 runs are up to date"), "{stderr}");
}

#[test]
fn folds_that_cannot_be_are_refused_before_anything_is_written() {
    let temp = tempfile::tempdir().unwrap();
    data_set(temp.path());
    for (split, part) in [
        (r#"{"by": "group", "folds": 8}"#, "at most as many folds as there are writers (7), found 8"),
        (r#"{"by": "row", "folds": 36}"#, "at most as many folds as there are rows (35), found 36"),
        (r#"{"by": "row", "folds": 4, "fold": 5}"#, "key `split.fold`: expected 1 to 4"),
        (r#"{"by": "row", "folds": 4, "train": 0.5}"#, "expected one of them, found both"),
        (r#"{"by": "row", "folds": 1}"#, "expected a whole number from 2 to 1000000, found 1"),
    ] {
        config(temp.path(), split);
        let (code, stderr) = train(temp.path(), "runs");
        assert!(code == Some(2) && stderr.contains(part), "{split}: {code:?} {stderr}");
        assert!(!temp.path().join("runs").exists());
    }
    config(temp.path(), r#"{"by": "row", "folds": 4}"#);
    let two = std::fs::read_to_string(temp.path().join("k.json")).unwrap();
    let two = two.replace("\"d.csv\"", "{\"train\": \"d.csv\", \"test\": \"d.csv\"}");
    std::fs::write(temp.path().join("k.json"), two).unwrap();
    let (code, stderr) = train(temp.path(), "runs");
    assert!(code == Some(2) && stderr.contains("`data` names two files"), "{code:?} {stderr}");
}

#[test]
fn the_network_of_the_best_epoch_is_kept() {
    let temp = tempfile::tempdir().unwrap();
    data_set(temp.path());
    let by_group = r#"{"by": "group", "folds": 3, "fold": 2}"#;
    config_with(temp.path(), by_group, r#""epochs": 60, "validation": 0.4, "seed": 3"#);
    let (code, stderr) = train(temp.path(), "long");
    assert_eq!(code, Some(0), "{stderr}");
    let long = temp.path().join("long/k/fold-2");
    let summary: Summary = stage_files::json::read(&long.join("summary.json")).unwrap();
    // Writers 3 and 4 test; two of the other five choose the epoch.
    assert_eq!((summary.train_rows, summary.validation_rows, summary.test_rows), (15, Some(10), 10));
    let metrics = read_metrics(&long).unwrap();
    assert_eq!(metrics.len(), 60);
    let best = summary.best_epoch.unwrap();
    let row = &metrics[best as usize - 1];
    assert_eq!((row.validation_accuracy, row.validation_loss), (summary.validation_accuracy, summary.validation_loss));
    let key = |row: &MetricsRow| (row.validation_accuracy.unwrap(), -row.validation_loss.unwrap());
    assert!(metrics.iter().all(|other| key(other) <= key(row)));
    assert!(stderr.contains(&format!("Best Epoch : {best}, validation accuracy")), "{stderr}");

    // A run that ends with that epoch has the same network and the same predictions for the test rows, which do not
    // choose.
    let same = format!(r#""epochs": {best}, "validation": 0.4, "seed": 3"#);
    config_with(temp.path(), by_group, &same);
    assert_eq!(train(temp.path(), "short").0, Some(0));
    let (short, long) = (files(&temp.path().join("short/k/fold-2")), files(&long));
    assert_eq!(short["model.safetensors"], long["model.safetensors"]);
    assert_eq!(short["predictions.csv"], long["predictions.csv"]);
}

#[test]
fn training_stops_when_patience_is_at_its_end() {
    let temp = tempfile::tempdir().unwrap();
    data_set(temp.path());
    config_with(
        temp.path(),
        r#"{"by": "row"}"#,
        r#""epochs": 5000, "validation": 0.3, "patience": 4, "stop_loss": null, "report": 0, "zero_loss": 0"#,
    );
    let text = std::fs::read_to_string(temp.path().join("k.json")).unwrap();
    // So large a step that the loss goes up and down.
    std::fs::write(temp.path().join("k.json"), text.replace("0.1}", "2.5}")).unwrap();
    let (code, stderr) = train(temp.path(), "runs");
    assert_eq!(code, Some(0), "{stderr}");
    let summary: Summary = stage_files::json::read(&temp.path().join("runs/k/summary.json")).unwrap();
    let best = summary.best_epoch.unwrap();
    assert_eq!(summary.outcome, Outcome::Stopped { epoch: best + 4 });
    assert_eq!(summary.epochs, best + 4);
    assert!(read_metrics(&temp.path().join("runs/k")).unwrap().last().unwrap().test_accuracy.is_some());
}
