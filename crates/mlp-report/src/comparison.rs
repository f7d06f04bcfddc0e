//! Which experiment is significantly better than which.

pub(crate) mod data_name;
mod pairs;
mod sentences;
pub(crate) mod test;

use rayon::prelude::*;

use crate::experiment::Experiment;
use mlp_statistics::Difference;
use mlp_statistics::bootstrap::paired_bootstrap;
use mlp_statistics::crossed::Crossed;
use mlp_statistics::holm::holm;
use mlp_statistics::mcnemar::mcnemar_exact;
use mlp_statistics::mean::{Mean, Repeats};
use mlp_statistics::paired::paired_t;
use mlp_statistics::sample_size::{rows_needed, seeds_needed};
use mlp_statistics::welch::welch_t;
use pairs::Pairs;
use stage_page::Lang;
use test::Test;

/// Up to so many experiments on one data set, every pair is compared; from more, each with the best.
const ALL_PAIRS: usize = 5;
/// Experiments on one data set that are compared, the best first. Nobody looks for a winner behind them.
pub(crate) const MOST_COMPARED: usize = 60;

/// Two experiments on the same data.
#[derive(Clone, Debug)]
pub(crate) struct Comparison {
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
    /// Runs of the experiment that has fewer.
    pub runs: usize,
    /// Runs of `a` and of `b` that diverged. They count as always predicting the most frequent digit.
    pub diverged: (usize, usize),
    /// Test rows of one run.
    pub test_rows: u64,
    pub test: Test,
    /// Whether runs are paired by fold and seed, not by seed alone.
    folds: bool,
    /// Test rows that would make a difference of this size significant; `None` where that is unknown.
    rows_needed: Option<u64>,
    /// Seeds that would; `None` where that is unknown.
    seeds_needed: Option<u64>,
}

/// The experiments on one data set.
pub(crate) struct Family {
    /// The data set by folder and file, preprocessing and digits, for example `demo/20x20_info.csv, standard
    /// preprocessing, digits 1-5`. Unlike that of any other family; empty if no experiment has an accuracy.
    pub data_name: String,
    /// Indices of the experiments that have an accuracy, the best first.
    pub ranking: Vec<usize>,
    pub comparisons: Vec<Comparison>,
}

