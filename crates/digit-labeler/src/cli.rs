//! The `digit-labeler` command.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, ValueEnum};
use digit_image::decode::{PageChoice, parse_pixels};
use digit_image::preprocess::{Domain, Pipeline, STANDARD, STEPS};
use stage_cli::{CommonArgs, Console, ExitStatus, FolderArgs, Tool};
use stage_files::atomic::Durability;
use stage_files::labels::LabelSet;
use stage_files::picture::{Alpha, Canvas, PictureSettings};

use crate::batch;
use crate::plan::Shard;
use crate::request::Request;

/// Turn source pictures {label}_{size}_{id}.png into small gray pictures with a label row
#[derive(Parser)]
#[command(
    name = "digit-labeler",
    version,
    after_help = after_help()
)]
struct Cli {
    /// Folder of source pictures
    source: PathBuf,
    /// Folder to write
    out: PathBuf,
    /// Width and height after shrinking, in pixels
    #[arg(long, value_name = "WxH", default_value = "20x20")]
    canvas: Canvas,
    /// Labels to keep
    #[arg(long, default_value = "1-5")]
    labels: LabelSet,
    /// Preprocessing before shrinking: none, standard, or steps with their settings (see below), such as
    /// ink,deskew:max=0.5,fit
    #[arg(long, value_name = "none|standard|STEP,STEP,..", default_value = "none", value_parser = Pipeline::parse)]
    preprocess: Pipeline,
    /// Transparent parts: lay them on white, or drop the alpha channel as OpenCV does
    #[arg(long, value_enum, default_value_t = AlphaArg::White)]
    alpha: AlphaArg,
    /// Write what each step made of a few pictures into this folder, and a sheet of them
    #[arg(long, value_name = "DIR")]
    explain: Option<PathBuf>,
    /// Nominal size of all pictures; their labels are the names of their folders or the first digit of their own
    #[arg(long, value_parser = clap::value_parser!(u8).range(1..))]
    size: Option<u8>,
    /// Do only part I of N, into a folder of its own; `digit-csv merge` puts the parts together
    #[arg(long, value_name = "I/N")]
    shard: Option<Shard>,
    /// Pages of a TIFF file or frames of an animation: the first, or each as a picture {name}-p2, {name}-p3, ..
    #[arg(long, value_name = "first|all", default_value = "first")]
    pages: PageChoice,
    /// Write nothing if any input is unfit
    #[arg(long)]
    strict: bool,
    /// Flush every file to the disk: survives a power cut, and is slower
    #[arg(long)]
    sync: bool,
    /// Threads; 0 for one per processor
    #[arg(long, default_value_t = 0)]
    jobs: usize,
    /// Reject pictures with more pixels than this; M stands for million
    #[arg(long, value_name = "COUNT", default_value = "100M", value_parser = parse_pixels)]
    max_pixels: u64,
    #[command(flatten)]
    folder: FolderArgs,
    #[command(flatten)]
    common: CommonArgs,
}

fn after_help() -> String {
    let mut text = "\
Example:
  digit-labeler datasets/demo/source datasets/demo/labelled
  digit-labeler scans datasets/mine/labelled --labels 0-9 --size 20 --preprocess standard
      folders {label}/ or {writer}/{label}/, or names {label}_{anything}, {label}-{n}, {label}.png

Steps of --preprocess, as STEP or STEP:SETTING=VALUE:SETTING=VALUE; standard stands for
"
    .to_owned();
    text += &format!("{STANDARD}\n");
    for step in STEPS {
        text += &format!("  {:<10} {}\n", step.name, step.about);
        for setting in step.settings {
            let (name, about) = (setting.name, setting.about);
            text += &match setting.domain {
                Domain::Number { default, min, max } => {
                    format!("    {name}={default} ({min}..{max}): {about}\n")
                }
                Domain::Choice(words) => format!("    {name}={}: {about}\n", words.join("|")),
            };
        }
    }
    text + "
Exit codes: 0 done, 1 some inputs rejected (see rejected.csv), 2 wrong request, 3 fault from outside,
130/143 interrupted; run the same command again to go on."
}

#[derive(Clone, Copy, ValueEnum)]
enum AlphaArg {
    White,
    Drop,
}

impl Tool for Cli {
    fn common(&self) -> &CommonArgs {
        &self.common
    }

    fn run(self, console: &Console) -> anyhow::Result<ExitStatus> {
        let alpha = match self.alpha {
            AlphaArg::White => Alpha::White,
            AlphaArg::Drop => Alpha::Drop,
        };
        let preprocess = self.preprocess.to_json();
        let request = Request {
            source: self.source,
            out: self.out,
            picture: PictureSettings { canvas: self.canvas, alpha, preprocess },
            labels: self.labels,
            size: self.size,
            shard: self.shard,
            pages: self.pages,
            strict: self.strict,
            durability: if self.sync { Durability::Synced } else { Durability::Process },
            jobs: self.jobs,
            max_pixels: self.max_pixels,
            reuse: self.folder.reuse(),
            explain: self.explain,
        };
        batch::run(&request, console)
    }
}

/// The whole of the command on given arguments, the first being the program name; can be called repeatedly.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitStatus {
    stage_cli::run::<Cli>(arguments)
}

/// The whole of the command's `main`.
pub fn main() -> ExitCode {
    stage_cli::main::<Cli>()
}
