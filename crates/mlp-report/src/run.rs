//! One run, read from its folder: what the report keeps of it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Context;
use rayon::prelude::*;
use serde_json::Value;
use stage_files::digest::sha256_hex;
use stage_files::run::{
    CONFIG_FILE, FoundRun, HistogramRow, MetricsRow, Outcome, PredictionRow, RunState, Summary, read_histograms,
    read_metrics, read_predictions,
};
use stage_files::stage::StageInfo;
use stage_files::{is_fault_of_system, json};

use crate::consistency;
use mlp_statistics::confusion::Confusion;
use mlp_statistics::wilson::wilson;
use mlp_statistics::writers::Writers;

/// Epochs that are kept of a run for its curves: more than a screen has columns.
const MAX_EPOCHS: usize = 1000;
/// Epochs whose histograms are shown: start, early, middle, end.
const HISTOGRAM_EPOCHS: usize = 4;

/// A run with all that is shown of it.
pub(crate) struct Run {
    /// Path below the folder of runs.
    pub name: String,
    /// Its folder, for files that are read only when the run is shown. No page names it.
    pub folder: PathBuf,
    /// The resolved config.
    pub config: Value,
    pub summary: Summary,
    pub stage: StageInfo,
    /// About [`MAX_EPOCHS`] epochs at most. The last one and all with test results are among them.
    pub curve: Vec<Point>,
    /// Histograms of weights and activations at a few epochs; empty where the folder has none.
    pub histograms: Vec<HistogramRow>,
    pub confusion: Option<Confusion>,
    /// Its test rows by writer.
    pub writers: Writers,
    /// Its test rows, sorted by row.
    pub predictions: Vec<Prediction>,
    /// The source pictures of the misclassified ones, as far as known, by row.
    pub misclassified_paths: BTreeMap<u32, String>,
}

/// An epoch of a curve; a value that is absent is NaN.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Point {
    pub epoch: u32,
    pub train_loss: f32,
    pub train_accuracy: f32,
    pub test_loss: f32,
    pub test_accuracy: f32,
    pub validation_loss: f32,
    pub validation_accuracy: f32,
}

/// A run's prediction for one test row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Prediction {
    /// Row of the data set, from 0.
    pub row: u32,
    /// The digit that the row shows.
    pub label: u8,
    /// The digit that the network predicts.
    pub predicted: u8,
    /// The predicted probability of that digit.
    pub probability: f32,
}

impl Prediction {
    pub(crate) fn is_correct(&self) -> bool {
        self.label == self.predicted
    }
}

/// A run that is left out, and why.
pub(crate) struct LeftOut {
    pub name: String,
    pub reason: String,
    /// Whether the system could not read it, so that another try may help.
    pub is_fault: bool,
    /// Whether a list of configs asks for it and it has no folder.
    pub is_missing: bool,
}

/// Separates the found runs into those that can be shown and those that cannot. Of two folders with the same run only
/// the first is shown: counted as a second seed, the other would narrow the intervals.
pub(crate) fn read_all(found: &[FoundRun]) -> (Vec<Run>, Vec<LeftOut>) {
    let read: Vec<anyhow::Result<Run>> = found.par_iter().map(Run::read).collect();
    let (mut runs, mut left_out): (Vec<Run>, _) = (Vec::new(), Vec::new());
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for (found, run) in found.iter().zip(read) {
        let (is_unreadable, mut is_fault) = (matches!(found.state, RunState::Unreadable(_)), false);
        let reason = match run {
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
            Err(error) => {
                is_fault = is_unreadable || is_fault_of_system(&error);
                stage_files::in_words(&error)
                    .replace(&format!("{}{}", found.folder.display(), std::path::MAIN_SEPARATOR), "")
            }
        };
        left_out.push(LeftOut { name: found.name.clone(), reason, is_fault, is_missing: false });
    }
    (runs, left_out)
}

/// What is said of a run that the system could not read.
const UNREADABLE: &str = "cannot be read at present";

/// What is wrong with a file that cannot be used, and what to do. Nobody is told to remove a folder that may be whole.
fn judged(error: anyhow::Error) -> anyhow::Error {
    let is_fault = is_fault_of_system(&error);
    error.context(if is_fault { UNREADABLE } else { "damaged; remove the folder and run mlp-train again" })
}

/// The rows of `metrics.csv`. A run that diverged in its first epoch has none; its file is empty or missing.
pub(crate) fn metrics(folder: &Path, summary: &Summary) -> anyhow::Result<Vec<MetricsRow>> {
    if summary.epochs == 0 { Ok(Vec::new()) } else { read_metrics(folder) }
}

