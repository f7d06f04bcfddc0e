//! `metrics.csv`: one row every epoch from 1; the test cells are filled at report epochs and at the last.

use std::fmt::Write;
use std::path::Path;

use super::{METRICS_FILE, table};

/// The header line.
pub const HEADER: &str = "epoch,train_loss,train_accuracy,test_loss,test_accuracy,learning_rate";

/// One epoch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MetricsRow {
    /// From 1.
    pub epoch: u64,
    /// Mean training loss of the epoch.
    pub train_loss: f64,
    /// Mean training accuracy of the epoch, 0..1.
    pub train_accuracy: f64,
    /// Loss on the test rows where it was measured.
    pub test_loss: Option<f64>,
    /// Accuracy on the test rows where it was measured, 0..1.
    pub test_accuracy: Option<f64>,
    /// Learning rate of the epoch.
    pub learning_rate: f64,
}

/// The text of the file; numbers in the shortest form that reads back as the same f64.
pub fn to_text(rows: &[MetricsRow]) -> String {
    let mut text = format!("{HEADER}\n");
    let cell = |number: Option<f64>| number.map(|n| format!("{n:?}")).unwrap_or_default();
    for row in rows {
        let (loss, accuracy) = (cell(row.test_loss), cell(row.test_accuracy));
        let _ = writeln!(
            text,
            "{},{:?},{:?},{loss},{accuracy},{:?}",
            row.epoch, row.train_loss, row.train_accuracy, row.learning_rate
        );
    }
    text
}

/// Writes the file into a run folder, atomically.
pub fn write(folder: &Path, rows: &[MetricsRow]) -> anyhow::Result<()> {
    table::write(&folder.join(METRICS_FILE), &to_text(rows))
}

/// Reads the file of a run folder.
///
/// # Errors
/// A refusal naming line and column when a cell is no finite number, an accuracy lies outside 0..1, or the epochs are
/// not 1, 2, 3, ...
pub fn read(folder: &Path) -> anyhow::Result<Vec<MetricsRow>> {
    let path = folder.join(METRICS_FILE);
    let (columns, lines) = table::read(&path)?;
    table::expect_header(&path, &columns, HEADER)?;
    let mut rows = Vec::with_capacity(lines.len());
    for (line, expected) in lines.iter().zip(1u64..) {
        let epoch: u64 = line.whole(0, "a whole number")?;
        if epoch != expected {
            return Err(line.fault(0, &format!("epoch {expected}")));
        }
        let row = MetricsRow {
            epoch,
            train_loss: line.number(1)?,
            train_accuracy: line.number(2)?,
            test_loss: line.optional(3)?,
            test_accuracy: line.optional(4)?,
            learning_rate: line.number(5)?,
        };
        for (column, value) in [(2, Some(row.train_accuracy)), (4, row.test_accuracy)] {
            if value.is_some_and(|v| !(0.0..=1.0).contains(&v)) {
                return Err(line.fault(column, "an accuracy in 0..1"));
            }
        }
        rows.push(row);
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_round_trip_to_the_bit() {
        let folder = tempfile::tempdir().unwrap();
        let row = MetricsRow {
            epoch: 1,
            train_loss: 0.1 + 0.2,
            train_accuracy: 1.0,
            test_loss: None,
            test_accuracy: None,
            learning_rate: 1e-300,
        };
        let rows = [row, MetricsRow { epoch: 2, test_loss: Some(1e-9), test_accuracy: Some(0.0), ..row }];
        write(folder.path(), &rows).unwrap();
        assert_eq!(read(folder.path()).unwrap(), rows);
    }

    #[test]
    fn damage_is_named_with_line_and_column() {
        let folder = tempfile::tempdir().unwrap();
        for (body, part) in [
            ("1,nan,0.5,,,0.1\n", "line 2, column train_loss: expected a finite number, found `nan`"),
            ("1,1,0.5,,,0.1\n3,1,0.5,,,0.1\n", "line 3, column epoch: expected epoch 2, found `3`"),
            ("1,1,1.5,,,0.1\n", "column train_accuracy: expected an accuracy in 0..1"),
            ("1,1\n", "expected 6 cells, found 2"),
        ] {
            std::fs::write(folder.path().join(METRICS_FILE), format!("{HEADER}\n{body}")).unwrap();
            let error = read(folder.path()).unwrap_err();
            assert!(error.to_string().contains(part), "{error}");
            assert!(crate::is_refused(&error));
        }
        std::fs::write(folder.path().join(METRICS_FILE), "a,b\n").unwrap();
        assert!(read(folder.path()).unwrap_err().to_string().contains("expected the header"));
    }
}
