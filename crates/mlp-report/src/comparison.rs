//! Which experiment is better than which, and what is noise.

mod pairs;

use rayon::prelude::*;

use crate::experiment::Experiment;
use crate::sentence::{listed, percent_points, range};
use crate::statistics::bootstrap::paired_bootstrap;
use crate::statistics::crossed::Crossed;
use crate::statistics::holm::holm;
use crate::statistics::mcnemar::mcnemar_exact;
use crate::statistics::mean::{Mean, Repeats};
use crate::statistics::paired::paired_t;
use crate::statistics::sample_size::{about, rows_needed, seeds_needed};
use crate::statistics::welch::welch_t;
use crate::statistics::{ALPHA, Difference};
use pairs::Pairs;

/// Up to so many experiments on one data set, every pair is compared; from more, each with the best.
const ALL_PAIRS: usize = 5;
/// Experiments on one data set that are compared, the best first: behind them nobody looks for a winner.
pub const MOST_COMPARED: usize = 60;

/// How a difference was tested. Which it is follows from the runs: from how many there are, and from whether all were
/// tested on the same rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Test {
    /// Several seeds, all tested on the same rows: the chance of the seeds and that of the rows together.
    Crossed,
    /// Several common seeds, each with test rows of its own: the paired t test, corrected for overlapping training rows.
    /// Rows and seeds vary together, so it allows for both.
    CorrectedPairedT,
    /// Test rows of their own and no common seeds: Welch's t test, corrected in the same way.
    Welch,
    /// One run of each: McNemar's exact test, the interval is the bootstrap's. It allows for other rows, not for other
    /// seeds, of which one run tells nothing.
    McNemar,
}

