//! The `digit-form` command.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use digit_image::decode::parse_pixels;
use stage_cli::{CommonArgs, Console, ExitStatus, FolderArgs, Tool, counted};
use stage_files::labels::LabelSet;
use stage_files::output::OutputFile;
use stage_files::{refuse, refused, regular_file};

use crate::code::MOST_SHEETS;
use crate::layout::{Layout, MOST_PER_LABEL, Paper};
use crate::make::{self, names};
use crate::stage::{self, Request};

/// Longest list of names.
const MAX_NAMES_BYTES: u64 = 1 << 24;

/// Print forms for handwritten digits, and read their photographs
#[derive(Parser)]
#[command(
    name = "digit-form",
    version,
    after_help = "\
Example:
  digit-form make --labels 0-9 --writers names.txt --out form.pdf
  digit-form read photos/*.jpg --out datasets/class/source

Exit codes: 0 done, 1 some inputs rejected, 2 wrong request, 3 fault from outside, 130/143 interrupted."
)]
struct Cli {
    #[command(subcommand)]
    action: Action,
    #[command(flatten)]
    common: CommonArgs,
}

#[derive(Subcommand)]
enum Action {
    /// Print sheets as a PDF, one or more for each writer
    #[command(after_help = "Example:\n  digit-form make --labels 0-9 --per-label 8 --writers names.txt --out form.pdf")]
    Make(MakeArgs),
    /// Cut scans and photographs of sheets apart, as source pictures by writer and label
    #[command(after_help = "\
Example:
  digit-form read scan.tiff --out datasets/class/source
  digit-form read photos/*.jpg --out datasets/class/source --marked found

Boxes that are empty or crossed out are left out and counted. A sheet or box that is not found exactly is rejected, \
with its reason. The sheets may lie in any direction; of a TIFF or PDF file each page is read.")]
    Read(ReadArgs),
}

#[derive(Args)]
struct MakeArgs {
    /// Digits to ask for
    #[arg(long, default_value = "0-9")]
    labels: LabelSet,
    /// Boxes for each digit
    #[arg(long, default_value_t = 8, value_parser = clap::value_parser!(u32).range(1..=i64::from(MOST_PER_LABEL)))]
    per_label: u32,
    /// Text file with a writer's name a line; `-` for standard input
    #[arg(long, value_name = "FILE", conflicts_with = "count")]
    writers: Option<PathBuf>,
    /// Writers without names: writer-1, writer-2, ..
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    count: u32,
    /// Paper: a4 or letter
    #[arg(long, default_value = "a4")]
    paper: Paper,
    /// PDF to write
    #[arg(long, value_name = "FILE.pdf")]
    out: PathBuf,
}

#[derive(Args)]
struct ReadArgs {
    /// Scans and photographs of sheets
    #[arg(required = true, value_name = "PHOTO")]
    photos: Vec<PathBuf>,
    /// Folder to write
    #[arg(long, value_name = "FOLDER")]
    out: PathBuf,
    /// Folder for each photo with boxes around what was found
    #[arg(long, value_name = "FOLDER")]
    marked: Option<PathBuf>,
    /// Do not use photos with more pixels than this; M stands for million
    #[arg(long, value_name = "COUNT", default_value = "100M", value_parser = parse_pixels)]
    max_pixels: u64,
    /// Write nothing when any input is unfit
    #[arg(long)]
    strict: bool,
    #[command(flatten)]
    folder: FolderArgs,
}

impl Tool for Cli {
    fn common(&self) -> &CommonArgs {
        &self.common
    }

    fn run(self, console: &Console) -> anyhow::Result<ExitStatus> {
        match self.action {
            Action::Make(args) => print(args, console),
            Action::Read(args) => stage::run(
                &Request {
                    photos: &args.photos,
                    out: &args.out,
                    marked: args.marked.as_deref(),
                    max_pixels: args.max_pixels,
                    strict: args.strict,
                    reuse: args.folder.reuse(),
                },
                console,
            ),
        }
    }
}

fn print(args: MakeArgs, console: &Console) -> anyhow::Result<ExitStatus> {
    let inputs: Vec<&Path> = args.writers.as_deref().into_iter().collect();
    let out = OutputFile::new("--out", &args.out, &inputs)?;
    let writers = match &args.writers {
        Some(file) => names::parse(&read_names(file)?)?,
        None => (1..=args.count).map(|number| format!("writer-{number}")).collect(),
    };
    let layout = Layout { paper: args.paper, labels: args.labels, per_label: args.per_label };
    let pages = u64::from(layout.pages());
    let sheets = pages * writers.len() as u64;
    if sheets > u64::from(MOST_SHEETS) {
        refuse!(
            "expected at most {MOST_SHEETS} sheets of a form, found {sheets} ({} for each writer); print several forms",
            counted(pages, "page")
        );
    }
    out.write(&make::pdf(&layout, &writers)?)?;
    let writers = writers.len() as u64;
    console.summary(
        format!(
            "digit-form: {} for {} in {}; print without scaling",
            counted(sheets, "sheet"),
            counted(writers, "writer"),
            args.out.display()
        ),
        &serde_json::json!({"tool": "digit-form", "status": "done", "file": args.out.display().to_string(),
            "counts": {"sheets": sheets, "writers": writers, "pages": pages}}),
    )?;
    Ok(ExitStatus::Done)
}

fn read_names(file: &Path) -> anyhow::Result<String> {
    let bytes = regular_file::read_or_stdin(file, MAX_NAMES_BYTES)
        .map_err(|error| refused(format!("--writers {}: {error}", file.display())))?;
    let Ok(text) = String::from_utf8(bytes) else {
        refuse!("--writers {}: is not UTF-8; expected a text file with a name a line", file.display());
    };
    Ok(text)
}

/// What the command accepts, for a program that has several commands.
pub fn command() -> clap::Command {
    stage_cli::command::<Cli>()
}

/// The whole of the command on given arguments, the first being the program name; can be called repeatedly.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitStatus {
    stage_cli::run::<Cli>(arguments)
}

/// The `digit-form` process.
pub fn main() -> ExitCode {
    stage_cli::main::<Cli>()
}
