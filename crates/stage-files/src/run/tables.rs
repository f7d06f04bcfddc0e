//! The tables of a run folder.

use std::path::Path;

use anyhow::Context;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::{METRICS_FILE, PREDICTIONS_FILE, TIMING_FILE};
use crate::kind::{Kind, kind};
use crate::labels::LabelSet;
use crate::{refuse, regular_file};

/// Longest file that is read.
const MAX_BYTES: u64 = 1 << 32;

/// A row of `metrics.csv`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MetricsRow {
    /// From 1.
    pub epoch: u32,
    /// Mean over the mini-batches of their mean losses, each before its update.
    pub train_loss: f64,
    /// Mean over the mini-batches of their accuracies, each before its update.
    pub train_accuracy: f64,
    /// Mean loss on the test rows after the epoch, at report epochs and the last.
    pub test_loss: Option<f64>,
    /// Accuracy on the test rows.
    pub test_accuracy: Option<f64>,
    /// Learning rate of the epoch's last step.
    pub learning_rate: f64,
    /// Mean loss on the validation rows after the epoch. The file has the two last columns when there are such rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub validation_loss: Option<f64>,
    /// Accuracy on the validation rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub validation_accuracy: Option<f64>,
}

/// A row of `timing.csv`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TimingRow {
    /// From 1.
    pub epoch: u32,
    /// Seconds since the run began.
    pub elapsed_s: f64,
}

/// A row of `predictions.csv`.
#[derive(Clone, Debug, PartialEq)]
pub struct PredictionRow {
    /// Row of the data set, from 0.
    pub row: u64,
    /// The label.
    pub label: u8,
    /// The digit that the network predicted.
    pub predicted: u8,
    /// Probability of each label, in the order of the label set.
    pub probabilities: Vec<f32>,
    /// Who wrote it, as in the rows file; a column that older files lack, and files without a known writer.
    pub writer: Option<String>,
    /// The source picture, as in the rows file; the last column, which older files lack.
    pub path: Option<String>,
}

/// The bytes of `metrics.csv`.
pub fn metrics_csv(rows: &[MetricsRow]) -> anyhow::Result<Vec<u8>> {
    table_csv(rows)
}

/// Reads `metrics.csv`.
pub fn read_metrics(folder: &Path) -> anyhow::Result<Vec<MetricsRow>> {
    read_table(&folder.join(METRICS_FILE))
}

/// The bytes of `timing.csv`.
pub fn timing_csv(rows: &[TimingRow]) -> anyhow::Result<Vec<u8>> {
    table_csv(rows)
}

/// Reads `timing.csv`; no rows where there is no such file, as in run folders of other programs.
pub fn read_timing(folder: &Path) -> anyhow::Result<Vec<TimingRow>> {
    let path = folder.join(TIMING_FILE);
    if is_there(&path)? { read_rows(&path) } else { Ok(Vec::new()) }
}

pub(super) fn table_csv<T: Serialize>(rows: &[T]) -> anyhow::Result<Vec<u8>> {
    let mut csv = csv::Writer::from_writer(Vec::new());
    rows.iter().try_for_each(|row| csv.serialize(row))?;
    Ok(csv.into_inner().map_err(csv::IntoInnerError::into_error)?)
}

/// Whether a run folder has a file that those of older versions lack.
pub(super) fn is_there(path: &Path) -> anyhow::Result<bool> {
    Ok(kind(path)? != Kind::Nothing)
}

/// Reads a table; no rows where there is no such file.
pub(super) fn read_table_if_there<T: DeserializeOwned>(path: &Path) -> anyhow::Result<Vec<T>> {
    if is_there(path)? { read_table(path) } else { Ok(Vec::new()) }
}

pub(super) fn read_table<T: DeserializeOwned>(path: &Path) -> anyhow::Result<Vec<T>> {
    let rows = read_rows(path)?;
    if rows.is_empty() {
        refuse!("{}: no row; expected at least one", path.display());
    }
    Ok(rows)
}

fn read_rows<T: DeserializeOwned>(path: &Path) -> anyhow::Result<Vec<T>> {
    let bytes = regular_file::read(path, MAX_BYTES).map_err(|error| error.at(path))?;
    let mut rows = Vec::new();
    for row in csv::Reader::from_reader(bytes.as_slice()).into_deserialize() {
        match row {
            Ok(row) => rows.push(row),
            Err(error) => refuse!("{}: {error}", path.display()),
        }
    }
    Ok(rows)
}

