//! What a person sees on a terminal while runs are under way.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use stage_cli::Console;

/// A line with the runs done, those under way with their loss, and the time left. Silent unless a person watches.
pub struct Progress {
    bar: ProgressBar,
    state: Mutex<State>,
}

struct State {
    runs: usize,
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
    /// Share that is done, and the share that was done when this process took it up.
    share: f64,
    taken_up: f64,
    loss: Option<f64>,
}

impl Progress {
    /// For so many runs with so much work in all, in any unit.
    pub fn new(console: &Console, runs: usize, work: f64) -> Self {
        let bar = if console.shows_progress() && runs > 1 { ProgressBar::new(1000) } else { ProgressBar::hidden() };
        // The template is a constant; should it ever be wrong, the usual one does.
        if let Ok(style) = ProgressStyle::with_template("{bar:12} {wide_msg}") {
            bar.set_style(style);
        }
        let state = State { runs, done: 0, work, ended: 0.0, began: Instant::now(), running: BTreeMap::new() };
        Self { bar, state: Mutex::new(state) }
    }

    /// Changes what is known and shows it, if anyone watches.
    fn change(&self, change: impl FnOnce(&mut State)) {
        if self.bar.is_hidden() {
            return;
        }
        // A thread that panicked while it held the lock left numbers, no half-made structure.
        let mut state = self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        change(&mut state);
        self.bar.set_position((1000.0 * state.share()) as u64);
        self.bar.set_message(stage_cli::for_terminal(state.message()).to_string());
    }

    /// A run is taken up.
    pub fn begin(&self, run: usize, name: &str, work: f64) {
        let running = Running { name: name.to_owned(), work, share: 0.0, taken_up: 0.0, loss: None };
        self.change(|state| drop(state.running.insert(run, running)));
    }

    /// A run goes on from a share that an earlier process had done.
    pub fn go_on(&self, run: usize, share: f64) {
        self.change(|state| {
            if let Some(running) = state.running.get_mut(&run) {
                (running.share, running.taken_up) = (share, share);
            }
        });
    }

    /// An epoch of a run ended.
    pub fn epoch(&self, run: usize, share: f64, loss: f64) {
        self.change(|state| {
            if let Some(running) = state.running.get_mut(&run) {
                (running.share, running.loss) = (share, Some(loss));
            }
        });
    }

    /// A run ended; one that had been done before took no time.
    pub fn end(&self, run: usize, was_done: bool) {
        self.change(|state| {
            state.done += 1;
            if let Some(running) = state.running.remove(&run) {
                if was_done {
                    state.work -= running.work;
                } else {
                    state.ended += running.work * (1.0 - running.taken_up);
                    state.work -= running.work * running.taken_up;
                }
            }
        });
    }

    /// Says something without being torn apart by the line.
    pub fn say(&self, say: impl FnOnce()) {
        self.bar.suspend(say);
    }

    /// Takes the line away.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

impl State {
    /// Share of the work that is done, of all that this process has to do.
    fn share(&self) -> f64 {
        let taken_up: f64 = self.running.values().map(|r| r.work * r.taken_up).sum();
        let running: f64 = self.running.values().map(|r| r.work * (r.share - r.taken_up)).sum();
        ((self.ended + running) / (self.work - taken_up).max(f64::MIN_POSITIVE)).clamp(0.0, 1.0)
    }

    /// The line, what matters most first: a narrow terminal cuts the end off.
    fn message(&self) -> String {
        let mut message = format!("{} of {} runs done", self.done, self.runs);
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

/// A time for people: `8 s`, `3 min`, `2.5 h`.
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

    fn running(work: f64, taken_up: f64, share: f64) -> Running {
        Running { name: "a".into(), work, share, taken_up, loss: Some(0.5) }
    }

    #[test]
    fn the_share_counts_what_this_process_does() {
        let mut state =
            State { runs: 4, done: 1, work: 100.0, ended: 20.0, began: Instant::now(), running: BTreeMap::new() };
        assert_eq!(state.share(), 0.2);
        state.running.insert(1, running(40.0, 0.5, 0.75));
        // 80 are to do; 20 and 10 are done.
        assert_eq!(state.share(), 30.0 / 80.0);
        let message = state.message();
        assert!(message.starts_with("1 of 4 runs done, 0.0 s left, "), "{message}");
        assert!(message.ends_with(" left, 1 running, loss 0.500 at 75 % of a"), "{message}");
    }

    #[test]
    fn times_are_short() {
        let times = [0.04, 9.96, 59.9, 130.0, 9000.0].map(duration);
        assert_eq!(times, ["0.0 s", "10.0 s", "59 s", "3 min", "2.5 h"]);
    }
}
