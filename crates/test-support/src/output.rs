//! What a run said and how it ended.

use std::fmt;
use std::path::PathBuf;
use std::process::ExitStatus;

use serde_json::Value;

use crate::Invocation;
use crate::folder::listing;

/// What a run wrote to its two outputs, and its exit status.
///
/// Each method that states an expectation returns the value again, so that the next one can follow.
#[must_use = "a run whose status nobody looks at can fail unseen"]
pub struct Output {
    /// The exit status; `None` after a signal.
    pub code: Option<i32>,
    /// All of standard output.
    pub stdout: String,
    /// All of standard error.
    pub stderr: String,
    line: String,
    folder: PathBuf,
}

impl Output {
    pub(crate) fn new(invocation: &Invocation, status: ExitStatus, stdout: Vec<u8>, stderr: Vec<u8>) -> Self {
        let text = |bytes| String::from_utf8(bytes).unwrap_or_else(|error| panic!("{}: {error}", invocation.line()));
        let (stdout, stderr) = (text(stdout), text(stderr));
        Self { code: status.code(), stdout, stderr, line: invocation.line(), folder: invocation.folder().into() }
    }

    /// Expects this exit status.
    #[track_caller]
    pub fn status(&self, code: i32) -> &Self {
        assert!(self.code == Some(code), "expected the status {code}\n{self}");
        self
    }

    /// Expects just this on standard output.
    #[track_caller]
    pub fn stdout(&self, expected: &str) -> &Self {
        assert!(self.stdout == expected, "expected on stdout:\n{expected}\n{self}");
        self
    }

    /// Expects just this on standard error.
    #[track_caller]
    pub fn stderr(&self, expected: &str) -> &Self {
        assert!(self.stderr == expected, "expected on stderr:\n{expected}\n{self}");
        self
    }

    /// Expects all of these parts on standard error.
    #[track_caller]
    pub fn stderr_has(&self, parts: &[&str]) -> &Self {
        for part in parts {
            assert!(self.stderr.contains(part), "expected on stderr: `{part}`\n{self}");
        }
        self
    }

    /// Expects all of these parts on standard output.
    #[track_caller]
    pub fn stdout_has(&self, parts: &[&str]) -> &Self {
        for part in parts {
            assert!(self.stdout.contains(part), "expected on stdout: `{part}`\n{self}");
        }
        self
    }

    /// Standard output as one JSON value.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("expected JSON on stdout: {error}\n{self}"))
    }

    /// Standard output as JSON values, one a line.
    #[track_caller]
    pub fn json_lines(&self) -> Vec<Value> {
        let value = |line| serde_json::from_str(line);
        let values = self.stdout.lines().map(value).collect::<Result<_, _>>();
        values.unwrap_or_else(|error| panic!("expected lines of JSON on stdout: {error}\n{self}"))
    }
}

impl fmt::Display for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let code = self.code.map_or_else(|| "none, a signal ended it".to_owned(), |code| code.to_string());
        writeln!(f, "$ {}\nstatus: {code}", self.line)?;
        writeln!(f, "---- stdout\n{}---- stderr\n{}", self.stdout, self.stderr)?;
        write!(f, "---- files\n{}", listing(&self.folder))
    }
}

impl fmt::Debug for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
