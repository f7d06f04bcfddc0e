//! The `digit-labeler` command.

use std::ffi::OsString;
use std::fmt::Display;
use std::num::NonZeroU8;
use std::path::PathBuf;
use std::process::ExitCode;
use std::str::FromStr;

use clap::{Parser, ValueEnum};
use digit_image::decode::{PageChoice, parse_pixels};
use digit_image::preprocess::{Domain, Pipeline, STANDARD, STEPS};
use stage_cli::{CommonArgs, Console, ExitStatus, FolderArgs, Tool};
use stage_files::atomic::Durability;
use stage_files::labels::LabelSet;
use stage_files::picture::{Alpha, Canvas, PictureSettings};

use crate::batch;
use crate::inspect::{Asked, inspect};
use crate::labels_in::LabelsIn;
use crate::plan::Shard;
use crate::request::Request;
use crate::shard_lists;

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
    /// Labels to keep, such as 0-9 or 1,3,7; auto for those that the folder has
    #[arg(long, value_name = "LABELS|auto", default_value = "1-5")]
    labels: Auto<LabelSet>,
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
    /// Nominal size of all pictures; their labels are the names of their folders or the first digit of their own. auto
    /// for that of the names, or 20
    #[arg(long, value_name = "SIZE|auto")]
    size: Option<Auto<NonZeroU8>>,
    /// Where the labels are, if both folders and names could mean one: folders, names
    #[arg(long, value_name = "folders|names")]
    layout: Option<LabelsIn>,
    /// Do only part I of N, into a folder of its own; `digit-csv merge` puts the parts together
    #[arg(long, value_name = "I/N")]
    shard: Option<Shard>,
    /// Label nothing: write a list of the source pictures of each of N shards into OUT, for engines that ask what has
    /// changed
    #[arg(long, value_name = "N", conflicts_with_all = ["shard", "fixes", "explain", "strict"])]
    list_shards: Option<u64>,
    /// Leave out pictures and change labels as this fixes.csv of digit-doctor says; the pictures themselves stay
    #[arg(long, value_name = "FILE")]
    fixes: Option<PathBuf>,
    /// Pages of a TIFF file or frames of an animation: the first, or each as a picture {name}-p2, {name}-p3, ..
    #[arg(long, value_name = "first|all", default_value = "first")]
    pages: PageChoice,
    /// Write one archive of each size, such as 20.tar, instead of a file for each picture: for a great many pictures,
    /// and for disks that are slow with small files
    #[arg(long)]
    pack: bool,
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
  digit-labeler scans datasets/mine/labelled --labels auto --size auto
      folders {label}/ or {writer}/{label}/, or names such as 3_x.png, 3.png

Steps of --preprocess, as STEP or STEP:SETTING=VALUE:..; standard stands for
"
    .to_owned();
    text += &format!("{STANDARD}\n");
    for step in STEPS {
        text += &hanging(&format!("  {:<10} {}", step.name, step.about), 13);
        for setting in step.settings {
            let (name, about) = (setting.name, setting.about);
            let line = match setting.domain {
                Domain::Number { default, min, max } => {
                    format!("    {name}={default} ({min}..{max}): {about}")
                }
                Domain::Choice(words) => format!("    {name}={}: {about}", words.join("|")),
            };
            text += &hanging(&line, 6);
        }
    }
    text + "
Exit codes: 0 done, 1 some inputs rejected (see rejected.csv), 2 wrong request, 3 fault from outside, \
130/143 interrupted; run the same command again to go on."
}

/// The columns of the narrowest terminal for which the help is laid out.
const COLUMNS: usize = 80;

/// A line of the table, continued below itself after so many blanks, where the terminal would break it anywhere.
fn hanging(line: &str, blanks: usize) -> String {
    let begin = line.len() - line.trim_start().len();
    let (mut text, mut width) = (String::new(), 0);
    // The gap between name and description stays: only the single blanks are places to break.
    for (i, word) in line[begin..].split(' ').enumerate() {
        let length = word.chars().count();
        if i == 0 {
            text += &line[..begin];
            width = begin;
        } else if width + 1 + length > COLUMNS {
            text += "\n";
            text += &" ".repeat(blanks);
            width = blanks;
        } else {
            text.push(' ');
            width += 1;
        }
        text += word;
        width += length;
    }
    text + "\n"
}

#[derive(Clone, Copy, ValueEnum)]
enum AlphaArg {
    White,
    Drop,
}

/// A value, or the word `auto` for what the folder says.
#[derive(Clone, Copy, Debug)]
enum Auto<T> {
    Auto,
    Is(T),
}

impl<T: FromStr<Err: Display>> FromStr for Auto<T> {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        if text == "auto" {
            return Ok(Self::Auto);
        }
        text.parse().map(Self::Is).map_err(|error: T::Err| error.to_string())
    }
}

/// The label set and the size, those that are `auto` from the folder.
fn resolve(arguments: &Cli, console: &Console) -> anyhow::Result<(LabelSet, Option<u8>)> {
    let size = match arguments.size {
        Some(Auto::Is(size)) => Some(size.get()),
        Some(Auto::Auto) | None => None,
    };
    let is_auto = matches!(arguments.size, Some(Auto::Auto));
    match &arguments.labels {
        Auto::Is(labels) if !is_auto => Ok((labels.clone(), size)),
        labels => {
            let asked = Asked { size, is_size_known: !is_auto, labels_in: arguments.layout, pages: arguments.pages };
            let found = inspect(&arguments.source, &asked)?;
            found.check(&arguments.source)?;
            console.note(format!("digit-labeler: found {found}"));
            let labels = if let Auto::Is(labels) = labels { labels.clone() } else { found.labels()? };
            Ok((labels, found.size))
        }
    }
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
        let (labels, size) = resolve(&self, console)?;
        let request = Request {
            source: self.source,
            out: self.out,
            picture: PictureSettings { canvas: self.canvas, alpha, preprocess },
            labels,
            size,
            labels_in: self.layout,
            shard: self.shard,
            fixes: self.fixes,
            pages: self.pages,
            pack: self.pack,
            strict: self.strict,
            durability: if self.sync { Durability::Synced } else { Durability::Process },
            jobs: self.jobs,
            max_pixels: self.max_pixels,
            reuse: self.folder.reuse(),
            explain: self.explain,
        };
        if let Some(count) = self.list_shards {
            return shard_lists::run(&request, count, console);
        }
        batch::run(&request, console)
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
