//! A mean over seeds that were all tested on the same rows.
//!
//! Another seed would give another value, and so would other test rows. The spread over seeds alone ignores other rows,
//! and the spread over rows alone ignores other seeds. The wider of the two intervals is still too narrow, since the
//! two variances add up.

use super::distributions::{normal, student};
use super::sample_size::POWER;
use super::{ALPHA, Difference};

/// An analysis of variance of the values of every seed on every row: x = mean + seed + row + rest, all but the mean
/// random.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Crossed {
    mean: f64,
    seeds: f64,
    rows: f64,
    /// Mean squares of the seeds, of the rows, and of what is left.
    ms_seeds: f64,
    ms_rows: f64,
    ms_rest: f64,
}

impl Crossed {
    /// Takes one list of values for each seed, with one value for each row: 1 where the run is correct and 0 where it
    /// is not, or the difference of two runs. `None` for fewer than two seeds or rows, or lists of different lengths.
    pub fn of(values: &[Vec<f32>]) -> Option<Self> {
        let (seeds, rows) = (values.len(), values.first()?.len());
        if seeds < 2 || rows < 2 || values.iter().any(|of_seed| of_seed.len() != rows) {
            return None;
        }
        let (s, r) = (seeds as f64, rows as f64);
        let of_seeds: Vec<f64> = values.iter().map(|of| of.iter().map(|v| f64::from(*v)).sum::<f64>() / r).collect();
        let of_rows: Vec<f64> =
            (0..rows).map(|row| values.iter().map(|of| f64::from(of[row])).sum::<f64>() / s).collect();
        // Sums of whole numbers are exact, so runs that are equally often right differ by 0 and not by a rounding.
        let mean = values.iter().flatten().map(|v| f64::from(*v)).sum::<f64>() / (s * r);
        let squares = |means: &[f64]| means.iter().map(|m| square(m - mean)).sum::<f64>();
        let rest = values.iter().zip(&of_seeds).map(|(of, of_seed)| {
            of.iter().zip(&of_rows).map(|(v, of_row)| square(f64::from(*v) - of_seed - of_row + mean)).sum::<f64>()
        });
        Some(Self {
            mean,
            seeds: s,
            rows: r,
            ms_seeds: r * squares(&of_seeds) / (s - 1.0),
            ms_rows: s * squares(&of_rows) / (r - 1.0),
            ms_rest: rest.sum::<f64>() / ((s - 1.0) * (r - 1.0)),
        })
    }

    /// What the rows add to the mean square of the seeds; never negative.
    fn added_by_rows(&self) -> f64 {
        (self.ms_rows - self.ms_rest).max(0.0)
    }

    /// The mean with its 95 % interval and the p value of "it is 0". The variance of the mean is
    /// (MS_seeds + max(MS_rows - MS_rest, 0)) / (seeds rows), from the expected mean squares of the model; Student's t
    /// has (MS_seeds + max(MS_rows - MS_rest, 0))^2 / (MS_seeds^2 / (seeds - 1)) degrees of freedom, at most rows - 1.
    /// This is how studies with several readers of the same cases are judged (S. L. Hillis 2007, "A comparison of
    /// denominator degrees of freedom methods for multiple observer ROC analysis", Statistics in Medicine 26), seeds
    /// being the readers. Values that are all equal have no variance; p is then 0 or, if they are zero, 1.
    pub fn difference(&self) -> Difference {
        let sum = self.ms_seeds + self.added_by_rows();
        let error = (sum / (self.seeds * self.rows)).sqrt();
        let by_seeds = self.ms_seeds * self.ms_seeds / (self.seeds - 1.0);
        let most = self.rows - 1.0;
        let df = if by_seeds > 0.0 { (sum * sum / by_seeds).min(most) } else { most };
        let p = match (error > 0.0, self.mean == 0.0) {
            (true, _) => student::two_sided(self.mean / error, df),
            (false, true) => 1.0,
            (false, false) => 0.0,
        };
        let half = student::quantile(1.0 - ALPHA / 2.0, df) * error;
        Difference { estimate: self.mean, interval: (self.mean - half, self.mean + half), p }
    }

