//! Which experiment is better than which, and what is noise.

use rayon::prelude::*;

use crate::experiment::Experiment;
use crate::run::{Answer, Run};
use crate::sentence::{percent_points, range};
use crate::statistics::bootstrap::paired_bootstrap;
use crate::statistics::holm::holm;
use crate::statistics::mcnemar::mcnemar_exact;
use crate::statistics::mean::Repeats;
use crate::statistics::paired::paired_t;
use crate::statistics::sample_size::{about, rows_needed, seeds_needed};
use crate::statistics::welch::welch_t;
use crate::statistics::{ALPHA, Difference};

/// Up to so many experiments on one data set, every pair is compared; from more, each with the best.
const ALL_PAIRS: usize = 5;
/// Experiments on one data set that are compared, the best first: behind them nobody looks for a winner.
pub const MOST_COMPARED: usize = 60;

/// How a difference was tested.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Test {
    /// The paired t test over seeds, each with test rows of its own; corrected for overlapping training rows.
    CorrectedPairedT,
    /// The paired t test over seeds and the bootstrap over the test rows that all seeds share; the less certain counts.
    PairedTAndBootstrap,
    /// McNemar's exact test for one pair of runs; the interval is the bootstrap's.
    McNemar,
    /// Welch's t test: the experiments share no seed.
    Welch,
}

impl Test {
    /// Its name in a table.
    pub const fn name(self) -> &'static str {
        match self {
            Self::CorrectedPairedT => "paired t, corrected",
            Self::PairedTAndBootstrap => "paired t and bootstrap",
            Self::McNemar => "McNemar exact",
            Self::Welch => "Welch t",
        }
    }
}

/// Two experiments on the same data.
#[derive(Clone, Debug)]
pub struct Comparison {
    pub a: String,
    pub b: String,
    /// Accuracy of `a` less that of `b`.
    pub difference: Difference,
    /// The p value after Holm's correction for all comparisons made beside it.
    pub p_holm: f64,
    /// How many comparisons that were.
    pub family: usize,
    /// Pairs of runs behind it (0 for Welch's test).
    pub pairs: usize,
    /// Test rows of one run.
    pub test_rows: u64,
    pub test: Test,
    /// Test rows that would tell a difference of this size, as far as can be said.
    rows_needed: Option<u64>,
    /// Seeds that would.
    seeds_needed: Option<u64>,
}

/// The experiments on one data set.
pub struct Family {
    /// Places in the list of experiments of those that have an accuracy, the best first.
    pub ranking: Vec<usize>,
    pub comparisons: Vec<Comparison>,
}

