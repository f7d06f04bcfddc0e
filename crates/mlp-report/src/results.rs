//! The runs and experiments for other programs: `results.csv` and `results.json` with a row a run,
//! `experiments.csv` with a row an experiment, `comparisons.csv` with a row a comparison.
//!
//! Columns of `results.csv`, in this order:
//! - `run` (path below the folder of runs) and `experiment` (what its other seeds share);
//! - every key of `summary.json`, under its own name: those of [`SUMMARY`] first, newer ones after them by name.
//!   Details of the outcome are in `outcome.epoch` and the like;
//! - `test_accuracy_low` and `test_accuracy_high`, the 95 % limits of the one run: over writers where at least five are
//!   known and did not train, elsewhere Wilson's over its test rows;
//! - every key of the resolved config as `config.` and its dotted path, by name; lists are JSON.
//!
//! In `experiments.csv`, `above_baseline` counts the runs that are significantly better than always predicting the most
//! frequent digit, and `interval_over` says what the limits allow for: other `writers`, or other `rows and seeds` of
//! these writers. A cell is empty where a run has no such key. `results.json` has the same rows as objects, with
//! numbers as numbers. The verdict in `comparisons.csv` is `a is better`, `b is better`,
//! `not significant` or, with too few runs for any other answer, `not enough seeds to tell`.
//!
//! A name such as `=1+1` would be run as a formula by a spreadsheet. In the CSV files such a cell begins with an
//! apostrophe (see [`csv_cell`]); `results.json` has all names as they are.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::comparison::Comparison;
use crate::experiment::Experiment;
use crate::words::comparisons;
use mlp_statistics::wilson::wilson;
use stage_page::Lang;
use stage_page::escape::csv_cell;

/// Keys of the summary, in the order of their columns.
const SUMMARY: [&str; 17] = [
    "name",
    "seed",
    "outcome",
    "data",
    "labels",
    "hidden",
    "activation",
    "parameters",
    "train_rows",
    "test_rows",
    "epochs",
    "train_loss",
    "train_accuracy",
    "test_loss",
    "test_correct",
    "test_accuracy",
    "zero_loss_epoch",
];

/// The columns and, for each run, the values that it has.
pub(crate) struct Results {
    columns: Vec<String>,
    rows: Vec<Map<String, Value>>,
}

impl Results {
    /// Gathers the runs of all experiments.
    pub(crate) fn gather(experiments: &[Experiment<'_>]) -> Self {
        let mut rows = Vec::new();
        let (mut summary_keys, mut config_keys) = (BTreeSet::new(), BTreeSet::new());
        for experiment in experiments {
            for run in &experiment.runs {
                let mut row = Map::new();
                row.insert("run".into(), run.name.clone().into());
                row.insert("experiment".into(), experiment.name.clone().into());
                let mut flat = BTreeMap::new();
                flatten("", &serde_json::to_value(&run.summary).unwrap_or_default(), &mut flat);
                split_outcome(run.summary.outcome.word(), &mut flat);
                summary_keys.extend(flat.keys().cloned());
                row.extend(flat);
                let over_rows = || run.summary.test_correct.and_then(|correct| wilson(correct, run.summary.test_rows));
                let limits = run.writers.interval().or_else(over_rows);
                row.insert("test_accuracy_low".into(), limits.map(|limits| limits.0).into());
                row.insert("test_accuracy_high".into(), limits.map(|limits| limits.1).into());
                let mut flat = BTreeMap::new();
                flatten("config", &run.config, &mut flat);
                config_keys.extend(flat.keys().cloned());
                row.extend(flat);
                rows.push(row);
            }
        }
        let mut columns: Vec<String> = ["run", "experiment"].iter().chain(&SUMMARY).map(ToString::to_string).collect();
        columns.extend(summary_keys.into_iter().filter(|key| !SUMMARY.contains(&key.as_str())));
        columns.extend(["test_accuracy_low".into(), "test_accuracy_high".into()]);
        columns.extend(config_keys);
        Self { columns, rows }
    }

    /// The bytes of `results.csv`.
    pub(crate) fn csv(&self) -> anyhow::Result<Vec<u8>> {
        let mut csv = csv::Writer::from_writer(Vec::new());
        csv.write_record(self.columns.iter().map(|column| csv_cell(column)))?;
        for row in &self.rows {
            csv.write_record(self.columns.iter().map(|column| row.get(column).map_or(String::new(), cell)))?;
        }
        Ok(csv.into_inner().map_err(csv::IntoInnerError::into_error)?)
    }

    /// The bytes of `results.json`.
    pub(crate) fn json(&self) -> anyhow::Result<Vec<u8>> {
        stage_files::json::to_bytes(&self.rows)
    }
}

/// Leaves of an object by their dotted paths; lists are leaves.
pub(crate) fn flatten(path: &str, value: &Value, out: &mut BTreeMap<String, Value>) {
    match value {
        Value::Object(object) if !object.is_empty() => {
            for (key, value) in object {
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                flatten(&path, value, out);
            }
        }
        leaf => {
            out.insert(path.into(), leaf.clone());
        }
    }
}

/// `outcome` becomes one word; what it carries moves from `outcome.diverged.epoch` to `outcome.epoch`.
fn split_outcome(word: &str, flat: &mut BTreeMap<String, Value>) {
    let inner: Vec<String> = flat.keys().filter(|key| key.starts_with("outcome.")).cloned().collect();
    for key in inner {
        if let (Some(value), Some((_, last))) = (flat.remove(&key), key.rsplit_once('.')) {
            flat.insert(format!("outcome.{last}"), value);
        }
    }
    flat.insert("outcome".into(), word.into());
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => csv_cell(text),
        other => other.to_string(),
    }
}

