//! The run folder from outside: refuse what is foreign, see whether the run is done, lock, begin, finish.

use std::path::{Path, PathBuf};
use std::time::Duration;

use stage_files::config::Config;
use stage_files::json;
use stage_files::lock::FolderLock;
use stage_files::run::{CONFIG_FILE, SUMMARY_FILE, Summary};
use stage_files::stage::StageInfo;

use crate::run::checkpoint::Checkpoints;

/// The folder of one run.
pub(crate) struct RunFolder {
    path: PathBuf,
    /// What `stage.json` says before the result is known: everything that decides the bits of the run.
    info: StageInfo,
}

impl RunFolder {
    pub(crate) fn new(path: PathBuf, info: StageInfo) -> Self {
        Self { path, info }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Refuses a folder that holds anything but this run.
    pub(crate) fn refuse_foreign(&self) -> anyhow::Result<()> {
        self.info.refuse_foreign(&self.path)
    }

    /// The summary, if this version has already done the run on these inputs.
    pub(crate) fn done(&self) -> anyhow::Result<Option<Summary>> {
        let is_same = |stage: StageInfo| stage.inputs == self.info.inputs && stage.version == self.info.version;
        let is_done = StageInfo::read(&self.path)?.is_some_and(is_same);
        Ok(if is_done { json::read(&self.path.join(SUMMARY_FILE)).ok() } else { None })
    }

    /// Removes what a process left that was killed after it had finished the run.
    pub(crate) fn tidy(&self) -> anyhow::Result<()> {
        match StageInfo::tidy_abandoned(&self.path)? {
            Some(_lock) => self.checkpoints(Duration::MAX)?.remove(),
            None => Ok(()),
        }
    }

    /// Locks the folder and writes `config.json`.
    ///
    /// # Errors
    /// When another process writes the folder, or when it cannot be written.
    pub(crate) fn begin(&self, config: &Config) -> anyhow::Result<FolderLock> {
        let lock = FolderLock::take(&self.path)?;
        self.info.begin(&self.path)?;
        json::write(&self.path.join(CONFIG_FILE), config)?;
        Ok(lock)
    }

    /// The checkpoints of the run, one every so often.
    pub(crate) fn checkpoints(&self, every: Duration) -> anyhow::Result<Checkpoints> {
        Checkpoints::new(&self.path, &self.info, every)
    }

    /// Writes `summary.json` and then `stage.json`, which makes the folder whole.
    pub(crate) fn finish(&self, summary: &Summary) -> anyhow::Result<()> {
        json::write(&self.path.join(SUMMARY_FILE), summary)?;
        let mut info = self.info.clone();
        info.counts.insert("train_rows".into(), summary.train_rows);
        if let Some(rows) = summary.validation_rows {
            info.counts.insert("validation_rows".into(), rows);
        }
        info.counts.insert("test_rows".into(), summary.test_rows);
        info.counts.insert("epochs".into(), u64::from(summary.epochs));
        info.finish(&self.path)
    }
}
