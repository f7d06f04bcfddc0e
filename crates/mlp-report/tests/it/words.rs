//! What data sets and outcomes are called on the page, and what of it is open.

use serde_json::json;
use stage_files::picture::{Alpha, Canvas, PictureSettings};
use test_support::RunFolder;

use crate::{REPORT, test};

/// A run on a data set of its own: `digest` tells it from others.
fn on(folder: &'static str, preprocess: Vec<serde_json::Value>, digest: char, name: &str) -> RunFolder {
    RunFolder {
        data_folder: Some(folder),
        picture: Some(PictureSettings { canvas: Canvas::DEFAULT, alpha: Alpha::White, preprocess }),
        data_sha256: digest.to_string().repeat(64),
        ..RunFolder::new(name, 1, 60, 6)
    }
}

#[test]
fn data_sets_are_named_by_folder_preprocessing_and_digits() {
    let test = test();
    let steps = |names: &[&str]| names.iter().map(|name| json!({ *name: {"version": 1} })).collect::<Vec<_>>();
    on("demo", vec![], '1', "raw").write(&test, "runs/raw");
    on("mine", steps(&["ink", "fit"]), '2', "short").write(&test, "runs/short");
    on("mine", steps(&["a", "b", "c", "d", "e"]), '3', "long").write(&test, "runs/long");
    on("twin", vec![], '4', "one").write(&test, "runs/one");
    on("twin", vec![], '5', "two").write(&test, "runs/two");
    RunFolder::new("older", 1, 60, 6).write(&test, "runs/older");
    test.run(REPORT).status(0);
    let tables = test.read("out/tables.md");
    for name in [
        "- On demo/20x20_info.csv, no preprocessing, digits 1-3 the highest",
        "- On mine/20x20_info.csv, preprocessing ink+fit, digits 1-3 the highest",
        "- On mine/20x20_info.csv, 5 steps of preprocessing, digits 1-3 the highest",
        "- On twin/20x20_info.csv, no preprocessing, digits 1-3 (SHA-256 44444444..) the highest",
        "- On twin/20x20_info.csv, no preprocessing, digits 1-3 (SHA-256 55555555..) the highest",
        "- On 20x20_info.csv, digits 1-3 the highest",
        "Data demo/20x20_info.csv, no preprocessing, digits 1-3, split",
    ] {
        assert!(tables.contains(name), "{name}: {tables}");
    }
}

#[test]
fn a_run_that_did_not_come_near_zero_loss_is_done_all_the_same() {
    let test = test();
    RunFolder { zero_loss_epoch: None, ..RunFolder::new("a", 1, 60, 1) }.write(&test, "runs/a");
    RunFolder::new("b", 1, 60, 1).write(&test, "runs/b");
    test.run(REPORT).status(0);
    let tables = test.read("out/tables.md");
    let ends = |zero: &str| tables.lines().any(|line| line.ends_with(&format!("{zero} | done    |")));
    assert!(ends(" never") && ends(" 7"), "{tables}");
    assert!(!tables.contains("unreached") && !test.read("out/index.html").contains("unreached"));
    // Programs that read the results still have the outcome of `summary.json`.
    assert_eq!(test.records("out/results.csv")[0]["outcome"], "unreached");
}

#[test]
fn the_first_curves_are_visible_without_a_click() {
    let test = test();
    on("demo", vec![], '1', "a").write(&test, "runs/a");
    on("mine", vec![], '2', "b").write(&test, "runs/b");
    test.run(REPORT).status(0);
    let page = test.read("out/index.html");
    let details = page.split_once("Experiment by experiment</h2>").map(|(_, details)| details).unwrap_or_default();
    assert!(details.starts_with("<details open><summary>a</summary>"), "{}", &details[..200.min(details.len())]);
    assert_eq!(details.matches("<details open").count(), 1);
}

#[test]
fn one_run_and_several_on_other_rows_cannot_be_told_apart() {
    let test = test();
    RunFolder::new("alone", 9, 200, 10).write(&test, "runs/alone");
    for seed in 1..=3 {
        let mut run = RunFolder::new("several", seed, 200, 8);
        run.rows.iter_mut().for_each(|row| row.0 += 7 * seed);
        run.write(&test, &format!("runs/several/seed-{seed}"));
    }
    test.run(REPORT).status(0);
    let tables = test.read("out/tables.md");
    assert!(tables.contains("of several. There are not enough seeds to tell it from alone."), "{tables}");
}
