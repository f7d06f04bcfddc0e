//! The interval of the difference of two accuracies on the same test rows, by drawing the rows anew.

use mlp_core::random::{Purpose, Stream};

use super::Difference;

/// Resamples at most.
const RESAMPLES: usize = 10_000;
/// Draws of rows at most; with many rows fewer resamples do, since each varies less.
const DRAWS: usize = 2_000_000;
/// Resamples at least: 25 of them then lie outside each limit.
const LEAST_RESAMPLES: usize = 1_000;

/// What drawing the rows anew says of a difference.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Resampled {
    /// Limits of the 95 % percentile interval.
    pub interval: (f64, f64),
    /// Two-sided p value: twice the smaller share of resamples on either side of 0 (those at 0 belong to both), at least
    /// that of one resample.
    pub p: f64,
}

impl Resampled {
    /// A difference over seeds, made as uncertain as the rows make it: the interval holds both intervals, the larger p
    /// value counts.
    #[must_use]
    pub fn widen(self, difference: Difference) -> Difference {
        let (low, high) = difference.interval;
        let interval = (low.min(self.interval.0), high.max(self.interval.1));
        Difference { estimate: difference.estimate, interval, p: difference.p.max(self.p) }
    }
}

/// The 95 % percentile interval (B. Efron 1979, "Bootstrap methods: another look at the jackknife") of the mean of
/// `differences`, one for each test row: 1 where only the first run is right, -1 where only the second is, 0 elsewhere
/// (or a mean of these over seeds). Rows are drawn with replacement by the stream of `seed`, so equal rows give equal
/// limits. `None` for no rows.
pub fn paired_bootstrap(differences: &[f32], seed: u64) -> Option<Resampled> {
    if differences.is_empty() {
        return None;
    }
    let n = differences.len();
    let resamples = (DRAWS / n).clamp(LEAST_RESAMPLES, RESAMPLES);
    let mut stream = Stream::new(seed, Purpose::Resampling);
    let mut means: Vec<f64> = (0..resamples)
        .map(|_| (0..n).map(|_| f64::from(differences[stream.below(n as u64) as usize])).sum::<f64>() / n as f64)
        .collect();
    means.sort_by(f64::total_cmp);
    let at = |share: f64| means[(share * (resamples - 1) as f64).round() as usize];
    let side = |holds: &dyn Fn(f64) -> bool| means.iter().filter(|mean| holds(**mean)).count().max(1);
    let smaller = side(&|mean| mean <= 0.0).min(side(&|mean| mean >= 0.0));
    let p = (2.0 * smaller as f64 / resamples as f64).min(1.0);
    Some(Resampled { interval: (at(0.025), at(0.975)), p })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::reference::{cases, number, numbers};

    #[test]
    fn limits_lie_where_many_resamples_put_them() {
        for case in cases("bootstrap") {
            let count = |key: &str| number(&case[key]) as usize;
            let (rows, a, b) = (count("rows"), count("only_a"), count("only_b"));
            let differences: Vec<f32> =
                (0..rows).map(|i| if i < a { 1.0 } else { -f32::from(u8::from(i < a + b)) }).collect();
            let found = paired_bootstrap(&differences, 1).unwrap();
            let (low, high) = found.interval;
            let expected = numbers(&case["interval"]);
            // A limit of 10,000 resamples has a standard error of about 2.6 % of the standard deviation, and lies on
            // a multiple of 1/rows.
            let p = (a + b) as f64 / rows as f64;
            let allowed = 5.0 * 0.026 * (p / rows as f64).sqrt() + 1.0 / rows as f64;
            assert!(
                (low - expected[0]).abs() < allowed && (high - expected[1]).abs() < allowed,
                "{case}: {low} {high}"
            );
            assert_eq!(paired_bootstrap(&differences, 1), Some(found));
        }
        assert_eq!(paired_bootstrap(&[], 1), None);
        assert_eq!(paired_bootstrap(&[0.0; 10], 1), Some(Resampled { interval: (0.0, 0.0), p: 1.0 }));
        assert_eq!(paired_bootstrap(&[1.0; 10], 1), Some(Resampled { interval: (1.0, 1.0), p: 0.0002 }));
        let over_seeds = Difference { estimate: 0.1, interval: (0.05, 0.15), p: 0.01 };
        let wider = Resampled { interval: (0.07, 0.2), p: 0.03 }.widen(over_seeds);
        assert_eq!((wider.interval, wider.p), ((0.05, 0.2), 0.03));
    }
}
