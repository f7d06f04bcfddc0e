//! Where a command's words go.

use std::fmt::Display;
use std::io::{IsTerminal, Write};

use serde::Serialize;
use stage_files::text_name::printable;

use crate::CommonArgs;

/// The command's voice: notes and warnings to stderr, data to stdout.
#[derive(Clone, Debug)]
pub struct Console {
    name: String,
    quiet: bool,
    json: bool,
}

impl Console {
    /// A console for the command `name`.
    pub fn new(name: &str, common: &CommonArgs) -> Self {
        Self { name: name.to_owned(), quiet: common.quiet, json: common.json }
    }

    /// Whether `--quiet` was given.
    pub fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// Whether `--json` was given.
    pub fn is_json(&self) -> bool {
        self.json
    }

    /// Whether a progress display makes sense: a person watches and did not ask for quiet.
    pub fn shows_progress(&self) -> bool {
        !self.quiet && std::io::stderr().is_terminal()
    }

    /// A message that `--quiet` silences.
    pub fn note(&self, message: impl Display) {
        if !self.quiet {
            say(&message.to_string());
        }
    }

    /// Something the user should know even with `--quiet`.
    pub fn warn(&self, message: impl Display) {
        say(&format!("{}: warning: {message}", self.name));
    }

    /// An error with its causes on one line.
    pub fn error(&self, error: &anyhow::Error) {
        say(&format!("{}: error: {error:#}", self.name));
    }

    /// A line of data on stdout.
    pub fn data(&self, line: impl Display) -> anyhow::Result<()> {
        Ok(writeln!(std::io::stdout().lock(), "{line}")?)
    }

    /// The summary of a command: JSON on stdout with `--json`, otherwise the sentence as a note.
    pub fn summary(&self, sentence: impl Display, facts: &impl Serialize) -> anyhow::Result<()> {
        if self.json {
            return self.data(stage_files::json::to_line(facts)?);
        }
        self.note(sentence);
        Ok(())
    }
}

fn say(line: &str) {
    // Names of files may hold what a terminal obeys.
    let lines: Vec<_> = line.split('\n').map(printable).collect();
    // stderr may be closed; there is nobody left to tell.
    let _ = writeln!(std::io::stderr().lock(), "{}", lines.join("\n"));
}
