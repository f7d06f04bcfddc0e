//! The `mlp-train` command.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use anyhow::Context;
use clap::{Parser, Subcommand};
use mlp_core::kernels::KernelPath;
use stage_cli::{CommonArgs, Console, ExitStatus, FolderArgs, Interrupts, Tool, again_to_go_on, counted, duration};
use stage_files::config::{Config, Data, config_list, schema};
use stage_files::dataset::changed_since;
use stage_files::output::OutputFile;
use stage_files::{is_refused, refuse};

use crate::augmented_sheet;
use crate::curve::CurveArgs;
use crate::ended::Ended;
use crate::estimated_time;
use crate::export::ExportArgs;
use crate::new_config::NewArgs;
use crate::options::ConfigOptions;
pub use crate::options::parse_seeds;
use crate::run::parallel::perform_all;
use crate::run::plan::{Earlier, copies, inputs, plan_unless};
use crate::run::{Run, RunOptions};
use crate::threads::budget::ThreadBudget;
use crate::verify::VerifyArgs;

/// Environment variable that forces a kernel path; all paths give the same bits.
const KERNEL_VARIABLE: &str = "MLP_KERNEL";

/// Train the networks that config files describe; one run folder for each config and seed
#[derive(Parser)]
#[command(
    name = "mlp-train",
    version,
    args_conflicts_with_subcommands = true,
    after_help = "\
Example:
  mlp-train configs/recommended/20x20.json --out runs
  mlp-train new my.json --data datasets/mine/20x20_info.csv
  mlp-train my.json --data datasets/mine/20x20_info.csv --seeds 5 --out runs
  mlp-train my.json --epochs 20 --hidden 64,64 --lr 0.01 --out runs
  mlp-train my.json --extra-data datasets/drawn/20x20_info.csv --out runs
  mlp-train my.json --out runs --set split.by=group
  mlp-train my.json --out runs --set optimizer='{\"adamw\": {\"lr\": 0.001}}'
  mlp-train curve my.json --writers --out runs-curve
  mlp-train verify runs/recommended-20x20 --data datasets/mine/20x20_info.csv
  mlp-train export runs/recommended-20x20 --onnx digits.onnx --c digits.c
  mlp-train --configs-from list.txt --out runs --keep-going --renew

The variable MLP_KERNEL=portable|avx2|avx512|neon|simd128 forces a kernel path; the results are the same.
Exit codes: 0 done (a run that diverged is done too), 1 done but for configs that cannot be used (--keep-going), \
2 wrong request: do not try again, 3 fault from outside: try again, 130/143 interrupted, state saved: run it again."
)]
struct Cli {
    #[command(subcommand)]
    action: Option<Action>,
    /// Config files
    configs: Vec<PathBuf>,
    /// Folder for the run folders
    #[arg(long, value_name = "RUNS")]
    out: Option<PathBuf>,
    #[command(flatten)]
    changes: ConfigOptions,
    /// Threads in all: runs at a time, and helpers of large runs if fewer are left [default: the number of processors]
    #[arg(long, value_name = "N")]
    jobs: Option<std::num::NonZeroUsize>,
    /// List the runs with the time they will take, and do nothing
    #[arg(long)]
    dry_run: bool,
    /// Seconds between two saved states of a run; 0 saves after every mini-batch
    #[arg(long, value_name = "S", default_value = "5", value_parser = seconds)]
    checkpoint_seconds: f64,
    /// File with a config path on each line, in addition to CONFIGS
    #[arg(long, value_name = "LIST")]
    configs_from: Option<PathBuf>,
    /// File to write: a JSON line for each run, with the SHA-256 of its config.json and of its data
    #[arg(long, value_name = "FILE")]
    summary: Option<PathBuf>,
    /// Train what can be trained: a config that cannot be used is named, and the exit code is 1
    #[arg(long)]
    keep_going: bool,
    /// Train anew, in place, the runs that other settings, other data or another version made; leave the others
    #[arg(long, conflicts_with = "fresh")]
    renew: bool,
    /// Wait so long for runs that another process is writing: it finishes them, or its death frees them
    #[arg(long, value_name = "S", default_value = "0", value_parser = seconds)]
    wait_seconds: f64,
    #[command(flatten)]
    folder: FolderArgs,
    #[command(flatten)]
    common: CommonArgs,
}