/// Compares what can be compared. Families are in the order of their first experiments.
pub fn compare(experiments: &[Experiment<'_>]) -> Vec<Family> {
    let mut members: Vec<Vec<usize>> = Vec::new();
    for (i, experiment) in experiments.iter().enumerate() {
        match members.iter_mut().find(|family| experiments[family[0]].is_comparable(experiment)) {
            Some(family) => family.push(i),
            None => members.push(vec![i]),
        }
    }
    members.into_iter().map(|members| family(experiments, members)).collect()
}

fn family(experiments: &[Experiment<'_>], members: Vec<usize>) -> Family {
    let mean = |i: usize| experiments[i].accuracy().map(|accuracy| accuracy.mean);
    let mut ranking: Vec<usize> = members.into_iter().filter(|&i| mean(i).is_some()).collect();
    ranking.sort_by(|&a, &b| mean(b).unwrap_or(0.0).total_cmp(&mean(a).unwrap_or(0.0)).then(a.cmp(&b)));
    let compared = &ranking[..ranking.len().min(MOST_COMPARED)];
    let firsts = if compared.len() <= ALL_PAIRS { compared.len() } else { 1 };
    let pairs: Vec<(usize, usize)> =
        (0..firsts).flat_map(|i| (i + 1..compared.len()).map(move |j| (compared[i], compared[j]))).collect();
    let found: Vec<Option<Comparison>> =
        pairs.par_iter().map(|&(a, b)| pair(&experiments[a], &experiments[b])).collect();
    let mut comparisons: Vec<Comparison> = found.into_iter().flatten().collect();
    correct(&mut comparisons);
    Family { ranking, comparisons }
}

/// Holm's correction over a set of comparisons.
pub fn correct(comparisons: &mut [Comparison]) {
    let family = comparisons.len();
    let adjusted = holm(&comparisons.iter().map(|comparison| comparison.difference.p).collect::<Vec<_>>());
    for (comparison, p) in comparisons.iter_mut().zip(adjusted) {
        comparison.p_holm = p;
        comparison.family = family;
    }
}

/// Compares two experiments; `None` when their runs can be compared in no way: neither a common seed nor two runs each.
pub fn pair(a: &Experiment<'_>, b: &Experiment<'_>) -> Option<Comparison> {
    let pairs: Vec<(&Run, &Run)> = a
        .runs
        .iter()
        .filter_map(|run| Some((*run, *b.runs.iter().find(|other| other.repeat() == run.repeat())?)))
        .filter(|(run, other)| run.confusion.is_some() && other.confusion.is_some())
        .collect();
    let accuracies = |runs: &mut dyn Iterator<Item = &Run>| -> Vec<f64> {
        runs.filter_map(|run| run.summary.test_accuracy).collect()
    };
    let repeats = wider(a.repeats, b.repeats);
    let rows = RowsCompared::of(&pairs);
    let (difference, test, count) = if pairs.len() >= 2 {
        let ours = accuracies(&mut pairs.iter().map(|pair| pair.0));
        let theirs = accuracies(&mut pairs.iter().map(|pair| pair.1));
        let over_seeds = paired_t(&ours, &theirs, repeats)?;
        match rows.per_row.as_ref().and_then(|per_row| paired_bootstrap(per_row, 1)) {
            Some(resampled) => (resampled.widen(over_seeds), Test::PairedTAndBootstrap, pairs.len()),
            None => (over_seeds, Test::CorrectedPairedT, pairs.len()),
        }
    } else if let [(one, other)] = pairs.as_slice() {
        let estimate = one.summary.test_accuracy? - other.summary.test_accuracy?;
        let interval = rows.per_row.as_ref().and_then(|per_row| paired_bootstrap(per_row, 1))?.interval;
        let p = mcnemar_exact(rows.only_a, rows.only_b);
        (Difference { estimate, interval, p }, Test::McNemar, 1)
    } else {
        let all = |experiment: &Experiment<'_>| accuracies(&mut experiment.runs.iter().copied());
        (welch_t(&all(a), &all(b), repeats)?, Test::Welch, 0)
    };
    let test_rows = a.runs.iter().find(|run| run.confusion.is_some()).map_or(0, |run| run.summary.test_rows);
    let sd = {
        let each: Vec<f64> =
            pairs.iter().filter_map(|(a, b)| Some(a.summary.test_accuracy? - b.summary.test_accuracy?)).collect();
        crate::statistics::mean::Mean::of(&each).map_or(0.0, |mean| mean.sd)
    };
    Some(Comparison {
        a: a.name.clone(),
        b: b.name.clone(),
        difference,
        p_holm: difference.p,
        family: 1,
        pairs: count,
        test_rows,
        test,
        rows_needed: rows_needed(rows.discordant(), difference.estimate),
        seeds_needed: if count >= 2 { seeds_needed(sd, difference.estimate, repeats) } else { None },
    })
}

/// The more cautious of two.
fn wider(a: Repeats, b: Repeats) -> Repeats {
    match (a, b) {
        (Repeats::NewRows { test_per_train: a }, Repeats::NewRows { test_per_train: b }) => {
            Repeats::NewRows { test_per_train: a.max(b) }
        }
        (new @ Repeats::NewRows { .. }, _) | (_, new) => new,
    }
}

/// Test rows that both runs of each pair were tested on.
struct RowsCompared {
    /// All of them, over all pairs.
    rows: u64,
    /// Those that only the first run gets right, and only the second.
    only_a: u64,
    only_b: u64,
    /// Where every pair has the same rows: for each the mean over pairs of 1, 0 or -1.
    per_row: Option<Vec<f32>>,
}

impl RowsCompared {
    fn of(pairs: &[(&Run, &Run)]) -> Self {
        let mut all = Self { rows: 0, only_a: 0, only_b: 0, per_row: None };
        let mut first: Option<Vec<u32>> = None;
        let mut same = true;
        let mut sums: Vec<f32> = Vec::new();
        for (a, b) in pairs {
            let common = common(&a.answers, &b.answers);
            let rows: Vec<u32> = common.iter().map(|(row, _)| *row).collect();
            all.rows += rows.len() as u64;
            all.only_a += common.iter().filter(|(_, difference)| *difference > 0.0).count() as u64;
            all.only_b += common.iter().filter(|(_, difference)| *difference < 0.0).count() as u64;
            match &first {
                None => {
                    sums = common.iter().map(|(_, difference)| *difference).collect();
                    first = Some(rows);
                }
                Some(first) if *first == rows => {
                    sums.iter_mut().zip(&common).for_each(|(sum, (_, difference))| *sum += difference);
                }
                Some(_) => same = false,
            }
        }
        if same && !sums.is_empty() {
            let n = pairs.len() as f32;
            all.per_row = Some(sums.into_iter().map(|sum| sum / n).collect());
        }
        all
    }

    fn discordant(&self) -> f64 {
        if self.rows > 0 { (self.only_a + self.only_b) as f64 / self.rows as f64 } else { 0.0 }
    }
}

/// Rows that both answered, each with 1 (only `a` is right), -1 (only `b` is) or 0. Both are sorted by row.
fn common(a: &[Answer], b: &[Answer]) -> Vec<(u32, f32)> {
    let mut found = Vec::with_capacity(a.len().min(b.len()));
    let mut others = b.iter().peekable();
    for answer in a {
        while others.next_if(|other| other.row < answer.row).is_some() {}
        if let Some(other) = others.next_if(|other| other.row == answer.row) {
            let value = f32::from(u8::from(answer.is_right())) - f32::from(u8::from(other.is_right()));
            found.push((answer.row, value));
        }
    }
    found
}

impl Comparison {
    /// Whether it is more than noise, all comparisons made beside it considered.
    pub fn is_told(&self) -> bool {
        self.p_holm <= ALPHA
    }

    /// `a`, `b` or noise.
    pub fn verdict(&self) -> &'static str {
        match (self.is_told(), self.difference.estimate > 0.0) {
            (false, _) => "noise",
            (true, true) => "a is better",
            (true, false) => "b is better",
        }
    }

    fn evidence(&self) -> String {
        let interval = range(self.difference.interval, percent_points);
        match self.pairs {
            0 => format!("95 % {interval}, different seeds"),
            1 => format!("95 % {interval}, one seed"),
            n => format!("95 % {interval}, {n} seeds"),
        }
    }

    /// What can be said in one plain sentence.
    pub fn sentence(&self) -> String {
        let points = percent_points(self.difference.estimate.abs());
        if self.is_told() {
            // The interval of what is said: of the better one's lead.
            let (better, worse, lead) = if self.difference.estimate > 0.0 {
                (&self.a, &self.b, self.clone())
            } else {
                (&self.b, &self.a, self.reversed())
            };
            return format!("{better} beats {worse} by {points} points ({}).", lead.evidence());
        }
        let (a, b) = (&self.a, &self.b);
        if self.difference.estimate == 0.0 {
            return format!("{a} and {b} are equally often right ({}).", self.evidence());
        }
        let found = format!(
            "{a} and {b}: {points} points apart ({}) are noise with {} test rows",
            self.evidence(),
            self.test_rows
        );
        format!("{found}; {}.", self.remedy())
    }

    fn reversed(&self) -> Self {
        let (low, high) = self.difference.interval;
        let difference =
            Difference { estimate: -self.difference.estimate, interval: (-high, -low), p: self.difference.p };
        Self { a: self.b.clone(), b: self.a.clone(), difference, ..self.clone() }
    }

    /// What it would take.
    fn remedy(&self) -> String {
        match (self.rows_needed, self.seeds_needed) {
            _ if self.difference.p <= ALPHA => {
                format!("alone it would count, among {} comparisons it may be chance", self.family)
            }
            (Some(rows), _) if rows > self.test_rows => format!("about {} would be needed", about(rows)),
            (_, Some(seeds)) if seeds > self.pairs as u64 => format!("about {} seeds would be needed", about(seeds)),
            _ => "more test rows would be needed".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn comparison(estimate: f64, interval: (f64, f64), p: f64) -> Comparison {
        Comparison {
            a: "[256,256]".into(),
            b: "[32,32]".into(),
            difference: Difference { estimate, interval, p },
            p_holm: p,
            family: 3,
            pairs: 10,
            test_rows: 185,
            test: Test::CorrectedPairedT,
            rows_needed: Some(893),
            seeds_needed: None,
        }
    }

    #[test]
    fn sentences_call_noise_noise_and_name_the_winner() {
        let told = comparison(0.031, (0.012, 0.05), 0.001);
        assert_eq!(told.sentence(), "[256,256] beats [32,32] by 3.1 points (95 % 1.2 .. 5.0, 10 seeds).");
        assert_eq!(told.reversed().sentence(), told.sentence());
        let noise = comparison(0.011, (-0.012, 0.034), 0.4);
        assert_eq!(
            noise.sentence(),
            "[256,256] and [32,32]: 1.1 points apart (95 % -1.2 .. 3.4, 10 seeds) are noise with 185 test rows; about \
             900 would be needed."
        );
        let mut alone = comparison(0.02, (0.001, 0.04), 0.04);
        alone.p_holm = 0.12;
        assert!(alone.sentence().ends_with("; alone it would count, among 3 comparisons it may be chance."));
        assert!(comparison(0.0, (0.0, 0.0), 1.0).sentence().contains("equally often right"));
    }

    #[test]
    fn rows_are_matched_by_number() {
        let answer = |row, said| Answer { row, label: 1, said, probability: 0.5 };
        let a = [answer(1, 1), answer(3, 1), answer(4, 2), answer(9, 1)];
        let b = [answer(0, 1), answer(3, 2), answer(4, 1), answer(5, 1), answer(9, 1)];
        assert_eq!(common(&a, &b), [(3, 1.0), (4, -1.0), (9, 0.0)]);
    }
}