/// The bytes of `experiments.csv`.
pub(crate) fn experiments_csv(experiments: &[Experiment<'_>]) -> anyhow::Result<Vec<u8>> {
    fn text<T: ToString>(value: Option<T>) -> String {
        value.map_or(String::new(), |value| value.to_string())
    }
    let mut csv = csv::Writer::from_writer(Vec::new());
    csv.write_record([
        "experiment",
        "runs",
        "diverged",
        "above_baseline",
        "data",
        "hidden",
        "test_accuracy_mean",
        "test_accuracy_sd",
        "test_accuracy_low",
        "test_accuracy_high",
        "train_loss_mean",
        "train_accuracy_mean",
        "zero_loss_reached",
        "zero_loss_epoch_median",
        "test_writers",
        "interval_over",
        "writers_to_halve_interval",
    ])?;
    for experiment in experiments {
        let (accuracy, interval) = (experiment.accuracy(), experiment.interval());
        let (median, reached) = experiment.zero_loss_epoch();
        let writers = experiment.writers();
        csv.write_record([
            csv_cell(&experiment.name),
            experiment.runs.len().to_string(),
            experiment.runs.iter().filter(|run| run.has_diverged()).count().to_string(),
            experiment.runs.iter().filter(|run| run.has_learned()).count().to_string(),
            csv_cell(&experiment.runs[0].summary.data),
            experiment.runs[0].shape(),
            text(accuracy.map(|accuracy| accuracy.mean)),
            text(accuracy.filter(|accuracy| accuracy.n > 1).map(|accuracy| accuracy.sd)),
            text(interval.map(|interval| interval.0)),
            text(interval.map(|interval| interval.1)),
            text(experiment.mean_of(|run| run.summary.train_loss)),
            text(experiment.mean_of(|run| run.summary.train_accuracy)),
            reached.to_string(),
            text(median),
            text(writers.known()),
            if writers.interval().is_some() { "writers" } else { "rows and seeds" }.to_owned(),
            text(writers.more_to_halve()),
        ])?;
    }
    Ok(csv.into_inner().map_err(csv::IntoInnerError::into_error)?)
}

/// The bytes of `comparisons.csv`.
pub(crate) fn comparisons_csv(comparisons: &[Comparison]) -> anyhow::Result<Vec<u8>> {
    let mut csv = csv::Writer::from_writer(Vec::new());
    csv.write_record(["a", "b", "difference", "low", "high", "p", "p_holm", "pairs", "test_rows", "test", "verdict"])?;
    for comparison in comparisons {
        let difference = comparison.difference;
        csv.write_record([
            csv_cell(&comparison.a),
            csv_cell(&comparison.b),
            difference.estimate.to_string(),
            difference.interval.0.to_string(),
            difference.interval.1.to_string(),
            difference.p.to_string(),
            comparison.p_holm.to_string(),
            comparison.pairs.to_string(),
            comparison.test_rows.to_string(),
            comparisons::test(Lang::En, comparison.test).to_owned(),
            comparison.verdict(Lang::En).to_owned(),
        ])?;
    }
    Ok(csv.into_inner().map_err(csv::IntoInnerError::into_error)?)
}
