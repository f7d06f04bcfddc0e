//! What a run folder keeps of its rows: pictures of those that test, their writers, and counts of all.

use std::collections::BTreeMap;

use serde_json::json;
use stage_files::run::{Part, TestPictures, read_predictions, read_row_counts};
use test_support::{Test, rows_csv};

use crate::{TRAIN, data_set, training};

fn csv_pixels(text: &str, row: usize) -> Vec<u8> {
    let line = text.lines().nth(row + 1).unwrap();
    line.split(',').take(16).map(|cell| cell.parse().unwrap()).collect()
}

/// The stored pictures of a run against the rows of the CSV that tested it.
fn assert_pictures(test: &Test, run: &str, csv: &str) -> usize {
    let rows = read_predictions(&test.at(run), &"1-3".parse().unwrap()).unwrap();
    let pictures = TestPictures::read(&test.at(run), rows.len()).unwrap().unwrap();
    assert_eq!((pictures.canvas().to_string(), pictures.len()), ("4x4".into(), rows.len()));
    let text = test.read(csv);
    for (i, row) in rows.iter().enumerate() {
        assert_eq!(pictures.get(i).unwrap(), csv_pixels(&text, row.row as usize), "row {}", row.row);
    }
    rows.len()
}

#[test]
fn the_pictures_of_the_test_rows_are_stored_as_they_are_in_the_data() {
    // Scaling and inverting change the inputs and not the pictures.
    let test = training(json!({"scale": "standard", "invert": true, "split": {"by": "row", "folds": 3, "fold": 2}}));
    test.run(TRAIN).status(0);
    assert_eq!(assert_pictures(&test, "runs/c/fold-2", "d.csv"), 30);
    assert!(test.read("runs/c/fold-2/.outputs.csv").contains("test_pictures.png"));
    // Rows of a test file count on from the others in training, and from 0 in its own file.
    let test = training(json!({"data": {"train": "d.csv", "test": "t.csv"}}));
    test.write("t.csv", data_set().lines().take(1).chain(data_set().lines().skip(40)).collect::<Vec<_>>().join("\n"));
    test.run(TRAIN).status(0);
    assert_eq!(assert_pictures(&test, "runs/c", "t.csv"), 51);
    assert_eq!(read_row_counts(&test.at("runs/c")).unwrap().iter().map(|count| count.rows).sum::<u64>(), 90 + 51);
}

#[test]
fn a_run_that_diverged_has_counts_and_no_pictures() {
    let test = training(json!({"optimizer": {"sgd": {"lr": 1e30}}}));
    test.run(TRAIN).status(0);
    assert!(test.exists("runs/c/row_counts.csv") && !test.exists("runs/c/test_pictures.png"));
}

#[test]
fn rows_are_counted_by_part_label_size_and_writer() {
    let split = json!({"by": "group", "train": 0.7});
    let test = training(json!({"split": split, "validation": 0.3, "extra_data": ["more.csv"]}));
    test.write("more.csv", data_set().lines().take(31).collect::<Vec<_>>().join("\n"));
    // The digits take turns; so writers take turns after three rows.
    let writers = ["a, \"b\"", "김", "c", "d", "e"];
    let rows = rows_csv((0..90).map(|row| (1 + (row % 3) as u8, "w")));
    let named = rows.lines().enumerate().map(|(line, text)| match line {
        0 => text.to_owned() + "\n",
        line => {
            let writer = writers[(line - 1) / 3 % 5].replace('"', "\"\"");
            format!("{}\"{writer}\"\n", text.strip_suffix('w').unwrap())
        }
    });
    test.write("d.rows.csv", named.collect::<String>());
    test.run(TRAIN).status(0);
    let counts = read_row_counts(&test.at("runs/c")).unwrap();
    let summary = test.json("runs/c/summary.json");
    let sum = |part| counts.iter().filter(|count| count.part == part).map(|count| count.rows).sum::<u64>();
    assert_eq!(sum(Part::Train) + sum(Part::Extra), summary["train_rows"].as_u64().unwrap());
    assert_eq!((sum(Part::Extra), sum(Part::Validation)), (30, summary["validation_rows"].as_u64().unwrap()));
    assert_eq!(sum(Part::Test), summary["test_rows"].as_u64().unwrap());
    assert!(counts.iter().all(|count| (count.part == Part::Extra) == (count.writer.is_none() && count.size.is_none())));
    // Each writer has 18 rows, 6 of each label, all in one part; predictions name the same writers.
    let mut by_writer: BTreeMap<_, u64> = BTreeMap::new();
    for count in counts.iter().filter(|count| count.writer.is_some()) {
        assert_eq!((count.size, count.rows), (Some(20), 6), "{count:?}");
        *by_writer.entry(count.writer.clone().unwrap()).or_default() += count.rows;
    }
    assert!(by_writer.len() == 5 && by_writer.values().all(|&rows| rows == 18), "{by_writer:?}");
    let predictions = read_predictions(&test.at("runs/c"), &"1-3".parse().unwrap()).unwrap();
    for row in predictions {
        assert_eq!(row.writer.as_deref(), Some(writers[row.row as usize / 3 % 5]));
    }
}
