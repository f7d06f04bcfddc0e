//! Runs that differ only by seed (or by fold) are one experiment.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::run::{Point, Run};
use crate::words::tables as words;
use mlp_statistics::confusion::Confusion;
use mlp_statistics::crossed::Crossed;
use mlp_statistics::mean::{Mean, Repeats};
use mlp_statistics::survival::{self, Time};
use mlp_statistics::wilson::wilson;
use mlp_statistics::writers::Writers;
use stage_page::Lang;

/// One row of the report.
pub(crate) struct Experiment<'a> {
    /// Unlike that of any other experiment of the report.
    pub name: String,
    /// Its runs, in the order of their paths; at least one.
    pub runs: Vec<&'a Run>,
    /// How the test rows of its runs relate.
    pub repeats: Repeats,
}

/// The experiments in the order of their first runs.
pub(crate) fn group(runs: &[Run]) -> Vec<Experiment<'_>> {
    let mut indices: BTreeMap<String, usize> = BTreeMap::new();
    let mut groups: Vec<Vec<&Run>> = Vec::new();
    for run in runs {
        let index = *indices.entry(key(run)).or_insert_with(|| {
            groups.push(Vec::new());
            groups.len() - 1
        });
        groups[index].push(run);
    }
    let names = names(&groups);
    let named = groups.into_iter().zip(names);
    named.map(|(runs, name)| Experiment { name, repeats: repeats(&runs), runs }).collect()
}

/// All that the runs of an experiment have in common.
fn key(run: &Run) -> String {
    let mut config = run.config.clone();
    if let Some(config) = config.as_object_mut() {
        config.remove("seed");
        config.remove("name");
        if let Some(split) = config.get_mut("split").and_then(Value::as_object_mut) {
            split.remove("fold");
        }
    }
    format!("{}\n{}\n{config}", run.summary.name, run.data().join(" "))
}

/// The experiments' own names where those differ, else their paths.
fn names(groups: &[Vec<&Run>]) -> Vec<String> {
    let count = |names: &[String], name: &String| names.iter().filter(|other| *other == name).count();
    let own: Vec<String> = groups.iter().map(|runs| runs[0].summary.name.clone()).collect();
    let paths: Vec<String> = groups.iter().map(|runs| above_repeats(&runs[0].name).to_owned()).collect();
    let pick = |i: usize| match (count(&own, &own[i]), count(&paths, &paths[i])) {
        (1, _) => own[i].clone(),
        (_, 1) => paths[i].clone(),
        _ => groups[i][0].name.clone(),
    };
    (0..groups.len()).map(pick).collect()
}

/// A run's path without the folders of seed and fold.
fn above_repeats(path: &str) -> &str {
    let is_repeat = |part: &str| {
        let number = part.strip_prefix("seed-").or_else(|| part.strip_prefix("fold-"));
        number.is_some_and(|number| number.chars().all(|c| c.is_ascii_digit()))
    };
    match path.rsplit_once('/') {
        Some((above, last)) if is_repeat(last) => above_repeats(above),
        _ => path,
    }
}

fn repeats(runs: &[&Run]) -> Repeats {
    let rows = |run: &Run| run.predictions.iter().map(|prediction| prediction.row).collect::<Vec<_>>();
    let tested: Vec<&&Run> = runs.iter().filter(|run| !run.predictions.is_empty()).collect();
    match tested.split_first() {
        Some((first, others)) if others.iter().any(|run| rows(run) != rows(first)) => {
            let total = |count: fn(&Run) -> u64| tested.iter().map(|run| count(run)).sum::<u64>() as f64;
            let (test, train) = (total(|run| run.summary.test_rows), total(|run| run.summary.train_rows));
            Repeats::NewRows { test_per_train: if train > 0.0 { test / train } else { 0.0 } }
        }
        _ => Repeats::SameRows,
    }
}

