//! Rows of `extra_data` train and do nothing else; files that do not belong together are refused.

mod common;

use common::{PIXELS, Place, data_set, header};
use serde_json::json;
use stage_files::run::{Summary, read_predictions};

/// The usual data set, more rows of the same kind, and their writers: `a` to `f` and `e` to `h`.
fn place(change: serde_json::Value) -> Place {
    let place = Place::new(change);
    let more: Vec<String> = data_set().lines().take(41).map(str::to_owned).collect();
    place.write("more.csv", &(more.join("\n") + "\n"));
    place.write("d.rows.csv", &rows(90, &["a", "b", "c", "d", "e", "f"]));
    place.write("more.rows.csv", &rows(40, &["e", "f", "g", "h"]));
    place
}

fn rows(n: usize, writers: &[&str]) -> String {
    let mut text = String::from("row,source,label,size,group\n");
    for row in 0..n {
        // As `data_set` has it, the digits take turns; so writers take turns after three rows.
        let (label, writer) = (1 + row % 3, writers[row / 3 % writers.len()]);
        text += &format!("{row},{label}_20_{writer}-{row}.png,{label},20,{writer}\n");
    }
    text
}

fn summary(place: &Place, run: &str) -> Summary {
    serde_json::from_value(place.json(&format!("{run}/summary.json"))).unwrap()
}

#[test]
fn extra_rows_train_and_never_choose_or_test() {
    let folds = json!({"by": "row", "folds": 3});
    let place = place(json!({"extra_data": ["more.csv"], "split": folds, "validation": 0.25}));
    place.train().expect(0, &["3 runs done"]);
    let mut tested = Vec::new();
    for fold in 1..=3 {
        let run = format!("runs/c/fold-{fold}");
        let summary = summary(&place, &run);
        // 90 rows: 30 test, a quarter of 60 chooses, 45 and 40 more train.
        assert_eq!((summary.train_rows, summary.validation_rows, summary.test_rows), (85, Some(15), 30));
        assert_eq!(summary.data, "d.csv + more.csv");
        let rows = read_predictions(&place.path().join(&run), &summary.labels).unwrap();
        tested.extend(rows.iter().map(|row| row.row));
        let inputs = &place.json(&format!("{run}/stage.json"))["inputs"];
        assert_eq!((&inputs[0]["name"], &inputs[1]["name"]), (&json!("d.csv"), &json!("more.csv")));
        assert_eq!(inputs[1]["sha256"].as_str().map(str::len), Some(64));
        assert_eq!(place.json(&format!("{run}/config.json"))["extra_data"], json!(["more.csv"]));
    }
    tested.sort_unstable();
    assert!(tested.into_iter().eq(0..90));
}

#[test]
fn extra_rows_are_learned_from() {
    // The first file shows the digit in one of three quarters, the others in a pixel of the last quarter.
    let mut next = common::numbers(3);
    let mut csv = |first: usize, step: usize, n: usize| {
        let mut text = header() + "\n";
        for row in 0..n {
            let at = first + row % 3 * step;
            let pixel = |i| (if (at..at + step).contains(&i) { 200 } else { 0 }) + next() % 50;
            let cells: Vec<String> = (0..PIXELS).map(pixel).map(|value| value.to_string()).collect();
            text += &format!("{},{}\n", cells.join(","), ["1,0,0", "0,1,0", "0,0,1"][row % 3]);
        }
        text
    };
    let place = Place::new(json!({"data": {"train": "d.csv", "test": "t.csv"}, "epochs": 40}));
    place.write("d.csv", &csv(0, 4, 90));
    place.write("more.csv", &csv(12, 1, 60));
    place.write("t.csv", &csv(12, 1, 30));
    place.train().expect(0, &[]);
    place.run(&["c.json", "--extra-data", "more.csv", "--out", "more"]).expect(0, &[]);
    let (without, with) = (summary(&place, "runs/c"), summary(&place, "more/c"));
    assert_eq!((with.train_rows, with.test_rows, with.data.as_str()), (150, 30, "d.csv + t.csv + more.csv"));
    assert!(without.test_accuracy < Some(0.6) && with.test_accuracy > Some(0.9), "{without:?} {with:?}");
    let rows = read_predictions(&place.path().join("more/c"), &with.labels).unwrap();
    assert!(rows.iter().map(|row| row.row).eq(0..30), "rows of the test file are counted from 0");
}

