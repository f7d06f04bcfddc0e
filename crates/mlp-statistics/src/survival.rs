//! After how many epochs a loss is reached, where some runs never reach it. A run that ended before is *censored*: it
//! would have taken longer, by an unknown number of epochs. Leaving such runs out would make slow experiments look
//! fast.

use super::distributions::normal::chi_squared_1_tail;

/// When something happened, or until when it had not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Time {
    /// The epoch.
    pub epoch: u32,
    /// Whether it happened then; otherwise the run ended there without it.
    pub reached: bool,
}

/// The median by the estimate of E. L. Kaplan and P. Meier (1958, "Nonparametric estimation from incomplete
/// observations", JASA 53): S(t) is the product of (1 - reached/at risk) over all epochs up to t; the median is the
/// first epoch at which S is 1/2 or less, `None` when it never falls so low.
pub fn median(times: &[Time]) -> Option<u32> {
    let mut surviving = 1.0;
    for epoch in event_epochs(times) {
        let (reached, at_risk) = at(times, epoch);
        surviving *= 1.0 - reached / at_risk;
        // The product of simple fractions may miss 1/2 by a rounding.
        if surviving <= 0.5 + 1e-12 {
            return Some(epoch);
        }
    }
    None
}

/// Ways to deal the times out to two sets up to which all are gone through.
const MOST_WAYS: f64 = 1e6;

/// Two-sided p value of the log-rank test of two sets of times (N. Mantel 1966, "Evaluation of survival data and two
/// new rank order statistics arising in its consideration"): over all epochs with an event, the events of `a` less
/// their expected number d n_a/n. Of few runs it is exact: the share of all ways to deal the same times out to sets of
/// these sizes that make this number at least as large (R. Peto, J. Peto 1972, "Asymptotically efficient rank invariant
/// test procedures", JRSS A 135), since with five runs the limit law below is significant too often. Of more, its
/// square over the sum of the hypergeometric variances d (n_a/n)(1 - n_a/n)(n - d)/(n - 1) is chi squared with one
/// degree of freedom. 1 when no epoch has both an event and runs of both sets.
pub fn log_rank(a: &[Time], b: &[Time]) -> f64 {
    let ways = (1..=a.len()).fold(1.0, |ways, i| ways * (b.len() + i) as f64 / i as f64);
    if ways <= MOST_WAYS { exact(a, b) } else { by_limit_law(a, b) }
}

fn exact(a: &[Time], b: &[Time]) -> f64 {
    let both: Vec<Time> = a.iter().chain(b).copied().collect();
    let epochs = event_epochs(&both);
    // The number is a sum over the times of `a`: each adds 1 if it was reached, less the share d/n of every event epoch
    // up to it.
    let score = |time: &Time| {
        let expected = epochs.iter().take_while(|epoch| **epoch <= time.epoch).map(|epoch| {
            let (reached, at_risk) = at(&both, *epoch);
            reached / at_risk
        });
        f64::from(u8::from(time.reached)) - expected.sum::<f64>()
    };
    let scores: Vec<f64> = both.iter().map(score).collect();
    // Sums of the same numbers in another order may miss one another by a rounding.
    let found = scores[..a.len()].iter().sum::<f64>().abs() - 1e-9;
    let (as_large, all) = count_as_large(&scores, a.len(), 0.0, found);
    as_large as f64 / all as f64
}

/// Of all ways to choose `choose` scores, those whose sum with `sum` is at least `limit` in size; and all ways.
fn count_as_large(scores: &[f64], choose: usize, sum: f64, limit: f64) -> (u64, u64) {
    match scores.split_first() {
        _ if choose == 0 => (u64::from(sum.abs() >= limit), 1),
        Some((first, others)) if scores.len() >= choose => {
            let with = count_as_large(others, choose - 1, sum + first, limit);
            let without = count_as_large(others, choose, sum, limit);
            (with.0 + without.0, with.1 + without.1)
        }
        _ => (0, 0),
    }
}

fn by_limit_law(a: &[Time], b: &[Time]) -> f64 {
    let both: Vec<Time> = a.iter().chain(b).copied().collect();
    let (mut excess, mut variance) = (0.0, 0.0);
    for epoch in event_epochs(&both) {
        let ((reached_a, at_risk_a), (reached, at_risk)) = (at(a, epoch), at(&both, epoch));
        let share = at_risk_a / at_risk;
        excess += reached_a - reached * share;
        if at_risk > 1.0 {
            variance += reached * share * (1.0 - share) * (at_risk - reached) / (at_risk - 1.0);
        }
    }
    if variance > 0.0 { chi_squared_1_tail(excess * excess / variance) } else { 1.0 }
}

fn event_epochs(times: &[Time]) -> Vec<u32> {
    let mut epochs: Vec<u32> = times.iter().filter(|time| time.reached).map(|time| time.epoch).collect();
    epochs.sort_unstable();
    epochs.dedup();
    epochs
}

/// How many reach it at an epoch, and how many had not before.
fn at(times: &[Time], epoch: u32) -> (f64, f64) {
    let count = |holds: &dyn Fn(&Time) -> bool| times.iter().filter(|time| holds(time)).count() as f64;
    (count(&|time| time.reached && time.epoch == epoch), count(&|time| time.epoch >= epoch))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::{cases, close, number, numbers};
    use serde_json::Value;

    fn times(value: &Value) -> Vec<Time> {
        let time = |pair: &Value| {
            let pair = numbers(pair);
            Time { epoch: pair[0] as u32, reached: pair[1] == 1.0 }
        };
        value.as_array().unwrap().iter().map(time).collect()
    }

    #[test]
    fn values_are_those_of_lifelines_and_scipy() {
        for case in cases("survival") {
            let (a, b) = (times(&case["a"]), times(&case["b"]));
            for (side, expected) in [&a, &b].into_iter().zip(case["medians"].as_array().unwrap()) {
                assert_eq!(median(side).map(f64::from), expected.as_f64(), "{case}");
            }
            close(by_limit_law(&a, &b), number(&case["p"]), 1e-9, &case);
            close(log_rank(&a, &b), number(&case["exact_p"]), 1e-9, &case);
        }
        assert_eq!((median(&[]), log_rank(&[], &[])), (None, 1.0));
        // Of 12 and 12 runs there are more ways than are gone through.
        let times = |first| (first..first + 12).map(|epoch| Time { epoch, reached: true }).collect::<Vec<_>>();
        assert_eq!(log_rank(&times(1), &times(4)), by_limit_law(&times(1), &times(4)));
    }
}
