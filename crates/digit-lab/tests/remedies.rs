//! Advice that concerns another stage than the one that gives it: it is followed, and the stage gets on.

use std::ffi::OsString;
use std::path::PathBuf;

use stage_cli::ExitStatus::{self, Done, Refused, SomeRejected};
use test_support::Test;

/// Runs a command with paths below the test's folder, which are the words that have a `/`.
fn run(test: &Test, line: &str) -> ExitStatus {
    let word = |word: &str| if word.contains('/') { test.at(word).into_os_string() } else { OsString::from(word) };
    let words: Vec<OsString> = line.split(' ').map(word).collect();
    match line.split(' ').next() {
        Some("digit-source") => digit_source::cli::run(words),
        Some("digit-labeler") => digit_labeler::cli::run(words),
        Some("digit-csv") => digit_csv::cli::run(words),
        Some("mlp-train") => mlp_train::cli::run(words),
        Some("mlp-report") => mlp_report::cli::run(words),
        other => panic!("no stage: {other:?}"),
    }
}

/// Drawn digits as far as their data set, and a config.
fn prepared() -> Test {
    let test = Test::new("digit-lab");
    let config = r#"{"data": "D", "hidden": [8], "epochs": 2}"#;
    test.write("in/c.json", config.replace('D', &test.at("data/20x20_info.csv").display().to_string()));
    assert_eq!(run(&test, "digit-source draw in/source --count 60 --sizes 20 --labels 1-3"), Done);
    assert_eq!(run(&test, "digit-labeler in/source data/labelled --labels 1-3"), Done);
    assert_eq!(run(&test, "digit-csv data/labelled data/"), Done);
    test
}

#[test]
fn a_damaged_labelled_picture_is_made_again_as_digit_csv_advises() {
    let test = prepared();
    let name = test.names("data/labelled/20").remove(0);
    let mut bytes = test.bytes(&format!("data/labelled/20/{name}"));
    let at = bytes.len() - 20;
    bytes[at] ^= 255;
    test.write(&format!("data/labelled/20/{name}"), bytes);
    assert_eq!(run(&test, "digit-csv data/labelled data/"), SomeRejected);
    assert_eq!(run(&test, "digit-labeler in/source data/labelled --labels 1-3 --verify"), Done);
    assert_eq!(run(&test, "digit-csv data/labelled data/"), Done);
    assert_eq!(test.json("data/stage.json")["counts"]["rows"], 60);
}

/// Other settings at the beginning of the pipeline: each stage says what helps, and with it the next one gets on.
#[test]
fn a_change_of_settings_goes_through_all_stages() {
    let test = prepared();
    let csv: PathBuf = test.at("data/20x20_info.csv");
    let is_older = || stage_files::dataset::changed_since(&csv);
    assert_eq!(run(&test, "mlp-train in/c.json --out out/runs"), Done);
    assert_eq!(run(&test, "mlp-report out/runs --out out/report"), Done);
    let label = "digit-labeler in/source data/labelled --labels 1-3 --canvas 8x8";
    assert_eq!((run(&test, label), is_older()), (Refused, None));
    assert_eq!(run(&test, &format!("{label} --fresh")), Done);
    let said = is_older().expect("the data set is older than its labelled folder");
    assert!(said.contains("canvas: 20x20 -> 8x8"), "{said}");
    // What is there can still be used.
    assert_eq!(run(&test, "mlp-train in/c.json --out out/runs"), Done);
    assert_eq!((run(&test, "digit-csv data/labelled data/"), is_older()), (Done, None));
    assert_eq!(run(&test, "mlp-train in/c.json --out out/runs"), Refused);
    assert_eq!(run(&test, "mlp-train in/c.json --out out/runs --fresh"), Done);
    assert_eq!(run(&test, "mlp-report out/runs --out out/report"), Done);

    // A source that was drawn again, too.
    assert_eq!(run(&test, "digit-source draw in/source --count 40 --sizes 20 --labels 1-4"), Refused);
    assert_eq!(run(&test, "digit-source draw in/source --count 40 --sizes 20 --labels 1-4 --fresh"), Done);
    assert_eq!(run(&test, "digit-labeler in/source data/labelled --labels 1-4 --canvas 8x8 --fresh"), Done);
    assert_eq!(run(&test, "digit-csv data/labelled data/"), Done);
    assert_eq!(run(&test, "mlp-train in/c.json --out out/runs --fresh"), Done);
    assert_eq!(run(&test, "mlp-report out/runs --out out/report"), Done);
}