/// Compares what can be compared. Families are in the order of their first experiments.
pub(crate) fn compare(lang: Lang, experiments: &[Experiment<'_>]) -> Vec<Family> {
    let mut members: Vec<Vec<usize>> = Vec::new();
    for (i, experiment) in experiments.iter().enumerate() {
        match members.iter_mut().find(|family| experiments[family[0]].is_comparable(experiment)) {
            Some(family) => family.push(i),
            None => members.push(vec![i]),
        }
    }
    let mut families: Vec<Family> = members.into_iter().map(|members| family(lang, experiments, members)).collect();
    data_name::tell_apart(experiments, &mut families);
    families
}

fn family(lang: Lang, experiments: &[Experiment<'_>], members: Vec<usize>) -> Family {
    let mean = |i: usize| Mean::of(&experiments[i].accuracies_with_diverged()).map(|mean| mean.mean);
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
    let data_name = ranking.first().map_or(String::new(), |&best| data_name::of(lang, experiments[best].runs[0]));
    Family { data_name, ranking, comparisons }
}

/// Holm's correction over a set of comparisons.
pub(crate) fn correct(comparisons: &mut [Comparison]) {
    let family = comparisons.len();
    let adjusted = holm(&comparisons.iter().map(|comparison| comparison.difference.p).collect::<Vec<_>>());
    for (comparison, p) in comparisons.iter_mut().zip(adjusted) {
        comparison.p_holm = p;
        comparison.family = family;
    }
}

/// The result of a test.
struct TestResult {
    difference: Difference,
    test: Test,
    pairs: usize,
    diverged: (usize, usize),
    test_rows: u64,
    rows_needed: Option<u64>,
    seeds_needed: Option<u64>,
}

/// Compares two experiments; `None` when their runs can be compared in no way: neither a common seed nor two runs each.
pub(crate) fn pair(a: &Experiment<'_>, b: &Experiment<'_>) -> Option<Comparison> {
    let by_seed = Pairs::by_seed(a, b);
    let tested = match by_seed.len() {
        2.. => crossed(&by_seed).or_else(|| over_seeds(a, b, &by_seed)),
        1 => crossed(&Pairs::in_order(a, b)).or_else(|| welch(a, b)).or_else(|| single_pair(&by_seed)),
        0 => crossed(&Pairs::in_order(a, b)).or_else(|| welch(a, b)),
    }?;
    Some(Comparison {
        a: a.name.clone(),
        b: b.name.clone(),
        difference: tested.difference,
        p_holm: tested.difference.p,
        family: 1,
        pairs: tested.pairs,
        runs: a.runs.len().min(b.runs.len()),
        diverged: tested.diverged,
        test_rows: tested.test_rows,
        test: tested.test,
        folds: a.runs.iter().chain(&b.runs).any(|run| run.summary.fold.is_some()),
        rows_needed: tested.rows_needed,
        seeds_needed: tested.seeds_needed,
    })
}

fn crossed(pairs: &Pairs) -> Option<TestResult> {
    let values = pairs.on_same_rows.as_ref()?;
    let crossed = Crossed::of(values)?;
    Some(TestResult {
        difference: crossed.difference(),
        test: Test::Crossed,
        pairs: pairs.len(),
        diverged: pairs.diverged,
        test_rows: values.first().map_or(0, |rows| rows.len() as u64),
        rows_needed: crossed.rows_needed(),
        seeds_needed: crossed.seeds_needed(),
    })
}

fn over_seeds(a: &Experiment<'_>, b: &Experiment<'_>, pairs: &Pairs) -> Option<TestResult> {
    let (ours, theirs): (Vec<f64>, Vec<f64>) = pairs.accuracies.iter().copied().unzip();
    let repeats = split_anew(a, b)?;
    let difference = paired_t(&ours, &theirs, repeats)?;
    let each: Vec<f64> = pairs.accuracies.iter().map(|(a, b)| a - b).collect();
    let sd = Mean::of(&each).map_or(0.0, |mean| mean.sd);
    Some(TestResult {
        difference,
        test: Test::CorrectedPairedT,
        pairs: pairs.len(),
        diverged: pairs.diverged,
        test_rows: test_rows(a),
        rows_needed: rows_needed(pairs.discordant, difference.estimate),
        seeds_needed: seeds_needed(sd, difference.estimate, repeats),
    })
}

fn welch(a: &Experiment<'_>, b: &Experiment<'_>) -> Option<TestResult> {
    let diverged = |experiment: &Experiment<'_>| experiment.runs.iter().filter(|run| run.has_diverged()).count();
    Some(TestResult {
        difference: welch_t(&a.accuracies_with_diverged(), &b.accuracies_with_diverged(), split_anew(a, b)?)?,
        test: Test::Welch,
        pairs: 0,
        diverged: (diverged(a), diverged(b)),
        test_rows: test_rows(a),
        rows_needed: None,
        seeds_needed: None,
    })
}

fn single_pair(pair: &Pairs) -> Option<TestResult> {
    let rows = pair.on_same_rows.as_ref()?.first()?;
    let only = |side: f32| rows.iter().filter(|value| **value == side).count() as u64;
    let estimate = (only(1.0) as f64 - only(-1.0) as f64) / rows.len() as f64;
    let p = mcnemar_exact(only(1.0), only(-1.0));
    Some(TestResult {
        difference: Difference { estimate, interval: paired_bootstrap(rows, 1)?, p },
        test: Test::McNemar,
        pairs: 1,
        diverged: pair.diverged,
        test_rows: rows.len() as u64,
        rows_needed: rows_needed(pair.discordant, estimate),
        seeds_needed: None,
    })
}

/// Test rows of one run.
fn test_rows(experiment: &Experiment<'_>) -> u64 {
    experiment.runs.iter().find(|run| run.has_predictions()).map_or(0, |run| run.summary.test_rows)
}

/// How the runs repeat where each seed splits the rows anew, by the larger share of test rows of the two experiments.
/// `None` where no seed does: the two were then tested on fixed rows that they do not share, and no variance shows how
/// other rows would differ.
fn split_anew(a: &Experiment<'_>, b: &Experiment<'_>) -> Option<Repeats> {
    let ratio = |experiment: &Experiment<'_>| match experiment.repeats {
        Repeats::NewRows { test_per_train } => Some(test_per_train),
        Repeats::SameRows => None,
    };
    let test_per_train = ratio(a).into_iter().chain(ratio(b)).reduce(f64::max)?;
    Some(Repeats::NewRows { test_per_train })
}
