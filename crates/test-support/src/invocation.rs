//! One run of the program, before it starts.

use std::ffi::{OsStr, OsString};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::{Output, Running};

/// A file of at most 4 kB is all that fits on the full disk; a write beyond it fails instead of killing the process.
const FULL_DISK: &str = r#"trap '' XFSZ; ulimit -f 8; exec "$0" "$@""#;

/// A run of the program: arguments, environment, standard input.
#[derive(Clone, Debug)]
#[must_use = "nothing runs before `run` or `start`"]
pub struct Invocation {
    program: PathBuf,
    folder: PathBuf,
    args: Vec<OsString>,
    variables: Vec<(String, String)>,
    stdin: Vec<u8>,
    is_on_full_disk: bool,
}

impl Invocation {
    pub(crate) fn new(program: &Path, folder: &Path) -> Self {
        Self {
            program: program.into(),
            folder: folder.into(),
            args: Vec::new(),
            variables: Vec::new(),
            stdin: Vec::new(),
            is_on_full_disk: false,
        }
    }

    /// One more argument, which may hold spaces.
    pub fn arg(mut self, argument: impl AsRef<OsStr>) -> Self {
        self.args.push(argument.as_ref().to_owned());
        self
    }

    /// More arguments.
    pub fn args(self, arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Self {
        arguments.into_iter().fold(self, Self::arg)
    }

    /// Sets an environment variable.
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.into(), value.into()));
        self
    }

    /// What the program reads from standard input; nothing by default.
    pub fn stdin(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.stdin = bytes.into();
        self
    }

    /// Runs as if the disk were full: no file can grow beyond 4 kB.
    #[cfg(unix)]
    pub fn on_full_disk(mut self) -> Self {
        self.is_on_full_disk = true;
        self
    }

    /// Runs to the end.
    pub fn run(&self) -> Output {
        let mut command = self.command();
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap_or_else(|error| panic!("{}: {error}", self.line()));
        let mut stdin = child.stdin.take().expect("stdin is piped");
        std::thread::scope(|scope| {
            // A program may end without reading its input.
            scope.spawn(move || drop(stdin.write_all(&self.stdin)));
            let ended = child.wait_with_output().unwrap_or_else(|error| panic!("{}: {error}", self.line()));
            Output::new(self, ended.status, ended.stdout, ended.stderr)
        })
    }

    /// Starts and does not wait. Standard input is empty.
    pub fn start(&self) -> Running {
        Running::start(self)
    }

    /// Starts, sends a signal (`INT`, `TERM`, `KILL`) after a time, and waits for the end. The program may have ended
    /// before.
    #[cfg(unix)]
    pub fn signal_after(&self, wait_ms: u64, signal: &str) -> Output {
        let mut running = self.start();
        std::thread::sleep(Duration::from_millis(wait_ms));
        running.signal(signal);
        running.end()
    }

    /// As a standard command, for what is not provided for here.
    pub fn command(&self) -> Command {
        let mut command = if self.is_on_full_disk { Command::new("sh") } else { Command::new(&self.program) };
        if self.is_on_full_disk {
            command.args(["-c", FULL_DISK]).arg(&self.program);
        }
        // The kernels are this test's choice, not this machine's.
        command.args(&self.args).current_dir(&self.folder).env_remove("MLP_KERNEL");
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The command line as one would type it.
    pub(crate) fn line(&self) -> String {
        let variables = self.variables.iter().map(|(name, value)| format!("{name}={value}"));
        let program = self.program.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let quoted = |text: &OsString| {
            let text = text.to_string_lossy().into_owned();
            if text.is_empty() || text.contains([' ', '\n', '"']) { format!("{text:?}") } else { text }
        };
        let place = self.is_on_full_disk.then(|| "(disk full)".to_owned());
        let words = variables.chain([program]).chain(self.args.iter().map(quoted)).chain(place);
        words.collect::<Vec<_>>().join(" ")
    }
}
