//! The interval of the difference of two accuracies on the same test rows, by resampling the rows.

use mlp_core::random::{Purpose, Stream};

/// Resamples at most.
const RESAMPLES: usize = 10_000;
/// Draws of rows at most; with many rows fewer resamples do, since each varies less.
const DRAWS: usize = 2_000_000;
/// Resamples at least: 25 of them then lie outside each limit.
const LEAST_RESAMPLES: usize = 1_000;

/// The 95 % percentile interval (B. Efron 1979, "Bootstrap methods: another look at the jackknife") of the mean of
/// `differences`, one for each test row: 1 where only the first run is correct, -1 where only the second is, 0
/// elsewhere. Rows are drawn with replacement by the stream of `seed`, so equal rows give equal limits. `None` for no
/// rows.
pub fn paired_bootstrap(differences: &[f32], seed: u64) -> Option<(f64, f64)> {
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
    Some((at(0.025), at(0.975)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::{cases, number, numbers};

    #[test]
    fn limits_lie_where_many_resamples_put_them() {
        for case in cases("bootstrap") {
            let count = |key: &str| number(&case[key]) as usize;
            let (rows, a, b) = (count("rows"), count("only_a"), count("only_b"));
            let differences: Vec<f32> =
                (0..rows).map(|i| if i < a { 1.0 } else { -f32::from(u8::from(i < a + b)) }).collect();
            let (low, high) = paired_bootstrap(&differences, 1).unwrap();
            let expected = numbers(&case["interval"]);
            // A limit of 10,000 resamples has a standard error of about 2.6 % of the standard deviation, and lies on
            // a multiple of 1/rows.
            let p = (a + b) as f64 / rows as f64;
            let allowed = 5.0 * 0.026 * (p / rows as f64).sqrt() + 1.0 / rows as f64;
            assert!(
                (low - expected[0]).abs() < allowed && (high - expected[1]).abs() < allowed,
                "{case}: {low} {high}"
            );
            assert_eq!(paired_bootstrap(&differences, 1), Some((low, high)));
        }
        assert_eq!(paired_bootstrap(&[], 1), None);
        assert_eq!(paired_bootstrap(&[0.0; 10], 1), Some((0.0, 0.0)));
        assert_eq!(paired_bootstrap(&[1.0; 10], 1), Some((1.0, 1.0)));
    }

    /// The limits are the means of so many resamples at so many places from the ends.
    #[test]
    fn few_rows_have_more_resamples_than_many() {
        for (rows, resamples, outside) in [(20, 10_000, 250), (1_000, 2_000, 50), (4_000, 1_000, 25)] {
            let differences: Vec<f32> = (0..rows).map(|row| (row as f32).sqrt()).collect();
            let mut stream = Stream::new(7, Purpose::Resampling);
            let mut mean = || {
                let drawn = (0..rows).map(|_| f64::from(differences[stream.below(rows as u64) as usize]));
                drawn.sum::<f64>() / rows as f64
            };
            let mut means: Vec<f64> = (0..resamples).map(|_| mean()).collect();
            means.sort_by(f64::total_cmp);
            let expected = (means[outside], means[resamples - 1 - outside]);
            assert_eq!(paired_bootstrap(&differences, 7), Some(expected), "{rows} rows");
        }
    }
}
