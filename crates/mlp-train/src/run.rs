//! All runs of a call: which there are, which are done, and doing the rest in parallel.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use mlp_core::kernels::KernelPath;
use rayon::prelude::*;
use stage_cli::{Console, ExitStatus, Interrupts};
use stage_files::config::{Config, Data};
use stage_files::lock::FolderLock;
use stage_files::run::{CONFIG_FILE, Outcome, SUMMARY_FILE, Summary};
use stage_files::stage::StageInfo;
use stage_files::{is_refused, json, refuse};

use crate::checkpoint::Checkpoints;
use crate::cores::Cores;
use crate::feed::{Feed, augmenter};
use crate::log::Log;
use crate::prepare::{Prepared, Source, part};
use crate::setup::start;
use crate::train::{Ended, Session};
use crate::write::{begun, write_run};

/// One run: a config, a seed, its data and its folder.
pub struct Run {
    pub config: Config,
    pub seed: u64,
    pub source: Arc<Source>,
    pub folder: PathBuf,
    /// Its place below the folder of all runs.
    pub name: String,
}

/// How a run of this call ended.
pub enum Done {
    /// It had been done before.
    Before(Summary),
    /// It was done now.
    Now(Summary),
    /// A signal came first.
    Not(ExitStatus),
    /// It could not be done, as was said; the exit code for it.
    Failed(ExitStatus),
}

/// The runs that configs ask for. Each data set is read once.
pub fn plan(configs: Vec<Config>, out: &Path) -> anyhow::Result<Vec<Run>> {
    let mut sources: BTreeMap<String, Arc<Source>> = BTreeMap::new();
    let mut runs: Vec<Run> = Vec::new();
    for config in configs {
        let Some(data) = &config.data else {
            refuse!("config {}: no `data`; name a data set CSV there or with --data", config.name());
        };
        let key = match data {
            Data::One(path) => path.clone(),
            Data::Two(two) => format!("{}\n{}", two.train, two.test),
        };
        let source = match sources.get(&key) {
            Some(source) => Arc::clone(source),
            None => {
                let source = Arc::new(Source::read(data)?);
                sources.insert(key, Arc::clone(&source));
                source
            }
        };
        if source.test.is_some() && config.split.folds.is_some() {
            refuse!(
                "config {}: key `split.folds` parts one data set, and `data` names two files; take one of them away",
                config.name()
            );
        }
        for (config, seed) in folds_and_seeds(&config) {
            let name = run_name(&config, seed);
            if let Some(other) = runs.iter().find(|run| run.name == name) {
                refuse!("two configs have the name {}; give each its own `name`", other.config.name());
            }
            let run = Run { folder: out.join(&name), config, seed, source: Arc::clone(&source), name };
            // What the data cannot give is said before anything is written.
            part(&run.config, &run.source, seed)
                .and_then(|parts| augmenter(&run.config, &run.source, &parts.train, seed))
                .with_context(|| format!("config {}", run.config.name()))?;
            start(&run.config, run.source.first.pixels.ncols(), run.source.labels().len(), seed)
                .with_context(|| format!("config {}", run.config.name()))?;
            begun(&run.config, seed, &run.source).refuse_foreign(&run.folder)?;
            runs.push(run);
        }
    }
    Ok(runs)
}

/// A config and seed for each run of a config: all seeds of the first fold, then of the next.
fn folds_and_seeds(config: &Config) -> Vec<(Config, u64)> {
    let seeds = config.seed_list();
    let folds = config.split.each_fold().into_iter().map(|split| Config { split, ..config.clone() });
    folds.flat_map(|config| seeds.iter().map(move |&seed| (config.clone(), seed))).collect()
}

/// Place of a run below the folder of all runs: `<name>[/fold-<k>][/seed-<s>]`. A fold has the same place whether it is
/// run alone or with the others.
fn run_name(config: &Config, seed: u64) -> String {
    let fold = config.split.fold.map_or(String::new(), |fold| format!("/fold-{}", fold.get()));
    let seed = if config.seed_list().len() > 1 { format!("/seed-{seed}") } else { String::new() };
    format!("{}{fold}{seed}", config.name())
}

impl Run {
    /// Multiply-adds of the whole run, to begin with the largest.
    fn work(&self) -> u64 {
        let shape = [self.source.first.pixels.ncols()].into_iter().chain(self.config.widths());
        let widths: Vec<u64> = shape.chain([self.source.labels().len()]).map(|w| w as u64).collect();
        let weights: u64 = widths.windows(2).map(|pair| pair[0] * pair[1]).sum();
        weights * self.source.first.classes.len() as u64 * u64::from(self.config.epochs.get())
    }

