//! The `mlp-report` command.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::bail;
use clap::Parser;
use stage_cli::{CommonArgs, Console, ExitStatus, FolderArgs, Outcome, Tool, counted, quoted};
use stage_files::digest::{ListingDigest, sha256_file, sha256_hex};
use stage_files::kind::{Kind, kind};
use stage_files::output::{FolderWriter, Layout, OutputFolder};
use stage_files::run::{
    CONFIG_FILE, FoundRun, HISTOGRAMS_FILE, METRICS_FILE, MODEL_FILE, PREDICTIONS_FILE, ROW_COUNTS_FILE, SUMMARY_FILE,
    TEST_PICTURES_FILE, find_runs,
};
use stage_files::stage::{Input, StageInfo};
use stage_files::text_name::base_name;
use stage_files::{LabelSet, refuse};

use crate::expected;
use crate::experiment::group;
use crate::pictures::Originals;
use crate::report::{report, single_curves};
use crate::results::{Results, comparisons_csv, experiments_csv};
use crate::run::{LeftOut, Run, read_all};
use crate::tensorboard;
use crate::words::sections::title;
use stage_page::{Lang, markdown, page};

/// Up to this many runs, each run of an experiment with several gets chart files of its own.
const MOST_SINGLE_CURVES: usize = 400;

/// Make a report of run folders: one page, tables, plots
#[derive(Parser)]
#[command(
    name = "mlp-report",
    version,
    after_help = "\
Example:
  mlp-report runs --out report
  mlp-report runs --out report --pictures scans
  mlp-report runs --out report --tensorboard events
  mlp-report runs --out report --configs-from list.txt --allow-missing
  mlp-report runs --out report --lang ko

Exit codes: 0 done, 1 some runs were left out, 2 wrong request, 3 fault from outside."
)]
struct Cli {
    /// Folder with run folders, at any depth
    runs: PathBuf,
    /// Folder to write: index.html, tables.md, results.csv and .json, experiments.csv, comparisons.csv, charts as SVG
    #[arg(long)]
    out: PathBuf,
    /// Make the report even when no run is whole, or runs of --configs-from are missing; it lists them, the exit code
    /// is 1
    #[arg(long)]
    allow_missing: bool,
    /// File with a config path on each line: without --allow-missing all their runs must be there
    #[arg(long, value_name = "LIST")]
    configs_from: Option<PathBuf>,
    /// Folder with the source pictures, which pictures on the page then lead to: the one that digit-labeler read
    #[arg(long, value_name = "DIR")]
    pictures: Option<PathBuf>,
    /// Folder for event files too: `tensorboard --logdir DIR` shows every run
    #[arg(long, value_name = "DIR")]
    tensorboard: Option<PathBuf>,
    /// Language of page, tables and charts; CSV and JSON files are the same in all
    #[arg(long, value_name = "en|ko", default_value = "en")]
    lang: Lang,
    #[command(flatten)]
    folder: FolderArgs,
    #[command(flatten)]
    common: CommonArgs,
}

impl Tool for Cli {
    fn common(&self) -> &CommonArgs {
        &self.common
    }