fn predictions(summary: &Summary, rows: Vec<PredictionRow>) -> Vec<Prediction> {
    let prediction = |row: PredictionRow| {
        let class = summary.labels.class_of(row.predicted).map(usize::from);
        let probability = class.and_then(|class| row.probabilities.get(class)).copied().unwrap_or(f32::NAN);
        Prediction { row: row.row as u32, label: row.label, predicted: row.predicted, probability }
    };
    let mut predictions: Vec<Prediction> = rows.into_iter().map(prediction).collect();
    predictions.sort_by_key(|prediction| prediction.row);
    predictions
}

fn curve(metrics: &[MetricsRow]) -> Vec<Point> {
    let step = metrics.len().div_ceil(MAX_EPOCHS).max(1);
    let tested = metrics.iter().filter(|row| row.test_loss.is_some()).count();
    let keeps = |(i, row): &(usize, &MetricsRow)| {
        i % step == 0 || *i + 1 == metrics.len() || (tested <= MAX_EPOCHS && row.test_loss.is_some())
    };
    let value = |value: Option<f64>| value.map_or(f32::NAN, |value| value as f32);
    let point = |row: &MetricsRow| Point {
        epoch: row.epoch,
        train_loss: row.train_loss as f32,
        train_accuracy: row.train_accuracy as f32,
        test_loss: value(row.test_loss),
        test_accuracy: value(row.test_accuracy),
        validation_loss: value(row.validation_loss),
        validation_accuracy: value(row.validation_accuracy),
    };
    metrics.iter().enumerate().filter(keeps).map(|(_, row)| point(row)).collect()
}

/// The epochs whose histograms are shown: the first, the last, and those evenly between.
fn shown_epochs(rows: &[HistogramRow]) -> Vec<u32> {
    let mut epochs: Vec<u32> = rows.iter().map(|row| row.epoch).collect();
    epochs.sort_unstable();
    epochs.dedup();
    let last = epochs.len().saturating_sub(1);
    let mut indices: Vec<usize> = (0..HISTOGRAM_EPOCHS).map(|i| i * last / (HISTOGRAM_EPOCHS - 1)).collect();
    indices.dedup();
    indices.into_iter().filter_map(|i| epochs.get(i).copied()).collect()
}

impl Run {
    /// Reads a run folder. The error says what is wrong with it and what to do.
    fn read(found: &FoundRun) -> anyhow::Result<Self> {
        let (summary, stage) = match &found.state {
            RunState::Done(summary, stage) => ((**summary).clone(), (**stage).clone()),
            RunState::Unfinished => anyhow::bail!("unfinished; run mlp-train again to complete it"),
            RunState::Damaged(reason) => anyhow::bail!("damaged: {reason}; remove the folder and run mlp-train again"),
            RunState::Unreadable(reason) => anyhow::bail!("{UNREADABLE}: {reason}"),
        };
        let config: Value = json::read(&found.folder.join(CONFIG_FILE)).map_err(judged)?;
        let metrics = metrics(&found.folder, &summary).map_err(judged)?;
        let rows = match summary.test_correct {
            Some(_) => Some(read_predictions(&found.folder, &summary.labels).map_err(judged)?),
            None => None,
        };
        consistency::check(&config, &summary, &metrics, rows.as_deref()).context(
            "edited or damaged, its files contradict one another; remove the folder and run mlp-train again",
        )?;
        let confusion = rows.as_ref().map(|rows| Confusion::count(&summary.labels, rows));
        let writers =
            Writers::count(rows.iter().flatten().map(|row| (row.writer.as_deref(), row.label == row.predicted)))
                .of_whom_trained(summary.test_writers.map_or(0, |of| of.in_training as usize));
        let mut histograms = read_histograms(&found.folder).map_err(judged)?;
        let shown = shown_epochs(&histograms);
        histograms.retain(|row| shown.contains(&row.epoch));
        let rows = rows.unwrap_or_default();
        let wrong = rows.iter().filter(|row| row.label != row.predicted);
        let misclassified_paths = wrong.filter_map(|row| Some((row.row as u32, row.path.clone()?))).collect();
        let predictions = predictions(&summary, rows);
        let curve = curve(&metrics);
        let name = found.name.clone();
        let folder = found.folder.clone();
        Ok(Self {
            name,
            folder,
            config,
            summary,
            stage,
            curve,
            histograms,
            confusion,
            writers,
            predictions,
            misclassified_paths,
        })
    }

