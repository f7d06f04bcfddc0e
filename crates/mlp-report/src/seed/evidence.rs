//! Comparisons of the course project's experiments, two by two.

use super::Seed;
use crate::comparison::{Comparison, correct, pair};
use crate::experiment::Experiment;
use crate::sentence::{p_value, percent_points};
use crate::statistics::ALPHA;
use crate::statistics::fisher::fisher_exact;
use crate::statistics::holm::holm;
use crate::statistics::survival::{log_rank, median};

/// Accuracies of pairs of experiments, first less second.
pub struct Accuracies {
    pub comparisons: Vec<Comparison>,
    /// What could not be compared, in sentences.
    pub missing: Vec<String>,
}

/// Compares pairs given by their numbers, corrected among themselves.
pub fn accuracies(seed: &Seed<'_>, pairs: &[(u32, u32)]) -> Accuracies {
    let (mut comparisons, mut missing) = (Vec::new(), Vec::new());
    for &(a, b) in pairs {
        let (Some(one), Some(other)) = (seed.get(a), seed.get(b)) else {
            missing.push(format!("Experiments {a:02} and {b:02} are not both here."));
            continue;
        };
        if !one.learns() && !other.learns() {
            missing.push(format!("{} and {} learn in no run, so they tell nothing.", one.name, other.name));
            continue;
        }
        match pair(one, other) {
            Some(comparison) if one.is_comparable(other) => comparisons.push(comparison),
            _ => missing.push(format!("{} and {} have no runs that can be compared.", one.name, other.name)),
        }
    }
    correct(&mut comparisons);
    Accuracies { comparisons, missing }
}

/// Whether more than half of the runs learn anything.
pub fn mostly_learns(experiment: &Experiment<'_>) -> bool {
    2 * experiment.runs.iter().filter(|run| run.has_learned()).count() > experiment.runs.len()
}

impl Accuracies {
    /// Comparisons in which the first is told to be better.
    pub fn better(&self) -> usize {
        self.comparisons.iter().filter(|c| c.is_told() && c.difference.estimate > 0.0).count()
    }

    /// Those in which it is told to be worse.
    pub fn worse(&self) -> usize {
        self.comparisons.iter().filter(|c| c.is_told() && c.difference.estimate < 0.0).count()
    }

    /// All that was found, in sentences.
    pub fn sentences(&self) -> Vec<String> {
        self.comparisons.iter().map(Comparison::sentence).chain(self.missing.iter().cloned()).collect()
    }
}

/// When pairs of experiments came near zero loss.
pub struct Epochs {
    /// For each pair that is here: whether the first came sooner (`None`: it cannot be told), and the sentence.
    pub pairs: Vec<(Option<bool>, String)>,
    pub missing: Vec<String>,
}

/// Compares pairs by the log-rank test. They share the Holm correction with as many others as `beside` says.
pub fn epochs(seed: &Seed<'_>, pairs: &[(u32, u32)], beside: &[(u32, u32)]) -> Epochs {
    let mut missing = Vec::new();
    let compared = |&(a, b): &(u32, u32)| {
        let (one, other) = (seed.get(a)?, seed.get(b)?);
        let (times_a, times_b) = (one.zero_loss_times(), other.zero_loss_times());
        Some((one, other, log_rank(&times_a, &times_b), times_a, times_b))
    };
    let all: Vec<_> = pairs.iter().chain(beside).map(compared).collect();
    let adjusted = holm(&all.iter().flatten().map(|found| found.2).collect::<Vec<_>>());
    let mut adjusted = adjusted.into_iter();
    let mut found = Vec::new();
    for (compared, (a, b)) in all.into_iter().zip(pairs) {
        let Some((one, other, _, times_a, times_b)) = compared else {
            missing.push(format!("Experiments {a:02} and {b:02} are not both here."));
            continue;
        };
        let p = adjusted.next().unwrap_or(1.0);
        let (median_a, median_b) = (median(&times_a), median(&times_b));
        // A median that was never reached is later than any epoch.
        let late = |median: Option<u32>| median.unwrap_or(u32::MAX);
        let reached = |times: &[crate::statistics::survival::Time]| times.iter().filter(|t| t.reached).count();
        let sooner = late(median_a) < late(median_b)
            || (late(median_a) == late(median_b) && reached(&times_a) > reached(&times_b));
        let words = |median: Option<u32>, times: &[_]| match median {
            Some(epoch) => format!("at epoch {epoch} (median)"),
            None => format!("in {} of {} runs", reached(times), times.len()),
        };
        let certainty = if p <= ALPHA { format!("p {}", p_value(p)) } else { format!("p {}: noise", p_value(p)) };
        let sentence = format!(
            "{} comes near zero loss {}, {} {}; log-rank {certainty}.",
            one.name,
            words(median_a, &times_a),
            other.name,
            words(median_b, &times_b)
        );
        found.push(((p <= ALPHA).then_some(sooner), sentence));
    }
    Epochs { pairs: found, missing }
}

impl Epochs {
    pub fn told(&self, sooner: bool) -> usize {
        self.pairs.iter().filter(|(told, _)| *told == Some(sooner)).count()
    }

    pub fn sentences(&self) -> impl Iterator<Item = String> + '_ {
        self.pairs.iter().map(|(_, sentence)| sentence.clone()).chain(self.missing.iter().cloned())
    }
}

/// How many runs of two experiments learned anything: the p value of "the same chance" and a sentence.
pub fn learned(seed: &Seed<'_>, a: u32, b: u32) -> Option<(f64, f64, String)> {
    let (one, other) = (seed.get(a)?, seed.get(b)?);
    let count = |experiment: &Experiment<'_>| {
        let learned = experiment.runs.iter().filter(|run| run.has_learned()).count() as u64;
        (learned, experiment.runs.len() as u64)
    };
    let ((yes_a, n_a), (yes_b, n_b)) = (count(one), count(other));
    let p = fisher_exact((yes_a, n_a), (yes_b, n_b));
    let lead = yes_a as f64 / n_a as f64 - yes_b as f64 / n_b as f64;
    let sentence = format!(
        "{} learns in {yes_a} of {n_a} runs, {} in {yes_b} of {n_b} ({} points apart); Fisher's exact p {}{}.",
        one.name,
        other.name,
        percent_points(lead.abs()),
        p_value(p),
        if p <= ALPHA { "" } else { ": noise" }
    );
    Some((p, lead, sentence))
}
