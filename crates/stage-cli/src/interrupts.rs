//! Catches SIGINT and SIGTERM, so that a stage can stop between two pieces of work.

use std::sync::Arc;
#[cfg(any(unix, windows))]
use std::sync::atomic::AtomicBool;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::ExitStatus;
#[cfg(any(unix, windows))]
use anyhow::Context;
#[cfg(any(unix, windows))]
use signal_hook::consts::{SIGINT, SIGTERM};

// WebAssembly has no signals; who runs it stops it.
#[cfg(not(any(unix, windows)))]
const SIGINT: i32 = 2;
#[cfg(not(any(unix, windows)))]
const SIGTERM: i32 = 15;

/// Whether the process was asked to stop. A second signal of the same kind ends the process at once.
#[derive(Clone, Debug)]
pub struct Interrupts {
    signal: Arc<AtomicUsize>,
}

impl Interrupts {
    /// Does not listen, and so never asks to stop: for work inside another program.
    pub fn never() -> Self {
        Self { signal: Arc::default() }
    }

    /// Begins to listen.
    #[cfg(not(any(unix, windows)))]
    pub fn listen() -> anyhow::Result<Self> {
        Ok(Self::never())
    }

    /// Begins to listen.
    #[cfg(any(unix, windows))]
    pub fn listen() -> anyhow::Result<Self> {
        let signal = Arc::new(AtomicUsize::new(0));
        for (number, status) in [(SIGINT, ExitStatus::Interrupted), (SIGTERM, ExitStatus::Terminated)] {
            let seen = Arc::new(AtomicBool::new(false));
            // The order matters: the first action sees the flag of an earlier signal only.
            signal_hook::flag::register_conditional_shutdown(number, i32::from(status.code()), Arc::clone(&seen))
                .and_then(|_| signal_hook::flag::register(number, seen))
                .and_then(|_| signal_hook::flag::register_usize(number, Arc::clone(&signal), number as usize))
                .context("cannot listen for signals")?;
        }
        Ok(Self { signal })
    }

    /// The exit status if a signal asked the command to stop; `None` otherwise.
    pub fn pending(&self) -> Option<ExitStatus> {
        match self.signal.load(Ordering::Relaxed) as i32 {
            SIGINT => Some(ExitStatus::Interrupted),
            SIGTERM => Some(ExitStatus::Terminated),
            _ => None,
        }
    }
}
