//! The runs as tables: `tables.md` for people, `results.csv` for programs.

use std::fmt::Write;

use stage_files::run::Summary;

use crate::escape::markdown;
use crate::run_report::{LeftOut, RunReport};
use crate::statistics::wilson::wilson;

/// Column names of `results.csv`; new ones are added at the end.
const COLUMNS: [&str; 20] = [
    "run",
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
    "test_accuracy_low",
    "test_accuracy_high",
    "zero_loss_epoch",
];

/// `results.csv`: one row a run.
pub fn results_csv(runs: &[RunReport]) -> anyhow::Result<Vec<u8>> {
    fn text<T: ToString>(value: Option<T>) -> String {
        value.map_or(String::new(), |value| value.to_string())
    }
    let mut csv = csv::Writer::from_writer(Vec::new());
    csv.write_record(COLUMNS)?;
    for run in runs {
        let s = &run.summary;
        let interval = interval(s);
        csv.write_record([
            run.name.clone(),
            s.name.clone(),
            s.seed.to_string(),
            s.outcome.word().to_owned(),
            s.data.clone(),
            s.labels.to_string(),
            shape(s),
            s.activation.join(" "),
            s.parameters.to_string(),
            s.train_rows.to_string(),
            s.test_rows.to_string(),
            s.epochs.to_string(),
            text(s.train_loss),
            text(s.train_accuracy),
            text(s.test_loss),
            text(s.test_correct),
            text(s.test_accuracy),
            text(interval.map(|i| i.0)),
            text(interval.map(|i| i.1)),
            text(s.zero_loss_epoch),
        ])?;
    }
    Ok(csv.into_inner().map_err(csv::IntoInnerError::into_error)?)
}

/// `tables.md`: the runs, and what was left out.
pub fn tables_md(runs: &[RunReport], left_out: &[LeftOut]) -> String {
    let mut md = String::from("# Runs\n\n");
    let rows: Vec<[String; 9]> =
        runs.iter().map(|run| cells(&run.name, &run.summary).map(|cell| markdown(&cell))).collect();
    let widths: Vec<usize> = (0..HEADINGS.len())
        .map(|i| rows.iter().map(|row| row[i].chars().count()).chain([HEADINGS[i].len()]).max().unwrap_or(0))
        .collect();
    let line = |md: &mut String, cells: &[String]| {
        for (cell, width) in cells.iter().zip(&widths) {
            let _ = write!(md, "| {cell:<width$} ");
        }
        md.push_str("|\n");
    };
    line(&mut md, &HEADINGS.map(str::to_owned));
    line(&mut md, &widths.iter().map(|width| "-".repeat(*width)).collect::<Vec<_>>());
    for row in &rows {
        line(&mut md, row);
    }
    md.push_str(
        "\nThe interval is Wilson's, 95 %: how far the accuracy on so few test rows may lie from the true one.\n",
    );
    if !left_out.is_empty() {
        md.push_str("\n# Left out\n\n");
        for run in left_out {
            let _ = writeln!(md, "- {}: {}", markdown(&run.name), markdown(&run.reason));
        }
    }
    md
}

/// Headings of the table of runs.
pub const HEADINGS: [&str; 9] =
    ["run", "hidden", "rows train/test", "epochs", "loss", "train acc", "test acc", "95 % interval", "zero epoch"];

/// A row of the table of runs.
pub fn cells(name: &str, s: &Summary) -> [String; 9] {
    let share = |value: Option<f64>| value.map_or("-".to_owned(), |value| format!("{value:.3}"));
    [
        name.to_owned(),
        shape(s),
        format!("{}/{}", s.train_rows, s.test_rows),
        s.epochs.to_string(),
        s.train_loss.map_or_else(|| s.outcome.word().to_owned(), |loss| format!("{loss:.3}")),
        share(s.train_accuracy),
        share(s.test_accuracy),
        interval(s).map_or("-".to_owned(), |(low, high)| format!("{low:.3} to {high:.3}")),
        s.zero_loss_epoch.map_or("never".to_owned(), |epoch| epoch.to_string()),
    ]
}

fn interval(s: &Summary) -> Option<(f64, f64)> {
    wilson(s.test_correct?, s.test_rows)
}

fn shape(s: &Summary) -> String {
    format!("[{}]", s.hidden.iter().map(usize::to_string).collect::<Vec<_>>().join(", "))
}