    /// Test rows that would make this mean significant with as many seeds; `None` when no number would.
    pub fn rows_needed(&self) -> Option<u64> {
        let of_seeds = (self.ms_seeds - self.ms_rest).max(0.0) / self.rows;
        let of_rows = (self.added_by_rows() + self.ms_rest) / self.seeds;
        needed(of_rows, self.tolerable() - of_seeds / self.seeds)
    }

    /// Seeds that would make it significant on as many rows; `None` when no number would.
    pub fn seeds_needed(&self) -> Option<u64> {
        let of_rows = self.added_by_rows() / self.seeds;
        needed(self.ms_seeds.max(self.ms_rest) / self.rows, self.tolerable() - of_rows / self.rows)
    }

    /// The variance of the mean at which a true one of this size is found in 80 of 100 cases (normal approximation).
    fn tolerable(&self) -> f64 {
        square(self.mean / (normal::quantile(1.0 - ALPHA / 2.0) + normal::quantile(POWER)))
    }
}

fn square(value: f64) -> f64 {
    value * value
}

/// How many values of this variance it takes until the variance of their mean is `allowed`; `None` beyond `MOST`.
fn needed(variance: f64, allowed: f64) -> Option<u64> {
    const MOST: f64 = 1e9;
    let count = (variance / allowed).ceil();
    (allowed > 0.0 && count <= MOST).then_some(count as u64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::{cases, close, number, numbers};

    #[test]
    fn values_are_those_of_the_analysis_of_variance_of_statsmodels() {
        for case in cases("crossed") {
            let values: Vec<Vec<f32>> = case["values"]
                .as_array()
                .unwrap()
                .iter()
                .map(|of_seed| numbers(of_seed).into_iter().map(|v| v as f32).collect())
                .collect();
            let crossed = Crossed::of(&values).unwrap();
            let squares = numbers(&case["mean_squares"]);
            for (found, expected) in [crossed.ms_seeds, crossed.ms_rows, crossed.ms_rest].into_iter().zip(squares) {
                close(found, expected, 1e-9, &case["mean_squares"]);
            }
            let (found, expected) = (crossed.difference(), numbers(&case["interval"]));
            close(found.estimate, number(&case["mean"]), 1e-9, &case["mean"]);
            close(found.p, number(&case["p"]), 1e-8, &case["p"]);
            close(found.interval.0, expected[0], 1e-8, &case["interval"]);
            close(found.interval.1, expected[1], 1e-8, &case["interval"]);
            assert_eq!(crossed.rows_needed(), case["rows_needed"].as_u64());
            assert_eq!(crossed.seeds_needed(), case["seeds_needed"].as_u64());
        }
    }

    #[test]
    fn both_sources_of_chance_widen_the_interval() {
        let width = |values: &[Vec<f32>]| {
            let (low, high) = Crossed::of(values).unwrap().difference().interval;
            high - low
        };
        // All seeds agree: what is left is the variance of the rows, sd / sqrt(rows) times t.
        let rows: Vec<f32> = (0..100).map(|row| f32::from(u8::from(row % 4 > 0))).collect();
        let t = student::quantile(0.975, 99.0);
        assert!((width(&vec![rows.clone(); 5]) - 2.0 * t * (0.1875f64 / 99.0).sqrt()).abs() < 1e-9);
        // Seeds that are correct everywhere or nowhere leave nothing to the rows: Student's interval of 1, 0, 1, 1.
        let seeds: Vec<Vec<f32>> = [1.0, 0.0, 1.0, 1.0].iter().map(|v| vec![*v; 50]).collect();
        assert!((width(&seeds) - 2.0 * student::quantile(0.975, 3.0) * 0.25).abs() < 1e-9);
    }

    #[test]
    fn values_without_spread_give_no_nonsense() {
        let all = |value: f32| Crossed::of(&vec![vec![value; 10]; 3]).unwrap();
        assert_eq!(all(0.0).difference(), Difference { estimate: 0.0, interval: (0.0, 0.0), p: 1.0 });
        assert_eq!(all(1.0).difference(), Difference { estimate: 1.0, interval: (1.0, 1.0), p: 0.0 });
        assert_eq!((all(0.0).rows_needed(), all(0.0).seeds_needed()), (None, None));
        assert_eq!(Crossed::of(&[vec![1.0, 0.0]]), None);
        assert_eq!(Crossed::of(&[vec![1.0, 0.0], vec![1.0]]), None);
        assert_eq!(Crossed::of(&[]), None);
    }
}
