//! `mlp-train curve`: what the pictures of more writers would bring.

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use clap::Args;
use mlp_core::kernels::KernelPath;
use mlp_statistics::learning_curve::{Gain, LearningCurve, Point};
use mlp_statistics::writers::Writers;
use serde_json::{Value, json};
use stage_cli::{Console, ExitStatus, FolderArgs, Interrupts, again_to_go_on, counted, quoted};
use stage_files::config::{Config, Data, Folds, Seeds, Split, SplitBy};
use stage_files::dataset::{DataSet, changed_since};
use stage_files::run::read_predictions;
use stage_files::{refuse, refused};

use crate::options::ConfigOptions;
use crate::run::parallel::perform_all;
use crate::run::plan::{copies, inputs, plan};
use crate::run::{Run, RunEnd, RunOptions};
use crate::threads::budget::ThreadBudget;

/// Folds, where there are as many writers: each writer tests in one of them.
const FOLDS: usize = 5;
/// Fewer writers make no curve: two train, one tests.
const LEAST_WRITERS: usize = 3;
/// Seeds where neither the config nor an option names any. Each draws other writers.
const SEEDS: [u64; 3] = [1, 2, 3];
/// Seconds between two saved states of a run.
const CHECKPOINT_EVERY: Duration = Duration::from_secs(5);
/// How many more writers the last sentence is about.
const MORE: u32 = 10;
/// The config key that the numbers of writers are values of.
const KEY: &str = "split.train_writers";

/// What `mlp-train curve` takes.
#[derive(Args)]
#[command(after_help = "\
Example:
  mlp-train curve my.json --writers --out runs-curve
  mlp-train curve my.json --writers 2,4,8 --seeds 1 --out runs-curve

Each writer tests in one of five folds, never beside own pictures. The runs are ordinary ones: a second call goes on \
where one was stopped, and mlp-report shows them.")]
pub(crate) struct CurveArgs {
    /// Config file
    config: PathBuf,
    /// Numbers of training writers [default: 1, 2, 4, .. and all]
    #[arg(long, value_name = "LIST", required = true, num_args = 0..=1, value_delimiter = ',')]
    writers: Vec<u32>,
    /// Folder for the run folders
    #[arg(long, value_name = "RUNS")]
    out: PathBuf,
    #[command(flatten)]
    changes: ConfigOptions,
    /// Threads in all: runs at a time [default: the number of processors]
    #[arg(long, value_name = "N")]
    jobs: Option<std::num::NonZeroUsize>,
    #[command(flatten)]
    folder: FolderArgs,
}

impl CurveArgs {
    /// Trains with each number of writers, and says what was measured and what it promises.
    pub(crate) fn run(&self, path: KernelPath, jobs: usize, console: &Console) -> anyhow::Result<ExitStatus> {
        let config = self.changes.config(&self.config, console)?;
        let writers = writers_of(&config)?;
        let folds = writers.min(FOLDS);
        let most = (writers - writers.div_ceil(folds)) as u32;
        let counts = self.counts(most, config.validation.is_some())?;
        let interrupts = Interrupts::listen()?;
        let reuse = self.folder.reuse();
        let config = with_writers(config, folds, &counts)?;
        inputs(&config).iter().filter_map(|csv| changed_since(csv)).for_each(|what| console.warn(what));
        let runs = plan(vec![config], &self.out, reuse)?;
        copies(&runs).iter().for_each(|sentence| console.warn(sentence));
        if reuse.fresh {
            runs.iter().for_each(Run::restart);
        }
        let jobs = self.jobs.map_or(jobs, std::num::NonZeroUsize::get);
        let threads = ThreadBudget::new(jobs);
        let ends = perform_all(
            &runs,
            &RunOptions {
                jobs,
                path,
                threads: &threads,
                checkpoint_every: CHECKPOINT_EVERY,
                wait: Duration::ZERO,
                is_lockless: AtomicBool::new(false),
                interrupts: &interrupts,
                console,
            },
        )?;
        let stopped = ends.iter().find_map(|end| match end {
            RunEnd::Interrupted(status) | RunEnd::Failed(status) => Some(*status),
            RunEnd::DoneBefore(_) | RunEnd::DoneNow(_) => None,
        });
        if let Some(status) = stopped {
            let done = ends.iter().filter(|end| matches!(end, RunEnd::DoneBefore(_) | RunEnd::DoneNow(_))).count();
            let all = counted(ends.len() as u64, "run");
            console.warn(format!("{done} of {all} done; {}", again_to_go_on(reuse)));
            return Ok(status);
        }
        let predicted = predicted(&runs, &self.out, &counts)?;
        let Some(curve) = LearningCurve::new(counts, predicted) else {
            refuse!("{}: not every run has tested every writer; do the runs anew with --fresh", self.out.display());
        };
        say(&curve, writers as u32, runs.len(), &self.out, console)
    }

    /// The numbers of training writers, rising.
    fn counts(&self, most: u32, has_validation: bool) -> anyhow::Result<Vec<u32>> {
        // Of a single writer, none could be held back for validation.
        let least = if has_validation { 2 } else { 1 };
        let mut counts = self.writers.clone();
        if counts.is_empty() {
            counts = std::iter::successors(Some(least), |count| Some(count * 2)).take_while(|n| *n < most).collect();
            counts.push(most);
        }
        counts.sort_unstable();
        counts.dedup();
        if counts.len() < 2 || counts[0] < least || counts[counts.len() - 1] > most {
            let found: Vec<String> = counts.iter().map(u32::to_string).collect();
            refuse!(
                "--writers: expected at least two numbers from {least} to {most}, as many as train in each fold, found \
                 {}",
                found.join(",")
            );
        }
        Ok(counts)
    }
}

