//! The run folder from outside: which files it has, whether the run is done, begin, finish.

use std::path::{Path, PathBuf};
use std::time::Duration;

use stage_files::config::Config;
use stage_files::output::{FolderWriter, Layout, OutputFolder, Reuse};
use stage_files::run::{
    CONFIG_FILE, HISTOGRAMS_FILE, LOG_FILE, METRICS_FILE, MODEL_FILE, PREDICTIONS_FILE, ROW_COUNTS_FILE, SUMMARY_FILE,
    Summary, TEST_PICTURES_FILE, TIMING_FILE,
};
use stage_files::stage::{Input, StageInfo};
use stage_files::{json, refuse};

use crate::run::checkpoint::{CHECKPOINT_FILE, Checkpoints};

const FILES: [&str; 10] = [
    CONFIG_FILE,
    METRICS_FILE,
    TIMING_FILE,
    HISTOGRAMS_FILE,
    PREDICTIONS_FILE,
    TEST_PICTURES_FILE,
    ROW_COUNTS_FILE,
    LOG_FILE,
    MODEL_FILE,
    SUMMARY_FILE,
];
const LAYOUT: Layout = Layout { owns: |name| FILES.contains(&name), private: &[CHECKPOINT_FILE] };

/// What helps where an earlier run would be replaced.
const ANEW: &str = "train anew in place with --fresh, or write to another folder with --out";

fn name_of(input: &Input) -> &str {
    &input.name
}

/// The folder of one run.
pub(crate) struct RunFolder {
    path: PathBuf,
    /// What `stage.json` says before the result is known: everything that decides the bits of the run.
    info: StageInfo,
    /// Files that the run reads.
    inputs: Vec<PathBuf>,
    /// What to do with the work of an earlier run.
    reuse: Reuse,
    /// Whether a run on other data, with other settings or of another version is trained anew instead of refused.
    renew: bool,
}

impl RunFolder {
    pub(crate) fn new(path: PathBuf, info: StageInfo, inputs: Vec<PathBuf>, reuse: Reuse, renew: bool) -> Self {
        Self { path, info, inputs, reuse, renew }
    }

    /// The files that the run reads, by name and digest.
    pub(crate) fn inputs(&self) -> &[Input] {
        &self.info.inputs
    }

    /// Refuses a folder that holds anything but this run, or one of its inputs.
    pub(crate) fn check(&self) -> anyhow::Result<OutputFolder> {
        let inputs: Vec<&Path> = self.inputs.iter().map(PathBuf::as_path).collect();
        let reuse = Reuse { fresh: self.reuse.fresh || self.renew && self.is_outdated()?, ..self.reuse };
        let folder = OutputFolder::new(&self.path, LAYOUT, self.info.clone(), &inputs, reuse)?;
        if !reuse.fresh {
            self.refuse_other_data()?;
        }
        Ok(folder)
    }

    /// Whether the folder holds this run as other settings, other data or another version made it, finished or not.
    fn is_outdated(&self) -> anyhow::Result<bool> {
        let there = StageInfo::read_any(&self.path)?.filter(|there| there.tool == self.info.tool);
        let decides = |info: &StageInfo| (info.version.clone(), info.settings.clone(), info.inputs.clone());
        Ok(there.is_some_and(|there| decides(&there) != decides(&self.info)))
    }

    /// Refuses to replace a finished run by one on other data or of another version, which may cost hours and whose
    /// result differs.
    fn refuse_other_data(&self) -> anyhow::Result<()> {
        let Some(done) = StageInfo::read(&self.path)?.filter(|done| done.tool == self.info.tool) else { return Ok(()) };
        let shown = self.path.display();
        if done.version != self.info.version {
            let (before, now) = (&done.version, &self.info.version);
            refuse!("{shown} was trained by version {before}, this is version {now}; {ANEW}");
        }
        if done.inputs != self.info.inputs {
            let before = |input: &Input| done.inputs.iter().any(|before| before == input);
            let mut changed: Vec<&str> = self.info.inputs.iter().filter(|input| !before(input)).map(name_of).collect();
            changed.dedup();
            refuse!("{shown} was trained before {} changed; {ANEW}", changed.join(", "));
        }
        Ok(())
    }

    /// The summary, if the run is done and all its files still stand.
    pub(crate) fn done(&self) -> anyhow::Result<Option<Summary>> {
        let done = self.check()?.up_to_date(|_| true)?;
        Ok(done.and_then(|_| json::read(&self.path.join(SUMMARY_FILE)).ok()))
    }

    /// Locks the folder and writes `config.json`. `None` if another process has finished the run meanwhile.
    ///
    /// # Errors
    /// When another process writes the folder, or when it cannot be written.
    pub(crate) fn begin(&self, config: &Config) -> anyhow::Result<Option<FolderWriter>> {
        let Some(writer) = self.check()?.begin_unless_done(|_| true)? else { return Ok(None) };
        writer.write(CONFIG_FILE, &json::to_bytes(config)?)?;
        Ok(Some(writer))
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
