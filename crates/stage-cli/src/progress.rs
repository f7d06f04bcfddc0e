//! Progress of long work on a terminal.
//!
//! ```text
//! labelling ████████░░░░░░░░░░░░  12034 of 40000, 913/s, 31 s left
//! ```

use std::fmt::Write;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

use crate::Console;

/// Shorter work shows nothing.
const QUIET_TIME: Duration = Duration::from_secs(1);
/// Fits 80 columns with numbers of seven digits and a word of 16 letters.
const TEMPLATE: &str = "{msg} {bar:20} {pos} of {len}, {rate}/s, {left} left";

/// A bar with rate and time left. It appears when the work has taken a second, and only if stderr is a terminal and
/// neither `--quiet` nor `--json` was given. Threads can share it.
pub struct Progress {
    bar: ProgressBar,
    is_wanted: bool,
    is_shown: AtomicBool,
    began: Instant,
}

impl Progress {
    /// For so many things; `what` is done with them, such as `labelling`.
    pub(crate) fn new(console: &Console, what: &'static str, things: u64) -> Self {
        let style = ProgressStyle::with_template(TEMPLATE).unwrap_or_else(|_| ProgressStyle::default_bar());
        let rate = |state: &ProgressState, text: &mut dyn Write| {
            let _ = write!(text, "{}", rate(state.per_sec()));
        };
        let left = |state: &ProgressState, text: &mut dyn Write| {
            let _ = write!(text, "{}", duration(state.eta().as_secs_f64()));
        };
        let bar = ProgressBar::with_draw_target(Some(things), ProgressDrawTarget::hidden());
        bar.set_style(style.with_key("rate", rate).with_key("left", left).progress_chars("█░"));
        bar.set_message(what);
        Self { bar, is_wanted: console.shows_progress(), is_shown: AtomicBool::new(false), began: Instant::now() }
    }

    /// So many more are done.
    pub fn add(&self, things: u64) {
        self.bar.inc(things);
        if self.is_wanted && self.began.elapsed() >= QUIET_TIME && !self.is_shown.swap(true, Ordering::Relaxed) {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
    }

    /// Lets `say` print without tearing the bar apart.
    pub fn say(&self, say: impl FnOnce()) {
        self.bar.suspend(say);
    }
}

impl Drop for Progress {
    /// Removes the bar, however the work ended.
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

fn rate(per_second: f64) -> String {
    if per_second < 10.0 { format!("{per_second:.1}") } else { format!("{per_second:.0}") }
}

/// A time as text: `8.0 s`, `45 s`, `3 min`, `2.5 h`.
pub fn duration(seconds: f64) -> String {
    let whole = Duration::from_secs_f64(seconds.clamp(0.0, 1e9)).as_secs();
    match whole {
        0..10 => format!("{seconds:.1} s"),
        10..120 => format!("{whole} s"),
        120..7200 => format!("{} min", whole.div_ceil(60)),
        _ => format!("{:.1} h", seconds / 3600.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_rates_are_short() {
        let times = [0.04, 9.96, 59.9, 130.0, 9000.0].map(duration);
        assert_eq!(times, ["0.0 s", "10.0 s", "59 s", "3 min", "2.5 h"]);
        assert_eq!([0.25, 9.0, 912.7].map(rate), ["0.2", "9.0", "913"]);
    }

    #[test]
    fn the_template_is_one() {
        assert!(ProgressStyle::with_template(TEMPLATE).is_ok());
    }
}