    fn run(self, console: &Console) -> anyhow::Result<ExitStatus> {
        let found = find_runs(&self.runs)?;
        let (runs, mut left_out) = read_all(&found);
        if let Some(list) = &self.configs_from {
            let missing = expected::missing(list, &found)?;
            left_out.extend(missing);
            if !self.allow_missing {
                expected::refuse_gaps(&self.runs, &left_out)?;
            }
        }
        let input = input(&self.runs, &found, &left_out)?;
        for LeftOut { name, reason, .. } in &left_out {
            console.warn(format!("{name}: left out: {reason}"));
        }
        if runs.is_empty() && left_out.iter().any(|run| run.is_fault) {
            bail!("{}: no run folder that could be read, see above; try again", self.runs.display());
        }
        if runs.is_empty() && !self.allow_missing {
            refuse!(
                "{}: no whole run folder ({} cannot be used); run mlp-train first",
                self.runs.display(),
                left_out.len()
            );
        }
        let originals = self.pictures.as_deref().map(|folder| Originals::new(folder, &self.out)).transpose()?;
        let info = info(self.lang, &runs, &left_out, input, originals.as_ref());
        let reuse = crate::reuse::over_other_runs(self.folder.reuse(), &self.out, &info);
        let inputs: Vec<&Path> = [&self.runs].into_iter().chain(&self.pictures).map(PathBuf::as_path).collect();
        let folder = OutputFolder::new(&self.out, LAYOUT, info.clone(), &inputs, reuse)?;
        if let Some(events) = &self.tensorboard {
            let usable: BTreeSet<&str> = runs.iter().map(|run| run.name.as_str()).collect();
            let shown: Vec<_> = found.iter().filter(|run| usable.contains(run.name.as_str())).collect();
            let written = tensorboard::write(events, &self.runs, &shown, info.clone(), self.folder.reuse())?;
            let message = if written { "written" } else { "up to date" };
            let files = counted(shown.len() as u64, "event file");
            console.note(format!("{files} {message} in {}", events.display()));
        }
        let nothing_to_do = folder.up_to_date(|done| *done == info)?.is_some();
        if !nothing_to_do {
            let altered = write(self.lang, folder.begin()?, &runs, &left_out, originals.as_ref(), &info)?;
            console.altered(&self.out, &altered);
        }
        let result =
            format!("{}, report in {}", counted(runs.len() as u64, "run"), self.out.join(INDEX_FILE).display());
        if !console.is_part() && !console.is_json() {
            accuracies(&runs, console);
        }
        console.outcome(&Outcome { folder: &self.out, info: &info, result: &result, nothing_to_do }, &[])?;
        let accuracy = |run: &&Run| run.summary.test_accuracy.unwrap_or(-1.0);
        if let Some(best) = runs.iter().max_by(|a, b| accuracy(a).total_cmp(&accuracy(b))) {
            let model = quoted(&self.runs.join(&best.name));
            console.next("predict", "digit-predict", &[&"--model", &model, &"PICTURE.png"]);
        }
        Ok(if left_out.is_empty() { ExitStatus::Done } else { ExitStatus::SomeRejected })
    }
}

/// The accuracy of each run; of many runs, that of the best.
fn accuracies(runs: &[Run], console: &Console) {
    let mut tested: Vec<(&Run, f64)> = runs.iter().filter_map(|run| Some((run, run.summary.test_accuracy?))).collect();
    tested.sort_by(|a, b| b.1.total_cmp(&a.1));
    for (run, accuracy) in tested.iter().take(MOST_ACCURACIES) {
        let rows = counted(run.summary.test_rows, "row");
        console.note(format!("{}: test accuracy {accuracy:.3} on {rows}", run.name));
    }
    if let Some(more @ 1..) = tested.len().checked_sub(MOST_ACCURACIES) {
        console.note(format!("and {more} more, in the report"));
    }
}

/// Runs whose accuracy is named at the end, the best first.
const MOST_ACCURACIES: usize = 8;

/// The page.
const INDEX_FILE: &str = "index.html";
/// Which files this stage writes.
const LAYOUT: Layout = Layout { owns: is_own, private: &[] };

fn is_own(name: &str) -> bool {
    const FILES: [&str; 6] =
        [INDEX_FILE, "tables.md", "results.csv", "results.json", "experiments.csv", "comparisons.csv"];
    FILES.contains(&name) || name.strip_suffix(".svg").is_some_and(|stem| !stem.contains('/'))
}

/// Files of a run folder that the report is made from.
const INPUTS: [&str; 8] = [
    CONFIG_FILE,
    SUMMARY_FILE,
    METRICS_FILE,
    PREDICTIONS_FILE,
    HISTOGRAMS_FILE,
    TEST_PICTURES_FILE,
    ROW_COUNTS_FILE,
    MODEL_FILE,
];

