//! The run folder from outside: which files it has, whether the run is done, begin, finish.

use std::path::{Path, PathBuf};
use std::time::Duration;

use stage_files::config::Config;
use stage_files::json;
use stage_files::output::{FolderWriter, Layout, OutputFolder};
use stage_files::run::{
    CONFIG_FILE, HISTOGRAMS_FILE, LOG_FILE, METRICS_FILE, MODEL_FILE, PREDICTIONS_FILE, SUMMARY_FILE, Summary,
    TIMING_FILE,
};
use stage_files::stage::StageInfo;

use crate::run::checkpoint::{CHECKPOINT_FILE, Checkpoints};

const FILES: [&str; 8] =
    [CONFIG_FILE, METRICS_FILE, TIMING_FILE, HISTOGRAMS_FILE, PREDICTIONS_FILE, LOG_FILE, MODEL_FILE, SUMMARY_FILE];
const LAYOUT: Layout = Layout { owns: |name| FILES.contains(&name), private: &[CHECKPOINT_FILE] };

/// The folder of one run.
pub(crate) struct RunFolder {
    path: PathBuf,
    /// What `stage.json` says before the result is known: everything that decides the bits of the run.
    info: StageInfo,
    /// Files that the run reads.
    inputs: Vec<PathBuf>,
    /// Whether the files of an earlier run are checked by their digests.
    verify: bool,
}

impl RunFolder {
    pub(crate) fn new(path: PathBuf, info: StageInfo, inputs: Vec<PathBuf>, verify: bool) -> Self {
        Self { path, info, inputs, verify }
    }

    /// Refuses a folder that holds anything but this run, or one of its inputs.
    pub(crate) fn check(&self) -> anyhow::Result<OutputFolder> {
        let inputs: Vec<&Path> = self.inputs.iter().map(PathBuf::as_path).collect();
        OutputFolder::new(&self.path, LAYOUT, self.info.clone(), &inputs)
    }

    /// The summary, if this version has already done the run on these inputs and all its files still stand.
    pub(crate) fn done(&self) -> anyhow::Result<Option<Summary>> {
        let is_same = |done: &StageInfo| done.inputs == self.info.inputs && done.version == self.info.version;
        let done = self.check()?.up_to_date(self.verify, is_same)?;
        Ok(done.and_then(|_| json::read(&self.path.join(SUMMARY_FILE)).ok()))
    }

    /// Locks the folder and writes `config.json`.
    ///
    /// # Errors
    /// When another process writes the folder, or when it cannot be written.
    pub(crate) fn begin(&self, config: &Config) -> anyhow::Result<FolderWriter> {
        let writer = self.check()?.begin()?;
        writer.write(CONFIG_FILE, &json::to_bytes(config)?)?;
        Ok(writer)
    }

    /// The checkpoints of the run, one every so often.
    pub(crate) fn checkpoints(&self, every: Duration) -> anyhow::Result<Checkpoints> {
        Checkpoints::new(&self.path, &self.info, every)
    }

    /// Writes `summary.json` and then `stage.json`, which makes the folder whole; the checkpoint goes.
    pub(crate) fn finish(&self, writer: FolderWriter, summary: &Summary) -> anyhow::Result<()> {
        writer.write(SUMMARY_FILE, &json::to_bytes(summary)?)?;
        let mut info = self.info.clone();
        info.counts.insert("train_rows".into(), summary.train_rows);
        if let Some(rows) = summary.validation_rows {
            info.counts.insert("validation_rows".into(), rows);
        }
        info.counts.insert("test_rows".into(), summary.test_rows);
        info.counts.insert("epochs".into(), u64::from(summary.epochs));
        writer.finish(&info).map(drop)
    }
}
