//! Where the only training stands: what the page shows of it, its process and its report.

use std::ffi::OsString;
use std::process::Child;
use std::sync::{Mutex, MutexGuard, PoisonError};

use hyper::header::{CONTENT_SECURITY_POLICY, HeaderValue};
use serde::Serialize;
use stage_page::Lang;

use crate::ServeArgs;
use crate::reply::{REPORT_POLICY, Reply, bytes_reply};

/// Where a run stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum State {
    #[default]
    Idle,
    Running,
    Done,
    Failed,
}

/// What the page shows.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Progress {
    pub(crate) state: State,
    /// What a user would type.
    pub(crate) command: String,
    /// What the command has said.
    pub(crate) lines: Vec<String>,
    pub(crate) accuracy: Option<f64>,
    pub(crate) error: Option<String>,
    pub(crate) has_report: bool,
}

#[derive(Default)]
pub(crate) struct Run {
    pub(crate) progress: Progress,
    pub(crate) child: Option<Child>,
    pub(crate) report: Option<Vec<u8>>,
}

/// The only run.
pub(crate) struct Teaching {
    run: Mutex<Run>,
    pub(crate) options: Vec<OsString>,
}

impl Teaching {
    pub(crate) fn new(args: &ServeArgs) -> Self {
        let mut options = args.learn.clone();
        // The report speaks the language of the page, unless its user says otherwise.
        if args.lang != Lang::default() && !options.iter().any(|option| option == "--lang") {
            options.extend(["--lang".into(), args.lang.tag().into()]);
        }
        Self { run: Mutex::default(), options }
    }

    pub(crate) fn run(&self) -> MutexGuard<'_, Run> {
        self.run.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn progress(&self) -> Progress {
        self.run().progress.clone()
    }

    /// The report of the last run.
    pub(crate) fn report(&self) -> Option<Reply> {
        let mut reply = bytes_reply("text/html; charset=utf-8", self.run().report.clone()?);
        reply.headers_mut().insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(REPORT_POLICY));
        Some(reply)
    }

    /// Ends a run that goes on, when the server ends. Its stages go on where they were when they are called again.
    pub(crate) fn stop(&self) {
        if let Some(child) = &mut self.run().child {
            let _ = child.kill();
        }
    }
}
