//! Comparisons of the 2022 experiments, two by two.

use super::experiments::Experiments2022;
use crate::comparison::{Comparison, correct, pair};
use crate::experiment::Experiment;
use crate::words::course_2022 as said;
use mlp_statistics::ALPHA;
use mlp_statistics::fisher::fisher_exact;
use mlp_statistics::holm::holm;
use mlp_statistics::survival::{Time, log_rank, median};
use stage_page::Lang;
use stage_page::format::{p_value, percent_points};

/// Accuracies of pairs of experiments, first less second.
pub(crate) struct Accuracies {
    pub comparisons: Vec<Comparison>,
    /// What could not be compared, in sentences.
    pub missing: Vec<String>,
}

/// Compares pairs given by their numbers, corrected among themselves.
pub(crate) fn accuracies(lang: Lang, experiments: &Experiments2022<'_>, pairs: &[(u32, u32)]) -> Accuracies {
    let (mut comparisons, mut missing) = (Vec::new(), Vec::new());
    for &(a, b) in pairs {
        let (Some(one), Some(other)) = (experiments.get(a), experiments.get(b)) else {
            missing.push(said::not_here(lang, a, b));
            continue;
        };
        if !one.has_learned() && !other.has_learned() {
            missing.push(said::neither_learns(lang, &one.name, &other.name));
            continue;
        }
        match pair(one, other) {
            Some(comparison) if one.is_comparable(other) => comparisons.push(comparison),
            _ => missing.push(said::incomparable(lang, &one.name, &other.name)),
        }
    }
    correct(&mut comparisons);
    Accuracies { comparisons, missing }
}

/// Whether more than half of the runs learn anything.
pub(crate) fn mostly_learns(experiment: &Experiment<'_>) -> bool {
    2 * experiment.runs.iter().filter(|run| run.has_learned()).count() > experiment.runs.len()
}

impl Accuracies {
    /// Comparisons in which the first is significantly better.
    pub(crate) fn better(&self) -> usize {
        self.comparisons.iter().filter(|c| c.is_significant() && c.difference.estimate > 0.0).count()
    }

    /// Those in which it is significantly worse.
    pub(crate) fn worse(&self) -> usize {
        self.comparisons.iter().filter(|c| c.is_significant() && c.difference.estimate < 0.0).count()
    }

    /// All that was found, in sentences.
    pub(crate) fn sentences(&self, lang: Lang) -> Vec<String> {
        self.comparisons
            .iter()
            .map(|comparison| comparison.sentence(lang))
            .chain(self.missing.iter().cloned())
            .collect()
    }
}

/// When pairs of experiments came near zero loss.
pub(crate) struct Epochs {
    /// For each pair that is here: whether the first came sooner (`None`: not significant), and the sentence.
    pub pairs: Vec<(Option<bool>, String)>,
    pub missing: Vec<String>,
}

/// Compares pairs by the log-rank test. They share the Holm correction with as many others as `beside` says.
pub(crate) fn epochs(
    lang: Lang,
    experiments: &Experiments2022<'_>,
    pairs: &[(u32, u32)],
    beside: &[(u32, u32)],
) -> Epochs {
    let mut missing = Vec::new();
    let compared = |&(a, b): &(u32, u32)| {
        let (one, other) = (experiments.get(a)?, experiments.get(b)?);
        let (times_a, times_b) = (one.zero_loss_times(), other.zero_loss_times());
        Some((one, other, log_rank(&times_a, &times_b), times_a, times_b))
    };
    let all: Vec<_> = pairs.iter().chain(beside).map(compared).collect();
    let adjusted = holm(&all.iter().flatten().map(|found| found.2).collect::<Vec<_>>());
    let mut adjusted = adjusted.into_iter();
    let mut found = Vec::new();
    for (compared, &(a, b)) in all.into_iter().zip(pairs) {
        let Some((one, other, _, times_a, times_b)) = compared else {
            missing.push(said::not_here(lang, a, b));
            continue;
        };
        let p = adjusted.next().unwrap_or(1.0);
        let (median_a, median_b) = (median(&times_a), median(&times_b));
        // A median that was never reached is later than any epoch.
        let late = |median: Option<u32>| median.unwrap_or(u32::MAX);
        let reached = |times: &[Time]| times.iter().filter(|t| t.reached).count();
        let sooner = late(median_a) < late(median_b)
            || (late(median_a) == late(median_b) && reached(&times_a) > reached(&times_b));
        let words = |median: Option<u32>, times: &[Time]| match median {
            Some(epoch) => said::median_epoch(lang, epoch),
            None => said::reached(lang, reached(times), times.len()),
        };
        let when = (words(median_a, &times_a), words(median_b, &times_b));
        let sentence = said::near_zero(lang, (&one.name, &when.0), (&other.name, &when.1), &judged(lang, p));
        found.push(((p <= ALPHA).then_some(sooner), sentence));
    }
    Epochs { pairs: found, missing }
}

impl Epochs {
    /// Pairs whose first is significantly sooner, or later.
    pub(crate) fn count(&self, sooner: bool) -> usize {
        self.pairs.iter().filter(|(found, _)| *found == Some(sooner)).count()
    }

    pub(crate) fn sentences(&self) -> impl Iterator<Item = String> + '_ {
        self.pairs.iter().map(|(_, sentence)| sentence.clone()).chain(self.missing.iter().cloned())
    }
}

/// A p value in words.
fn judged(lang: Lang, p: f64) -> String {
    if p <= ALPHA { p_value(p) } else { said::insignificant(lang, &p_value(p)) }
}

/// How many runs of two experiments learned anything: the p value of "equally many", the lead of the first, a sentence.
pub(crate) fn learned(lang: Lang, experiments: &Experiments2022<'_>, a: u32, b: u32) -> Option<(f64, f64, String)> {
    let (one, other) = (experiments.get(a)?, experiments.get(b)?);
    let count = |experiment: &Experiment<'_>| {
        let learned = experiment.runs.iter().filter(|run| run.has_learned()).count() as u64;
        (learned, experiment.runs.len() as u64)
    };
    let ((yes_a, n_a), (yes_b, n_b)) = (count(one), count(other));
    let p = fisher_exact((yes_a, n_a), (yes_b, n_b));
    let lead = yes_a as f64 / n_a as f64 - yes_b as f64 / n_b as f64;
    let apart = (percent_points(lead.abs()), judged(lang, p));
    let (one, other) = ((one.name.as_str(), yes_a, n_a), (other.name.as_str(), yes_b, n_b));
    let sentence = said::learns(lang, one, other, (&apart.0, &apart.1));
    Some((p, lead, sentence))
}
