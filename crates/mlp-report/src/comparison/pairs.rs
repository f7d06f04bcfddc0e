//! Runs of two experiments side by side.
//!
//! A run that diverged has no predictions. Leaving it out would make an experiment look better the more of its runs
//! fail, so it counts as a run that always predicts the most frequent digit of its partner's test rows.

use crate::experiment::Experiment;
use crate::run::{Prediction, Run};

/// Pairs of runs, the first of each belonging to one experiment, the second to the other.
pub(crate) struct Pairs {
    /// Accuracies of each pair.
    pub accuracies: Vec<(f64, f64)>,
    /// Where all runs of all pairs were tested on the same rows: for each pair and row 1 (only the first run is
    /// correct),
    /// -1 (only the second is) or 0.
    pub on_same_rows: Option<Vec<Vec<f32>>>,
    /// Rows on which just one run of a pair is correct, as a share of all rows that both were tested on.
    pub discordant: f64,
    /// How many of the first runs diverged, and of the second.
    pub diverged: (usize, usize),
}

impl Pairs {
    /// The runs that have a seed (and fold) in common.
    pub(crate) fn by_seed(a: &Experiment<'_>, b: &Experiment<'_>) -> Self {
        let partner = |run: &Run| b.runs.iter().find(|other| other.repeat() == run.repeat());
        Self::of(a.runs.iter().filter_map(|run| Some((*run, *partner(run)?))))
    }

    /// The runs in their order. Where all share their rows, runs of the same seed have nothing else in common, so it
    /// does not matter which runs are paired.
    pub(crate) fn in_order(a: &Experiment<'_>, b: &Experiment<'_>) -> Self {
        Self::of(a.runs.iter().copied().zip(b.runs.iter().copied()))
    }

    fn of<'r>(pairs: impl Iterator<Item = (&'r Run, &'r Run)>) -> Self {
        let mut all = Self { accuracies: Vec::new(), on_same_rows: None, discordant: 0.0, diverged: (0, 0) };
        let mut rows: Vec<Vec<(u32, f32)>> = Vec::new();
        let mut both_diverged = 0;
        for (a, b) in pairs.filter(|(a, b)| [a, b].iter().all(|run| run.has_predictions() || run.has_diverged())) {
            all.diverged.0 += usize::from(a.has_diverged());
            all.diverged.1 += usize::from(b.has_diverged());
            if !a.has_predictions() && !b.has_predictions() {
                both_diverged += 1;
                continue;
            }
            let of_rows = differences(&correct(a, b), &correct(b, a));
            all.accuracies.push((accuracy(a, b), accuracy(b, a)));
            rows.push(of_rows);
        }
        let (tested, only_one) =
            (rows.iter().flatten().count(), rows.iter().flatten().filter(|row| row.1 != 0.0).count());
        all.discordant = if tested > 0 { only_one as f64 / tested as f64 } else { 0.0 };
        if let Some((first, others)) = rows.split_first() {
            let numbers = |of: &[(u32, f32)]| of.iter().map(|row| row.0).collect::<Vec<_>>();
            let same = !first.is_empty() && others.iter().all(|of| numbers(of) == numbers(first));
            // Where both diverged, neither is better.
            all.accuracies.resize(rows.len() + both_diverged, (0.0, 0.0));
            let nothing = vec![0.0; first.len()];
            all.on_same_rows = same.then(|| {
                let values = rows.iter().map(|of| of.iter().map(|row| row.1).collect());
                values.chain(std::iter::repeat_n(nothing, both_diverged)).collect()
            });
        }
        all
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.accuracies.len()
    }
}

/// Each test row and whether its prediction is correct. A run that diverged gets the rows of its partner.
fn correct(run: &Run, partner: &Run) -> Vec<(u32, bool)> {
    if run.has_predictions() {
        return run.predictions.iter().map(|row| (row.row, row.is_correct())).collect();
    }
    let most_frequent = most_frequent(&partner.predictions);
    partner.predictions.iter().map(|row| (row.row, Some(row.label) == most_frequent)).collect()
}

fn accuracy(run: &Run, partner: &Run) -> f64 {
    run.summary.test_accuracy.filter(|_| run.has_predictions()).unwrap_or_else(|| partner.baseline().unwrap_or(0.0))
}

/// The digit that most rows show, the smallest of several.
fn most_frequent(predictions: &[Prediction]) -> Option<u8> {
    let count = |digit: u8| predictions.iter().filter(|prediction| prediction.label == digit).count();
    (0..=9u8).rev().max_by_key(|&digit| count(digit)).filter(|&digit| count(digit) > 0)
}

/// Rows that both were tested on, each with 1 (only `a` is correct), -1 (only `b` is) or 0. Both are sorted by row.
fn differences(a: &[(u32, bool)], b: &[(u32, bool)]) -> Vec<(u32, f32)> {
    let mut found = Vec::with_capacity(a.len().min(b.len()));
    let mut others = b.iter().peekable();
    for &(row, correct) in a {
        while others.next_if(|other| other.0 < row).is_some() {}
        if let Some(&(_, other_correct)) = others.next_if(|other| other.0 == row) {
            found.push((row, f32::from(u8::from(correct)) - f32::from(u8::from(other_correct))));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_matched_by_number() {
        let a = [(1, true), (3, true), (4, false), (9, true)];
        let b = [(0, true), (3, false), (4, true), (5, true), (9, true)];
        assert_eq!(differences(&a, &b), [(3, 1.0), (4, -1.0), (9, 0.0)]);
    }

    #[test]
    fn the_most_frequent_digit_is_the_smallest_of_several() {
        let prediction = |label| Prediction { row: 0, label, predicted: 0, probability: 0.5 };
        assert_eq!(most_frequent(&[3, 5, 5, 3, 1].map(prediction)), Some(3));
        assert_eq!(most_frequent(&[]), None);
    }
}
