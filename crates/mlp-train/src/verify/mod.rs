//! `mlp-train verify`: trains a run again and compares the result with what its folder holds.

mod difference;

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use anyhow::Context;
use clap::Args;
use mlp_core::kernels::KernelPath;
use serde_json::json;
use stage_cli::{Console, ExitStatus, Interrupts, counted};
use stage_files::config::{Config, Data, Init};
use stage_files::digest::sha256_file;
use stage_files::output::Reuse;
use stage_files::refuse;
use stage_files::run::{CONFIG_FILE, DATA_FOLDER, RunState, Summary, find_runs};
use stage_files::stage::{Input, StageInfo};

use crate::run::parallel::perform_all;
use crate::run::plan::plan;
use crate::run::{RunEnd, RunOptions};
use crate::threads::budget::ThreadBudget;
use difference::first_difference;

/// No checkpoint is worth its time in a folder that is removed.
const NEVER: Duration = Duration::from_secs(1 << 30);

/// What `mlp-train verify` takes.
#[derive(Args)]
#[command(after_help = "\
Example:
  mlp-train verify runs/recommended-20x20 --data datasets/mine/20x20_info.csv
  mlp-train verify runs/mine --data datasets/mine/20x20_info.csv

Trains in a temporary folder; the run stays as it is. Data sets are known by their SHA-256, so their order does not \
matter. Exit codes: 0 the same to the bit, 1 something differs, 2 wrong request or other data, 3 fault from outside.")]
pub(crate) struct VerifyArgs {
    /// Run folder
    run: PathBuf,
    /// A file that the run has read: data set CSV or starting weights; several if repeated [default: looked for]
    #[arg(long, value_name = "FILE")]
    data: Vec<PathBuf>,
}

impl VerifyArgs {
    /// Trains again and says what differs.
    pub(crate) fn run(&self, path: KernelPath, jobs: usize, console: &Console) -> anyhow::Result<ExitStatus> {
        let (folder, summary, stage) = self.finished_run()?;
        let interrupts = Interrupts::listen()?;
        let mut config = Config::read(&folder.join(CONFIG_FILE))?;
        replace_inputs(&mut config, &self.inputs(&stage)?);
        let version = env!("CARGO_PKG_VERSION");
        if stage.version != version {
            console.warn(format!(
                "{} was trained by version {}, this is version {version}",
                shown(&folder),
                stage.version
            ));
        }
        let place = tempfile::tempdir().context("cannot make a temporary folder")?;
        let runs = plan(vec![config], place.path(), Reuse::default())?;
        let [run] = runs.as_slice() else {
            refuse!("{}: expected the config of one run, found one of {}", shown(&folder), runs.len());
        };
        if run.folder.inputs() != stage.inputs {
            refuse!("{}: the data is other than the run has read; name it with --data", shown(&folder));
        }
        let threads = ThreadBudget::new(jobs);
        let options = RunOptions {
            jobs,
            path,
            threads: &threads,
            checkpoint_every: NEVER,
            wait: Duration::ZERO,
            is_lockless: AtomicBool::new(false),
            interrupts: &interrupts,
            console,
        };
        match perform_all(&runs, &options)?.pop() {
            Some(RunEnd::DoneNow(_) | RunEnd::DoneBefore(_)) => {}
            Some(RunEnd::Interrupted(status) | RunEnd::Failed(status)) => return Ok(status),
            None => refuse!("{}: no run to do", shown(&folder)),
        }
        let found = first_difference(&folder, &place.path().join(&run.name))?;
        let facts = json!({"run": shown(&folder), "same": found.is_none(), "difference": found});
        let sentence = match &found {
            None => format!("{} trained again: the same to the bit", counted(u64::from(summary.epochs), "epoch")),
            Some(what) => format!("trained again, and it differs: {what}"),
        };
        console.summary(format!("mlp-train: {}: {sentence}", shown(&folder)), &facts)?;
        Ok(if found.is_none() { ExitStatus::Done } else { ExitStatus::SomeRejected })
    }

    /// The finished run that is meant.
    fn finished_run(&self) -> anyhow::Result<(PathBuf, Summary, StageInfo)> {
        let mut found = find_runs(&self.run)?;
        let place = self.run.display();
        if found.len() > 1 {
            let names: Vec<&str> = found.iter().take(4).map(|run| run.name.as_str()).collect();
            refuse!("{place}: expected one run, found {} ({}, ..); name one of them", found.len(), names.join(", "));
        }
        match found.pop().map(|run| (run.folder, run.state)) {
            None => refuse!("{place}: expected a run folder, found none below it"),
            Some((folder, RunState::Done(summary, stage))) => Ok((folder, *summary, *stage)),
            Some((_, RunState::Unfinished)) => refuse!("{place}: expected a finished run; run mlp-train again first"),
            Some((_, RunState::Damaged(reason))) => refuse!("{place}: the run is damaged: {reason}"),
            Some((_, RunState::Unreadable(reason))) => anyhow::bail!("{place}: the run cannot be read: {reason}"),
        }
    }

    /// Where each file is that the run has read, in the order of its `stage.json`.
    fn inputs(&self, stage: &StageInfo) -> anyhow::Result<Vec<PathBuf>> {
        let mut given = Vec::new();
        for file in &self.data {
            given.push((file.clone(), sha256_file(file).map_err(|error| error.at_input(file))?));
        }
        let folder = stage.found.get(DATA_FOLDER).map_or("", String::as_str);
        stage.inputs.iter().map(|input| place_of(input, &given, folder)).collect()
    }
}

fn shown(folder: &Path) -> String {
    folder.display().to_string()
}

/// The file with the bytes of an input: one of those given, or one at a usual place.
fn place_of(input: &Input, given: &[(PathBuf, String)], folder: &str) -> anyhow::Result<PathBuf> {
    if let Some((file, _)) = given.iter().find(|(_, sha256)| *sha256 == input.sha256) {
        return Ok(file.clone());
    }
    let name = Path::new(&input.name);
    // Names in a file are data: one with a folder in it is not looked for.
    let is_plain = |name: &Path| name.components().count() == 1 && name.file_name().is_some();
    let mut usual = vec![name.to_path_buf()];
    if is_plain(Path::new(folder)) {
        usual.extend([Path::new(folder).join(name), Path::new("datasets").join(folder).join(name)]);
    }
    let is_it = |file: &PathBuf| file.is_file() && sha256_file(file).is_ok_and(|sha256| sha256 == input.sha256);
    if let Some(file) = usual.iter().filter(|_| is_plain(name)).find(|file| is_it(file)) {
        return Ok(file.clone());
    }
    let changed = given.iter().any(|(file, _)| file.file_name() == name.file_name());
    let (shown, digest) = (&input.name, &input.sha256);
    if changed {
        refuse!("{shown}: the file has changed since the run: expected SHA-256 {digest}; name the file as it was");
    }
    refuse!("{shown}: not found; name the file that the run has read with --data (SHA-256 {digest})")
}

/// Puts the files into the config, whose own paths are base names. They come in the order in which a run lists them.
fn replace_inputs(config: &mut Config, files: &[PathBuf]) {
    let mut files = files.iter().map(|file| file.to_string_lossy().into_owned());
    let mut next = |path: &mut String| files.next().into_iter().for_each(|file| *path = file);
    match &mut config.data {
        Some(Data::One(path)) => next(path),
        Some(Data::Two(two)) => {
            next(&mut two.train);
            next(&mut two.test);
        }
        None => {}
    }
    config.extra_data.iter_mut().for_each(&mut next);
    if let Init::File(path) = &mut config.init {
        next(path);
    }
}
