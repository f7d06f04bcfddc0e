//! The runs as event files of TensorBoard: `tensorboard --logdir DIR` shows each run folder as a run of the same name.
//!
//! They are made from finished run folders and not while a run trains: an event carries the clock's time, and no other
//! file of a run folder does. The time of an event is the number of seconds since training began, out of `timing.csv`,
//! so that the axis "Relative" is right; the date means nothing. Tags are `loss/train`, `loss/test`, `loss/validation`,
//! the same for `accuracy`, `learning_rate`, and the histograms `weight/layer_1`, `activation/layer_1` and so on; the
//! step is the epoch.

mod event;
mod record;

use std::collections::BTreeMap;
use std::path::Path;

use stage_files::output::{Layout, OutputFolder, Reuse};
use stage_files::run::{FoundRun, HistogramKind, HistogramRow, MetricsRow, RunState, read_histograms, read_timing};
use stage_files::stage::StageInfo;

use crate::run;
use event::Event;
use prost::Message;

/// TensorBoard looks for `tfevents` in a file's name.
const EVENTS_FILE: &str = "events.out.tfevents.0.mlp-report";

/// The `stage.json` of the folder names this: the report and the event files must not share a folder.
const TOOL: &str = "mlp-report --tensorboard";
/// Which files are written.
const LAYOUT: Layout = Layout { owns: |name| name.ends_with('/') || is_event_file(name), private: &[] };

fn is_event_file(name: &str) -> bool {
    name.rsplit_once('/').is_some_and(|(_, file)| file == EVENTS_FILE)
}

/// Writes an event file for each run into the folder of its name; says whether there was anything to do. Files of runs
/// that are gone are removed. `info` says what the run folders are.
pub(crate) fn write(
    out: &Path,
    runs_folder: &Path,
    runs: &[&FoundRun],
    mut info: StageInfo,
    reuse: Reuse,
) -> anyhow::Result<bool> {
    TOOL.clone_into(&mut info.tool);
    let reuse = crate::reuse::over_other_runs(reuse, out, &info);
    let folder = OutputFolder::new(out, LAYOUT, info.clone(), &[runs_folder], reuse)?;
    if folder.up_to_date(|done| *done == info)?.is_some() {
        return Ok(false);
    }
    let writer = folder.begin()?;
    for run in runs {
        writer.write(&format!("{}/{EVENTS_FILE}", run.name), &events(run)?)?;
    }
    writer.finish(&info)?;
    Ok(true)
}

/// The event file of a run folder. A run that diverged in its first epoch has no scalars.
fn events(found: &FoundRun) -> anyhow::Result<Vec<u8>> {
    let folder = &found.folder;
    let metrics = match &found.state {
        RunState::Done(summary, _) => run::metrics(folder, summary)?,
        RunState::Unfinished | RunState::Damaged(_) | RunState::Unreadable(_) => Vec::new(),
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
