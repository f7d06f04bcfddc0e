//! The messages and the data of a command.

use std::fmt::Display;
use std::io::{IsTerminal, Write};

use serde::Serialize;

use crate::CommonArgs;
use crate::progress::Progress;
use crate::terminal::{for_terminal, for_terminal_lines};
use crate::typed::typed;

/// Writes a command's messages to stderr and its data to stdout.
///
/// A message is one line. Control characters in it, which come from file names, are shown and do not reach the terminal
/// ([`for_terminal`]).
#[derive(Clone, Debug)]
pub struct Console {
    name: String,
    program: String,
    quiet: bool,
    json: bool,
    no_next: bool,
    no_progress: bool,
}

impl Console {
    /// A console for the command `name`.
    pub fn new(name: &str, common: &CommonArgs) -> Self {
        Self {
            name: name.to_owned(),
            program: name.to_owned(),
            quiet: common.quiet,
            json: common.json,
            no_next: common.no_next,
            no_progress: common.no_progress,
        }
    }

    /// The console of a command that the user calls in another way, such as `digits label`.
    #[must_use]
    pub fn called(self, program: &str) -> Self {
        Self { program: program.to_owned(), ..self }
    }

    /// What the user calls the command.
    pub fn program(&self) -> &str {
        &self.program
    }

    /// Whether `--quiet` was given.
    pub fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// Whether `--json` was given.
    pub fn is_json(&self) -> bool {
        self.json
    }

    /// Whether a progress bar makes sense: stderr is a terminal, and neither `--quiet` nor `--json` was given, here or
    /// to the command that called this one as one of several.
    pub fn shows_progress(&self) -> bool {
        !self.quiet && !self.json && !self.no_progress && std::io::stderr().is_terminal()
    }

    /// Progress of work on so many things; `what` is done with them, such as `labelling`.
    pub fn progress(&self, what: &'static str, things: usize) -> Progress {
        Progress::new(self, what, things as u64)
    }

    /// Whether the command is one of several that another program calls (`--no-next`).
    pub fn is_part(&self) -> bool {
        self.no_next
    }

    /// Names the command that a user may type next: `next: digits train ..`, if `word` is `train`, or its own `name`.
    /// Only a person at a terminal is told; scripts know what they do.
    pub fn next(&self, word: &str, name: &str, arguments: &[&dyn Display]) {
        if self.no_next || !self.shows_progress() {
            return;
        }
        let mut words = vec![typed(self, word, name)];
        words.extend(arguments.iter().map(ToString::to_string));
        self.note(format!("next: {}", words.join(" ")));
    }

    /// A message that `--quiet` silences.
    pub fn note(&self, message: impl Display) {
        if !self.quiet {
            print_message(message);
        }
    }

    /// A message that the user should see even with `--quiet`.
    pub fn warn(&self, message: impl Display) {
        print_message(format!("{}: warning: {message}", self.name));
    }

    /// An error with its causes on one line.
    pub fn error(&self, error: &anyhow::Error) {
        print_message(format!("{}: error: {}", self.name, stage_files::in_words(error)));
    }

    /// Data on stdout, with a line feed at the end. A file or pipe gets it byte for byte; on a terminal, control
    /// characters other than line feeds and tabs are shown.
    pub fn data(&self, data: impl Display) -> anyhow::Result<()> {
        let mut stdout = std::io::stdout().lock();
        if stdout.is_terminal() {
            Ok(writeln!(stdout, "{}", for_terminal_lines(data))?)
        } else {
            Ok(writeln!(stdout, "{data}")?)
        }
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

fn print_message(message: impl Display) {
    // stderr may be closed; then nobody is left to tell.
    let _ = writeln!(std::io::stderr().lock(), "{}", for_terminal(message));
}
