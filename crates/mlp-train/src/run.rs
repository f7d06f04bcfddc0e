//! Doing the runs of a call: which are done, and the rest in parallel.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use mlp_core::kernels::KernelPath;
use rayon::prelude::*;
use stage_cli::{Console, ExitStatus, Interrupts};
use stage_files::lock::FolderLock;
use stage_files::run::{CONFIG_FILE, Outcome, SUMMARY_FILE, Summary};
use stage_files::stage::StageInfo;
use stage_files::{is_refused, json};

use crate::checkpoint::Checkpoints;
use crate::cores::Cores;
use crate::feed::Feed;
use crate::helpers::Helpers;
use crate::log::Log;
use crate::plan::Run;
use crate::prepare::Prepared;
use crate::progress::Progress;
use crate::setup::start;
use crate::train::{Ended, Session};
use crate::write::write_run;

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

/// The summary of a run that had been done before, by this version and on these inputs.
pub fn is_done(run: &Run) -> anyhow::Result<Option<Summary>> {
    let info = &run.info;
    let is_same = |stage: &StageInfo| stage.inputs == info.inputs && stage.version == info.version;
    let done = StageInfo::read(&run.folder)?.is_some_and(|stage| is_same(&stage));
    Ok(if done { json::read(&run.folder.join(SUMMARY_FILE)).ok() } else { None })
}

impl Run {
    fn perform(&self, how: &How<'_>, mut log: Log<'_>) -> anyhow::Result<Done> {
        let _core = how.cores.take();
        if let Some(status) = how.interrupts.pending() {
            return Ok(Done::Not(status));
        }
        let info = &self.info;
        if let Some(summary) = is_done(self)? {
            if let Some(_lock) = StageInfo::tidy_abandoned(&self.folder)? {
                Checkpoints::new(&self.folder, info, how.checkpoint_every)?.remove()?;
            }
            return Ok(Done::Before(summary));
        }
        let _lock = FolderLock::take(&self.folder)?;
        let mut checkpoints = Checkpoints::new(&self.folder, info, how.checkpoint_every)?;
        info.begin(&self.folder)?;
        json::write(&self.folder.join(CONFIG_FILE), &self.config.resolved(self.seed))?;
        let data = Prepared::new(&self.config, &self.source, self.seed)?;
        let network = start(&self.config, data.width, self.source.labels().len(), self.seed)?;
        let feed = Feed::new(&self.config, &self.source, &data, self.seed, how.cores)?;
        let helpers = Helpers::new(how.cores, self.weights(), u64::from(self.config.batch.get()));
        let mut session = Session::new(&self.config, feed, helpers, network, self.seed, how.path);
        match session.resume(&checkpoints, &mut log) {
            Ok(None) => {}
            Ok(Some(epochs)) => {
                log.say(|| how.console.note(format!("{}: going on after {epochs} epochs", self.name)));
            }
            Err(error) => log.say(|| {
                how.console.warn(format!(
                    "{}: the checkpoint of the interrupted run cannot be used: {error:#}; the run begins again",
                    self.name
                ));
            }),
        }
        match session.run(how.interrupts, &mut checkpoints, log)? {
            Ended::Interrupted(status) => Ok(Done::Not(status)),
            Ended::Trained(trained) => {
                let summary = write_run(self, &data, &trained)?;
                checkpoints.remove()?;
                Ok(Done::Now(summary))
            }
        }
    }
}

/// How runs are done; none of it changes a bit of their results.
pub struct How<'a> {
    /// Threads in all: runs at a time, as long as there are as many.
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

/// Runs that went wrong and are named; in a large sweep the others would hide all else.
const MOST_WARNINGS: usize = 20;

/// Does all runs, the largest first, one thread each; large ones get the threads that no other wants. The results are in
/// the order of `runs`.
pub fn perform_all(runs: &[Run], how: &How<'_>) -> anyhow::Result<Vec<Done>> {
    let console = how.console;
    how.cores.expect(runs.len());
    let pool = rayon::ThreadPoolBuilder::new().num_threads(how.jobs).build().context("cannot start threads")?;
    let mut order: Vec<usize> = (0..runs.len()).collect();
    order.sort_by_key(|&i| (std::cmp::Reverse(runs[i].work()), i));
    let single = runs.len() == 1;
    let work = |i: usize| runs[i].work() as f64;
    let progress = Progress::new(console, runs.len(), order.iter().map(|&i| work(i)).sum());
    let mut done: Vec<(usize, Done)> = pool.install(|| {
        // by_bridge hands out one run at a time in this order; a slice would be cut into blocks.
        order
            .into_iter()
            .par_bridge()
            .map(|i| {
                let run = &runs[i];
                progress.begin(i, &run.name, work(i));
                let log = Log::new(single.then_some(console), &progress, i, run.config.epochs.get());
                let done = run.perform(how, log).with_context(|| format!("run {}", run.name)).unwrap_or_else(|error| {
                    // The other runs are done all the same.
                    progress.say(|| console.error(&error));
                    Done::Failed(if is_refused(&error) { ExitStatus::Refused } else { ExitStatus::OutsideFault })
                });
                progress.end(i, matches!(done, Done::Before(_)));
                if let Done::Now(summary) = &done
                    && !single
                {
                    progress.say(|| console.note(sentence(&run.name, summary)));
                }
                (i, done)
            })
            .collect()
    });
    progress.finish();
    done.sort_by_key(|(i, _)| *i);
    let warned = done.iter().filter_map(|(i, done)| {
        let Done::Now(summary) = done else { return None };
        Some((&runs[*i].name, warning(&summary.outcome)?))
    });
    let warnings: Vec<_> = warned.collect();
    for (name, warning) in warnings.iter().take(MOST_WARNINGS) {
        console.warn(format!("{name}: {warning}"));
    }
    if let Some(more @ 1..) = warnings.len().checked_sub(MOST_WARNINGS) {
        console
            .warn(format!("and {more} more runs that diverged or died; `outcome` in the summary.json of each tells"));
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
