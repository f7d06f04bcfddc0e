//! Whether the files of a run folder agree. A folder that was edited, or put together from two, must not be reported as
//! a result.

use anyhow::ensure;
use serde_json::Value;
use stage_files::run::{MetricsRow, PredictionRow, Summary};

/// Checks the files of one run against one another. The error names the files, the value in each, and the line.
pub(crate) fn check(
    config: &Value,
    summary: &Summary,
    metrics: &[MetricsRow],
    predictions: Option<&[PredictionRow]>,
) -> anyhow::Result<()> {
    let seed = config.get("seed").and_then(Value::as_u64);
    ensure!(
        seed == Some(summary.seed),
        "config.json has seed {}, summary.json seed {}",
        seed.map_or("none".to_owned(), |seed| seed.to_string()),
        summary.seed
    );
    for (i, row) in metrics.iter().enumerate() {
        let expected = i + 1;
        ensure!(
            row.epoch as usize == expected,
            "metrics.csv: line {}: expected epoch {expected}, found {}",
            i + 2,
            row.epoch
        );
    }
    let last = metrics.last().map_or(0, |row| row.epoch);
    ensure!(last == summary.epochs, "summary.json says {} epochs, metrics.csv ends with {last}", summary.epochs);
    let Some(predictions) = predictions else { return Ok(()) };
    let (rows, correct) =
        (predictions.len() as u64, predictions.iter().filter(|row| row.label == row.predicted).count());
    ensure!(
        summary.test_rows == rows && summary.test_correct == Some(correct as u64),
        "summary.json says {} of {} test rows are right, predictions.csv {correct} of {rows}",
        summary.test_correct.unwrap_or(0),
        summary.test_rows
    );
    let accuracy = correct as f64 / rows as f64;
    // Both are the same quotient; a writer in another language may round the last digit differently.
    let agrees = summary.test_accuracy.is_some_and(|written| (written - accuracy).abs() <= 1e-12) || rows == 0;
    ensure!(
        agrees,
        "summary.json has test_accuracy {}, but {correct} of {rows} is {accuracy}",
        summary.test_accuracy.map_or("none".to_owned(), |written| written.to_string())
    );
    Ok(())
}
