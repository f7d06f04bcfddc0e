//! The data of two runs side by side: what their configs say, and what each predicts for every test row.
//!
//! ```json
//! {"data": 0,                                       number of the data set on the page
//!  "keys": [["hidden", ["[32]", "[64]"]]],           a key of the configs and the values it has
//!  "tests": [{"rows": [0, 1, ..], "labels": "17..", "paths": {"12": "lee/4/x.png"}}],   rows: the first, then steps
//!  "runs": [{"name": "wide", "config": [1], "test": 0, "predicted": "17.."}]}        config: index of each key's value
//! ```

use serde_json::{Value, json};

use crate::escape::printable;

/// Runs on one data set, of which the reader chooses two.
pub struct SideBySide {
    /// Number of the data set on the page, from 0.
    pub data: usize,
    /// Keys of the configs in which some of the runs differ, each with the values that it has.
    pub keys: Vec<(String, Vec<String>)>,
    /// The sets of test rows that the runs have.
    pub tests: Vec<TestRows>,
    /// The runs.
    pub runs: Vec<Column>,
}

/// Test rows that several runs share.
pub struct TestRows {
    /// Rows of the data set, rising.
    pub rows: Vec<u32>,
    /// The digit that each shows.
    pub labels: Vec<u8>,
    /// The source pictures of some, by row.
    pub paths: Vec<(u32, String)>,
}

/// A run.
pub struct Column {
    /// Its name.
    pub name: String,
    /// For each key the index of its value.
    pub config: Vec<usize>,
    /// Index of its test rows.
    pub test: usize,
    /// The digit that it predicts for each of them.
    pub predicted: Vec<u8>,
}

impl SideBySide {
    pub(super) fn json(&self) -> String {
        let test = |test: &TestRows| {
            let paths: serde_json::Map<String, Value> =
                test.paths.iter().map(|(row, path)| (row.to_string(), printable(path).into())).collect();
            json!({"rows": steps(&test.rows), "labels": digits(&test.labels), "paths": paths})
        };
        let run = |run: &Column| json!({"name": printable(&run.name), "config": run.config, "test": run.test, "predicted": digits(&run.predicted)});
        let key = |(key, values): &(String, Vec<String>)| {
            json!([printable(key), values.iter().map(|value| printable(value)).collect::<Vec<_>>()])
        };
        json!({
            "data": self.data,
            "keys": self.keys.iter().map(key).collect::<Vec<_>>(),
            "tests": self.tests.iter().map(test).collect::<Vec<_>>(),
            "runs": self.runs.iter().map(run).collect::<Vec<_>>(),
        })
        .to_string()
    }
}

/// The first number, then the difference to each next: shorter than the numbers.
fn steps(numbers: &[u32]) -> Vec<u32> {
    let before = std::iter::once(0).chain(numbers.iter().copied());
    numbers.iter().zip(before).map(|(number, before)| number - before).collect()
}

/// A character a digit.
fn digits(values: &[u8]) -> String {
    values.iter().map(|value| char::from(b'0' + value % 10)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_written_as_steps_and_digits_as_text() {
        assert_eq!(steps(&[3, 4, 9]), [3, 1, 5]);
        assert!(steps(&[]).is_empty());
        assert_eq!(digits(&[0, 7, 9]), "079");
    }
}
