//! One run, read from its folder: what the report keeps of it.

use std::collections::BTreeMap;

use anyhow::Context;
use rayon::prelude::*;
use serde_json::Value;
use stage_files::digest::sha256_hex;
use stage_files::json;
use stage_files::run::{
    CONFIG_FILE, FoundRun, HistogramRow, MetricsRow, Outcome, PredictionRow, RunState, Summary, read_histograms,
    read_metrics, read_predictions,
};
use stage_files::stage::StageInfo;

use crate::agreement;
use crate::confusion::Confusion;
use crate::report::spread::shown_epochs;

/// Epochs that are kept of a run for its curves: more than a screen has columns.
const MAX_EPOCHS: usize = 1000;

/// A run with all that is shown of it.
pub struct Run {
    /// Path below the folder of runs.
    pub name: String,
    /// The resolved config.
    pub config: Value,
    pub summary: Summary,
    pub stage: StageInfo,
    /// Epochs, at most about [`MAX_EPOCHS`], the last and all with a measurement on the test rows among them.
    pub curve: Vec<Point>,
    /// Spread of weights and activations at a few epochs; empty where the folder does not tell.
    pub histograms: Vec<HistogramRow>,
    pub confusion: Option<Confusion>,
    /// Its test rows, by row.
    pub answers: Vec<Answer>,
}

/// An epoch of a curve; values that are absent are not a number.
#[derive(Clone, Copy, Debug)]
pub struct Point {
    pub epoch: u32,
    pub train_loss: f32,
    pub train_accuracy: f32,
    pub test_loss: f32,
    pub test_accuracy: f32,
    pub validation_loss: f32,
    pub validation_accuracy: f32,
}

/// What a run said of a test row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Answer {
    /// Row of the data set.
    pub row: u32,
    /// The digit it shows.
    pub label: u8,
    /// The digit the network says.
    pub said: u8,
    /// The probability it gives to that digit.
    pub probability: f32,
}

impl Answer {
    pub fn is_right(&self) -> bool {
        self.label == self.said
    }
}

/// A run that is left out, and why.
pub struct LeftOut {
    pub name: String,
    pub reason: String,
}

/// Parts the found runs into those that can be shown and those that cannot. A run that is there twice is shown once:
/// as a second seed it would feign certainty.
pub fn read_all(found: &[FoundRun]) -> (Vec<Run>, Vec<LeftOut>) {
    let read: Vec<anyhow::Result<Run>> = found.par_iter().map(read).collect();
    let (mut runs, mut left_out): (Vec<Run>, _) = (Vec::new(), Vec::new());
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for (found, run) in found.iter().zip(read) {
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
                format!("{error:#}").replace(&format!("{}{}", found.folder.display(), std::path::MAIN_SEPARATOR), "")
            }
        };
        left_out.push(LeftOut { name: found.name.clone(), reason });
    }
    (runs, left_out)
}

fn read(run: &FoundRun) -> anyhow::Result<Run> {
    let (summary, stage) = match &run.state {
        RunState::Done(summary, stage) => ((**summary).clone(), (**stage).clone()),
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
    let confusion = predictions.as_ref().map(|predictions| Confusion::count(&summary.labels, predictions));
    let mut histograms = read_histograms(&run.folder).context(damaged)?;
    let shown = shown_epochs(&histograms);
    histograms.retain(|row| shown.contains(&row.epoch));
    let answers = answers(&summary, predictions.unwrap_or_default());
    Ok(Run { name: run.name.clone(), config, stage, curve: curve(&metrics), histograms, confusion, answers, summary })
}

fn answers(summary: &Summary, predictions: Vec<PredictionRow>) -> Vec<Answer> {
    let answer = |row: PredictionRow| {
        let class = summary.labels.class_of(row.predicted).map(usize::from);
        let probability = class.and_then(|class| row.probabilities.get(class)).copied().unwrap_or(f32::NAN);
        Answer { row: row.row as u32, label: row.label, said: row.predicted, probability }
    };
    let mut answers: Vec<Answer> = predictions.into_iter().map(answer).collect();
    answers.sort_by_key(|answer| answer.row);
    answers
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

impl Run {
    /// What two folders of one run have in common: the resolved config, seed included, and the data.
    fn identity(&self) -> String {
        format!("{} {}", self.data().join(" "), self.config)
    }

    /// Digests of what it was trained and tested on.
    pub fn data(&self) -> Vec<&str> {
        self.stage.inputs.iter().map(|input| input.sha256.as_str()).collect()
    }

    /// What another run must share to be compared with it seed by seed.
    pub fn repeat(&self) -> (u64, Option<u32>) {
        (self.summary.seed, self.summary.fold)
    }

    pub fn has_diverged(&self) -> bool {
        matches!(self.summary.outcome, Outcome::Diverged { .. })
    }

    /// Whether there are answers to test rows; a run that diverged has none.
    pub fn has_answers(&self) -> bool {
        self.confusion.is_some()
    }

    /// What always saying the most frequent digit would get right of its test rows.
    pub fn baseline(&self) -> Option<f64> {
        self.confusion.as_ref().map(Confusion::most_frequent_share)
    }

    /// Whether it answers better than always saying the most frequent digit would, beyond chance: the lower Wilson limit
    /// of its accuracy lies above that digit's share.
    pub fn has_learned(&self) -> bool {
        let Some(confusion) = &self.confusion else { return false };
        let limit = crate::statistics::wilson::wilson(confusion.right(), confusion.all());
        limit.is_some_and(|(low, _)| low > confusion.most_frequent_share())
    }

    /// Widths of the hidden layers, as in a config.
    pub fn shape(&self) -> String {
        format!("[{}]", self.summary.hidden.iter().map(usize::to_string).collect::<Vec<_>>().join(", "))
    }
}

/// A name that is safe in a file name. Where that takes changing or cutting it, a piece of the whole name's digest keeps
/// different ones apart.
pub fn slug(name: &str) -> String {
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
    fn slugs_stay_apart() {
        assert_eq!(slug("18-20x20-256-256-relu-he"), "18-20x20-256-256-relu-he");
        assert!(slug("a/b") != slug("a_b") && !slug("a/b").contains('/') && slug(&"x".repeat(300)).len() < 140);
    }
}
