//! How often predictions of a given probability are right: the calibration curve.

use super::wilson::wilson;

/// Bins of equal width, as many as in C. Guo, G. Pleiss, Y. Sun, K. Weinberger 2017, "On calibration of modern neural
/// networks", section 4.
pub const BINS: usize = 15;

/// Predictions whose probability lies in one interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bin {
    /// The interval, without its lower end.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
    /// Predictions in it.
    pub rows: u64,
    /// Those that are right.
    pub correct: u64,
    /// Mean probability of the predicted label; 0 for an empty bin.
    pub mean_probability: f64,
}

impl Bin {
    /// The share that is right; `None` for an empty bin.
    pub fn accuracy(&self) -> Option<f64> {
        (self.rows > 0).then(|| self.correct as f64 / self.rows as f64)
    }

    /// Wilson's 95 % interval of that share.
    pub fn interval(&self) -> Option<(f64, f64)> {
        wilson(self.correct, self.rows)
    }
}

/// Sorts predictions into bins: for each the probability of its label, 0 to 1, and whether it is right (M. H. DeGroot,
/// S. E. Fienberg 1983, "The comparison and evaluation of forecasters", The Statistician 32).
pub fn bins(predictions: impl IntoIterator<Item = (f64, bool)>) -> Vec<Bin> {
    let of = |at: usize| at as f64 / BINS as f64;
    let empty = |at| Bin { low: of(at), high: of(at + 1), rows: 0, correct: 0, mean_probability: 0.0 };
    let mut bins: Vec<Bin> = (0..BINS).map(empty).collect();
    for (probability, is_correct) in predictions {
        // A bin includes its upper end, so that probability 1 is in the last one.
        let at = ((probability * BINS as f64).ceil() as usize).clamp(1, BINS) - 1;
        let bin = &mut bins[at];
        bin.rows += 1;
        bin.correct += u64::from(is_correct);
        bin.mean_probability += probability;
    }
    bins.iter_mut().filter(|bin| bin.rows > 0).for_each(|bin| bin.mean_probability /= bin.rows as f64);
    bins
}

/// The expected calibration error, 0 to 1: the mean over the predictions of the difference between mean probability and
/// accuracy of their bin (Guo 2017, equation 3). `None` without predictions.
pub fn expected_calibration_error(bins: &[Bin]) -> Option<f64> {
    let rows: u64 = bins.iter().map(|bin| bin.rows).sum();
    let gap = |bin: &Bin| (bin.rows as f64 * bin.mean_probability - bin.correct as f64).abs();
    (rows > 0).then(|| bins.iter().map(gap).sum::<f64>() / rows as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bins_and_error_by_hand() {
        let found = bins([(1.0, true), (1.0, false), (0.95, true), (0.5, true), (0.0, false)]);
        assert_eq!((found.len(), found[0].rows, found[7].rows, found[14].rows), (15, 1, 1, 3));
        assert_eq!((found[14].correct, found[14].accuracy()), (2, Some(2.0 / 3.0)));
        assert!((found[14].mean_probability - 2.95 / 3.0).abs() < 1e-12);
        // |2.95 - 2| + |0.5 - 1| + 0, of five.
        assert!((expected_calibration_error(&found).unwrap() - 1.45 / 5.0).abs() < 1e-12);
        assert_eq!((expected_calibration_error(&bins([])), found[3].accuracy()), (None, None));
    }
}
