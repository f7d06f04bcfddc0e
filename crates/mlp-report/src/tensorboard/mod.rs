//! The runs as event files of TensorBoard: `tensorboard --logdir DIR` shows each run folder as a run of the same name.
//!
//! They are made from finished run folders and not while a run trains: an event carries the clock's time, and no other
//! file of a run folder does. The time of an event is the number of seconds since training began, out of `timing.csv`,
//! so that the axis "Relative" is right; the date means nothing. Tags are `loss/train`, `loss/test`, `loss/validation`,
//! the same for `accuracy`, `learning_rate`, and the histograms `weight/layer_1`, `activation/layer_1` and so on; the
//! step is the epoch.

mod event;
mod record;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use stage_files::atomic::{self, Durability};
use stage_files::refuse;
use stage_files::run::{FoundRun, HistogramKind, HistogramRow, MetricsRow, RunState, read_histograms, read_timing};
use stage_files::stage::StageInfo;

use crate::{output, run};
use event::Event;
use prost::Message;

/// TensorBoard looks for `tfevents` in a file's name.
const EVENTS_FILE: &str = "events.out.tfevents.0.mlp-report";

/// Writes an event file for each run into the folder of its name below `out`, and removes those of runs that are gone.
/// `info` names the run folders that they are made of. Tells whether anything was written.
pub(crate) fn write(out: &Path, runs: &[&FoundRun], info: &StageInfo) -> anyhow::Result<bool> {
    let current: BTreeSet<_> = runs.iter().map(|run| out.join(&run.name).join(EVENTS_FILE)).collect();
    let is_complete = || current.iter().all(|path| path.is_file());
    output::write(out, info, is_complete, || write_all(out, runs, &current))
}

fn write_all(out: &Path, runs: &[&FoundRun], current: &BTreeSet<PathBuf>) -> anyhow::Result<()> {
    for entry in walkdir::WalkDir::new(out) {
        let entry = entry?;
        if entry.file_name() == EVENTS_FILE && !current.contains(entry.path()) {
            fs_err::remove_file(entry.path())?;
        }
    }
    for run in runs {
        let folder = out.join(&run.name);
        fs_err::create_dir_all(&folder)?;
        atomic::write(&folder.join(EVENTS_FILE), &events(run)?, Durability::Process)?;
    }
    Ok(())
}

/// Refuses an output folder that would lie among the runs, where the next report would look for runs in it.
pub(crate) fn refuse_nested(runs: &Path, out: &Path) -> anyhow::Result<()> {
    let absolute = |path: &Path| path.canonicalize().or_else(|_| std::path::absolute(path));
    if absolute(out)?.starts_with(absolute(runs)?) {
        refuse!("--tensorboard: {} lies in {}; write to a folder outside the runs", out.display(), runs.display());
    }
    Ok(())
}

/// The event file of a run folder. A run that diverged in its first epoch has no scalars.
fn events(found: &FoundRun) -> anyhow::Result<Vec<u8>> {
    let folder = &found.folder;
    let metrics = match &found.state {
        RunState::Done(summary, _) => run::metrics(folder, summary)?,
        RunState::Unfinished | RunState::Damaged(_) => Vec::new(),
    };
    let mut events: BTreeMap<u32, Event> = BTreeMap::new();
    for row in &metrics {
        scalars(row, events.entry(row.epoch).or_default());
    }
    for row in read_histograms(folder)? {
        histogram(&row, events.entry(row.epoch).or_default());
    }
    let elapsed: BTreeMap<u32, f64> = read_timing(folder)?.iter().map(|row| (row.epoch, row.elapsed_s)).collect();
    let mut bytes = record::framed(&Event::version().encode_to_vec());
    for (&epoch, event) in &mut events {
        (event.step, event.wall_time) = (i64::from(epoch), elapsed.get(&epoch).copied().unwrap_or(0.0));
        bytes.extend(record::framed(&event.encode_to_vec()));
    }
    Ok(bytes)
}

fn scalars(row: &MetricsRow, event: &mut Event) {
    let values = [
        ("loss/train", Some(row.train_loss)),
        ("loss/test", row.test_loss),
        ("loss/validation", row.validation_loss),
        ("accuracy/train", Some(row.train_accuracy)),
        ("accuracy/test", row.test_accuracy),
        ("accuracy/validation", row.validation_accuracy),
        ("learning_rate", Some(row.learning_rate)),
    ];
    values.into_iter().for_each(|(tag, value)| value.into_iter().for_each(|value| event.scalar(tag, value)));
}

fn histogram(row: &HistogramRow, event: &mut Event) {
    let kind = match row.kind {
        HistogramKind::Weight => "weight",
        HistogramKind::Activation => "activation",
    };
    event.histogram(format!("{kind}/layer_{}", row.layer), row);
}