#[derive(Subcommand)]
enum Action {
    /// Name what is wrong in config files, with file, line and key
    Check {
        /// Config files
        #[arg(required = true)]
        configs: Vec<PathBuf>,
    },
    /// Print the JSON Schema of config files
    Schema,
    /// Write a picture that shows what a config's `augment` makes of some training pictures
    Augmented {
        /// Config file
        config: PathBuf,
        /// Data set CSV, instead of the one that the config names
        #[arg(long, value_name = "CSV")]
        data: Option<String>,
        /// PNG to write: each line a picture as it is, then as epochs 1, 2, .. see it
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Write a config to start from, and print what its keys mean
    New(NewArgs),
    /// Show what more writers would bring: train with the pictures of 1, 2, 4, .. writers
    Curve(CurveArgs),
    /// Train a run again and say whether the result is the same to the bit
    Verify(VerifyArgs),
    /// Write a trained network as ONNX, C source or NumPy archive
    Export(ExportArgs),
}

impl Tool for Cli {
    fn common(&self) -> &CommonArgs {
        &self.common
    }

    fn run(self, console: &Console) -> anyhow::Result<ExitStatus> {
        match &self.action {
            Some(Action::Check { configs }) => check(configs, console),
            Some(Action::Schema) => {
                console.data(String::from_utf8(schema()?)?.trim_end())?;
                Ok(ExitStatus::Done)
            }
            Some(Action::Augmented { config: path, data, out }) => {
                let mut config = Config::read(path)?;
                if let Some(data) = data {
                    config.data = Some(Data::One(data.clone()));
                }
                let inputs = inputs(&config);
                let read: Vec<&Path> = [path].into_iter().chain(&inputs).map(PathBuf::as_path).collect();
                let file = OutputFile::new("--out", out, &read)?;
                file.write(&augmented_sheet::png(&config)?)?;
                console.note(format!(
                    "mlp-train: {}: a training picture a line, first as it is, then as epochs vary it",
                    out.display()
                ));
                Ok(ExitStatus::Done)
            }
            Some(Action::New(arguments)) => arguments.run(console),
            Some(Action::Export(arguments)) => arguments.run(console),
            Some(Action::Curve(arguments)) => arguments.run(kernel_path()?, processors(), console),
            Some(Action::Verify(arguments)) => arguments.run(kernel_path()?, processors(), console),
            None => self.train(console),
        }
    }
}

fn check(paths: &[PathBuf], console: &Console) -> anyhow::Result<ExitStatus> {
    let mut wrong = 0;
    for path in paths {
        if let Err(error) =
            Config::read(path).and_then(|config| config.expand().with_context(|| path.display().to_string()))
        {
            console.error(&error);
            wrong += 1;
        }
    }
    if wrong > 0 {
        refuse!("{wrong} of {} cannot be used", counted(paths.len() as u64, "config"));
    }
    console.note(format!("nothing wrong in {}", counted(paths.len() as u64, "config")));
    Ok(ExitStatus::Done)
}

impl Cli {
    fn train(self, console: &Console) -> anyhow::Result<ExitStatus> {
        let Some(out) = &self.out else { refuse!("no --out; name a folder for the run folders, such as --out runs") };
        let paths = self.config_paths()?;
        let mut unusable = Unusable { goes_on: self.keep_going, count: 0, console };
        let mut configs = Vec::with_capacity(paths.len());
        for path in &paths {
            match self.changes.config(path, console) {
                Ok(config) => configs.push(config),
                Err(error) => unusable.add(error)?,
            }
        }
        let summary = self.summary_file(&paths, &configs)?;
        let path = kernel_path()?;
        let interrupts = Interrupts::listen()?;
        let data: BTreeSet<PathBuf> = configs.iter().flat_map(inputs).collect();
        let reuse = self.folder.reuse();
        let earlier = Earlier { reuse, renew: self.renew };
        let runs = plan_unless(configs, out, earlier, &mut |error| unusable.add(error))?;
        data.iter().filter_map(|csv| changed_since(csv)).for_each(|what| console.warn(what));
        copies(&runs).iter().for_each(|sentence| console.warn(sentence));
        let jobs = self.jobs.map_or_else(processors, std::num::NonZeroUsize::get);
        if self.dry_run {
            return dry_run(&runs, jobs, path, console).map(|status| unusable.status(status));
        }
        let threads = ThreadBudget::new(jobs);
        if reuse.fresh {
            runs.iter().for_each(Run::restart);
        }
        let options = RunOptions {
            jobs,
            path,
            threads: &threads,
            checkpoint_every: Duration::from_secs_f64(self.checkpoint_seconds),
            wait: Duration::from_secs_f64(self.wait_seconds),
            is_lockless: AtomicBool::new(false),
            interrupts: &interrupts,
            console,
        };
        let ends = perform_all(&runs, &options)?;
        let ended = Ended { runs: &runs, ends: &ends, out, again: again_to_go_on(reuse) };
        ended.report(summary.as_ref(), console).map(|status| unusable.status(status))
    }