#[test]
fn a_hand_that_tests_or_chooses_does_not_train_from_the_extra_rows_either() {
    let place = place(json!({"extra_data": ["more.csv"], "split": {"by": "group", "folds": 3}}));
    place.train().expect(0, &["3 runs done"]);
    // Writers a and b test, then c and d, then e and f: of the 40 extra rows e has 12, f 10 (rows 3..6, 15..18, 27..30
    // and row 39 are e's turn again).
    let trained = [1, 2, 3].map(|fold| summary(&place, &format!("runs/c/fold-{fold}")).train_rows);
    let of_e_and_f = place.read("more.rows.csv").lines().filter(|l| l.ends_with(",e") || l.ends_with(",f")).count();
    assert_eq!(trained, [100, 100, 100 - of_e_and_f as u64]);
    place.config(json!({"name": "v", "extra_data": ["more.csv"], "validation": 0.3,
        "split": {"by": "group", "folds": 3, "fold": 3}}));
    place.train().expect(0, &[]);
    let held = summary(&place, "runs/v/fold-3");
    assert_eq!(held.train_rows + held.validation_rows.unwrap(), trained[2]);
}

#[test]
fn runs_with_extra_rows_that_vary_end_alike_after_an_interruption_and_on_every_path() {
    let change = json!({
        "extra_data": ["more.csv"], "augment": {"shift_px": 0.5, "noise": 4}, "validation": 0.2, "scale": "standard",
        "split": {"by": "row", "folds": 2, "fold": 1}
    });
    let place = place(change);
    place.train().expect(0, &[]);
    let all = place.files("runs");
    for path in ["portable", "avx2"] {
        let mut command = place.command(&["c.json", "--out", path]);
        let ended = common::ended(command.env("MLP_KERNEL", path));
        if ended.code == Some(0) {
            assert!(place.files(path) == all, "{path}");
        } else {
            ended.expect(2, &["this machine lacks the instructions"]);
        }
    }
    // Killed as soon as it has saved a state, then run again.
    let mut command = place.command(&["c.json", "--out", "again", "--checkpoint-seconds", "0"]);
    let mut child = command.stderr(std::process::Stdio::null()).spawn().unwrap();
    let checkpoint = place.path().join("again/c/fold-1/.checkpoint");
    while !checkpoint.exists() && child.try_wait().unwrap().is_none() {
        std::thread::yield_now();
    }
    let _ = child.kill();
    child.wait().unwrap();
    place.run(&["c.json", "--out", "again"]).expect(0, &[]);
    assert!(place.files("again") == all);
    // Other extra rows make another run.
    place.write("more.csv", &place.read("more.csv").replacen("isThree\n", "isThree\n0", 1));
    place.train().expect(0, &["1 runs done"]);
    assert!(place.files("runs") != all);
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
    let place = place(json!({"data": "d/d.csv", "extra_data": ["more/more.csv"]}));
    for folder in ["d", "more"] {
        std::fs::create_dir(place.path().join(folder)).unwrap();
    }
    let refused = |parts: &[&str]| {
        place.train().expect(2, &["key `extra_data`"]).expect(2, parts);
        assert!(!place.has("runs"));
    };
    place.write("d/d.csv", &data_set());
    refused(&["more/more.csv: no such file", "--extra-data"]);
    place.write("more/more.csv", &data_set().replace("isThree", "isFour"));
    refused(&["d/d.csv has labels 1-3", "more/more.csv has 1,2,4"]);
    let narrow: Vec<String> =
        data_set().lines().map(|line| line.split_once(',').unwrap().1.replace("pixel", "p")).collect();
    let names = (1..PIXELS).map(|i| format!("pixel{i}")).collect::<Vec<_>>().join(",");
    place.write("more/more.csv", &format!("{names},isOne,isTwo,isThree\n{}\n", narrow[1..].join("\n")));
    refused(&["16 pixels", "15"]);
    place.write("more/more.csv", &data_set());
    place.write("d/stage.json", &stage(json!([{"step": "ink"}]), 90).to_string());
    place.write("more/stage.json", &stage(json!([]), 90).to_string());
    refused(&["in different ways", "\"preprocess\":[{\"step\":\"ink\"}]", "--preprocess"]);
    place.write("more/stage.json", &stage(json!([{"step": "ink"}]), 90).to_string());
    place.train().expect(0, &["1 runs done"]);
}
