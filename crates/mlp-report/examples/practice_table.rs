//! The table of what the recommended configs reach, from the runs that `practice/run.sh` made.
//!
//! ```sh
//! cargo run --release -p mlp-report --example practice_table -- ROWS.tsv TABLE.md
//! ```
//!
//! A row of the list is: title, preprocessing, what is to be reached, folder of runs, `rejected.csv` of the pictures
//! that test.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use anyhow::{Context, bail};
use mlp_report::statistics::mean::{Mean, Repeats};
use stage_files::atomic::{self, Durability};
use stage_files::run::{RunState, Summary, find_runs};

const HEAD: &str = "\
# What the recommended configs reach

Made by `just practice`. Hands that test are never in training: five folds of whole hands, and the accuracy is the mean
over the folds. A picture that the labeler rejects counts as wrong, spread evenly over the folds. Intervals are
Student's 95 % over seeds: how training varies on these hands, nothing of other hands; with one seed there is none.
Seconds are those of training one run (one fold, one seed), median, as `timing.csv` has them.

| experiment | preprocessing | accuracy | 95 % interval | to reach | seeds | folds | rejected | seconds a run |
|---|---|---|---|---|---|---|---|---|
";

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [list, table] = arguments.as_slice() else { bail!("expected ROWS.tsv TABLE.md, found {arguments:?}") };
    let mut text = HEAD.to_owned();
    for line in fs_err::read_to_string(list)?.lines() {
        let cells: Vec<&str> = line.split('\t').collect();
        let [title, preprocessing, target, runs, rejected] = cells.as_slice() else {
            bail!("{list}: expected 5 cells, found {line}")
        };
        let row = Row::read(Path::new(runs), Path::new(rejected)).with_context(|| (*title).to_owned())?;
        let interval = match row.accuracy.interval(Repeats::SameRows) {
            Some((low, high)) => format!("{low:.4} .. {high:.4}"),
            None => "-".to_owned(),
        };
        let target = if target.is_empty() { "-".to_owned() } else { format!(">= {target}") };
        writeln!(
            text,
            "| {title} | {preprocessing} | {:.4} | {interval} | {target} | {} | {} | {} | {:.1} |",
            row.accuracy.mean, row.accuracy.n, row.folds, row.rejected, row.seconds
        )?;
    }
    atomic::write(Path::new(table), text.as_bytes(), Durability::Process)
}

/// What the runs of one experiment say.
struct Row {
    /// Over seeds, each the mean over its folds.
    accuracy: Mean,
    folds: usize,
    rejected: usize,
    /// Median of the runs' training times.
    seconds: f64,
}

impl Row {
    fn read(runs: &Path, rejected: &Path) -> anyhow::Result<Self> {
        let rejected = csv::Reader::from_path(rejected)?.records().count();
        let mut of_seed: BTreeMap<u64, Vec<Summary>> = BTreeMap::new();
        let mut seconds = Vec::new();
        for run in find_runs(runs)? {
            let RunState::Done(summary, _) = run.state else { bail!("{} is not done", run.name) };
            let timing = fs_err::read_to_string(run.folder.join(stage_files::run::TIMING_FILE))?;
            let last = timing.lines().last().and_then(|line| line.split(',').nth(1)).context("empty timing.csv")?;
            seconds.push(last.parse::<f64>()?);
            of_seed.entry(summary.seed).or_default().push(*summary);
        }
        let accuracies: Vec<f64> = of_seed.values().map(|folds| accuracy(folds, rejected)).collect();
        seconds.sort_by(f64::total_cmp);
        Ok(Self {
            accuracy: Mean::of(&accuracies).context("no runs")?,
            folds: of_seed.values().next().map_or(0, Vec::len),
            rejected,
            seconds: seconds[seconds.len() / 2],
        })
    }
}

/// The mean over folds; a run that diverged has nothing right. Rejected pictures are wrong ones.
fn accuracy(folds: &[Summary], rejected: usize) -> f64 {
    let mean = folds.iter().map(|fold| fold.test_accuracy.unwrap_or(0.0)).sum::<f64>() / folds.len() as f64;
    let read: u64 = folds.iter().map(|fold| fold.test_rows).sum();
    mean * read as f64 / (read + rejected as u64) as f64
}
