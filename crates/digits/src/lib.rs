//! One program for all commands: `digits label` is `digit-labeler`, with the same options and the same code.
//!
//! Called by the name of a command, as through a link `digit-labeler` to it, it is that command.

use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;

use clap::Command;
use stage_cli::ExitStatus;

/// A command of the program.
struct Tool {
    /// The word after `digits`.
    word: &'static str,
    /// The name of the separate program.
    name: &'static str,
    /// What it accepts.
    command: fn() -> Command,
    run: fn(Vec<OsString>) -> ExitStatus,
}

/// In the order in which data flows.
const TOOLS: [Tool; 9] = [
    Tool { word: "learn", name: "digit-learn", command: digit_learn::cli::command, run: digit_learn::cli::run },
    Tool { word: "form", name: "digit-form", command: digit_form::cli::command, run: digit_form::cli::run },
    Tool { word: "source", name: "digit-source", command: digit_source::cli::command, run: digit_source::cli::run },
    Tool { word: "label", name: "digit-labeler", command: digit_labeler::cli::command, run: digit_labeler::cli::run },
    Tool { word: "csv", name: "digit-csv", command: digit_csv::cli::command, run: digit_csv::cli::run },
    Tool { word: "doctor", name: "digit-doctor", command: digit_doctor::cli::command, run: digit_doctor::cli::run },
    Tool { word: "train", name: "mlp-train", command: mlp_train::cli::command, run: mlp_train::cli::run },
    Tool { word: "report", name: "mlp-report", command: mlp_report::cli::command, run: mlp_report::cli::run },
    Tool { word: "predict", name: "digit-predict", command: digit_predict::cli::command, run: digit_predict::cli::run },
];

/// All commands, for help, completions and manual page.
pub fn command() -> Command {
    let tools = TOOLS.iter().map(|tool| (tool.command)().name(tool.word).visible_alias(tool.name));
    let command = Command::new("digits")
        .version(env!("CARGO_PKG_VERSION"))
        .about("Pictures of digits to a data set, a trained network and a report")
        .after_help(
            "\
Example:
  digits learn scans                     from a folder of pictures to a report
  digits predict --model RUN scan.png

`digits COMMAND --help` shows the options and examples of a command.",
        )
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommands(tools);
    stage_cli::with_flag(command)
}

/// Runs the program on given arguments, of which the first is its name.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitStatus {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let called = arguments.first().and_then(|name| Path::new(name).file_stem()?.to_str());
    if let Some(tool) = TOOLS.iter().find(|tool| called == Some(tool.name)) {
        return (tool.run)(arguments);
    }
    let word = arguments.get(1).and_then(|word| word.to_str()).unwrap_or_default();
    let is_meant = |tool: &&Tool| word == tool.word || word == tool.name;
    if let Some(tool) = TOOLS.iter().find(is_meant) {
        let program = OsString::from(format!("digits {}", tool.word));
        return (tool.run)([program].into_iter().chain(arguments.into_iter().skip(2)).collect());
    }
    let command = command();
    if let Some(status) = stage_cli::generated(&arguments, &command) {
        return status;
    }
    // No command was called: help, version or a usage error, which names the nearest command.
    match command.try_get_matches_from(arguments) {
        Ok(_) => ExitStatus::Refused,
        Err(error) => stage_cli::usage(&error),
    }
}

/// The whole of the program's `main`.
pub fn main() -> ExitCode {
    ExitCode::from(run(std::env::args_os()).code())
}
