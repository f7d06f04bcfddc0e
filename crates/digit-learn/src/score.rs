//! The end: the accuracy and what it speaks of, the report, and a prediction to try.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use digit_labeler::inspect::Inspection;
use mlp_statistics::writers::Writers;
use serde_json::json;
use stage_cli::{Console, ExitStatus, counted, quoted, typed};
use stage_files::config::SplitBy;
use stage_files::dataset::RowInfo;
use stage_files::run::{FoundRun, RunState, Summary, find_runs, read_predictions};

use crate::place::Place;

/// Writers named in a sentence.
const SHOWN: usize = 3;

/// What was trained.
pub(crate) struct Learned {
    /// The folder of the runs.
    pub(crate) folder: PathBuf,
    /// The rows of the data set.
    pub(crate) rows: Vec<RowInfo>,
    /// How they were divided.
    pub(crate) by: SplitBy,
    /// Whether an earlier command had trained it.
    pub(crate) was_done: bool,
}

/// Says the result.
pub(crate) fn end(
    learned: &Learned,
    found: &Inspection,
    place: &Place,
    source: &Path,
    has_rejected: bool,
    console: &Console,
) -> anyhow::Result<ExitStatus> {
    let runs = find_runs(&learned.folder)?;
    let done: Vec<(&FoundRun, &Summary)> = runs
        .iter()
        .filter_map(
            |run| if let RunState::Done(summary, _) = &run.state { Some((run, summary.as_ref())) } else { None },
        )
        .collect();
    let accuracies: Vec<f64> = done.iter().filter_map(|(_, summary)| summary.test_accuracy).collect();
    let mean = (!accuracies.is_empty()).then(|| accuracies.iter().sum::<f64>() / accuracies.len() as f64);
    let report = place.report().join("index.html");
    let best = done.iter().find(|(_, summary)| summary.test_accuracy.is_some()).map(|(run, _)| run.folder.as_path());
    if learned.was_done {
        console.note(format!("digit-learn: nothing to do: up to date in {}", place.root.display()));
    }
    let sentence = match (mean, done.as_slice()) {
        (Some(accuracy), [(run, summary)]) => {
            let correct = summary.test_correct.unwrap_or(0);
            let tested = tested(learned, run, summary)?;
            format!("accuracy {accuracy:.3}: {correct} of {tested}")
        }
        (Some(accuracy), [(run, summary), ..]) => {
            let tested = tested(learned, run, summary)?;
            format!(
                "accuracy {accuracy:.3}, the mean of {}; each was tested on {tested}",
                counted(accuracies.len() as u64, "run")
            )
        }
        _ => "no accuracy: every run diverged".to_owned(),
    };
    let facts = json!({
        "tool": "digit-learn",
        "status": if learned.was_done { "nothing_to_do" } else { "done" },
        "folder": place.root.display().to_string(),
        "pictures": found.pictures(),
        "labels": found.labels()?,
        "writers": found.by_writer.len(),
        "layout": found.by_layout.keys().collect::<Vec<_>>(),
        "split": learned.by,
        "accuracy": mean,
        "runs": done.iter().map(|(run, _)| run.folder.display().to_string()).collect::<Vec<_>>(),
        "report": report.display().to_string(),
    });
    console.summary(format!("digit-learn: {sentence}"), &facts)?;
    console.note(format!("digit-learn: report: {}", report.display()));
    if let (Some(model), Some((name, _))) = (best, &found.first) {
        let program = typed(console, "predict", "digit-predict");
        // Of an archive all pictures are tried: one in it has no path.
        let picture = if source.is_dir() { source.join(name) } else { source.to_owned() };
        let picture = quoted(&picture);
        console.note(format!("digit-learn: try it: {program} --model {} {picture}", quoted(model)));
    }
    Ok(if has_rejected { ExitStatus::SomeRejected } else { ExitStatus::Done })
}

/// `300 pictures of 1 writer who did not train (lee)`, or what else the pictures were that a run was tested on.
fn tested(learned: &Learned, run: &FoundRun, summary: &Summary) -> anyhow::Result<String> {
    let pictures = counted(summary.test_rows, "picture");
    let writers = |rows: &mut dyn Iterator<Item = &RowInfo>| -> BTreeSet<String> {
        rows.filter_map(|row| row.writer.clone()).collect()
    };
    if learned.by == SplitBy::Group {
        let predictions = read_predictions(&run.folder, &summary.labels)?;
        let tested = writers(&mut predictions.iter().filter_map(|row| learned.rows.get(row.row as usize)));
        let mut names: Vec<&str> = tested.iter().take(SHOWN).map(String::as_str).collect();
        if tested.len() > SHOWN {
            names.push("..");
        }
        let written = predictions.iter().map(|row| {
            let info = learned.rows.get(row.row as usize);
            (info.and_then(|info| info.writer.as_deref()), row.label == row.predicted)
        });
        return Ok(format!(
            "{pictures} of {} who did not train ({}); {}",
            counted(tested.len() as u64, "writer"),
            names.join(", "),
            Writers::count(written).sentence()
        ));
    }
    let all = writers(&mut learned.rows.iter());
    let is_known = learned.rows.iter().all(|row| row.writer.is_some());
    let what = match all.first() {
        Some(writer) if is_known && all.len() == 1 => {
            format!("all are of {writer}, so this speaks of {writer} only and not of other writers")
        }
        _ => {
            "they were drawn at random and their writers may have trained, too, so this speaks of these writers only; \
              sort pictures as {writer}/{digit}/x.png to be tested on writers who did not train"
                .to_owned()
        }
    };
    Ok(format!("{pictures} that did not train; {what}"))
}
