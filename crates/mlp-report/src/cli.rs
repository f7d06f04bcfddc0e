//! The `mlp-report` command.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use stage_cli::{CommonArgs, Console, ExitStatus, Tool};
use stage_files::atomic::{self, Durability};
use stage_files::digest::{ListingDigest, sha256_file};
use stage_files::lock::FolderLock;
use stage_files::run::{CONFIG_FILE, METRICS_FILE, PREDICTIONS_FILE, SUMMARY_FILE, find_runs};
use stage_files::stage::{Input, StageInfo};
use stage_files::text_name::base_name;
use stage_files::{LabelSet, refuse};

use crate::page::page;
use crate::run_report::{LeftOut, RunReport, overlay, read_all};
use crate::tables::{results_csv, tables_md};

/// Make a report of run folders: one page, tables, plots
#[derive(Parser)]
#[command(
    name = "mlp-report",
    version,
    after_help = "\
Example:
  mlp-report runs --out report

Exit codes: 0 done, 1 some runs were left out, 2 wrong request, 3 fault from outside."
)]
struct Cli {
    /// Folder with run folders, at any depth
    runs: PathBuf,
    /// Folder to write: index.html, tables.md, results.csv and the charts as SVG
    #[arg(long)]
    out: PathBuf,
    /// Make the report even when no run is whole
    #[arg(long)]
    allow_missing: bool,
    #[command(flatten)]
    common: CommonArgs,
}

impl Tool for Cli {
    fn common(&self) -> &CommonArgs {
        &self.common
    }

    fn run(self, console: &Console) -> anyhow::Result<ExitStatus> {
        let found = find_runs(&self.runs)?;
        let input = input(&self.runs, found.iter().map(|run| (run.name.as_str(), run.folder.as_path())));
        let (runs, left_out) = read_all(found);
        for LeftOut { name, reason } in &left_out {
            console.warn(format!("{name}: left out: {reason}"));
        }
        if runs.is_empty() && !self.allow_missing {
            refuse!(
                "{}: no whole run folder ({} cannot be used); run mlp-train first",
                self.runs.display(),
                left_out.len()
            );
        }
        let info = info(&runs, &left_out, input);
        info.refuse_foreign(&self.out)?;
        let status = if left_out.is_empty() { ExitStatus::Done } else { ExitStatus::SomeRejected };
        let index = self.out.join("index.html");
        if StageInfo::read(&self.out)?.as_ref() == Some(&info) && index.is_file() {
            console.summary(format!("nothing to do: the report in {} is up to date", index.display()), &info)?;
            return Ok(status);
        }
        write(&self.out, &runs, &left_out, &info)?;
        console.summary(format!("{} runs, report in {}", runs.len(), index.display()), &info)?;
        Ok(status)
    }
}

/// The run folders by name and digest of what is read of them.
fn input<'a>(root: &Path, runs: impl Iterator<Item = (&'a str, &'a Path)>) -> Input {
    let mut listing = ListingDigest::default();
    for (name, folder) in runs {
        for file in [CONFIG_FILE, SUMMARY_FILE, METRICS_FILE, PREDICTIONS_FILE] {
            // A missing file is a fact about the folder, too.
            listing.add(&format!("{name}/{file}"), &sha256_file(&folder.join(file)).unwrap_or_default());
        }
    }
    let (sha256, files) = listing.finish();
    Input { name: base_name(root), sha256, files }
}

fn info(runs: &[RunReport], left_out: &[LeftOut], input: Input) -> StageInfo {
    let mut digits: Vec<u8> = runs.iter().flat_map(|run| run.summary.labels.as_slice()).copied().collect();
    digits.sort_unstable();
    digits.dedup();
    // With no run there is no label either; the set must not be empty, so it is all digits.
    let labels = LabelSet::new(digits).or_else(|_| "0-9".parse());
    let mut info = StageInfo::new(
        "mlp-report",
        env!("CARGO_PKG_VERSION"),
        serde_json::json!({}),
        labels.unwrap_or_else(|_: String| unreachable!("0-9 is a label set")),
    );
    info.inputs = vec![input];
    info.counts.insert("runs".into(), runs.len() as u64);
    info.counts.insert("left_out".into(), left_out.len() as u64);
    info
}

fn write(out: &Path, runs: &[RunReport], left_out: &[LeftOut], info: &StageInfo) -> anyhow::Result<()> {
    let _lock = FolderLock::take(out)?;
    info.begin(out)?;
    let save = |name: &str, bytes: &[u8]| atomic::write(&out.join(name), bytes, Durability::Process);
    let mut charts = Vec::new();
    for run in runs {
        let slug = run.slug();
        if !run.metrics.is_empty() {
            charts.push((format!("{slug}-loss.svg"), run.loss_chart()));
            charts.push((format!("{slug}-accuracy.svg"), run.accuracy_chart()));
        }
        charts.extend(run.confusion_chart().map(|chart| (format!("{slug}-confusion.svg"), chart)));
    }
    if runs.len() > 1 {
        charts.push(("overlay-accuracy.svg".into(), overlay(runs)));
    }
    for (name, svg) in &charts {
        save(name, svg.as_bytes())?;
    }
    // Charts of runs that are gone would be taken for current ones.
    for entry in fs_err::read_dir(out)? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let is_chart = ["-loss.svg", "-accuracy.svg", "-confusion.svg"].iter().any(|end| name.ends_with(end));
        if is_chart && !charts.iter().any(|(chart, _)| *chart == name) {
            fs_err::remove_file(entry.path())?;
        }
    }
    save("results.csv", &results_csv(runs)?)?;
    save("tables.md", tables_md(runs, left_out).as_bytes())?;
    save("index.html", page(runs, left_out).as_bytes())?;
    info.finish(out)
}

/// The `mlp-report` process.
pub fn main() -> ExitCode {
    stage_cli::main::<Cli>()
}
