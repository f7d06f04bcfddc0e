//! A run in a terminal of the system, and what a person would see there.

use std::fs::{File, OpenOptions};
use std::io::Read;
use std::os::unix::ffi::OsStrExt;
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

use crate::Invocation;

const ROWS: u16 = 40;
/// How long a test waits for what must come.
const PATIENCE: Duration = Duration::from_mins(2);

/// A program that runs in a terminal of 40 rows: a pseudo-terminal of the system, and an emulator that follows what the
/// program writes to it. All three standard streams are the terminal.
pub struct Terminal {
    line: String,
    child: Child,
    written: Receiver<Vec<u8>>,
    emulator: vt100::Parser,
    /// All that was written, with the escape sequences.
    raw: Vec<u8>,
    /// Lines that were wider than the terminal, as they looked.
    wrapped: Vec<String>,
    columns: u16,
}

/// What a program left on its terminal.
#[must_use = "a run whose end nobody looks at can fail unseen"]
pub struct Seen {
    /// The exit status; `None` after a signal.
    pub code: Option<i32>,
    /// The lines on the screen at the end, without blanks at their ends.
    pub lines: Vec<String>,
    /// Lines that were wider than the terminal, at any time.
    pub wrapped: Vec<String>,
    raw: String,
}

impl Invocation {
    /// Starts in a terminal of so many columns.
    ///
    /// # Panics
    /// Where the system gives no pseudo-terminal.
    pub fn in_terminal(&self, columns: u16) -> Terminal {
        Terminal::start(self, columns)
    }
}

/// Both ends of a new pseudo-terminal: the one that a test reads, and the one that is the program's terminal.
fn open(columns: u16) -> std::io::Result<(File, File)> {
    let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC)?;
    grantpt(&ours)?;
    unlockpt(&ours)?;
    tcsetwinsize(&ours, Winsize { ws_row: ROWS, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 })?;
    let name = ptsname(&ours, Vec::new())?;
    let theirs = OpenOptions::new().read(true).write(true).open(std::ffi::OsStr::from_bytes(name.as_bytes()))?;
    Ok((File::from(ours), theirs))
}

impl Terminal {
    fn start(invocation: &Invocation, columns: u16) -> Self {
        let (mut ours, theirs) = open(columns).unwrap_or_else(|error| panic!("no pseudo-terminal: {error}"));
        let stream = || Stdio::from(theirs.try_clone().expect("one more handle"));
        let mut command = invocation.command();
        command.stdin(stream()).stdout(stream()).stderr(stream()).env("TERM", "xterm-256color");
        let child = command.spawn().unwrap_or_else(|error| panic!("{}: {error}", invocation.line()));
        let (sender, written) = channel();
        // Ends with an error when no process has the other end open any more.
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(length @ 1..) = ours.read(&mut buffer) {
                if sender.send(buffer[..length].to_vec()).is_err() {
                    break;
                }
            }
        });
        let emulator = vt100::Parser::new(ROWS, columns, 0);
        Self { line: invocation.line(), child, written, emulator, raw: Vec::new(), wrapped: Vec::new(), columns }
    }

    /// Follows what the program writes until `is_enough` of the screen. False if the program has ended before.
    fn follow(&mut self, is_enough: impl Fn(&str) -> bool) -> bool {
        let end = Instant::now() + PATIENCE;
        loop {
            match self.written.recv_timeout(end.saturating_duration_since(Instant::now())) {
                Ok(bytes) => self.show(&bytes),
                Err(RecvTimeoutError::Disconnected) => return false,
                Err(RecvTimeoutError::Timeout) => {
                    let screen = self.emulator.screen().contents();
                    let _ = self.child.kill();
                    panic!("`{}` took longer than {PATIENCE:?}; on the screen:\n{screen}", self.line);
                }
            }
            if is_enough(&self.emulator.screen().contents()) {
                return true;
            }
        }
    }

    fn show(&mut self, bytes: &[u8]) {
        self.raw.extend(bytes);
        self.emulator.process(bytes);
        let screen = self.emulator.screen();
        let lines: Vec<String> = screen.rows(0, self.columns).collect();
        let is_wrapped = |row: &usize| screen.row_wrapped(*row as u16);
        self.wrapped.extend((0..lines.len()).filter(is_wrapped).map(|row| lines[row].clone()));
    }

    /// Waits until the screen shows `text`. False if the program ends before.
    ///
    /// # Panics
    /// After two minutes.
    pub fn wait_for(&mut self, text: &str) -> bool {
        self.follow(|screen| screen.contains(text))
    }

    /// The lines on the screen now, without blanks at their ends.
    pub fn lines(&self) -> Vec<String> {
        self.emulator.screen().contents().lines().map(str::to_owned).collect()
    }

    /// Sends a signal: `INT`, `TERM` or `KILL`.
    pub fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        let sent = std::process::Command::new("kill").args([&format!("-{name}"), &id]).status();
        assert!(sent.is_ok_and(|status| status.success()), "cannot send {name} to process {id}");
    }

    /// Waits for the end.
    ///
    /// # Panics
    /// After two minutes.
    pub fn end(mut self) -> Seen {
        self.follow(|_| false);
        let code = self.child.wait().expect("the system knows its processes").code();
        let raw = String::from_utf8_lossy(&self.raw).into_owned();
        Seen { code, lines: self.lines(), wrapped: self.wrapped, raw }
    }
}

impl Seen {
    /// Whether the program has ever written `text`, also if it is gone by now.
    pub fn has_shown(&self, text: &str) -> bool {
        self.raw.contains(text)
    }

    /// What is on the screen at the end, as one text.
    pub fn screen(&self) -> String {
        self.lines.join("\n")
    }
}
