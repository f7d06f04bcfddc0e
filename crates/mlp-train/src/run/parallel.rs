//! All runs of a command, several at a time.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use anyhow::Context;
use rayon::prelude::*;
use stage_cli::{Console, ExitStatus, counted};
use stage_files::is_refused;
use stage_files::lock::is_held;
use stage_files::run::{Outcome, Summary};

use crate::progress_bar::ProgressBar;
use crate::run::calibrate;
use crate::run::log::Log;
use crate::run::{Run, RunEnd, RunOptions};

/// Time between two looks at a run that another process is writing.
const LOOK_EVERY: Duration = Duration::from_millis(200);
/// Most runs whose warnings are printed; in a large sweep more would hide everything else.
const MOST_WARNINGS: usize = 20;

/// Does all runs, the largest first, one thread each. Large runs get the threads that no run needs. The results are in
/// the order of `runs`.
pub(crate) fn perform_all(runs: &[Run], options: &RunOptions<'_>) -> anyhow::Result<Vec<RunEnd>> {
    let console = options.console;
    options.threads.expect(runs.len());
    let pool = rayon::ThreadPoolBuilder::new().num_threads(options.jobs).build().context("cannot start threads")?;
    let mut order: Vec<usize> = (0..runs.len()).collect();
    order.sort_by_key(|&i| (std::cmp::Reverse(runs[i].work()), i));
    let work = order.iter().map(|&i| runs[i].work() as f64).sum();
    let progress_bar = ProgressBar::new(console, runs.len(), work);
    let log_console = (runs.len() == 1).then_some(console);
    let until = Instant::now() + options.wait;
    let one = |i: usize, until| (i, perform_one(i, &runs[i], options, &progress_bar, log_console, until));
    let ends = pool.install(|| {
        // par_bridge hands out one run at a time in this order; a slice would be cut into blocks.
        let ends: Vec<_> = order.into_iter().par_bridge().map(|i| one(i, Patience::Leave)).collect();
        // Only then those that another process is writing: by now it has done some of them, or is dead.
        let wait =
            |(i, end): (usize, Option<RunEnd>)| if end.is_some() { (i, end) } else { one(i, Patience::Until(until)) };
        ends.into_par_iter().map(wait).collect::<Vec<_>>()
    });
    progress_bar.finish();
    let mut ends: Vec<(usize, RunEnd)> = ends.into_iter().filter_map(|(i, end)| Some((i, end?))).collect();
    ends.sort_by_key(|(i, _)| *i);
    let ends: Vec<RunEnd> = ends.into_iter().map(|(_, end)| end).collect();
    if options.is_lockless.load(Ordering::Relaxed) {
        console.warn(
            "the disk of the run folders has no locks, so two commands may train one run at the same time: that costs \
             time, and the result is the same; on NFS, mount without `nolock`",
        );
    }
    warn(runs, &ends, console);
    note_lacks(runs, &ends, console);
    Ok(ends)
}

/// What to do about a run that another process is writing.
#[derive(Clone, Copy)]
enum Patience {
    /// Leave it for later, if one may wait at all.
    Leave,
    /// Wait for it until then.
    Until(Instant),
}

/// Does run number `i`. `log_console` prints the lines of its log; without one a single line is printed at the end.
/// `None` if another process is writing the run and it is left for later.
fn perform_one(
    i: usize,
    run: &Run,
    options: &RunOptions<'_>,
    progress_bar: &ProgressBar,
    log_console: Option<&Console>,
    patience: Patience,
) -> Option<RunEnd> {
    let console = options.console;
    progress_bar.begin(i, &run.name, run.work() as f64);
    let mut has_said = false;
    let end = loop {
        let log = Log::new(log_console, progress_bar, i, run.config.epochs.get());
        let ended = run.perform(options, log).with_context(|| format!("run {}", run.name));
        let Err(error) = ended else { break ended };
        match patience {
            Patience::Leave if is_held(&error) && !options.wait.is_zero() => {
                progress_bar.leave(i);
                return None;
            }
            Patience::Until(until) if is_held(&error) && Instant::now() < until => {
                if !has_said {
                    progress_bar.say(|| console.note(format!("{}: another process is writing it; waiting", run.name)));
                }
                has_said = true;
                std::thread::sleep(LOOK_EVERY);
            }
            _ => break Err(error),
        }
    };
    let end = end.unwrap_or_else(|error| {
        // An error ends this run only.
        progress_bar.say(|| console.error(&error));
        RunEnd::Failed(if is_refused(&error) { ExitStatus::Refused } else { ExitStatus::OutsideFault })
    });
    progress_bar.end(i, matches!(end, RunEnd::DoneBefore(_)));
    if let RunEnd::DoneNow(summary) = &end
        && log_console.is_none()
    {
        progress_bar.say(|| console.note(sentence(&run.name, summary)));
    }
    Some(end)
}

/// Warns of the runs that diverged or died.
fn warn(runs: &[Run], ends: &[RunEnd], console: &Console) {
    let warned = runs.iter().zip(ends).filter_map(|(run, end)| {
        let RunEnd::DoneNow(summary) = end else { return None };
        Some((&run.name, warning(&summary.outcome)?))
    });
    let warnings: Vec<_> = warned.collect();
    for (name, warning) in warnings.iter().take(MOST_WARNINGS) {
        console.warn(format!("{name}: {warning}"));
    }
    if let Some(more @ 1..) = warnings.len().checked_sub(MOST_WARNINGS) {
        console.warn(format!(
            "and {} that diverged or died; `outcome` in the summary.json of each tells",
            counted(more as u64, "more run")
        ));
    }
}

/// Says once which models have no detector although their configs ask for one.
fn note_lacks(runs: &[Run], ends: &[RunEnd], console: &Console) {
    let lacks = runs.iter().zip(ends).filter_map(|(run, end)| match end {
        RunEnd::DoneNow(summary) if run.config.confidence && summary.test_accuracy.is_some() => {
            Some((&run.name, calibrate::lack(&run.source, summary.train_rows)?))
        }
        _ => None,
    });
    let lacks: Vec<_> = lacks.collect();
    if let Some((name, lack)) = lacks.first() {
        let more = if lacks.len() > 1 { format!(" and {} more", lacks.len() - 1) } else { String::new() };
        console.note(format!(
            "{name}{more}: {lack}, so the model has no detector, and its confidence is the probability of the label"
        ));
    }
}

/// What is wrong with an outcome, and what may help.
fn warning(outcome: &Outcome) -> Option<String> {
    match outcome {
        Outcome::Diverged { epoch, learning_rate, largest_weight, layer } => Some(format!(
            "diverged in epoch {epoch}, first in layer {layer}, at learning rate {learning_rate} (largest weight \
             before: {largest_weight:.3e}); a smaller learning rate, or \"scale\": \"unit\", may help"
        )),
        Outcome::Dead { layer } => Some(format!(
            "dead: every output of hidden layer {layer} is 0 for every test row, so nothing is learned any more; \
             another `init` or a smaller learning rate may help"
        )),
        Outcome::Learned | Outcome::Unreached | Outcome::Stopped { .. } => None,
    }
}

fn sentence(name: &str, summary: &Summary) -> String {
    match (summary.train_loss, summary.test_accuracy) {
        (Some(loss), Some(accuracy)) => {
            format!(
                "{name}: {}, loss {loss:.3}, test accuracy {accuracy:.3} on {}",
                counted(u64::from(summary.epochs), "epoch"),
                counted(summary.test_rows, "row")
            )
        }
        _ => format!("{name}: {}", summary.outcome.word()),
    }
}
