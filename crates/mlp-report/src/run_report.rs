//! What the report says of one run, read from its folder.

use std::collections::BTreeMap;

use anyhow::Context;
use serde_json::Value;
use stage_files::digest::sha256_hex;
use stage_files::json;
use stage_files::run::{CONFIG_FILE, FoundRun, MetricsRow, RunState, Summary, read_metrics, read_predictions};
use stage_files::stage::StageInfo;

use crate::agreement;
use crate::chart::{self, Axis, Line};
use crate::confusion::Confusion;

/// A run with all that is shown of it.
pub struct RunReport {
    /// Path below the folder of runs.
    pub name: String,
    /// The resolved config.
    pub config: Value,
    pub summary: Summary,
    pub stage: StageInfo,
    pub metrics: Vec<MetricsRow>,
    pub confusion: Option<Confusion>,
}

/// A run that is left out, and why.
pub struct LeftOut {
    pub name: String,
    pub reason: String,
}

/// Parts the found runs into those that can be shown and those that cannot. A run that is there twice is shown once:
/// as a second seed it would feign certainty.
pub fn read_all(found: Vec<FoundRun>) -> (Vec<RunReport>, Vec<LeftOut>) {
    let (mut runs, mut left_out): (Vec<RunReport>, _) = (Vec::new(), Vec::new());
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for run in found {
        let name = run.name.clone();
        let folder = format!("{}{}", run.folder.display(), std::path::MAIN_SEPARATOR);
        let reason = match read(run) {
            Ok(run) => match seen.get(&run.identity()) {
                None => {
                    seen.insert(run.identity(), runs.len());
                    runs.push(run);
                    continue;
                }
                Some(&first) => {
                    format!("the same config, data and seed as {}, which is counted", runs[first].name)
                }
            },
            // The report must not depend on where the folders lie.
            Err(error) => format!("{error:#}").replace(&folder, ""),
        };
        left_out.push(LeftOut { name, reason });
    }
    (runs, left_out)
}

fn read(run: FoundRun) -> anyhow::Result<RunReport> {
    let (summary, stage) = match run.state {
        RunState::Done(summary, stage) => (*summary, *stage),
        RunState::Unfinished => anyhow::bail!("unfinished; run mlp-train again to complete it"),
        RunState::Damaged(reason) => anyhow::bail!("damaged: {reason}; remove the folder and run mlp-train again"),
    };
    let damaged = "damaged; remove the folder and run mlp-train again";
    let config: Value = json::read(&run.folder.join(CONFIG_FILE)).context(damaged)?;
    // A run that diverged in its first epoch has no metrics.
    let metrics = if summary.epochs == 0 { Vec::new() } else { read_metrics(&run.folder).context(damaged)? };
    let predictions = match summary.test_correct {
        Some(_) => Some(read_predictions(&run.folder, &summary.labels).context(damaged)?),
        None => None,
    };
    agreement::check(&config, &summary, &metrics, predictions.as_deref())
        .context("edited or damaged, its files contradict one another; remove the folder and run mlp-train again")?;
    let confusion = predictions.map(|predictions| Confusion::count(&summary.labels, &predictions));
    Ok(RunReport { name: run.name, config, summary, stage, metrics, confusion })
}

impl RunReport {
    /// What two folders of one run have in common: the resolved config, seed included, and the data.
    fn identity(&self) -> String {
        let data: Vec<&str> = self.stage.inputs.iter().map(|input| input.sha256.as_str()).collect();
        format!("{} {}", data.join(" "), self.config)
    }

    /// A name that is safe in a file name. Where that takes changing or cutting it, a piece of the whole name's digest
    /// keeps different runs apart.
    pub fn slug(&self) -> String {
        const LONGEST: usize = 120;
        let safe = |c: char| if c.is_alphanumeric() || "-_.,+".contains(c) { c } else { '_' };
        let mut slug: String = self.name.chars().map(safe).collect();
        if slug != self.name || slug.len() > LONGEST {
            slug.truncate(slug.floor_char_boundary(LONGEST));
            slug += &format!("-{}", &sha256_hex(self.name.as_bytes())[..8]);
        }
        slug
    }

    /// Training and test loss over the epochs.
    pub fn loss_chart(&self) -> String {
        let lines = [
            Line { name: "training".into(), points: self.points(|row| Some(row.train_loss)) },
            Line { name: "test".into(), points: self.points(|row| row.test_loss) },
        ];
        let description = format!("Mean loss of {} after each epoch.{}", self.name, self.last_words());
        chart::lines("Loss", &description, &lines, Axis::Loss)
    }

    /// Training and test accuracy over the epochs.
    pub fn accuracy_chart(&self) -> String {
        let lines = [
            Line { name: "training".into(), points: self.points(|row| Some(row.train_accuracy)) },
            Line { name: "test".into(), points: self.points(|row| row.test_accuracy) },
        ];
        let description = format!("Accuracy of {} after each epoch.{}", self.name, self.last_words());
        chart::lines("Accuracy", &description, &lines, Axis::Share)
    }

    /// The confusion matrix, if the run got as far as predictions.
    pub fn confusion_chart(&self) -> Option<String> {
        self.confusion.as_ref().map(|confusion| chart::confusion("Confusion matrix", confusion))
    }

    fn last_words(&self) -> String {
        match (self.summary.train_loss, self.summary.test_accuracy) {
            (Some(loss), Some(accuracy)) => format!(" It ends at loss {loss:.3} and test accuracy {accuracy:.3}."),
            _ => format!(" The run {}.", self.summary.outcome.word()),
        }
    }

    /// The points of a line where there is a value.
    pub fn points(&self, value: impl Fn(&MetricsRow) -> Option<f64>) -> Vec<(f64, f64)> {
        let finite = |row: &MetricsRow| value(row).filter(|v| v.is_finite()).map(|v| (f64::from(row.epoch), v));
        self.metrics.iter().filter_map(finite).collect()
    }
}

/// Test accuracy of all runs in one chart.
pub fn overlay(runs: &[RunReport]) -> String {
    let lines: Vec<Line> =
        runs.iter().map(|run| Line { name: short(&run.name), points: run.points(|row| row.test_accuracy) }).collect();
    chart::lines(
        "Test accuracy of all runs",
        "One line for each run; the table holds the last values.",
        &lines,
        Axis::Share,
    )
}

/// The end of a name, which is what tells runs apart, as far as the margin has room.
fn short(name: &str) -> String {
    const ROOM: usize = 12;
    let length = name.chars().count();
    if length <= ROOM {
        name.into()
    } else {
        format!("…{}", name.chars().skip(length - ROOM + 1).collect::<String>())
    }
}