/// The bytes of `predictions.csv`.
pub fn predictions_csv(labels: &LabelSet, rows: &[PredictionRow]) -> anyhow::Result<Vec<u8>> {
    let mut csv = csv::Writer::from_writer(Vec::new());
    let has_writers = rows.iter().any(|row| row.writer.is_some());
    let has_paths = rows.iter().any(|row| row.path.is_some());
    csv.write_record(header(labels, has_writers, has_paths))?;
    for row in rows {
        let facts = [row.row.to_string(), row.label.to_string(), row.predicted.to_string()];
        let writer = has_writers.then(|| row.writer.clone().unwrap_or_default());
        let path = has_paths.then(|| row.path.clone().unwrap_or_default());
        let probabilities = row.probabilities.iter().map(f32::to_string);
        csv.write_record(facts.into_iter().chain(probabilities).chain(writer).chain(path))?;
    }
    Ok(csv.into_inner().map_err(csv::IntoInnerError::into_error)?)
}

/// Names of the last columns of `predictions.csv`.
const WRITER_COLUMN: &str = "writer";
const PATH_COLUMN: &str = "path";

fn header(labels: &LabelSet, has_writers: bool, has_paths: bool) -> Vec<String> {
    let probabilities = labels.as_slice().iter().map(|digit| format!("p_{digit}"));
    let writer = has_writers.then(|| WRITER_COLUMN.to_owned());
    let path = has_paths.then(|| PATH_COLUMN.to_owned());
    let facts = ["row", "label", "predicted"].into_iter().map(str::to_owned);
    facts.chain(probabilities).chain(writer).chain(path).collect()
}

/// Reads `predictions.csv` of a run that knows these labels.
pub fn read_predictions(folder: &Path, labels: &LabelSet) -> anyhow::Result<Vec<PredictionRow>> {
    let path = folder.join(PREDICTIONS_FILE);
    let bytes = regular_file::read(&path, MAX_BYTES).map_err(|error| error.at(&path))?;
    parse_predictions(&bytes, labels).with_context(|| path.display().to_string())
}

