//! A program that is running, to be waited for, interrupted or killed.

use std::fs::File;
use std::io::{Read, Seek};
use std::process::{Child, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use crate::{Invocation, Output};

/// How long a test waits for what must come.
const PATIENCE: Duration = Duration::from_mins(1);

/// A started program. Its outputs go to files, so that it never waits for a reader.
pub struct Running {
    invocation: Invocation,
    child: Child,
    stdout: File,
    stderr: File,
}

impl Running {
    pub(crate) fn start(invocation: &Invocation) -> Self {
        let [stdout, stderr] = [(); 2].map(|()| tempfile::tempfile().expect("a temporary file"));
        let output = |file: &File| Stdio::from(file.try_clone().expect("one more handle"));
        let mut command = invocation.command();
        command.stdin(Stdio::null()).stdout(output(&stdout)).stderr(output(&stderr));
        let child = command.spawn().unwrap_or_else(|error| panic!("{}: {error}", invocation.line()));
        Self { invocation: invocation.clone(), child, stdout, stderr }
    }

    /// Waits until the file `name` of the test's folder is there or the program has ended.
    ///
    /// # Panics
    /// After a minute.
    #[track_caller]
    pub fn wait_for(&mut self, name: &str) {
        let (path, began) = (self.invocation.folder().join(name), Instant::now());
        while !path.exists() && self.status().is_none() {
            assert!(began.elapsed() < PATIENCE, "no {name} in a minute of `{}`", self.invocation.line());
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// The exit status, if the program has ended.
    pub fn status(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().expect("the system knows its processes")
    }

    /// Sends a signal: `INT`, `TERM` or `KILL`. A program that has ended gets none.
    #[cfg(unix)]
    pub fn signal(&mut self, name: &str) {
        if self.status().is_some() {
            return;
        }
        let id = self.child.id().to_string();
        let sent = std::process::Command::new("kill").args([&format!("-{name}"), &id]).status();
        assert!(sent.is_ok_and(|status| status.success()), "cannot send {name} to process {id}");
    }

    /// Kills the program and waits until it is gone.
    pub fn kill(mut self) {
        self.child.kill().expect("one's own process can be killed");
        let _ = self.end();
    }

    /// Waits for the end.
    pub fn end(mut self) -> Output {
        let status = self.child.wait().expect("the system knows its processes");
        let [stdout, stderr] = [&mut self.stdout, &mut self.stderr].map(|file| {
            let mut bytes = Vec::new();
            file.rewind().and_then(|()| file.read_to_end(&mut bytes)).expect("temporary files can be read");
            bytes
        });
        Output::new(&self.invocation, status, stdout, stderr)
    }
}