/// The run folders, with the digests of all files that the report is made from.
fn input(root: &Path, found: &[FoundRun], left_out: &[LeftOut]) -> anyhow::Result<Input> {
    let mut listing = ListingDigest::default();
    for FoundRun { name, folder, .. } in found {
        let is_left_out = left_out.iter().any(|run| run.name == *name);
        for file in INPUTS {
            let path = folder.join(file);
            let digest = match sha256_file(&path) {
                Ok(digest) => digest,
                // A missing file is a fact about the folder, too, and so is one that kept its run out.
                Err(_) if is_left_out || kind(&path)? == Kind::Nothing => String::new(),
                Err(error) => return Err(error.at(&path)),
            };
            listing.add(&format!("{name}/{file}"), &digest);
        }
    }
    for missing in left_out.iter().filter(|run| run.is_missing) {
        listing.add(&missing.name, &sha256_hex(missing.reason.as_bytes()));
    }
    let (sha256, files) = listing.finish();
    Ok(Input { name: base_name(root), sha256, files })
}

fn info(lang: Lang, runs: &[Run], left_out: &[LeftOut], input: Input, originals: Option<&Originals>) -> StageInfo {
    let mut digits: Vec<u8> = runs.iter().flat_map(|run| run.summary.labels.as_slice()).copied().collect();
    digits.sort_unstable();
    digits.dedup();
    // With no run there is no label either; the set must not be empty, so it is all digits.
    let labels = LabelSet::new(digits).or_else(|_| "0-9".parse());
    let mut settings = serde_json::Map::new();
    if let Some(originals) = originals {
        settings.insert("pictures".into(), originals.address().into());
    }
    // English is no setting: reports of versions that knew nothing else are up to date.
    if lang != Lang::En {
        settings.insert("lang".into(), lang.tag().into());
    }
    let mut info = StageInfo::new(
        "mlp-report",
        env!("CARGO_PKG_VERSION"),
        settings.into(),
        labels.unwrap_or_else(|_: String| unreachable!("0-9 is a label set")),
    );
    info.inputs = vec![input];
    info.counts.insert("runs".into(), runs.len() as u64);
    info.counts.insert("left_out".into(), left_out.len() as u64);
    info
}

fn write(
    lang: Lang,
    writer: FolderWriter,
    runs: &[Run],
    left_out: &[LeftOut],
    originals: Option<&Originals>,
    info: &StageInfo,
) -> anyhow::Result<Vec<String>> {
    let experiments = group(runs);
    let (blocks, families) = report(lang, &experiments, left_out, originals)?;
    // Curves of each run are for readers who look for them: files beside the page, and not thousands of them.
    let single = if runs.len() <= MOST_SINGLE_CURVES { single_curves(lang, &experiments) } else { Vec::new() };
    let mut charts = Vec::new();
    blocks.iter().for_each(|block| block.charts(&mut charts));
    charts.extend(&single);
    for chart in charts {
        writer.write(&format!("{}.svg", chart.file), chart.standalone().as_bytes())?;
    }
    let results = Results::gather(&experiments);
    writer.write("results.csv", &results.csv()?)?;
    writer.write("results.json", &results.json()?)?;
    writer.write("experiments.csv", &experiments_csv(&experiments)?)?;
    let comparisons: Vec<_> = families.into_iter().flat_map(|family| family.comparisons).collect();
    writer.write("comparisons.csv", &comparisons_csv(&comparisons)?)?;
    writer.write("tables.md", markdown(lang, title(lang), &blocks).as_bytes())?;
    writer.write(INDEX_FILE, page(lang, title(lang), &blocks).as_bytes())?;
    writer.finish(info)
}

/// What the command accepts, for a program that has several commands.
pub fn command() -> clap::Command {
    stage_cli::command::<Cli>()
}

/// The whole of the command on given arguments, the first being the program name; can be called repeatedly.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitStatus {
    stage_cli::run::<Cli>(arguments)
}

/// The `mlp-report` process.
pub fn main() -> ExitCode {
    stage_cli::main::<Cli>()
}