fn parse_predictions(bytes: &[u8], labels: &LabelSet) -> anyhow::Result<Vec<PredictionRow>> {
    let mut reader = csv::Reader::from_reader(bytes);
    let [has_writers, has_paths] = [WRITER_COLUMN, PATH_COLUMN]
        .map(|column| reader.headers().is_ok_and(|found| found.iter().any(|c| c == column)));
    if reader.headers()? != &csv::StringRecord::from(header(labels, has_writers, has_paths)) {
        let expected = header(labels, false, false).join(",");
        refuse!("line 1: expected the header {expected}, found {:?}", reader.headers()?);
    }
    let (writer_at, path_at) = (3 + labels.len(), 3 + labels.len() + usize::from(has_writers));
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => refuse!("{error}"),
        };
        let line = record.position().map_or(0, csv::Position::line);
        let digit = |cell: &str| cell.parse().ok().filter(|digit| labels.class_of(*digit).is_some());
        let probabilities = record.iter().skip(3).take(labels.len()).map(str::parse).collect::<Result<Vec<f32>, _>>();
        match (record[0].parse(), digit(&record[1]), digit(&record[2]), probabilities) {
            (Ok(row), Some(label), Some(predicted), Ok(probabilities)) => {
                let text = |at: usize| record.get(at).filter(|text| !text.is_empty()).map(str::to_owned);
                let (writer, path) = (text(writer_at).filter(|_| has_writers), text(path_at));
                rows.push(PredictionRow { row, label, predicted, probabilities, writer, path });
            }
            _ => refuse!("line {line}: expected row, two labels of {labels} and probabilities, found {record:?}"),
        }
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_round_trip_to_the_bit() {
        let folder = tempfile::tempdir().unwrap();
        let metrics = [
            MetricsRow {
                epoch: 1,
                train_loss: 0.1 + 0.2,
                train_accuracy: 1.0 / 3.0,
                test_loss: None,
                test_accuracy: None,
                learning_rate: 0.001,
                validation_loss: None,
                validation_accuracy: None,
            },
            MetricsRow {
                epoch: 2,
                train_loss: 1e-9,
                train_accuracy: 1.0,
                test_loss: Some(0.7),
                test_accuracy: Some(0.5),
                learning_rate: 0.001,
                validation_loss: None,
                validation_accuracy: None,
            },
        ];
        let write =
            |name, bytes: anyhow::Result<Vec<u8>>| std::fs::write(folder.path().join(name), bytes.unwrap()).unwrap();
        write(METRICS_FILE, metrics_csv(&metrics));
        assert_eq!(read_metrics(folder.path()).unwrap(), metrics);
        let text = std::fs::read_to_string(folder.path().join(METRICS_FILE)).unwrap();
        assert!(
            text.starts_with("epoch,train_loss,train_accuracy,test_loss,test_accuracy,learning_rate\n1,"),
            "{text}"
        );
        let validated =
            metrics.map(|row| MetricsRow { validation_loss: Some(0.1), validation_accuracy: Some(0.75), ..row });
        write(METRICS_FILE, metrics_csv(&validated));
        assert_eq!(read_metrics(folder.path()).unwrap(), validated);
        let text = std::fs::read_to_string(folder.path().join(METRICS_FILE)).unwrap();
        assert!(text.contains(",learning_rate,validation_loss,validation_accuracy\n1,"), "{text}");
        let labels: LabelSet = "1,7".parse().unwrap();
        let row =
            PredictionRow { row: 12, label: 7, predicted: 1, probabilities: vec![0.1, 0.9], writer: None, path: None };
        let named = PredictionRow { path: Some("김/7/IMG, 1.JPG".into()), ..row.clone() };
        let written = PredictionRow { writer: Some("김".into()), ..row.clone() };
        let both = PredictionRow { writer: Some("kim".into()), ..named.clone() };
        for (rows, expected) in [
            (vec![row.clone()], "row,label,predicted,p_1,p_7\n12,7,1,0.1,0.9\n"),
            (vec![written.clone()], "row,label,predicted,p_1,p_7,writer\n12,7,1,0.1,0.9,김\n"),
            (
                vec![both, written],
                "row,label,predicted,p_1,p_7,writer,path\n12,7,1,0.1,0.9,kim,\"김/7/IMG, 1.JPG\"\n12,7,1,0.1,0.9,김,\n",
            ),
            (
                vec![PredictionRow { writer: Some("path".into()), ..row.clone() }, row.clone()],
                "row,label,predicted,p_1,p_7,writer\n12,7,1,0.1,0.9,path\n12,7,1,0.1,0.9,\n",
            ),
            (
                vec![PredictionRow { writer: Some("b".into()), ..named.clone() }, row.clone()],
                "row,label,predicted,p_1,p_7,writer,path\n12,7,1,0.1,0.9,b,\"김/7/IMG, 1.JPG\"\n12,7,1,0.1,0.9,,\n",
            ),
            (
                vec![named, row],
                "row,label,predicted,p_1,p_7,path\n12,7,1,0.1,0.9,\"김/7/IMG, 1.JPG\"\n12,7,1,0.1,0.9,\n",
            ),
        ] {
            write(PREDICTIONS_FILE, predictions_csv(&labels, &rows));
            assert_eq!(read_predictions(folder.path(), &labels).unwrap(), rows);
            assert_eq!(std::fs::read_to_string(folder.path().join(PREDICTIONS_FILE)).unwrap(), expected);
        }
    }

    #[test]
    fn edited_tables_are_told_what_is_wrong() {
        let labels: LabelSet = "1,7".parse().unwrap();
        for (text, part) in [
            ("row,label\n", "expected the header row,label,predicted,p_1,p_7"),
            ("row,label,predicted,p_1,p_7\n1,7,3,0.1,0.9\n", "line 2"),
            ("row,label,predicted,p_1,p_7\n1,7,7,x,0.9\n", "line 2"),
            ("row,label,predicted,p_1,p_7\n1,7\n", "record"),
        ] {
            let error = parse_predictions(text.as_bytes(), &labels).unwrap_err();
            assert!(format!("{error:#}").contains(part) && crate::is_refused(&error), "{error:#}");
        }
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(METRICS_FILE), "epoch,train_loss\n1,x\n").unwrap();
        assert!(crate::is_refused(&read_metrics(folder.path()).unwrap_err()));
    }
}
