//! `mlp-train curve`: networks of 1, 2, 4, .. writers, and what more writers would bring.

use serde_json::json;
use test_support::{Test, data_set_csv, numbers, rows_csv};

/// Writers of the data set.
const WRITERS: usize = 8;
const CURVE: &str = "curve c.json --writers --out runs";

/// 160 rows of two labels by eight writers, each of whom writes with an own brightness, and a config of few epochs.
fn curve_test() -> Test {
    let test = Test::new(env!("CARGO_BIN_EXE_mlp-train"));
    let mut next = numbers(5);
    let label = |row: usize| 1 + (row / WRITERS % 2) as u8;
    let mut pixels = |row: usize| {
        let own = (row % WRITERS * 20) as u32;
        let is_two = label(row) == 2;
        let mut pixel = |bright: bool| (own + next() % 60 + if bright { 40 } else { 0 }) as u8;
        [pixel(is_two), pixel(!is_two), pixel(false), pixel(is_two)]
    };
    let rows: Vec<(u8, [u8; 4])> = (0..160).map(|row| (label(row), pixels(row))).collect();
    test.write("d.csv", data_set_csv("1,2", rows));
    test.write("d.rows.csv", rows_csv((0..160).map(|row| (label(row), format!("writer{}", row % WRITERS)))));
    config(&test, &json!({}));
    test
}

/// Writes `c.json` with these keys more.
fn config(test: &Test, more: &serde_json::Value) {
    let mut config = json!({
        "name": "k", "data": "d.csv", "scale": "unit", "hidden": [4], "optimizer": {"sgd": {"lr": 0.5}}, "batch": 5,
        "epochs": 8, "confidence": false, "seeds": [1, 2]
    });
    config.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    test.write("c.json", config.to_string());
}

#[test]
fn more_writers_read_better_and_the_sentence_says_by_how_much() {
    let test = curve_test();
    let ran = test.run(CURVE);
    // Eight writers in five folds: six train where two test. 1, 2, 4 and 6 writers, five folds, two seeds.
    ran.status(0)
        .stderr_has(&["mlp-train: 40 runs done, in runs; with all 8 writers about ", "10 more would bring about "]);
    let lines: Vec<&str> = ran.stdout.lines().collect();
    assert_eq!(lines[0], "training writers  test accuracy  95 % interval over writers");
    let accuracies: Vec<(u32, f64)> = lines[1..]
        .iter()
        .map(|line| {
            let cells: Vec<&str> = line.split_whitespace().collect();
            (cells[0].parse().unwrap(), cells[1].parse().unwrap())
        })
        .collect();
    assert_eq!(accuracies.iter().map(|point| point.0).collect::<Vec<_>>(), [1, 2, 4, 6]);
    assert!(accuracies[3].1 > accuracies[0].1, "{accuracies:?}");

    // Fewer writers are among more, and no writer who tests trains.
    let trained = |count: u32| {
        let table = test.read(&format!("runs/k-train_writers-{count}/fold-1/seed-1/row_counts.csv"));
        let of = |part: &str| {
            let rows = table.lines().filter(|line| line.starts_with(part));
            let mut names: Vec<String> =
                rows.map(|line| line.split(',').find(|cell| cell.starts_with("writer")).unwrap().to_owned()).collect();
            names.sort_unstable();
            names.dedup();
            names
        };
        (of("train"), of("test"))
    };
    let ((two, test_two), (six, test_six)) = (trained(2), trained(6));
    assert_eq!((two.len(), six.len(), test_two.len()), (2, 6, 2));
    assert!(two.iter().all(|writer| six.contains(writer)) && test_two == test_six);
    assert!(six.iter().all(|writer| !test_six.contains(writer)));

    // Nothing is done twice.
    let before = test.files("runs");
    let facts = test.run(&format!("{CURVE} --json")).status(0).json();
    assert!(test.files("runs") == before);
    assert_eq!(
        (facts["runs"].as_u64(), facts["writers"].as_u64(), facts["more"].as_u64()),
        (Some(40), Some(8), Some(10))
    );
    assert_eq!(facts["points"].as_array().unwrap().len(), 4);
    assert!(facts["interval"][0].as_f64() < facts["gain"].as_f64());
    assert!(facts["gain"].as_f64() < facts["interval"][1].as_f64());
}

#[test]
fn a_chosen_list_is_taken_and_validation_needs_two_writers() {
    let test = curve_test();
    let ran = test.run("curve c.json --writers 5,2 --out runs --seeds 1 --epochs 2");
    ran.status(0).stderr_has(&["10 runs done"]);
    assert_eq!(ran.stdout.lines().count(), 3);
    config(&test, &json!({"validation": 0.2, "seeds": [1], "epochs": 2}));
    let facts = test.run("curve c.json --writers --out runs-validation --json").status(0).json();
    assert_eq!(facts["points"][0]["writers"], 2);
}

#[test]
fn what_makes_no_curve_is_refused_before_any_run() {
    let test = curve_test();
    for (arguments, part) in [
        ("curve c.json --out runs", "--writers"),
        ("curve c.json --writers 3 --out runs", "expected at least two numbers from 1 to 6"),
        ("curve c.json --writers 0,3 --out runs", "found 0,3"),
        ("curve c.json --writers 3,7 --out runs", "found 3,7"),
        (
            "c.json --out runs --set split={\"by\":\"group\",\"train_writers\":9}",
            "expected at most the 6 writers who train",
        ),
    ] {
        test.run(arguments).status(2).stderr_has(&[part]);
        assert!(!test.exists("runs"), "{arguments}");
    }
    config(&test, &json!({"sweep": {"batch": [4, 5]}}));
    test.run(CURVE).status(2).stderr_has(&["a curve over writers is of one config"]);
    config(&test, &json!({"data": {"train": "d.csv", "test": "d.csv"}}));
    test.run(CURVE).status(2).stderr_has(&["the config names two files; name one with --data"]);
    config(&test, &json!({}));
    test.write("d.rows.csv", rows_csv((0..160).map(|row| (1 + (row / WRITERS % 2) as u8, format!("w{}", row % 2)))));
    test.run(CURVE).status(2).stderr_has(&["expected the pictures of at least 3 writers, found 2 writers"]);
    test.remove("d.rows.csv");
    test.run(CURVE).status(2).stderr_has(&["found 0 writers; the rows file"]);
    assert!(!test.exists("runs"));
}