impl Experiment<'_> {
    /// Its runs one by one, if there are several, under their own names.
    pub(crate) fn single_runs(&self) -> Vec<Self> {
        let several = self.runs.iter().filter(|_| self.runs.len() > 1);
        several.map(|run| Self { name: run.name.clone(), runs: vec![*run], repeats: Repeats::SameRows }).collect()
    }

    /// Whether it learned anything: one of its runs, or their mean, is significantly better than always predicting the
    /// most frequent digit.
    pub(crate) fn has_learned(&self) -> bool {
        let baseline = self.mean_of(Run::baseline);
        let by_mean = baseline.zip(self.interval()).is_some_and(|(baseline, (low, _))| low > baseline);
        by_mean || self.runs.iter().any(|run| run.has_learned())
    }

    /// Test accuracy of each run that has one.
    pub(crate) fn accuracies(&self) -> Vec<f64> {
        self.runs.iter().filter_map(|run| run.summary.test_accuracy).collect()
    }

    /// The same with runs that diverged: each of these counts as a run that always predicts the most frequent digit of
    /// the others' test rows. Empty where all runs diverged.
    pub(crate) fn accuracies_with_diverged(&self) -> Vec<f64> {
        let mut all = self.accuracies();
        if let Some(baseline) = self.mean_of(Run::baseline) {
            all.extend(self.runs.iter().filter(|run| run.has_diverged()).map(|_| baseline));
        }
        all
    }

    /// Mean test accuracy over the runs that have one.
    pub(crate) fn accuracy(&self) -> Option<Mean> {
        Mean::of(&self.accuracies())
    }

    /// The test rows of its runs by writer.
    pub(crate) fn writers(&self) -> Writers {
        let mut all = Writers::default();
        let mut rows = BTreeSet::new();
        for run in self.runs.iter().filter(|run| run.has_predictions()) {
            all.add(&run.writers);
            rows.extend(run.predictions.iter().map(|prediction| prediction.row));
        }
        // Where each seed splits the rows anew, the spread over writers has that over seeds in it.
        let of_seeds = match (self.repeats, self.accuracy()) {
            (Repeats::SameRows, Some(mean)) => mean.sd * mean.sd / mean.n as f64,
            _ => 0.0,
        };
        all.over_runs(rows.len(), of_seeds)
    }

    /// The 95 % interval of the accuracy, within 0 and 1: over writers where at least five are known and did not train
    /// (see [`Writers`]). Elsewhere it is over rows and seeds: over several runs it allows for other seeds and other
    /// test rows (see [`Crossed`] and [`Repeats`]), for one run it is Wilson's. Wilson's also serves several runs that
    /// do not differ at all, since runs that happen to agree do not prove that all would.
    pub(crate) fn interval(&self) -> Option<(f64, f64)> {
        self.writers().interval().or_else(|| self.interval_over_rows())
    }

    fn interval_over_rows(&self) -> Option<(f64, f64)> {
        let several = match self.repeats {
            Repeats::SameRows => Crossed::of(&self.correct()).map(|crossed| crossed.difference().interval),
            Repeats::NewRows { .. } => self.accuracy()?.interval(self.repeats),
        };
        match several.filter(|(low, high)| low < high) {
            Some((low, high)) => Some((low.max(0.0), high.min(1.0))),
            None => {
                let confusion = self.runs.iter().find_map(|run| run.confusion.as_ref())?;
                wilson(confusion.correct(), confusion.total())
            }
        }
    }

    /// For each run that has predictions and for each test row: 1 where it is correct, 0 where it is not.
    fn correct(&self) -> Vec<Vec<f32>> {
        let tested = self.runs.iter().filter(|run| run.has_predictions());
        let correct = |run: &&Run| run.predictions.iter().map(|row| f32::from(u8::from(row.is_correct()))).collect();
        tested.map(correct).collect()
    }

    /// Mean of a value over the runs that have it.
    pub(crate) fn mean_of(&self, value: impl Fn(&Run) -> Option<f64>) -> Option<f64> {
        Mean::of(&self.runs.iter().filter_map(|run| value(run)).collect::<Vec<_>>()).map(|mean| mean.mean)
    }

    /// The epoch at which each run came near zero loss. A run that diverged never would have, so it counts as a run
    /// that did not within all epochs of its config.
    pub(crate) fn zero_loss_times(&self) -> Vec<Time> {
        let time = |run: &&Run| match run.summary.zero_loss_epoch {
            Some(epoch) => Time { epoch, reached: true },
            None if run.has_diverged() => {
                let given = run.config.get("epochs").and_then(Value::as_u64);
                Time { epoch: given.map_or(run.summary.epochs, |epochs| epochs as u32), reached: false }
            }
            None => Time { epoch: run.summary.epochs, reached: false },
        };
        self.runs.iter().map(time).collect()
    }

    /// The median of these epochs, and how many runs reached theirs.
    pub(crate) fn zero_loss_epoch(&self) -> (Option<u32>, usize) {
        let times = self.zero_loss_times();
        (survival::median(&times), times.iter().filter(|time| time.reached).count())
    }

    /// The counts of all its runs together.
    pub(crate) fn confusion(&self) -> Option<Confusion> {
        let mut all = self.runs.iter().filter_map(|run| run.confusion.as_ref());
        let mut sum = all.next()?.clone();
        all.for_each(|confusion| sum.add(confusion));
        Some(sum)
    }

    /// The outcomes of its runs, with counts where they differ.
    pub(crate) fn outcomes(&self, lang: Lang) -> String {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        self.runs.iter().for_each(|run| *counts.entry(run.outcome_word()).or_default() += 1);
        let outcomes = counts.iter().map(|(word, count)| {
            let outcome = words::outcome(lang, word);
            if *count == self.runs.len() { outcome } else { words::outcomes(lang, *count, &outcome) }
        });
        outcomes.collect::<Vec<_>>().join(", ")
    }

    /// Mean, lowest and highest value over the runs, at each epoch at which one has it.
    pub(crate) fn curve(&self, value: impl Fn(&Point) -> f32) -> Vec<(f64, f64, f64, f64)> {
        let mut epochs: BTreeMap<u32, Vec<f64>> = BTreeMap::new();
        for point in self.runs.iter().flat_map(|run| &run.curve) {
            let value = f64::from(value(point));
            if value.is_finite() {
                epochs.entry(point.epoch).or_default().push(value);
            }
        }
        let summary = |(epoch, values): (u32, Vec<f64>)| {
            let mean = values.iter().sum::<f64>() / values.len() as f64;
            let low = values.iter().copied().fold(f64::INFINITY, f64::min);
            let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            (f64::from(epoch), mean, low, high)
        };
        epochs.into_iter().map(summary).collect()
    }

    /// Whether it was tested on the same data with the same label set as another, so that accuracies can be compared.
    pub(crate) fn is_comparable(&self, other: &Self) -> bool {
        let (a, b) = (self.runs[0], other.runs[0]);
        a.data() == b.data() && a.summary.labels == b.summary.labels
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_of_seeds_and_folds_are_not_part_of_an_experiment() {
        assert_eq!(above_repeats("a/b/fold-2/seed-3"), "a/b");
        assert_eq!(above_repeats("seed-3"), "seed-3");
        assert_eq!(above_repeats("a/seed-x"), "a/seed-x");
    }
}
