//! What all commands do alike at the terminal.
//!
//! - stdout carries data, stderr carries messages; `--quiet` leaves only warnings and errors.
//! - An error is printed once, with its chain of causes, under the command's name; its kind decides the exit code.
//! - Control characters in messages, such as ANSI escapes in a file name, are shown and not obeyed ([`for_terminal`]).
//! - A reader that closes the pipe early is not an error.
//! - SIGINT and SIGTERM are recorded, so that the command can finish or save its current work ([`Interrupts`]).
//! - `--generate` prints shell completions or the manual page.
//!
//! What this crate must never do: know what a command is about.

#![cfg_attr(test, allow(clippy::disallowed_methods, reason = "tests put files in place as users do"))]

mod completions;
mod console;
mod counted;
mod exit;
mod interrupts;
mod misspelt;
mod outcome;
mod program;
mod progress;
mod terminal;
mod typed;

pub use completions::{generated, with_flag};
pub use console::Console;
pub use counted::counted;
pub use exit::ExitStatus;
pub use interrupts::Interrupts;
pub use outcome::{FolderArgs, Outcome, again_to_go_on};
pub use progress::{Progress, duration};
pub use terminal::{columns_of, for_terminal, stdout_columns};
pub use typed::{quoted, typed};

use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;

use clap::{Args, CommandFactory, FromArgMatches};
use terminal::for_terminal_lines;

/// Options that every command has. Flatten it into the command's own arguments.
#[derive(Args, Clone, Debug)]
pub struct CommonArgs {
    /// Print only warnings and errors
    #[arg(long, short, global = true)]
    pub quiet: bool,
    /// Print the summary as JSON on stdout
    #[arg(long, global = true)]
    pub json: bool,
    /// For a program that calls the command as one of several: do not say what comes next
    #[arg(long, global = true, hide = true)]
    pub no_next: bool,
    /// For a program that calls the command as one of several and prints JSON itself: show no progress
    #[arg(long, global = true, hide = true)]
    pub no_progress: bool,
}

/// A command: its arguments and what it does with them.
pub trait Tool: CommandFactory + FromArgMatches {
    /// The common options among the arguments.
    fn common(&self) -> &CommonArgs;
    /// Does the work. An error becomes exit code 2 when it is a refusal ([`stage_files::refused`]), 3 otherwise.
    fn run(self, console: &Console) -> anyhow::Result<ExitStatus>;
}

/// The whole of a `main` function: arguments from the process, exit code to it.
pub fn main<T: Tool>() -> ExitCode {
    ExitCode::from(run::<T>(std::env::args_os()).code())
}

/// What a command accepts, with the options of every command, for a program that has several commands.
pub fn command<T: CommandFactory>() -> clap::Command {
    with_flag(T::command())
}

/// Runs a command on given arguments, of which the first is the program name, and returns its exit status. Can be
/// called repeatedly. Help and usage show the program name as it was given, so `digits label` may stand for
/// `digit-labeler`.
pub fn run<T: Tool>(arguments: impl IntoIterator<Item = OsString>) -> ExitStatus {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let (mut command, program) = program::called(T::command(), arguments.first());
    command = with_flag(command);
    if let Some(status) = generated(&arguments, &command) {
        return status;
    }
    let name = command.get_name().to_owned();
    if let Some(message) = misspelt::command(&arguments, &command) {
        let _ = writeln!(std::io::stderr().lock(), "{name}: error: {}", for_terminal(message));
        return ExitStatus::Refused;
    }
    let parsed = command.try_get_matches_from(arguments).and_then(|mut matches| T::from_arg_matches_mut(&mut matches));
    let tool = match parsed {
        Ok(tool) => tool,
        Err(error) => {
            return usage(&error);
        }
    };
    let console = Console::new(&name, tool.common()).called(&program);
    match tool.run(&console) {
        Ok(status) => status,
        Err(error) if is_closed_pipe(&error) => ExitStatus::Done,
        Err(error) => {
            console.error(&error);
            if stage_files::is_refused(&error) { ExitStatus::Refused } else { ExitStatus::OutsideFault }
        }
    }
}

/// Prints help and version to stdout, usage errors to stderr. A usage error quotes arguments, which the shell may have
/// made from file names, so it is printed without colours and escaped.
pub fn usage(error: &clap::Error) -> ExitStatus {
    // A closed pipe is nobody's fault.
    if !error.use_stderr() {
        let _ = error.print();
        return ExitStatus::Done;
    }
    let _ = write!(std::io::stderr().lock(), "{}", for_terminal_lines(error.render()));
    ExitStatus::Refused
}

fn is_closed_pipe(error: &anyhow::Error) -> bool {
    let io = error.chain().find_map(|cause| cause.downcast_ref::<std::io::Error>());
    io.is_some_and(|io| io.kind() == std::io::ErrorKind::BrokenPipe)
}
