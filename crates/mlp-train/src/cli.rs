//! The `mlp-train` command.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context;
use clap::{Parser, Subcommand};
use mlp_core::kernels::KernelPath;
use mlp_statistics::writers::{self, Writers};
use stage_cli::{
    CommonArgs, Console, ExitStatus, FolderArgs, Interrupts, Tool, again_to_go_on, counted, duration, quoted,
};
use stage_files::config::{Config, Count, Data, Seeds, Setting, schema};
use stage_files::dataset::changed_since;
use stage_files::output::OutputFile;
use stage_files::run::Summary;
use stage_files::text_name::base_name;
use stage_files::{refuse, refused, regular_file};

use crate::augmented_sheet;
use crate::estimated_time;
use crate::export::ExportArgs;
use crate::new_config::NewArgs;
use crate::options::ShortOptions;
use crate::run::parallel::perform_all;
use crate::run::plan::{copies, inputs, plan};
use crate::run::{Run, RunEnd, RunOptions};
use crate::threads::budget::ThreadBudget;
use crate::verify::VerifyArgs;

/// Environment variable that forces a kernel path; all paths give the same bits.
const KERNEL_VARIABLE: &str = "MLP_KERNEL";

/// Longest list of config paths that is read.
const MAX_LIST_BYTES: u64 = 1 << 30;

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
  mlp-train verify runs/recommended-20x20 --data datasets/mine/20x20_info.csv
  mlp-train export runs/recommended-20x20 --onnx digits.onnx --c digits.c

The variable MLP_KERNEL=portable|avx2|avx512|neon forces a kernel path; the results are the same.
Exit codes: 0 done (a run that diverged is done too), 2 wrong request, 3 fault from outside, 130/143 interrupted."
)]
struct Cli {
    #[command(subcommand)]
    action: Option<Action>,
    /// Config files
    configs: Vec<PathBuf>,
    /// Folder for the run folders
    #[arg(long, value_name = "RUNS")]
    out: Option<PathBuf>,
    /// Data set CSV, instead of the one that the configs name
    #[arg(long, value_name = "CSV")]
    data: Option<String>,
    /// Data set CSV whose rows all train, instead of those that the configs name as `extra_data`; several if repeated
    #[arg(long, value_name = "CSV")]
    extra_data: Vec<String>,
    /// Seeds, instead of those in the configs: a list such as 3,5,8 or a count
    #[arg(long, value_name = "LIST|COUNT")]
    seeds: Option<String>,
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
    /// Config key to change in every config: a dotted path and JSON, or a text as it is; several if repeated
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<Setting>,
    #[command(flatten)]
    short: ShortOptions,
    /// File to write: a JSON line for each run
    #[arg(long, value_name = "FILE")]
    summary: Option<PathBuf>,
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
                Ok(ExitStatus::Done)
            }
            Some(Action::New(arguments)) => arguments.run(console),
            Some(Action::Export(arguments)) => arguments.run(console),
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
        let configs = paths.iter().map(|path| self.config(path, console)).collect::<Result<Vec<_>, _>>()?;
        let summary = self.summary_file(&paths, &configs)?;
        let path = kernel_path()?;
        let interrupts = Interrupts::listen()?;
        let data: BTreeSet<PathBuf> = configs.iter().flat_map(inputs).collect();
        let reuse = self.folder.reuse();
        let runs = plan(configs, out, reuse)?;
        data.iter().filter_map(|csv| changed_since(csv)).for_each(|what| console.warn(what));
        copies(&runs).iter().for_each(|sentence| console.warn(sentence));
        let jobs = self.jobs.map_or_else(processors, std::num::NonZeroUsize::get);
        if self.dry_run {
            return dry_run(&runs, jobs, path, console);
        }
        let checkpoint_every = Duration::from_secs_f64(self.checkpoint_seconds);
        let threads = ThreadBudget::new(jobs);
        if reuse.fresh {
            runs.iter().for_each(Run::restart);
        }
        let options = RunOptions { jobs, path, threads: &threads, checkpoint_every, interrupts: &interrupts, console };
        let ends = perform_all(&runs, &options)?;
        report(&ends, summary.as_ref(), out, again_to_go_on(reuse), console)
    }

    /// A config with what the options change in it.
    fn config(&self, path: &Path, console: &Console) -> anyhow::Result<Config> {
        let settings: Vec<Setting> = self.set.iter().cloned().chain(self.short.settings()).collect();
        let mut config = Config::read_with(path, &settings)?;
        if let Some(data) = &self.data {
            warn_of_other_size(&config, data, console);
            config.data = Some(Data::One(data.clone()));
        }
        if !self.extra_data.is_empty() {
            config.extra_data.clone_from(&self.extra_data);
        }
        if let Some(seeds) = &self.seeds {
            config.seeds = Some(parse_seeds(seeds)?);
            config.seed = None;
        }
        Ok(config)
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
            let bytes = regular_file::read_input(list, MAX_LIST_BYTES).context("--configs-from")?;
            let Ok(text) = String::from_utf8(bytes) else {
                refuse!("--configs-from {}: expected a text file with a config path on each line", list.display());
            };
            paths.extend(text.lines().map(str::trim).filter(|line| !line.is_empty()).map(PathBuf::from));
        }
        if paths.is_empty() {
            refuse!("no config; name at least one config file, such as configs/recommended/20x20.json");
        }
        Ok(paths)
    }
}