/// How many writers the data set has.
fn writers_of(config: &Config) -> anyhow::Result<usize> {
    let path = match &config.data {
        Some(Data::One(path)) => path,
        Some(Data::Two(_)) => refuse!(
            "key `data`: a curve over writers splits one data set, and the config names two files; name one with --data"
        ),
        None => {
            refuse!("no `data`; name a data set CSV there or with --data, as in --data datasets/mine/20x20_info.csv")
        }
    };
    let data = DataSet::read(Path::new(path))?;
    let rows = data.rows.unwrap_or_default();
    let mut names: Vec<&str> = rows.iter().filter_map(|row| row.writer.as_deref()).collect();
    names.sort_unstable();
    names.dedup();
    if names.len() < LEAST_WRITERS {
        refuse!(
            "{path}: expected the pictures of at least {LEAST_WRITERS} writers, found {}; the rows file beside the CSV \
             names them",
            counted(names.len() as u64, "writer")
        );
    }
    Ok(names.len())
}

/// The config with a sweep over the numbers of training writers.
fn with_writers(mut config: Config, folds: usize, counts: &[u32]) -> anyhow::Result<Config> {
    let values = counts.iter().map(|count| Value::from(*count)).collect();
    if config.seeds.is_none() && config.seed.is_none() {
        config.seeds = Some(Seeds::List(SEEDS.to_vec()));
    }
    let folds_of_writers = Folds::try_from(folds as i64).map_err(refused)?;
    config.split = Split { by: SplitBy::Group, folds: Some(folds_of_writers), ..Split::default() };
    config.sweep = Some(config.sweep.unwrap_or_default().and(KEY, values)?);
    if config.run_count() != (counts.len() * folds * config.seed_list().len()) as u128 {
        refuse!("key `sweep`: a curve over writers is of one config; take the sweep away");
    }
    Ok(config)
}

/// For each seed and each number of training writers, the predictions for all rows: every writer tests in one fold.
fn predicted(runs: &[Run], out: &Path, counts: &[u32]) -> anyhow::Result<Vec<Vec<Writers>>> {
    let mut seeds: Vec<u64> = runs.iter().map(|run| run.seed).collect();
    seeds.sort_unstable();
    seeds.dedup();
    let mut all = vec![vec![Writers::default(); counts.len()]; seeds.len()];
    for run in runs {
        let count = run.config.split.train_writers.map(stage_files::config::Count::get);
        let place = (seeds.iter().position(|seed| *seed == run.seed), counts.iter().position(|n| Some(*n) == count));
        let (Some(seed), Some(place)) = place else { continue };
        let rows = read_predictions(&out.join(&run.name), run.source.labels())?;
        let of_run = rows.iter().map(|row| (row.writer.as_deref(), row.label == row.predicted));
        all[seed][place].add(&Writers::count(of_run));
    }
    Ok(all)
}

/// A table of what was measured, and a sentence on what more writers would bring.
fn say(curve: &LearningCurve, writers: u32, runs: usize, out: &Path, console: &Console) -> anyhow::Result<ExitStatus> {
    let points = curve.points();
    let gain = curve.gain(writers, MORE);
    if !console.is_json() {
        console.data("training writers  test accuracy  95 % interval over writers")?;
        points.iter().try_for_each(|point| console.data(line(point)))?;
    }
    let facts = json!({
        "runs": runs,
        "points": points.iter().map(|point| json!({
            "writers": point.writers, "accuracy": point.accuracy, "interval": point.interval,
        })).collect::<Vec<_>>(),
        "writers": writers, "accuracy": gain.accuracy, "more": MORE, "gain": gain.gain, "interval": gain.interval,
    });
    console.summary(
        format!("mlp-train: {} done, in {}; {}", counted(runs as u64, "run"), out.display(), sentence(&gain, writers)),
        &facts,
    )?;
    console.next("report", "mlp-report", &[&quoted(out), &"--out report"]);
    Ok(ExitStatus::Done)
}

fn line(point: &Point) -> String {
    let interval = point.interval.map_or_else(|| "-".to_owned(), |(low, high)| format!("{low:.3} .. {high:.3}"));
    format!("{:>16}  {:>13.3}  {interval:>26}", point.writers, point.accuracy)
}

/// `with all 14 writers about 0.985; 10 more would bring about 0.4 points (95 % interval 0.2 .. 0.7)`.
fn sentence(gain: &Gain, writers: u32) -> String {
    let Gain { accuracy, gain, interval } = gain;
    let points = 100.0 * gain;
    let doubt = match interval {
        None => "too few writers for an interval".to_owned(),
        Some((low, high)) => {
            let words = format!("95 % interval {:.1} .. {:.1}", 100.0 * low, 100.0 * high);
            if *low > 0.0 { words } else { format!("{words}, so perhaps nothing") }
        }
    };
    format!(
        "with all {writers} writers about {accuracy:.3}; {MORE} more would bring about {points:.1} points ({doubt})"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sentence_says_how_sure_it_is() {
        let of = |interval| sentence(&Gain { accuracy: 0.9854, gain: 0.0042, interval }, 14);
        let start = "with all 14 writers about 0.985; 10 more would bring about 0.4 points";
        assert_eq!(of(Some((0.0021, 0.0069))), format!("{start} (95 % interval 0.2 .. 0.7)"));
        assert_eq!(of(Some((-0.0021, 0.0069))), format!("{start} (95 % interval -0.2 .. 0.7, so perhaps nothing)"));
        assert_eq!(of(None), format!("{start} (too few writers for an interval)"));
    }
}
