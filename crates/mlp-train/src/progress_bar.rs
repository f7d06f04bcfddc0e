//! The progress bar on a terminal while runs are under way.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use indicatif::{ProgressDrawTarget, ProgressStyle};
use stage_cli::{Console, duration};

/// A line with the time left and how a run under way is doing; of several runs also how many are done. It appears after
/// a second, if stderr is a terminal and neither `--quiet` nor `--json` was given.
pub(crate) struct ProgressBar {
    bar: indicatif::ProgressBar,
    is_wanted: bool,
    runs: Mutex<Runs>,
}

/// An epoch that ended.
#[derive(Clone, Copy, Debug)]
pub(crate) struct EpochDone {
    /// Its number, from 1, and how many there are at most.
    pub(crate) epoch: u32,
    pub(crate) epochs: u32,
    /// Mean training loss.
    pub(crate) loss: f64,
    /// Share of the training rows that were right.
    pub(crate) train_accuracy: f64,
    /// Share of the validation or test rows that were right, if they were measured.
    pub(crate) accuracy: Option<f64>,
}

struct Runs {
    all: usize,
    done: usize,
    /// Work of all runs, less that of runs which had been done before.
    work: f64,
    /// Work of the runs that ended now.
    ended: f64,
    began: Instant,
    is_shown: bool,
    running: BTreeMap<usize, Running>,
}

struct Running {
    name: String,
    work: f64,
    /// Share that is done.
    share: f64,
    /// Share that an earlier process had done.
    share_before: f64,
    last: Option<EpochDone>,
    /// The last measured accuracy on rows that do not train, and the best.
    accuracy: Option<(f64, f64)>,
}

/// Work below this shows nothing.
const QUIET_TIME: Duration = Duration::from_secs(1);

impl ProgressBar {
    /// For so many runs with so much work in all, in any unit.
    pub(crate) fn new(console: &Console, runs: usize, work: f64) -> Self {
        let bar = indicatif::ProgressBar::with_draw_target(Some(1000), ProgressDrawTarget::hidden());
        // The template is a constant; if it is wrong, the default style is used.
        if let Ok(style) = ProgressStyle::with_template("{bar:12} {wide_msg}") {
            bar.set_style(style);
        }
        let (began, running) = (Instant::now(), BTreeMap::new());
        let runs = Runs { all: runs, done: 0, work, ended: 0.0, began, is_shown: false, running };
        Self { bar, is_wanted: console.shows_progress(), runs: Mutex::new(runs) }
    }

    /// Changes the numbers and shows them, unless the bar is hidden.
    fn change(&self, change: impl FnOnce(&mut Runs)) {
        if !self.is_wanted {
            return;
        }
        // A thread that panicked while it held the lock left numbers, no half-made structure.
        let mut runs = self.runs.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        change(&mut runs);
        if !runs.is_shown && runs.began.elapsed() >= QUIET_TIME {
            runs.is_shown = true;
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        self.bar.set_position((1000.0 * runs.share()) as u64);
        self.bar.set_message(stage_cli::for_terminal(runs.message()).to_string());
    }

    /// A run begins.
    pub(crate) fn begin(&self, run: usize, name: &str, work: f64) {
        let running =
            Running { name: name.to_owned(), work, share: 0.0, share_before: 0.0, last: None, accuracy: None };
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
    pub(crate) fn end_epoch(&self, run: usize, end: EpochDone) {
        self.change(|runs| {
            if let Some(running) = runs.running.get_mut(&run) {
                running.end_epoch(end);
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

    /// A run is left for later, as another process is writing it.
    pub(crate) fn leave(&self, run: usize) {
        self.change(|runs| drop(runs.running.remove(&run)));
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

impl Running {
    fn end_epoch(&mut self, end: EpochDone) {
        self.share = f64::from(end.epoch) / f64::from(end.epochs);
        self.last = Some(end);
        if let Some(now) = end.accuracy {
            self.accuracy = Some((now, self.accuracy.map_or(now, |(_, best)| best.max(now))));
        }
    }

    /// How it is doing. Until rows that do not train are measured, the accuracy is that of the training rows.
    fn words(&self) -> String {
        let Some(EpochDone { epoch, epochs, loss, train_accuracy, .. }) = self.last else { return String::new() };
        let accuracy = match self.accuracy {
            Some((now, best)) => format!("accuracy {now:.3}, best {best:.3}"),
            None => format!("training accuracy {train_accuracy:.3}"),
        };
        format!("epoch {epoch} of {epochs}, loss {loss:.3}, {accuracy}")
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
        let share = self.share();
        let left = self.began.elapsed().as_secs_f64() * (1.0 - share) / share;
        let left = if share > 0.01 { format!("{} left", duration(left)) } else { String::new() };
        let last = self.running.values().find(|running| running.last.is_some());
        let parts = if self.all == 1 {
            // At the end of its only run nothing is left to say.
            let left = if last.is_some() || self.done == 0 { left } else { String::new() };
            vec![left, last.map_or(String::new(), Running::words)]
        } else {
            let done = format!("{} of {} runs done", self.done, self.all);
            let last = last.map_or(String::new(), |running| format!("{}: {}", running.name, running.words()));
            vec![done, left, format!("{} running", self.running.len()), last]
        };
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn running(work: f64, share_before: f64, share: f64) -> Running {
        Running { name: "a".into(), work, share, share_before, last: None, accuracy: None }
    }

    fn runs(all: usize) -> Runs {
        let (began, running) = (Instant::now(), BTreeMap::new());
        Runs { all, done: 1, work: 100.0, ended: 20.0, began, is_shown: false, running }
    }

    fn epoch(epoch: u32, accuracy: Option<f64>) -> EpochDone {
        EpochDone { epoch, epochs: 40, loss: 0.5, train_accuracy: 0.75, accuracy }
    }

    #[test]
    fn the_share_counts_what_this_process_does() {
        let mut runs = runs(4);
        assert_eq!(runs.share(), 0.2);
        runs.running.insert(1, running(40.0, 0.5, 0.75));
        // 80 are to do; 20 and 10 are done.
        assert_eq!(runs.share(), 30.0 / 80.0);
        let message = runs.message();
        assert_eq!(message, "1 of 4 runs done, 0.0 s left, 1 running");
    }

    #[test]
    fn a_run_tells_its_epoch_loss_accuracy_and_the_best_so_far() {
        let mut single = runs(1);
        single.running.insert(0, running(100.0, 0.0, 0.0));
        let mut after = |end| {
            if let Some(running) = single.running.get_mut(&0) {
                running.end_epoch(end);
            }
            single.message()
        };
        assert_eq!(after(epoch(10, None)), "0.0 s left, epoch 10 of 40, loss 0.500, training accuracy 0.750");
        assert_eq!(after(epoch(20, Some(0.9))), "0.0 s left, epoch 20 of 40, loss 0.500, accuracy 0.900, best 0.900");
        assert_eq!(after(epoch(30, Some(0.8))), "0.0 s left, epoch 30 of 40, loss 0.500, accuracy 0.800, best 0.900");
        // Until the next measurement the last one stands.
        assert_eq!(after(epoch(31, None)), "0.0 s left, epoch 31 of 40, loss 0.500, accuracy 0.800, best 0.900");
        let mut several = runs(4);
        several.running.insert(1, running(40.0, 0.0, 0.0));
        if let Some(running) = several.running.get_mut(&1) {
            running.end_epoch(epoch(10, None));
        }
        assert!(several.message().ends_with("left, 1 running, a: epoch 10 of 40, loss 0.500, training accuracy 0.750"));
    }
}
