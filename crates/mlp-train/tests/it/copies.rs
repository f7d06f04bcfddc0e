//! Rows that are copies of others: test rows that also train, and copies with different labels. They are counted in
//! `summary.json` and named on the screen.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use stage_files::run::{Summary, read_predictions};
use test_support::{Output, Test, data_set_csv, numbers, rows_csv};

use crate::{TRAIN, config, training};

/// A row of a data set: its label and pixels.
type Row = (u8, [u8; 16]);

/// Rows of which no two are alike.
fn unlike(n: usize) -> Vec<Row> {
    let mut next = numbers(5);
    let mut row = |i: usize| {
        let mut pixels = [0; 16].map(|_: u8| (next() % 200) as u8);
        pixels[..2].copy_from_slice(&(i as u16).to_le_bytes());
        (1 + (i % 3) as u8, pixels)
    };
    (0..n).map(&mut row).collect()
}

/// Each row so many times, one after the other.
fn repeated(rows: &[Row], times: usize) -> Vec<Row> {
    rows.iter().flat_map(|row| std::iter::repeat_n(*row, times)).collect()
}

fn test_of(rows: &[Row], change: Value) -> Test {
    let test = training(change);
    test.write("d.csv", data_set_csv("1-3", rows.iter().copied()));
    test
}

fn summary(test: &Test, run: &str) -> Summary {
    serde_json::from_value(test.json(&format!("{run}/summary.json"))).unwrap()
}

/// The test rows of a run that are also among the other rows of the data set or among `extra`, counted pair by pair.
fn counted(test: &Test, run: &str, rows: &[Row], extra: &[Row]) -> u64 {
    let predictions = read_predictions(&test.at(run), &"1-3".parse().unwrap()).unwrap();
    let tested: BTreeSet<usize> = predictions.iter().map(|row| row.row as usize).collect();
    let training = || (0..rows.len()).filter(|row| !tested.contains(row)).map(|row| &rows[row]).chain(extra);
    tested.iter().filter(|&&row| training().any(|other| other.1 == rows[row].1)).count() as u64
}

fn says_nothing(ended: &Output) {
    ended.status(0);
    assert!(!ended.stderr.contains("same pixels"), "{}", ended.stderr);
}

#[test]
fn copies_on_both_sides_of_a_split_are_counted_and_named() {
    for (times, share) in [(2, 0.5), (2, 0.8), (4, 0.8), (7, 0.6)] {
        let rows = repeated(&unlike(30), times);
        let test = test_of(&rows, json!({"name": "k", "split": {"by": "row", "train": share}, "epochs": 1}));
        let ended = test.run(TRAIN);
        let summary = summary(&test, "runs/k");
        let copies = counted(&test, "runs/k", &rows, &[]);
        assert!(copies > 0);
        assert_eq!((summary.test_rows_in_training, summary.contradictory_rows), (Some(copies), Some(0)));
        let said = format!(
            "mlp-train: warning: d.csv: {copies} of {} test rows have the same pixels as a training row",
            summary.test_rows
        );
        ended.status(0).stderr_has(&[&said]);
        assert_eq!(ended.stderr.matches("same pixels").count(), 1, "{}", ended.stderr);
        // A list of runs warns too, and a second run.
        test.run("c.json --out runs --dry-run").status(0).stderr_has(&[&said]);
        test.run(TRAIN).status(0).stderr_has(&[&said, "nothing to do"]);
    }
}

#[test]
fn copies_of_one_writer_stay_on_one_side() {
    let rows = repeated(&unlike(30), 3);
    let test = test_of(&rows, json!({"name": "k", "split": {"by": "group", "train": 0.7}, "epochs": 1}));
    let writer = |row: usize| ["a", "b", "c", "d", "e"][row / 3 % 5];
    test.write("d.rows.csv", rows_csv(rows.iter().enumerate().map(|(i, row)| (row.0, writer(i)))));
    says_nothing(&test.run(TRAIN));
    let alone = summary(&test, "runs/k");
    assert_eq!((alone.test_rows_in_training, alone.contradictory_rows), (Some(0), Some(0)));
    // Split by row they are on both.
    config(&test, json!({"name": "k", "split": {"by": "row", "train": 0.7}, "epochs": 1}));
    test.run("c.json --out rows").status(0).stderr_has(&["same pixels"]);
}

