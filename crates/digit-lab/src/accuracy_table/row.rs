//! A row of the list, with what its runs say.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, bail, ensure};
use mlp_statistics::mean::Mean;
use stage_files::run::{RunState, Summary, find_runs};

/// An experiment, and what its runs say.
pub(super) struct Row {
    pub title: String,
    pub preprocessing: String,
    /// What is to be reached, or nothing.
    pub target: String,
    /// For each seed the mean over its folds.
    pub of_seed: BTreeMap<u64, f64>,
    pub folds: usize,
    pub rejected: usize,
    /// Median of the runs' training times.
    pub seconds: f64,
}

/// All rows of a list.
pub(super) fn read(list: &Path) -> anyhow::Result<Vec<Row>> {
    let text = fs_err::read_to_string(list)?;
    text.lines().map(|line| Row::read(line).with_context(|| format!("{}: {line}", list.display()))).collect()
}

impl Row {
    fn read(line: &str) -> anyhow::Result<Self> {
        let cells: Vec<&str> = line.split('\t').collect();
        let [title, preprocessing, target, runs, rejected] = cells.as_slice() else {
            bail!("expected 5 cells, found {}", cells.len())
        };
        let rejected = csv::Reader::from_path(rejected)?.records().count();
        let mut folds_of_seed: BTreeMap<u64, Vec<Summary>> = BTreeMap::new();
        let mut seconds = Vec::new();
        for run in find_runs(Path::new(runs))? {
            let RunState::Done(summary, _) = run.state else { bail!("{} is not done", run.name) };
            let timing = fs_err::read_to_string(run.folder.join(stage_files::run::TIMING_FILE))?;
            let last = timing.lines().last().and_then(|line| line.split(',').nth(1)).context("empty timing.csv")?;
            seconds.push(last.parse::<f64>()?);
            folds_of_seed.entry(summary.seed).or_default().push(*summary);
        }
        let folds = folds_of_seed.values().next().context("no runs")?.len();
        ensure!(folds_of_seed.values().all(|all| all.len() == folds), "some seeds lack folds that others have");
        seconds.sort_by(f64::total_cmp);
        Ok(Self {
            title: (*title).to_owned(),
            preprocessing: (*preprocessing).to_owned(),
            target: (*target).to_owned(),
            of_seed: folds_of_seed.into_iter().map(|(seed, folds)| (seed, accuracy(&folds, rejected))).collect(),
            folds,
            rejected,
            seconds: seconds[seconds.len() / 2],
        })
    }

    /// Over seeds.
    pub(super) fn accuracy(&self) -> Mean {
        let all: Vec<f64> = self.of_seed.values().copied().collect();
        Mean::of(&all).expect("a row has runs")
    }
}

/// The mean over folds; a run that diverged has nothing right. Rejected pictures are wrong ones.
fn accuracy(folds: &[Summary], rejected: usize) -> f64 {
    let mean = folds.iter().map(|fold| fold.test_accuracy.unwrap_or(0.0)).sum::<f64>() / folds.len() as f64;
    let read: u64 = folds.iter().map(|fold| fold.test_rows).sum();
    mean * read as f64 / (read + rejected as u64) as f64
}
