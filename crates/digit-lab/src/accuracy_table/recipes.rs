//! What the recommended configs reach.

use std::fmt::Write;

use mlp_statistics::mean::Repeats;

use super::row::Row;

const HEAD: &str = "\
# What the recommended configs reach

`just recommended` writes this table. Writers who test are never in training: there are five folds of whole writers, and
the accuracy is the mean over the folds. A picture that the labeler rejects counts as wrong, spread evenly over the
folds. Intervals are Student's 95 % over seeds. They show how training varies on these writers and say nothing about
other writers; one seed has no interval. Seconds are the median of one run (one fold, one seed), from `timing.csv`.

| experiment | preprocessing | accuracy | 95 % interval | to reach | seeds | folds | rejected | seconds a run |
|---|---|---|---|---|---|---|---|---|
";

pub(super) fn table(rows: &[Row]) -> String {
    let mut text = HEAD.to_owned();
    for row in rows {
        let accuracy = row.accuracy();
        let interval = match accuracy.interval(Repeats::SameRows) {
            Some((low, high)) => format!("{:.4} .. {:.4}", low.max(0.0), high.min(1.0)),
            None => "-".to_owned(),
        };
        let target = if row.target.is_empty() { "-".to_owned() } else { format!(">= {}", row.target) };
        // Writing to a String does not fail.
        let _ = writeln!(
            text,
            "| {} | {} | {:.4} | {interval} | {target} | {} | {} | {} | {:.1} |",
            row.title, row.preprocessing, accuracy.mean, accuracy.n, row.folds, row.rejected, row.seconds
        );
    }
    text
}
