//! The threshold that keeps a promised share of errors among accepted answers.
//!
//! `at most 1 % of the accepted answers are wrong, with 95 % confidence`: of 100 calibrations that say so, 95 keep it.

use std::collections::BTreeMap;

use super::ALPHA;
use super::distributions::beta::incomplete_beta;
use super::distributions::{normal, student};
use super::writers::LEAST_WRITERS;

/// The thresholds that are tried, the strictest first. They are fixed before any data is seen, as the proof asks.
pub const THRESHOLDS: [f32; 12] = [0.999, 0.998, 0.995, 0.99, 0.98, 0.97, 0.95, 0.9, 0.8, 0.7, 0.5, 0.0];

/// The answer to a picture whose label is known and which did not train.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Answer<'a> {
    /// Confidence of the prediction, 0 to 1.
    pub confidence: f32,
    /// Whether the prediction is right.
    pub is_correct: bool,
    /// Who wrote the picture, if known.
    pub writer: Option<&'a str>,
}

/// A threshold with what it promises.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Guarantee {
    /// Answers with at least this confidence are accepted.
    pub threshold: f32,
    /// Answers that it accepts.
    pub accepted: u64,
    /// Those of them that are wrong.
    pub wrong: u64,
    /// Writers over whom it holds; `None` if it holds for pictures like these, by these writers.
    pub writers: Option<u64>,
}

/// Why there is no threshold.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Shortfall {
    /// Too few answers, even if none were wrong: so many are needed in all.
    TooFew(u64),
    /// More answers could show it: about so many in all, if they are like these.
    NotShown(u64),
    /// At every threshold the share of errors is higher than promised.
    TooManyErrors {
        /// The least share of errors at any threshold that accepts at least a hundred answers.
        least: f64,
    },
}

/// Answers at and above a threshold.
#[derive(Clone, Copy, Debug)]
struct Accepted {
    rows: f64,
    wrong: f64,
    /// Answers and wrong answers that the test counts: the worst writer's twice.
    counted: (f64, f64),
    /// How many answers say as much as one answer of a writer of their own.
    design_effect: f64,
}