    fn perform(&self, how: &How<'_>, mut log: Log<'_>) -> anyhow::Result<Done> {
        if let Some(status) = how.interrupts.pending() {
            return Ok(Done::Not(status));
        }
        let info = begun(&self.config, self.seed, &self.source);
        let is_done = |stage: &StageInfo| stage.inputs == info.inputs && stage.version == info.version;
        if StageInfo::read(&self.folder)?.is_some_and(|stage| is_done(&stage))
            && let Ok(summary) = json::read(&self.folder.join(SUMMARY_FILE))
        {
            return Ok(Done::Before(summary));
        }
        let _core = how.cores.take();
        let _lock = FolderLock::take(&self.folder)?;
        let mut checkpoints = Checkpoints::new(&self.folder, &info, how.checkpoint_every)?;
        info.begin(&self.folder)?;
        json::write(&self.folder.join(CONFIG_FILE), &self.config.resolved(self.seed))?;
        let data = Prepared::new(&self.config, &self.source, self.seed)?;
        let network = start(&self.config, data.width, self.source.labels().len(), self.seed)?;
        let feed = Feed::new(&self.config, &self.source, &data, self.seed, how.cores)?;
        let mut session = Session::new(&self.config, feed, network, self.seed, how.path);
        match session.resume(&checkpoints, &mut log) {
            Ok(None) => {}
            Ok(Some(epochs)) => how.console.note(format!("{}: going on after {epochs} epochs", self.name)),
            Err(error) => how.console.warn(format!(
                "{}: the checkpoint of the interrupted run cannot be used: {error:#}; the run begins again",
                self.name
            )),
        }
        match session.run(how.interrupts, &mut checkpoints, log)? {
            Ended::Interrupted(status) => Ok(Done::Not(status)),
            Ended::Trained(trained) => {
                let summary = write_run(&self.folder, &self.config, self.seed, &self.source, &data, &trained)?;
                checkpoints.remove()?;
                Ok(Done::Now(summary))
            }
        }
    }
}

/// How runs are done; none of it changes a bit of their results.
pub struct How<'a> {
    /// Runs at a time.
    pub jobs: usize,
    /// The kernels.
    pub path: KernelPath,
    /// Cores that runs and their helpers share.
    pub cores: &'a Arc<Cores>,
    /// Time between two checkpoints of a run.
    pub checkpoint_every: Duration,
    /// Whether to end early.
    pub interrupts: &'a Interrupts,
    /// Where to say what happens.
    pub console: &'a Console,
}

/// Does all runs, the largest first, one thread each. The results are in the order of `runs`.
pub fn perform_all(runs: &[Run], how: &How<'_>) -> anyhow::Result<Vec<Done>> {
    let console = how.console;
    let pool = rayon::ThreadPoolBuilder::new().num_threads(how.jobs).build().context("cannot start threads")?;
    let mut order: Vec<usize> = (0..runs.len()).collect();
    order.sort_by_key(|&i| (std::cmp::Reverse(runs[i].work()), i));
    let single = runs.len() == 1;
    let mut done: Vec<(usize, Done)> = pool.install(|| {
        // by_bridge hands out one run at a time in this order; a slice would be cut into blocks.
        order
            .into_iter()
            .par_bridge()
            .map(|i| {
                let run = &runs[i];
                let log = Log::new(single.then_some(console), None);
                let done = run.perform(how, log).with_context(|| format!("run {}", run.name)).unwrap_or_else(|error| {
                    // The other runs are done all the same.
                    console.error(&error);
                    Done::Failed(if is_refused(&error) { ExitStatus::Refused } else { ExitStatus::OutsideFault })
                });
                if let Done::Now(summary) = &done
                    && !single
                {
                    console.note(sentence(&run.name, summary));
                }
                (i, done)
            })
            .collect()
    });
    done.sort_by_key(|(i, _)| *i);
    for (i, done) in &done {
        if let Done::Now(summary) = done
            && let Some(warning) = warning(&summary.outcome)
        {
            console.warn(format!("{}: {warning}", runs[*i].name));
        }
    }
    Ok(done.into_iter().map(|(_, done)| done).collect())
}

/// What a person should know of an outcome, and what may help.
fn warning(outcome: &Outcome) -> Option<String> {
    match outcome {
        Outcome::Diverged { epoch, learning_rate, largest_weight, layer } => Some(format!(
            "diverged in epoch {epoch}, first in layer {layer}, at learning rate {learning_rate} (largest weight before: \
             {largest_weight:.3e}); a smaller learning rate, or \"scale\": \"unit\", may help"
        )),
        Outcome::Dead { layer } => Some(format!(
            "dead: every output of hidden layer {layer} is 0 for every test row, so nothing is learned any more; another \
             `init` or a smaller learning rate may help"
        )),
        Outcome::Learned | Outcome::Unreached | Outcome::Stopped { .. } => None,
    }
}

fn sentence(name: &str, summary: &Summary) -> String {
    match (summary.train_loss, summary.test_accuracy) {
        (Some(loss), Some(accuracy)) => {
            format!(
                "{name}: {} epochs, loss {loss:.3}, test accuracy {accuracy:.3} on {} rows",
                summary.epochs, summary.test_rows
            )
        }
        _ => format!("{name}: {}", summary.outcome.word()),
    }
}
