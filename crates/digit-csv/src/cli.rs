//! The `digit-csv` command.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use stage_cli::{CommonArgs, Console, ExitStatus, FolderArgs, Tool};
use stage_files::labels::LabelSet;
use stage_files::refuse;

use crate::{labelled, merge};

/// Turn labelled pictures into data set CSVs with one-hot labels
#[derive(Parser)]
#[command(
    name = "digit-csv",
    version,
    args_conflicts_with_subcommands = true,
    after_help = "\
Example:
  digit-csv datasets/demo/labelled datasets/demo --mixed
  digit-csv merge part1 part2 datasets/demo

Exit codes: 0 done, 1 some pictures rejected (see rejected.csv), 2 wrong request, 3 fault from outside, \
130/143 interrupted; run the same command again."
)]
struct Cli {
    #[command(subcommand)]
    action: Option<Action>,
    #[command(flatten)]
    make: MakeArgs,
    #[command(flatten)]
    folder: FolderArgs,
    #[command(flatten)]
    common: CommonArgs,
}

#[derive(Args)]
struct MakeArgs {
    /// Folder of labelled pictures
    labelled: Option<PathBuf>,
    /// Folder to write
    out: Option<PathBuf>,
    /// Write mixed_info.csv too, with the pictures of all sizes
    #[arg(long)]
    mixed: bool,
    /// Label set; needed only when the folder has no stage.json
    #[arg(long)]
    labels: Option<LabelSet>,
    /// Leave out pictures and change labels as this fixes.csv of digit-doctor says; the pictures themselves stay
    #[arg(long, value_name = "FILE")]
    fixes: Option<PathBuf>,
}

#[derive(Subcommand)]
enum Action {
    /// Put the data sets of shards together: the result is that of the undivided run
    Merge {
        /// Folders made by digit-csv, then the folder to write
        #[arg(required = true, num_args = 2.., value_names = ["SHARD", "OUT"])]
        folders: Vec<PathBuf>,
        /// Merge what is there, even if shards of the division are missing
        #[arg(long)]
        allow_missing: bool,
    },
}

impl Tool for Cli {
    fn common(&self) -> &CommonArgs {
        &self.common
    }

    fn run(self, console: &Console) -> anyhow::Result<ExitStatus> {
        if let Some(Action::Merge { mut folders, allow_missing }) = self.action {
            return match folders.pop() {
                Some(out) if !folders.is_empty() => {
                    merge::run(&folders, &out, allow_missing, self.folder.reuse(), console)
                }
                _ => refuse!("expected one or more shard folders and then the folder to write"),
            };
        }
        let (Some(labelled), Some(out)) = (self.make.labelled, self.make.out) else {
            refuse!("expected a folder of labelled pictures and a folder to write; see digit-csv --help");
        };
        let request = labelled::Request {
            labelled: &labelled,
            out: &out,
            mixed: self.make.mixed,
            labels: self.make.labels,
            fixes: self.make.fixes.as_deref(),
            reuse: self.folder.reuse(),
        };
        labelled::run(&request, console)
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
