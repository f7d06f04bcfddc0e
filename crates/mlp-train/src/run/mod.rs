//! One run: a config, a seed, its data and its folder.

mod calibrate;
mod checkpoint;
mod early_stopping;
mod folder;
pub(crate) mod from_config;
mod histograms;
mod in_memory;
mod log;
mod output;
pub(crate) mod parallel;
pub(crate) mod plan;
mod rows;
mod state;
mod stopwatch;
mod training_loop;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::Context;
use mlp_core::kernels::KernelPath;
use stage_cli::{Console, ExitStatus, Interrupts, counted};
use stage_files::config::Config;
use stage_files::run::Summary;

use crate::data::batches::Batches;
use crate::data::copies::Copies;
use crate::data::prepare::Prepared;
use crate::data::source::Source;
use crate::threads::budget::ThreadBudget;
use crate::threads::helpers::Helpers;
use folder::RunFolder;
use log::Log;
use training_loop::{LoopEnd, TrainingLoop};

pub use in_memory::{InMemory, train_in_memory};

/// One run, planned and perhaps already done.
pub(crate) struct Run {
    pub(crate) config: Config,
    pub(crate) seed: u64,
    pub(crate) source: Arc<Source>,
    /// Its place below the folder of all runs.
    pub(crate) name: String,
    pub(crate) folder: RunFolder,
    /// How many of its rows are copies of others.
    pub(crate) copies: Copies,
}

/// What a run trains, wherever its results go.
#[derive(Clone, Copy)]
pub(crate) struct Task<'a> {
    pub(crate) config: &'a Config,
    pub(crate) seed: u64,
    pub(crate) source: &'a Source,
    pub(crate) copies: &'a Copies,
}

/// Weights of the network of a config on a data set.
fn weights(config: &Config, source: &Source) -> u64 {
    let widths = [source.first.pixels.ncols()].into_iter().chain(config.widths()).chain([source.labels().len()]);
    let widths: Vec<u64> = widths.map(|width| width as u64).collect();
    widths.windows(2).map(|pair| pair[0] * pair[1]).sum()
}

/// How runs are done. Nothing here changes a bit of their results.
pub(crate) struct RunOptions<'a> {
    /// Threads in all; this is also how many runs go at a time, as long as there are as many.
    pub(crate) jobs: usize,
    pub(crate) path: KernelPath,
    /// Threads that runs and their helpers share.
    pub(crate) threads: &'a Arc<ThreadBudget>,
    /// Time between two checkpoints of a run.
    pub(crate) checkpoint_every: Duration,
    /// How long to wait for a run that another process is writing.
    pub(crate) wait: Duration,
    /// Whether a run folder lies where the system has no locks.
    pub(crate) is_lockless: AtomicBool,
    pub(crate) interrupts: &'a Interrupts,
    pub(crate) console: &'a Console,
}

/// How a run of this command ended.
pub(crate) enum RunEnd {
    /// An earlier command had done it.
    DoneBefore(Summary),
    /// This command did it.
    DoneNow(Summary),
    /// A signal came first.
    Interrupted(ExitStatus),
    /// It failed, and the error has been printed; the exit code for it.
    Failed(ExitStatus),
}

impl Run {
    /// Weights of its network, to which the cost of a row is proportional.
    pub(crate) fn weights(&self) -> u64 {
        weights(&self.config, &self.source)
    }

    /// What it trains, without its place.
    fn task(&self) -> Task<'_> {
        Task { config: &self.config, seed: self.seed, source: &self.source, copies: &self.copies }
    }

    /// Weights times rows times epochs. The run with the most work begins first.
    pub(crate) fn work(&self) -> u64 {
        self.weights() * self.source.first.classes.len() as u64 * u64::from(self.config.epochs.get())
    }

    /// Marks the folder as unfinished work of these settings, so that an interrupted `--fresh` can go on. A fault is
    /// told when the run itself begins.
    pub(crate) fn restart(&self) {
        let _ = self.folder.begin(&self.config.resolved(self.seed));
    }

    /// Trains from the start or from the checkpoint, and writes the folder. Does nothing if that was done before.
    fn perform(&self, options: &RunOptions<'_>, mut log: Log<'_>) -> anyhow::Result<RunEnd> {
        let _thread = options.threads.take();
        if let Some(status) = options.interrupts.pending() {
            return Ok(RunEnd::Interrupted(status));
        }
        let Self { config, seed, source, name, folder, .. } = self;
        if let Some(summary) = folder.done()? {
            return Ok(RunEnd::DoneBefore(summary));
        }
        let Some(writer) = folder.begin(&config.resolved(*seed))? else {
            let summary = folder.done()?.context("another process has finished it and changed it since; try again")?;
            return Ok(RunEnd::DoneBefore(summary));
        };
        if !writer.is_locked() {
            options.is_lockless.store(true, Ordering::Relaxed);
        }
        let mut checkpoints = folder.checkpoints(options.checkpoint_every)?;
        let data = Prepared::new(config, source, *seed)?;
        let network = from_config::network(config, data.width, source.labels().len(), *seed, None)?;
        let batches = Batches::new(config, source, &data, *seed, options.threads)?;
        let helpers = Helpers::new(options.threads, self.weights(), u64::from(config.batch.get()));
        let mut training = TrainingLoop::new(config, batches, helpers, network, *seed, options.path);
        match training.resume(&checkpoints, &mut log) {
            Ok(None) => {}
            Ok(Some(epochs)) => {
                log.say(|| {
                    options.console.note(format!("{name}: going on after {}", counted(u64::from(epochs), "epoch")));
                });
            }
            Err(error) => log.say(|| {
                options.console.warn(format!(
                    "{name}: the checkpoint of the interrupted run cannot be used: {error:#}; the run begins again"
                ));
            }),
        }
        match training.run(options.interrupts, Some(&mut checkpoints), log)? {
            LoopEnd::Interrupted(status) => Ok(RunEnd::Interrupted(status)),
            LoopEnd::Trained(trained) => {
                let summary = output::write(self, writer, &data, &trained)?;
                Ok(RunEnd::DoneNow(summary))
            }
        }
    }
}