/// The lowest threshold of [`THRESHOLDS`] at which at most a share `error` of the accepted answers is wrong, with
/// 95 % confidence.
///
/// This is "Learn then Test" (A. N. Angelopoulos, S. Bates, E. J. Candès, M. I. Jordan, L. Lei 2021, arXiv:2110.01052):
/// for each threshold the hypothesis "more than `error` are wrong" is tested, and the probability to reject any true
/// one is at most 5 %. The p value of k errors among n accepted answers is P(X <= k) for a binomial X of n trials with
/// chance `error`, which is the limit of C. J. Clopper, E. S. Pearson 1934. The tests share the 5 % by the fallback
/// procedure (B. L. Wiens 2003, "A fixed sequence Bonferroni procedure for testing multiple endpoints"): each has a
/// twelfth, and a test that rejects passes its part on to the next.
///
/// The answers of a writer are alike. With [`LEAST_WRITERS`] known writers or more, n and k are divided by the design
/// effect, and by the square of the ratio of the quantiles of Student's t and the normal distribution (E. L. Korn, B.
/// I. Graubard 1998, see [`super::writers`]). The design effect is at least 1, and the writer with the most wrong
/// answers counts twice, for those who are worse and were not seen. This part is an approximation; the tests measure
/// how often the promise is broken.
///
/// # Errors
/// What is missing.
pub fn guarantee(answers: &[Answer<'_>], error: f64) -> Result<Guarantee, Shortfall> {
    let level = ALPHA / THRESHOLDS.len() as f64;
    let writers = writers(answers);
    let (mut spent, mut best) = (0.0, None);
    for threshold in THRESHOLDS {
        let of = accepted(answers, threshold, writers, level);
        spent += level;
        if of.p_value(error) <= spent {
            let (accepted, wrong) = (of.rows as u64, of.wrong as u64);
            best = Some(Guarantee { threshold, accepted, wrong, writers: writers.map(|count| count as u64) });
        } else {
            spent = 0.0;
        }
    }
    best.ok_or_else(|| shortfall(answers, error, writers, level))
}

/// The number of known writers, if there are enough to speak of others.
fn writers(answers: &[Answer<'_>]) -> Option<usize> {
    let names: Option<std::collections::BTreeSet<&str>> = answers.iter().map(|answer| answer.writer).collect();
    names.map(|names| names.len()).filter(|count| *count >= LEAST_WRITERS)
}

fn accepted(answers: &[Answer<'_>], threshold: f32, writers: Option<usize>, level: f64) -> Accepted {
    let mut by_writer: BTreeMap<Option<&str>, (f64, f64)> = BTreeMap::new();
    for answer in answers.iter().filter(|answer| answer.confidence >= threshold) {
        let of = by_writer.entry(answer.writer).or_default();
        *of = (of.0 + f64::from(u8::from(!answer.is_correct)), of.1 + 1.0);
    }
    let sum = |of: &[(f64, f64)]| of.iter().fold((0.0, 0.0), |sum, of| (sum.0 + of.0, sum.1 + of.1));
    let mut of_writers: Vec<(f64, f64)> = by_writer.into_values().collect();
    let (wrong, rows) = sum(&of_writers);
    if writers.is_some() {
        of_writers.extend(of_writers.iter().copied().max_by(|a, b| a.0.total_cmp(&b.0)));
    }
    let (k_all, n_all) = sum(&of_writers);
    let design_effect = writers.map_or(1.0, |count| {
        let (in_all, p) = (count as f64 + 1.0, k_all / n_all);
        let squares: f64 = of_writers.iter().map(|(k, n)| (k - p * n) * (k - p * n)).sum();
        let has_both = k_all > 0.0 && k_all < n_all;
        let of_errors = if has_both { in_all / (in_all - 1.0) * squares / (n_all * p * (1.0 - p)) } else { 1.0 };
        let t = student::quantile(1.0 - level, count as f64 - 1.0) / normal::quantile(1.0 - level);
        of_errors.max(1.0) * t * t
    });
    Accepted { rows, wrong, counted: (k_all, n_all), design_effect }
}

impl Accepted {
    fn p_value(&self, error: f64) -> f64 {
        let (wrong, rows) = self.counted;
        p_value(wrong / self.design_effect, rows / self.design_effect, error)
    }
}

/// P(X <= k) of a binomial X of n trials, whose formula I_{1-error}(n - k, k + 1) also takes numbers between whole
/// ones.
fn p_value(k: f64, n: f64, error: f64) -> f64 {
    if n > k { incomplete_beta(n - k, k + 1.0, 1.0 - error) } else { 1.0 }
}

/// Answers that are needed at the share `rate` of errors.
fn needed(rate: f64, error: f64, level: f64) -> Option<f64> {
    const MOST: f64 = 1e9;
    let is_enough = |n: f64| p_value(rate * n, n, error) <= level;
    let (mut few, mut enough) = (0.0, 1.0);
    while !is_enough(enough) {
        (few, enough) = (enough, 2.0 * enough);
        if enough > MOST {
            return None;
        }
    }
    while enough - few > 1.0 {
        let middle = f64::midpoint(few, enough).floor();
        if is_enough(middle) { enough = middle } else { few = middle }
    }
    Some(enough)
}

fn shortfall(answers: &[Answer<'_>], error: f64, writers: Option<usize>, level: f64) -> Shortfall {
    /// Fewer accepted answers say nothing of a share of errors.
    const ENOUGH_TO_SAY: f64 = 100.0;
    let total = answers.len() as f64;
    let least_effect = accepted(&[], 0.0, writers, level).design_effect;
    let without_errors = needed(0.0, error, level).unwrap_or(f64::INFINITY) * least_effect;
    if total < without_errors {
        return Shortfall::TooFew(without_errors.ceil() as u64);
    }
    let tried = THRESHOLDS.map(|threshold| accepted(answers, threshold, writers, level));
    let in_all =
        |of: &Accepted| Some(needed(of.counted.0 / of.counted.1, error, level)? * of.design_effect * total / of.rows);
    let said = || tried.iter().filter(|of| of.rows >= ENOUGH_TO_SAY);
    let more = said().filter_map(in_all).fold(f64::INFINITY, f64::min);
    if more.is_finite() {
        return Shortfall::NotShown(more.ceil().max(total + 1.0) as u64);
    }
    Shortfall::TooManyErrors { least: said().map(|of| of.wrong / of.rows).fold(1.0, f64::min) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::{cases, close, number};
    use mlp_core::random::{Purpose, Stream};

    fn answers(accepted: u64, wrong: u64) -> Vec<Answer<'static>> {
        (0..accepted).map(|at| Answer { confidence: 1.0, is_correct: at >= wrong, writer: None }).collect()
    }

    #[test]
    fn p_values_are_those_of_the_binomial_distribution() {
        for case in cases("risk") {
            let found = p_value(number(&case["wrong"]), number(&case["rows"]), number(&case["error"]));
            close(found, number(&case["p"]), 1e-9, &case);
        }
        assert_eq!(p_value(0.0, 0.0, 0.01), 1.0);
    }

    #[test]
    fn a_threshold_is_found_where_there_are_enough_answers_and_few_errors() {
        // Every threshold accepts all of them, and passes on what it has: the first needs ln(0.05 / 12) / ln(0.99).
        assert_eq!(guarantee(&answers(546, 0), 0.01).unwrap().threshold, 0.0);
        assert_eq!(guarantee(&answers(545, 0), 0.01), Err(Shortfall::TooFew(546)));
        let few = guarantee(&answers(2000, 14), 0.01);
        assert!(matches!(few, Err(Shortfall::NotShown(more)) if (2001..20_000).contains(&more)), "{few:?}");
        let found = guarantee(&answers(2000, 200), 0.01);
        assert_eq!(found, Err(Shortfall::TooManyErrors { least: 0.1 }));
        // Errors below 0.9 only.
        let mut mixed = answers(1000, 0);
        mixed.extend((0..200).map(|at| Answer { confidence: 0.85, is_correct: at >= 100, writer: None }));
        let found = guarantee(&mixed, 0.01).unwrap();
        assert_eq!((found.threshold, found.accepted, found.wrong, found.writers), (0.9, 1000, 0, None));
        assert_eq!(guarantee(&[], 0.01), Err(Shortfall::TooFew(546)));
    }

    #[test]
    fn writers_who_err_together_count_for_less() {
        let names: Vec<String> = (0..20).map(|at| format!("w{at}")).collect();
        let of = |is_wrong: &dyn Fn(usize, usize) -> bool| -> Vec<Answer<'_>> {
            let pictures = names.iter().enumerate().flat_map(|(at, name)| (0..100).map(move |n| (at, name, n)));
            pictures
                .map(|(at, name, n)| Answer { confidence: 1.0, is_correct: !is_wrong(at, n), writer: Some(name) })
                .collect()
        };
        // Ten errors of 2000, one each of ten writers or ten of one.
        let spread = guarantee(&of(&|writer, n| writer < 10 && n == 0), 0.02).unwrap();
        assert_eq!((spread.threshold, spread.wrong, spread.writers), (0.0, 10, Some(20)));
        let together = of(&|writer, n| writer == 0 && n < 10);
        assert!(matches!(guarantee(&together, 0.02), Err(Shortfall::TooFew(_) | Shortfall::NotShown(_))));
    }

    /// A writer of whom answers can be drawn: `shift` makes all of them worse than their confidence says.
    struct Simulated {
        ability: f64,
        shift: f64,
    }

    /// How writers differ: evenly about the mean, or a few are far worse than the others.
    #[derive(Clone, Copy, Debug)]
    enum Spread {
        Even(f64),
        Tail(f64),
    }

    impl Simulated {
        fn new(spread: Spread, stream: &mut Stream) -> Self {
            let (ability, shift) = match spread {
                Spread::Even(spread) => (spread * stream.normal(), spread * stream.normal()),
                Spread::Tail(mean) => (0.5 * stream.normal(), -mean * stream.uniform().ln() - mean),
            };
            Self { ability: 4.0 + ability, shift }
        }

        fn answer<'a>(&self, writer: &'a str, stream: &mut Stream) -> Answer<'a> {
            let logistic = |z: f64| 1.0 / (1.0 + (-z).exp());
            let margin = self.ability + 2.0 * stream.normal();
            let is_correct = stream.uniform() < logistic(margin - self.shift);
            Answer { confidence: logistic(margin) as f32, is_correct, writer: Some(writer) }
        }
    }

    const TRIALS: usize = 200;

    /// Shares of simulated calibrations whose threshold breaks the promise, and that find a threshold.
    fn broken(count: usize, pictures: usize, error: f64, spread: Spread, know_writers: bool) -> (f64, f64) {
        let mut stream = Stream::new(7, Purpose::Resampling);
        // The true share of errors at each threshold, from many writers.
        let many: Vec<Answer<'_>> = (0..20_000)
            .flat_map(|_| {
                let writer = Simulated::new(spread, &mut stream);
                [(); 20].map(|()| writer.answer("", &mut stream))
            })
            .collect();
        let truth = THRESHOLDS.map(|threshold| {
            let accepted = many.iter().filter(|answer| answer.confidence >= threshold);
            let (wrong, all) =
                accepted.fold((0.0, 0.0), |sum, a| (sum.0 + f64::from(u8::from(!a.is_correct)), sum.1 + 1.0));
            wrong / all
        });
        let names: Vec<String> = (0..count).map(|at| format!("w{at}")).collect();
        let (mut broken, mut found) = (0, 0);
        for _ in 0..TRIALS {
            let mut all = Vec::new();
            for name in &names {
                let writer = Simulated::new(spread, &mut stream);
                all.extend((0..pictures).map(|_| writer.answer(name, &mut stream)));
            }
            if !know_writers {
                all.iter_mut().for_each(|answer| answer.writer = None);
            }
            if let Ok(guarantee) = guarantee(&all, error) {
                found += 1;
                let at = THRESHOLDS.iter().position(|threshold| *threshold == guarantee.threshold).unwrap();
                broken += usize::from(truth[at] > error);
            }
        }
        (broken as f64 / TRIALS as f64, found as f64 / TRIALS as f64)
    }

    /// The promise holds in 95 of 100 calibrations; 3 more may fail by chance of the simulation.
    #[test]
    fn the_promise_is_broken_in_no_more_than_8_of_100_calibrations() {
        for (count, pictures, error, spread) in [
            (20, 100, 0.02, Spread::Even(0.7)),
            (8, 500, 0.02, Spread::Even(0.7)),
            (14, 500, 0.01, Spread::Even(0.5)),
            (100, 100, 0.01, Spread::Even(0.7)),
            (30, 60, 0.02, Spread::Even(0.0)),
            (30, 200, 0.01, Spread::Tail(1.0)),
        ] {
            let (broken, found) = broken(count, pictures, error, spread, true);
            println!("{count} writers, {pictures} pictures, error {error}, {spread:?}: {broken} {found}");
            assert!(broken <= 0.08 && found > 0.3, "{count} {pictures} {error} {spread:?}: {broken} {found}");
        }
        for know_writers in [true, false] {
            let (broken, found) = broken(14, 500, 0.01, Spread::Tail(1.5), know_writers);
            println!("14 writers of whom some are hopeless, known {know_writers}: {broken} {found}");
        }
    }
}
