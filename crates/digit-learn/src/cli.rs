//! The `digit-learn` command.

use std::ffi::OsString;
use std::process::ExitCode;

use stage_cli::{CommonArgs, Console, ExitStatus, Tool};

use crate::request::Request;
use crate::road;

impl Tool for Request {
    fn common(&self) -> &CommonArgs {
        &self.common
    }

    fn run(self, console: &Console) -> anyhow::Result<ExitStatus> {
        road::run(&self, console)
    }
}

/// What the command accepts, for a program that has several commands.
pub fn command() -> clap::Command {
    stage_cli::command::<Request>()
}

/// The whole of the command on given arguments, the first being the program name; can be called repeatedly.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitStatus {
    stage_cli::run::<Request>(arguments)
}

/// The whole of the command's `main`.
pub fn main() -> ExitCode {
    stage_cli::main::<Request>()
}