/// Says it when `--data` gives the pictures of another size than those that a config is for, such as those of 8x8.
fn warn_of_other_size(config: &Config, data: &str, console: &Console) {
    let set = |path: &str| Some(base_name(Path::new(path)).strip_suffix("_info.csv")?.to_owned());
    let of_config = config.data.iter().flat_map(Data::paths).next().and_then(set);
    if let (Some(of_config), Some(given)) = (of_config, set(data))
        && of_config != given
    {
        console.warn(format!(
            "config {}: it is for {of_config}_info.csv, and --data gives {given}_info.csv; its runs are named by the \
             config all the same",
            config.name()
        ));
    }
}

/// Writes the summaries and prints how many runs are done. The exit code is that of the signal or of the failures,
/// if there are any.
fn report(
    ends: &[RunEnd],
    summary: Option<&OutputFile>,
    out: &Path,
    again: &str,
    console: &Console,
) -> anyhow::Result<ExitStatus> {
    let mut lines = Vec::new();
    let mut accuracies = Vec::new();
    let mut of_writers = None;
    let (mut before, mut now, mut failed, mut signal, mut fault) = (0, 0, 0, None, None);
    for end in ends {
        let line = match end {
            RunEnd::DoneBefore(summary) => {
                before += 1;
                summary
            }
            RunEnd::DoneNow(summary) => {
                now += 1;
                summary
            }
            RunEnd::Interrupted(status) => {
                signal = Some(*status);
                continue;
            }
            RunEnd::Failed(status) => {
                failed += 1;
                fault = Some(*status);
                continue;
            }
        };
        lines.push(serde_json::to_string(line)?);
        accuracies.extend(line.test_accuracy);
        of_writers = Some(speaks_of(line));
    }
    if let Some(status) = signal {
        let left = ends.len() as u64 - before - now - failed;
        console.warn(format!("interrupted with {} left; {again}", counted(left, "run")));
        return Ok(status);
    }
    if let Some(file) = summary {
        file.write((lines.join("\n") + "\n").as_bytes())?;
    }
    if console.is_json() {
        lines.iter().try_for_each(|line| console.data(line))?;
    }
    if let Some(status) = fault {
        let all = counted(ends.len() as u64, "run");
        console.warn(format!("{failed} of {all} could not be done, see above; the same command tries them again"));
        return Ok(status);
    }
    let place = out.display();
    let mut accuracy = accuracy_words(&accuracies);
    if let ([_], [_], Some(words)) = (ends, accuracies.as_slice(), of_writers) {
        accuracy += &format!("; {words}");
    }
    console.note(match (now, before) {
        (0, _) => format!("mlp-train: nothing to do: {}, up to date in {place}{accuracy}", counted(before, "run")),
        (_, 0) => format!("mlp-train: {} done, in {place}{accuracy}", counted(now, "run")),
        _ => format!("mlp-train: {} done, {before} done before, in {place}{accuracy}", counted(now, "run")),
    });
    console.next("report", "mlp-report", &[&quoted(out), &"--out report"]);
    Ok(ExitStatus::Done)
}

/// `, test accuracy 0.987`, or from where to where several reach: the runs may be of several experiments.
fn accuracy_words(accuracies: &[f64]) -> String {
    match accuracies {
        [] => String::new(),
        [accuracy] => format!(", test accuracy {accuracy:.3}"),
        _ => {
            let low = accuracies.iter().copied().fold(f64::INFINITY, f64::min);
            let high = accuracies.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            format!(", test accuracies {low:.3} .. {high:.3}")
        }
    }
}

/// What the accuracy of a run speaks of: other writers, or those of its test rows only.
fn speaks_of(summary: &Summary) -> String {
    let Some(of) = summary.test_writers else { return Writers::default().sentence() };
    writers::sentence(of.count as usize, of.in_training as usize, of.low.zip(of.high), of.more_to_halve)
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

/// A list of seeds (`3,5,8`), or how many (`5`: the seeds 1 to 5).
pub fn parse_seeds(text: &str) -> anyhow::Result<Seeds> {
    let wrong = || refused(format!("--seeds: expected a list such as 3,5,8 or a count of 1 or more, found `{text}`"));
    if let Some((_, _)) = text.split_once(',') {
        let seeds: Option<Vec<u64>> =
            text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(|part| part.parse().ok()).collect();
        let mut sorted = seeds.clone().ok_or_else(wrong)?;
        sorted.sort_unstable();
        if sorted.is_empty() || sorted.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(wrong());
        }
        return seeds.map(Seeds::List).ok_or_else(wrong);
    }
    let count = text.trim().parse::<i64>().ok().and_then(|count| Count::try_from(count).ok());
    count.map(Seeds::Count).ok_or_else(wrong)
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
