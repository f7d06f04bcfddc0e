//! A mean over seeds and the interval of the true mean.

use super::distributions::student;
use super::{ALPHA, average, variance};

/// How the test rows of one experiment's runs relate, which decides how independent the runs are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Repeats {
    /// All seeds have the same training and test rows; only the starting weights and the order of rows differ. The
    /// spread over seeds then shows how training varies on these rows. It shows nothing of other rows; the module
    /// `crossed` allows for those.
    SameRows,
    /// Every seed (or fold) splits the rows anew. The training rows overlap, so the runs are not independent and the
    /// plain variance of a mean is too small.
    NewRows {
        /// Test rows for each training row.
        test_per_train: f64,
    },
}

impl Repeats {
    /// The variance of a mean of `n` runs in units of the variance of one: 1/n, or 1/n + test/train where rows are
    /// split anew (C. Nadeau, Y. Bengio 2003, "Inference for the generalization error", Machine Learning 52, section
    /// 4, the corrected resampled t test).
    pub fn variance_factor(self, n: usize) -> f64 {
        let overlap = match self {
            Self::SameRows => 0.0,
            Self::NewRows { test_per_train } => test_per_train,
        };
        1.0 / n as f64 + overlap
    }
}

/// Mean and standard deviation of a value over seeds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mean {
    /// Number of values.
    pub n: usize,
    /// Their mean.
    pub mean: f64,
    /// Their sample standard deviation; 0 for one value.
    pub sd: f64,
}

impl Mean {
    /// The mean of some values; `None` for no value.
    pub fn of(values: &[f64]) -> Option<Self> {
        (!values.is_empty()).then(|| Self { n: values.len(), mean: average(values), sd: variance(values).sqrt() })
    }

    /// Student's 95 % interval of the mean: mean -+ t sd sqrt(factor), see `Repeats::variance_factor`. `None` for
    /// fewer than two values, which do not show how values vary.
    pub fn interval(&self, repeats: Repeats) -> Option<(f64, f64)> {
        if self.n < 2 {
            return None;
        }
        let t = student::quantile(1.0 - ALPHA / 2.0, (self.n - 1) as f64);
        let half = t * self.sd * repeats.variance_factor(self.n).sqrt();
        Some((self.mean - half, self.mean + half))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::{cases, close, number, numbers};

    #[test]
    fn means_and_intervals_are_those_of_scipy() {
        for case in cases("mean") {
            let mean = Mean::of(&numbers(&case["values"])).unwrap();
            let (low, high) = mean.interval(Repeats::SameRows).unwrap();
            let expected = numbers(&case["interval"]);
            close(mean.mean, number(&case["mean"]), 1e-12, &case);
            close(mean.sd, number(&case["sd"]), 1e-9, &case);
            close(low, expected[0], 1e-9, &case);
            close(high, expected[1], 1e-9, &case);
        }
        assert_eq!(Mean::of(&[]), None);
        assert_eq!(Mean::of(&[0.5]).unwrap().interval(Repeats::SameRows), None);
    }

    #[test]
    fn new_rows_widen_the_interval() {
        let mean = Mean::of(&[0.8, 0.82, 0.84, 0.81]).unwrap();
        let width = |repeats| mean.interval(repeats).map(|(low, high)| high - low).unwrap();
        let ratio = width(Repeats::NewRows { test_per_train: 0.25 }) / width(Repeats::SameRows);
        // sqrt((1/4 + 1/4) / (1/4)).
        assert!((ratio - 2f64.sqrt()).abs() < 1e-12);
    }
}
