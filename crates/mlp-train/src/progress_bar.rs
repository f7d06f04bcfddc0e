//! The progress bar on a terminal while runs are under way.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use indicatif::ProgressStyle;
use stage_cli::Console;

/// A line with the number of runs done, the time left, and the loss of a run under way. Hidden unless stderr is a
/// terminal and there are several runs.
pub(crate) struct ProgressBar {
    bar: indicatif::ProgressBar,
    runs: Mutex<Runs>,
}

struct Runs {
    all: usize,
    done: usize,
    /// Work of all runs, less that of runs which had been done before.
    work: f64,
    /// Work of the runs that ended now.
    ended: f64,
    began: Instant,
    running: BTreeMap<usize, Running>,
}

struct Running {
    name: String,
    work: f64,
    /// Share that is done.
    share: f64,
    /// Share that an earlier process had done.
    share_before: f64,
    loss: Option<f64>,
}

impl ProgressBar {
    /// For so many runs with so much work in all, in any unit.
    pub(crate) fn new(console: &Console, runs: usize, work: f64) -> Self {
        let bar = if console.shows_progress() && runs > 1 {
            indicatif::ProgressBar::new(1000)
        } else {
            indicatif::ProgressBar::hidden()
        };
        // The template is a constant; if it is wrong, the default style is used.
        if let Ok(style) = ProgressStyle::with_template("{bar:12} {wide_msg}") {
            bar.set_style(style);
        }
        let runs = Runs { all: runs, done: 0, work, ended: 0.0, began: Instant::now(), running: BTreeMap::new() };
        Self { bar, runs: Mutex::new(runs) }
    }

    /// Changes the numbers and shows them, unless the bar is hidden.
    fn change(&self, change: impl FnOnce(&mut Runs)) {
        if self.bar.is_hidden() {
            return;
        }
        // A thread that panicked while it held the lock left numbers, no half-made structure.
        let mut runs = self.runs.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        change(&mut runs);
        self.bar.set_position((1000.0 * runs.share()) as u64);
        self.bar.set_message(stage_cli::for_terminal(runs.message()).to_string());
    }

    /// A run begins.
    pub(crate) fn begin(&self, run: usize, name: &str, work: f64) {
        let running = Running { name: name.to_owned(), work, share: 0.0, share_before: 0.0, loss: None };
        self.change(|runs| drop(runs.running.insert(run, running)));
    }

    /// A run continues from a share that an earlier process had done.
    pub(crate) fn resume(&self, run: usize, share: f64) {
        self.change(|runs| {
            if let Some(running) = runs.running.get_mut(&run) {
                (running.share, running.share_before) = (share, share);
            }
        });
    }

    /// An epoch of a run ended.
    pub(crate) fn end_epoch(&self, run: usize, share: f64, loss: f64) {
        self.change(|runs| {
            if let Some(running) = runs.running.get_mut(&run) {
                (running.share, running.loss) = (share, Some(loss));
            }
        });
    }

    /// A run ended; one that had been done before took no time.
    pub(crate) fn end(&self, run: usize, was_done: bool) {
        self.change(|runs| {
            runs.done += 1;
            if let Some(running) = runs.running.remove(&run) {
                if was_done {
                    runs.work -= running.work;
                } else {
                    runs.ended += running.work * (1.0 - running.share_before);
                    runs.work -= running.work * running.share_before;
                }
            }
        });
    }

    /// Lets `say` print without tearing the bar apart.
    pub(crate) fn say(&self, say: impl FnOnce()) {
        self.bar.suspend(say);
    }

    /// Removes the bar.
    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

impl Runs {
    /// Share of the work that is done, of all that this process has to do.
    fn share(&self) -> f64 {
        let share_before: f64 = self.running.values().map(|r| r.work * r.share_before).sum();
        let running: f64 = self.running.values().map(|r| r.work * (r.share - r.share_before)).sum();
        ((self.ended + running) / (self.work - share_before).max(f64::MIN_POSITIVE)).clamp(0.0, 1.0)
    }

    /// The line. What matters most comes first, since a narrow terminal cuts the end off.
    fn message(&self) -> String {
        let mut message = format!("{} of {} runs done", self.done, self.all);
        let share = self.share();
        if share > 0.01 {
            let left = self.began.elapsed().as_secs_f64() * (1.0 - share) / share;
            message += &format!(", {} left", duration(left));
        }
        // One is enough to see that it learns; all would not fit a line.
        if let Some(Running { name, share, loss: Some(loss), .. }) = self.running.values().next() {
            let (running, percent) = (self.running.len(), 100.0 * share);
            message += &format!(", {running} running, loss {loss:.3} at {percent:.0} % of {name}");
        }
        message
    }
}

/// A time as text: `8 s`, `3 min`, `2.5 h`.
pub(crate) fn duration(seconds: f64) -> String {
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

    fn running(work: f64, share_before: f64, share: f64) -> Running {
        Running { name: "a".into(), work, share, share_before, loss: Some(0.5) }
    }

    #[test]
    fn the_share_counts_what_this_process_does() {
        let mut runs =
            Runs { all: 4, done: 1, work: 100.0, ended: 20.0, began: Instant::now(), running: BTreeMap::new() };
        assert_eq!(runs.share(), 0.2);
        runs.running.insert(1, running(40.0, 0.5, 0.75));
        // 80 are to do; 20 and 10 are done.
        assert_eq!(runs.share(), 30.0 / 80.0);
        let message = runs.message();
        assert!(message.starts_with("1 of 4 runs done, 0.0 s left, "), "{message}");
        assert!(message.ends_with(" left, 1 running, loss 0.500 at 75 % of a"), "{message}");
    }

    #[test]
    fn times_are_short() {
        let times = [0.04, 9.96, 59.9, 130.0, 9000.0].map(duration);
        assert_eq!(times, ["0.0 s", "10.0 s", "59 s", "3 min", "2.5 h"]);
    }
}