#[test]
fn every_fold_has_its_own_count_and_the_screen_names_the_largest() {
    // The first rows are there twice, the others once.
    let mut rows = repeated(&unlike(12), 2);
    rows.extend(&unlike(60)[24..]);
    let test = test_of(&rows, json!({"name": "k", "split": {"by": "row", "folds": 4}, "epochs": 1}));
    let ended = test.run("c.json --out runs --seeds 2");
    let mut counts = Vec::new();
    for (fold, seed) in (1..=4).flat_map(|fold| [(fold, 1), (fold, 2)]) {
        let run = format!("runs/k/fold-{fold}/seed-{seed}");
        let copies = counted(&test, &run, &rows, &[]);
        assert_eq!(summary(&test, &run).test_rows_in_training, Some(copies), "{run}");
        counts.push(copies);
    }
    let most = counts.iter().max().unwrap();
    assert!(counts.iter().any(|count| count != most));
    ended.status(0).stderr_has(&[&format!("d.csv: up to {most} of 15 test rows have the same pixels")]);
}

#[test]
fn test_rows_among_extra_data_or_in_a_second_file_are_counted() {
    let rows = unlike(60);
    let change = json!({"name": "k", "extra_data": ["more.csv"], "split": {"by": "row", "train": 0.8}, "epochs": 1});
    let test = test_of(&rows, change);
    let write = |name: &str, rows: &[Row]| test.write(name, data_set_csv("1-3", rows.iter().copied()));
    write("more.csv", &rows[..40]);
    let ended = test.run(TRAIN);
    let copies = counted(&test, "runs/k", &rows, &rows[..40]);
    assert!(copies > 0);
    assert_eq!(summary(&test, "runs/k").test_rows_in_training, Some(copies));
    ended.status(0).stderr_has(&["d.csv + more.csv: ", &format!("{copies} of 12 test rows")]);

    // A test file that repeats ten rows of the training file.
    config(&test, json!({"name": "k", "data": {"train": "d.csv", "test": "t.csv"}, "epochs": 1}));
    write("t.csv", &unlike(75)[50..]);
    test.run("c.json --out two").status(0).stderr_has(&["d.csv + t.csv: 10 of 25 test rows have the same pixels"]);
    assert_eq!(summary(&test, "two/k").test_rows_in_training, Some(10));
}

#[test]
fn copies_with_different_labels_are_counted_wherever_they_lie() {
    let mut rows = unlike(60);
    let other_label = |row: Row| (1 + row.0 % 3, row.1);
    rows.push(other_label(rows[3]));
    rows.push(other_label(rows[8]));
    rows.push(rows[8]);
    // In order, the copies all train: none of the test rows is a copy.
    rows.rotate_left(1);
    rows.rotate_right(31);
    let test = test_of(&rows, json!({"name": "k", "split": {"by": "order", "train": 0.8}, "epochs": 1}));
    test.run(TRAIN).status(0).stderr_has(&["5 rows have the same pixels as a row with another label"]);
    assert_eq!(summary(&test, "runs/k").contradictory_rows, Some(5));
}

#[test]
fn data_without_copies_says_nothing() {
    let test = test_of(&unlike(60), json!({"name": "k", "epochs": 1}));
    says_nothing(&test.run(TRAIN));
    let summary = summary(&test, "runs/k");
    assert_eq!((summary.test_rows_in_training, summary.contradictory_rows), (Some(0), Some(0)));
}

#[test]
fn labels_of_which_hardly_any_row_trains_are_named() {
    let mut rows: Vec<Row> = unlike(60).into_iter().map(|row| (1 + row.0 % 2, row.1)).collect();
    rows[7].0 = 3;
    let test = test_of(&rows, json!({"name": "k", "split": {"by": "order", "train": 0.8}, "epochs": 1}));
    let said = "mlp-train: warning: d.csv: label 3 has 1 training row, so little is learned of it";
    test.run(TRAIN).status(0).stderr_has(&[said]);
    assert_eq!(summary(&test, "runs/k").labels_with_few_rows, Some([(3, 1)].into()));
}
