//! The `digit-doctor` command.

use std::ffi::OsString;
use std::num::NonZeroU8;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use digit_image::preprocess::Pipeline;
use digit_labeler::LabelsIn;
use stage_cli::{CommonArgs, Console, ExitStatus, FolderArgs, Tool};
use stage_files::labels::LabelSet;
use stage_files::picture::Canvas;
use stage_page::Lang;

use crate::input::How;
use crate::run::{self, Request};

/// Look for wrong labels, copies and odd pictures, and show them on a page where you decide about each
#[derive(Parser)]
#[command(
    name = "digit-doctor",
    version,
    after_help = "\
Example:
  digit-doctor datasets/demo/labelled findings
  digit-doctor scans findings
  digit-doctor train/20x20_info.csv findings --test test/20x20_info.csv

Open findings/findings.html, decide, save fixes.csv, and apply it:
  digit-labeler scans labelled --fixes fixes.csv

Exit codes: 0 done, 1 some pictures rejected (see rejected.csv), 2 wrong request, 3 fault from outside, \
130/143 interrupted; run the same command again."
)]
struct Cli {
    /// Data set CSV, folder of labelled pictures, or folder of source pictures
    input: PathBuf,
    /// Folder to write
    out: PathBuf,
    /// Data set CSV that tests: pictures that are in both are named
    #[arg(long, value_name = "CSV", conflicts_with = "config")]
    test: Option<PathBuf>,
    /// Config whose split says which rows of the CSV test
    #[arg(long, value_name = "CONFIG")]
    config: Option<PathBuf>,
    /// Label set, such as 0-9 [default: those that the input has]
    #[arg(long)]
    labels: Option<LabelSet>,
    /// Nominal size of source pictures [default: that of their names, or 20]
    #[arg(long)]
    size: Option<NonZeroU8>,
    /// Where the labels of source pictures are, if both folders and names could mean one: folders, names
    #[arg(long, value_name = "folders|names")]
    layout: Option<LabelsIn>,
    /// Width and height to which source pictures are shrunk [default: 20x20]; of a CSV that does not say it
    #[arg(long, value_name = "WxH")]
    canvas: Option<Canvas>,
    /// Preprocessing of source pictures, as in digit-labeler
    #[arg(long, value_name = "none|standard|STEP,STEP,..", default_value = "standard", value_parser = Pipeline::parse)]
    preprocess: Pipeline,
    /// Findings of each kind on the page; findings.csv has all
    #[arg(long, value_name = "COUNT", default_value_t = 200)]
    shown: usize,
    /// Language of the page; findings.csv is the same in all
    #[arg(long, value_name = "en|ko", default_value = "en")]
    lang: Lang,
    /// Threads; 0 for one per processor
    #[arg(long, default_value_t = 0)]
    jobs: usize,
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
        let how = How {
            labels: self.labels,
            size: self.size.map(NonZeroU8::get),
            labels_in: self.layout,
            canvas: self.canvas,
            preprocess: self.preprocess,
            test: self.test,
            config: self.config,
        };
        let (input, out, reuse) = (self.input, self.out, self.folder.reuse());
        let (shown, lang, jobs) = (self.shown, self.lang, self.jobs);
        run::run(&Request { input, out, how, shown, lang, jobs, reuse }, console)
    }
}

/// What the command accepts, for a program that has several commands.
pub fn command() -> clap::Command {
    stage_cli::command::<Cli>()
}

/// The whole of the command on given arguments, the first being the program name; can be called repeatedly.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitStatus {
    stage_cli::run::<Cli>(arguments)
}

/// The whole of the command's `main`.
pub fn main() -> ExitCode {
    stage_cli::main::<Cli>()
}