    /// The file of `--summary`, which must be none that is read.
    fn summary_file(&self, paths: &[PathBuf], configs: &[Config]) -> anyhow::Result<Option<OutputFile>> {
        let Some(file) = &self.summary else { return Ok(None) };
        let data: Vec<PathBuf> = configs.iter().flat_map(inputs).collect();
        let read: Vec<&Path> = paths.iter().chain(&data).chain(&self.configs_from).map(PathBuf::as_path).collect();
        OutputFile::new("--summary", file, &read).map(Some)
    }

    fn config_paths(&self) -> anyhow::Result<Vec<PathBuf>> {
        let mut paths = self.configs.clone();
        if let Some(list) = &self.configs_from {
            paths.extend(config_list("--configs-from", list)?);
        }
        if paths.is_empty() {
            refuse!("no config; name at least one config file, such as configs/recommended/20x20.json");
        }
        Ok(paths)
    }
}

/// The configs that cannot be used, and whether the others are trained all the same.
struct Unusable<'a> {
    goes_on: bool,
    count: u64,
    console: &'a Console,
}

impl Unusable<'_> {
    /// Takes in why a config cannot be used. A fault from outside says nothing about the config and ends the command.
    fn add(&mut self, error: anyhow::Error) -> anyhow::Result<()> {
        if !self.goes_on || !is_refused(&error) {
            return Err(error);
        }
        self.console.error(&error);
        self.count += 1;
        Ok(())
    }

    /// The exit status of the command whose runs ended with `status`.
    fn status(&self, status: ExitStatus) -> ExitStatus {
        if self.count == 0 {
            return status;
        }
        self.console.warn(format!("{} cannot be used, see above", counted(self.count, "config")));
        if status == ExitStatus::Done { ExitStatus::SomeRejected } else { status }
    }
}

/// A line for each run: its name, what there is of it, and the seconds it will take on one thread.
fn dry_run(runs: &[Run], jobs: usize, path: KernelPath, console: &Console) -> anyhow::Result<ExitStatus> {
    let seconds = estimated_time::seconds(runs, path)?;
    let (mut left, mut done) = (0.0, 0);
    for (run, seconds) in runs.iter().zip(&seconds) {
        let is_done = run.folder.done()?.is_some();
        if is_done {
            done += 1;
        } else {
            left += seconds;
        }
        if console.is_json() {
            let line = serde_json::json!({"run": run.name, "done": is_done, "estimated_s": seconds});
            console.data(line)?;
        } else {
            console.data(format!("{}  {}", run.name, if is_done { "done".to_owned() } else { duration(*seconds) }))?;
        }
    }
    let time = duration(left / jobs.min(runs.len()).max(1) as f64);
    let all = runs.len();
    let all = counted(all as u64, "run");
    console.note(format!("{all}, {done} of them done; the rest will take about {time} with {jobs} at a time"));
    Ok(ExitStatus::Done)
}

/// A time that a duration can hold.
fn seconds(text: &str) -> Result<f64, String> {
    let seconds = text.parse::<f64>().ok().filter(|s| (0.0..=1e9).contains(s));
    seconds.ok_or_else(|| "expected a number of seconds, 0 or more".to_owned())
}

fn kernel_path() -> anyhow::Result<KernelPath> {
    let Ok(name) = std::env::var(KERNEL_VARIABLE) else { return Ok(KernelPath::detect()) };
    match name.parse::<KernelPath>() {
        Ok(path) if path.is_available() => Ok(path),
        Ok(path) => refuse!("{KERNEL_VARIABLE}={}: this machine lacks the instructions; unset it", path.name()),
        Err(error) => refuse!("{KERNEL_VARIABLE}: {error}, found `{name}`"),
    }
}

fn processors() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get)
}

/// What the command accepts, for a program that has several commands.
pub fn command() -> clap::Command {
    stage_cli::command::<Cli>()
}

/// The whole of the command on given arguments, the first being the program name; can be called repeatedly.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitStatus {
    stage_cli::run::<Cli>(arguments)
}

/// The `mlp-train` process.
pub fn main() -> ExitCode {
    stage_cli::main::<Cli>()
}
