//! A run without a folder: data and results are in memory, and nothing is read or written.

use std::sync::Arc;

use mlp_core::kernels::KernelPath;
use stage_cli::Interrupts;
use stage_files::config::Config;
use stage_files::dataset::DataSet;
use stage_files::json;
use stage_files::refuse;
use stage_files::run::{CONFIG_FILE, MetricsRow, SUMMARY_FILE, Summary};

use crate::data::batches::Batches;
use crate::data::copies::SamePixels;
use crate::data::prepare::Prepared;
use crate::data::source::Source;
use crate::run::log::Log;
use crate::run::training_loop::{LoopEnd, TrainingLoop};
use crate::run::{Task, from_config, output, weights};
use crate::threads::budget::ThreadBudget;
use crate::threads::helpers::Helpers;

/// The results of a run in memory.
#[derive(Debug)]
pub struct InMemory {
    /// The files that a run folder would hold, by name, with the bytes that they would have there. Only times differ,
    /// and `stage.json` is missing, which is about a folder.
    pub files: Vec<(&'static str, Vec<u8>)>,
    /// What `summary.json` says.
    pub summary: Summary,
}

/// Trains the one network that a config describes on a data set, in this thread. `data` and `extra_data` of the config
/// are not read; where `init.file` names a file, `init_file` has its bytes. `watch` is told of every epoch.
///
/// # Errors
/// A refusal when the config asks for several runs, or when data and config do not fit each other.
pub fn train_in_memory(
    config: &Config,
    data: DataSet,
    init_file: Option<&[u8]>,
    watch: &mut dyn FnMut(&MetricsRow),
) -> anyhow::Result<InMemory> {
    if config.run_count() != 1 {
        refuse!("expected a config of one run, found {} runs; give one seed and no sweep", config.run_count());
    }
    let seed = config.seed_list().first().copied().unwrap_or_default();
    let source = Arc::new(Source::of(data));
    let prepared = Prepared::new(config, &source, seed)?;
    let copies = SamePixels::new(&source).of_split(&prepared.split);
    let network = from_config::network(config, prepared.width, source.labels().len(), seed, init_file)?;
    let threads = ThreadBudget::new(1);
    let _thread = threads.take();
    let batches = Batches::new(config, &source, &prepared, seed, &threads)?;
    let helpers = Helpers::new(&threads, weights(config, &source), u64::from(config.batch.get()));
    let training = TrainingLoop::new(config, batches, helpers, network, seed, KernelPath::detect());
    let log = Log::watched(watch, config.epochs.get());
    let LoopEnd::Trained(trained) = training.run(&Interrupts::never(), None, log)? else {
        refuse!("the run was stopped");
    };
    let task = Task { config, seed, source: &source, copies: &copies };
    let (mut files, summary) = output::files(task, &prepared, &trained)?;
    files.push((CONFIG_FILE, json::to_bytes(&config.resolved(seed))?));
    files.push((SUMMARY_FILE, json::to_bytes(&summary)?));
    Ok(InMemory { files, summary })
}