    /// What two folders of the same run have in common: the data and the resolved config with its seed.
    fn identity(&self) -> String {
        format!("{} {}", self.data().join(" "), self.config)
    }

    /// Digests of what it was trained and tested on.
    pub(crate) fn data(&self) -> Vec<&str> {
        self.stage.inputs.iter().map(|input| input.sha256.as_str()).collect()
    }

    /// Seed and fold, which a run of another experiment must share to be paired with this one.
    pub(crate) fn repeat(&self) -> (u64, Option<u32>) {
        (self.summary.seed, self.summary.fold)
    }

    pub(crate) fn has_diverged(&self) -> bool {
        matches!(self.summary.outcome, Outcome::Diverged { .. })
    }

    /// How it ended, in one word. Whether a mini-batch's loss came near zero is no verdict on a run that went through
    /// all its epochs, and a column of its own.
    pub(crate) fn outcome_word(&self) -> &'static str {
        match &self.summary.outcome {
            Outcome::Learned | Outcome::Unreached => "done",
            other => other.word(),
        }
    }

    /// Whether there are predictions of test rows; a run that diverged has none.
    pub(crate) fn has_predictions(&self) -> bool {
        self.confusion.is_some()
    }

    /// The accuracy of always predicting the most frequent digit of its test rows.
    pub(crate) fn baseline(&self) -> Option<f64> {
        self.confusion.as_ref().map(Confusion::most_frequent_share)
    }

    /// Whether it is significantly better than always predicting the most frequent digit: the lower Wilson limit of its
    /// accuracy lies above that digit's share.
    pub(crate) fn has_learned(&self) -> bool {
        let Some(confusion) = &self.confusion else { return false };
        let limit = wilson(confusion.correct(), confusion.total());
        limit.is_some_and(|(low, _)| low > confusion.most_frequent_share())
    }

    /// Widths of the hidden layers, as in a config.
    pub(crate) fn shape(&self) -> String {
        format!("[{}]", self.summary.hidden.iter().map(usize::to_string).collect::<Vec<_>>().join(", "))
    }
}

/// A name that is safe in a file name. Where it had to be changed or cut, the start of the whole name's digest keeps
/// different names apart.
pub(crate) fn slug(name: &str) -> String {
    const LONGEST: usize = 120;
    let safe = |c: char| if c.is_alphanumeric() || "-_.,+".contains(c) { c } else { '_' };
    let mut slug: String = name.chars().map(safe).collect();
    if slug != name || slug.len() > LONGEST {
        slug.truncate(slug.floor_char_boundary(LONGEST));
        slug += &format!("-{}", &sha256_hex(name.as_bytes())[..8]);
    }
    slug
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_run_keeps_its_last_epoch_and_its_tests() {
        let row = |epoch: u32| MetricsRow {
            test_loss: epoch.is_multiple_of(1000).then_some(0.5),
            ..serde_json::from_value(serde_json::json!({
                "epoch": epoch, "train_loss": 1.0, "train_accuracy": 0.5, "test_loss": null, "test_accuracy": null,
                "learning_rate": 0.1
            }))
            .unwrap()
        };
        let metrics: Vec<MetricsRow> = (1..=4999).map(row).collect();
        let kept = curve(&metrics);
        assert!(kept.len() <= MAX_EPOCHS + 5 && kept.last().is_some_and(|point| point.epoch == 4999));
        assert_eq!(kept.iter().filter(|point| point.test_loss == 0.5).count(), 4);
    }

    #[test]
    fn histograms_are_shown_from_the_first_epoch_to_the_last() {
        let row = |epoch| HistogramRow {
            epoch,
            kind: stage_files::run::HistogramKind::Weight,
            layer: 1,
            values: 1,
            zeros: 0,
            min: 0.0,
            max: 1.0,
            mean: 0.5,
            std: 0.1,
            bins: vec![1],
        };
        let shown = |epochs: &[u32]| shown_epochs(&epochs.iter().copied().map(row).collect::<Vec<_>>());
        assert_eq!(shown(&[0, 0, 10, 20, 30, 40, 50, 60]), [0, 20, 40, 60]);
        assert_eq!(shown(&[0, 7]), [0, 7]);
        assert!(shown(&[]).is_empty());
    }

    #[test]
    fn slugs_stay_apart() {
        assert_eq!(slug("18-20x20-256-256-relu-he"), "18-20x20-256-256-relu-he");
        assert!(slug("a/b") != slug("a_b") && !slug("a/b").contains('/') && slug(&"x".repeat(300)).len() < 140);
    }
}