impl Test {
    /// Its name in a table.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Crossed => "t, seeds x rows",
            Self::CorrectedPairedT => "paired t, corrected",
            Self::Welch => "Welch t, corrected",
            Self::McNemar => "McNemar exact",
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
    /// Runs of `a` and of `b` among them that diverged and count as always saying the most frequent digit.
    pub diverged: (usize, usize),
    /// Test rows of one run.
    pub test_rows: u64,
    pub test: Test,
    /// Whether pairs are of folds, not of seeds alone.
    folds: bool,
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
    let mean = |i: usize| Mean::of(&experiments[i].standings()).map(|mean| mean.mean);
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

/// What a test says.
struct Tested {
    difference: Difference,
    test: Test,
    pairs: usize,
    diverged: (usize, usize),
    test_rows: u64,
    rows_needed: Option<u64>,
    seeds_needed: Option<u64>,
}

/// Compares two experiments; `None` when their runs can be compared in no way: neither a common seed nor two runs each.
pub fn pair(a: &Experiment<'_>, b: &Experiment<'_>) -> Option<Comparison> {
    let by_seed = Pairs::by_seed(a, b);
    let tested = match by_seed.len() {
        2.. => crossed(&by_seed).or_else(|| over_seeds(a, b, &by_seed)),
        few => crossed(&Pairs::in_order(a, b)).or_else(|| welch(a, b)).or_else(|| {
            let single = (few == 1).then_some(&by_seed)?;
            single_pair(single)
        }),
    }?;
    Some(Comparison {
        a: a.name.clone(),
        b: b.name.clone(),
        difference: tested.difference,
        p_holm: tested.difference.p,
        family: 1,
        pairs: tested.pairs,
        diverged: tested.diverged,
        test_rows: tested.test_rows,
        test: tested.test,
        folds: a.runs.iter().chain(&b.runs).any(|run| run.summary.fold.is_some()),
        rows_needed: tested.rows_needed,
        seeds_needed: tested.seeds_needed,
    })
}

fn crossed(pairs: &Pairs) -> Option<Tested> {
    let values = pairs.on_same_rows.as_ref()?;
    let crossed = Crossed::of(values)?;
    Some(Tested {
        difference: crossed.difference(),
        test: Test::Crossed,
        pairs: pairs.len(),
        diverged: pairs.diverged,
        test_rows: values.first().map_or(0, |rows| rows.len() as u64),
        rows_needed: crossed.rows_needed(),
        seeds_needed: crossed.seeds_needed(),
    })
}

fn over_seeds(a: &Experiment<'_>, b: &Experiment<'_>, pairs: &Pairs) -> Option<Tested> {
    let (ours, theirs): (Vec<f64>, Vec<f64>) = pairs.accuracies.iter().copied().unzip();
    let repeats = parted_anew(a, b)?;
    let difference = paired_t(&ours, &theirs, repeats)?;
    let each: Vec<f64> = pairs.accuracies.iter().map(|(a, b)| a - b).collect();
    let sd = Mean::of(&each).map_or(0.0, |mean| mean.sd);
    Some(Tested {
        difference,
        test: Test::CorrectedPairedT,
        pairs: pairs.len(),
        diverged: pairs.diverged,
        test_rows: test_rows(a),
        rows_needed: rows_needed(pairs.discordant, difference.estimate),
        seeds_needed: seeds_needed(sd, difference.estimate, repeats),
    })
}

fn welch(a: &Experiment<'_>, b: &Experiment<'_>) -> Option<Tested> {
    let diverged = |experiment: &Experiment<'_>| experiment.runs.iter().filter(|run| run.has_diverged()).count();
    Some(Tested {
        difference: welch_t(&a.standings(), &b.standings(), parted_anew(a, b)?)?,
        test: Test::Welch,
        pairs: 0,
        diverged: (diverged(a), diverged(b)),
        test_rows: test_rows(a),
        rows_needed: None,
        seeds_needed: None,
    })
}

fn single_pair(pair: &Pairs) -> Option<Tested> {
    let rows = pair.on_same_rows.as_ref()?.first()?;
    let only = |side: f32| rows.iter().filter(|value| **value == side).count() as u64;
    let estimate = (only(1.0) as f64 - only(-1.0) as f64) / rows.len() as f64;
    let p = mcnemar_exact(only(1.0), only(-1.0));
    Some(Tested {
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
    experiment.runs.iter().find(|run| run.has_answers()).map_or(0, |run| run.summary.test_rows)
}

/// How the runs repeat, by the more cautious of the two, where each seed parts the rows anew. `None` where it does not:
/// the two were then tested on rows that never change and that they do not share, and no spread tells the chance of those.
fn parted_anew(a: &Experiment<'_>, b: &Experiment<'_>) -> Option<Repeats> {
    let ratio = |experiment: &Experiment<'_>| match experiment.repeats {
        Repeats::NewRows { test_per_train } => Some(test_per_train),
        Repeats::SameRows => None,
    };
    let test_per_train = ratio(a).into_iter().chain(ratio(b)).reduce(f64::max)?;
    Some(Repeats::NewRows { test_per_train })
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
        let unit = if self.folds { "folds" } else { "seeds" };
        let runs = match self.test {
            Test::Crossed => format!("{} {unit} on the same {} rows", self.pairs, self.test_rows),
            Test::CorrectedPairedT => format!("{} {unit}", self.pairs),
            Test::Welch => "different seeds".to_owned(),
            Test::McNemar => "one seed, others may differ".to_owned(),
        };
        format!("95 % {interval}, {runs}{}", self.failures())
    }

    /// What counts as a poor answer because there is none.
    fn failures(&self) -> String {
        let of = |name: &str, count: usize| (count > 0).then(|| format!("{count} of {name}"));
        let failed: Vec<String> =
            [of(&self.a, self.diverged.0), of(&self.b, self.diverged.1)].into_iter().flatten().collect();
        if failed.is_empty() { String::new() } else { format!("; diverged: {}", listed(&failed)) }
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
        if self.difference.estimate == 0.0 {
            return format!("{} and {} are equally often right ({}).", self.a, self.b, self.evidence());
        }
        // As above the first is the one that is ahead, or the interval would not be that of what is said.
        let lead = if self.difference.estimate > 0.0 { self.clone() } else { self.reversed() };
        let found = format!(
            "{} and {}: {points} points apart ({}) are noise with {} test rows",
            lead.a,
            lead.b,
            lead.evidence(),
            self.test_rows
        );
        format!("{found}; {}.", self.remedy())
    }

    fn reversed(&self) -> Self {
        let (low, high) = self.difference.interval;
        let difference =
            Difference { estimate: -self.difference.estimate, interval: (-high, -low), p: self.difference.p };
        let diverged = (self.diverged.1, self.diverged.0);
        Self { a: self.b.clone(), b: self.a.clone(), difference, diverged, ..self.clone() }
    }

    /// What it would take.
    fn remedy(&self) -> String {
        match (self.rows_needed, self.seeds_needed) {
            _ if self.difference.p <= ALPHA => {
                format!("alone it would count, among {} comparisons it may be chance", self.family)
            }
            (Some(rows), _) if rows > self.test_rows => format!("about {} would be needed", about(rows)),
            (_, Some(seeds)) if seeds > self.pairs as u64 => format!("about {} seeds would be needed", about(seeds)),
            // Rows enough for two runs, yet seeds disagree: nothing but runs that differ less would help.
            _ if self.pairs > 1 => {
                "from seed to seed they differ more, and no number of seeds on these rows would do".to_owned()
            }
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
            diverged: (0, 0),
            test_rows: 185,
            test: Test::CorrectedPairedT,
            folds: false,
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
        let behind = comparison(-0.011, (-0.034, 0.012), 0.4);
        assert_eq!(behind.sentence(), noise.sentence().replace("[256,256] and [32,32]", "[32,32] and [256,256]"));
        let unsteady = Comparison { rows_needed: Some(20), ..noise };
        assert!(
            unsteady
                .sentence()
                .ends_with("; from seed to seed they differ more, and no number of seeds on these rows would do.")
        );
        let mut alone = comparison(0.02, (0.001, 0.04), 0.04);
        alone.p_holm = 0.12;
        assert!(alone.sentence().ends_with("; alone it would count, among 3 comparisons it may be chance."));
        assert!(comparison(0.0, (0.0, 0.0), 1.0).sentence().contains("equally often right"));
        // What the interval allows for is said, and what diverged.
        let of = |test, pairs| Comparison { test, pairs, diverged: (2, 0), ..told.clone() }.sentence();
        assert!(of(Test::Crossed, 10).ends_with("10 seeds on the same 185 rows; diverged: 2 of [256,256])."));
        assert!(of(Test::McNemar, 1).contains("5.0, one seed, others may differ; "));
        assert!(of(Test::Welch, 0).contains("5.0, different seeds; "));
        let folds = Comparison { folds: true, pairs: 5, ..told };
        assert!(folds.sentence().ends_with("(95 % 1.2 .. 5.0, 5 folds)."));
    }
}
