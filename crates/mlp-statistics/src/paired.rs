//! Two experiments over the same seeds.

use super::distributions::student;
use super::mean::{Mean, Repeats};
use super::{ALPHA, Difference};

/// The paired t test of `a[i] - b[i]` (Student 1908), with the variance of the mean by [`Repeats::variance_factor`]:
/// t = mean / (sd sqrt(factor)), n - 1 degrees of freedom. `None` for fewer than two pairs. When all differences are
/// equal they have no variance; the p value is then 0 or, if they are zero, 1.
pub fn paired_t(a: &[f64], b: &[f64], repeats: Repeats) -> Option<Difference> {
    let differences: Vec<f64> = a.iter().zip(b).map(|(a, b)| a - b).collect();
    let mean = Mean::of(&differences).filter(|mean| mean.n >= 2)?;
    let df = (mean.n - 1) as f64;
    let error = mean.sd * repeats.variance_factor(mean.n).sqrt();
    let p = match (error > 0.0, mean.mean == 0.0) {
        (true, _) => student::two_sided(mean.mean / error, df),
        (false, true) => 1.0,
        (false, false) => 0.0,
    };
    let half = student::quantile(1.0 - ALPHA / 2.0, df) * error;
    Some(Difference { estimate: mean.mean, interval: (mean.mean - half, mean.mean + half), p })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::{cases, close, number, numbers};

    #[test]
    fn values_are_those_of_scipy() {
        for case in cases("paired") {
            let (a, b) = (numbers(&case["a"]), numbers(&case["b"]));
            let plain = paired_t(&a, &b, Repeats::SameRows).unwrap();
            let expected = numbers(&case["interval"]);
            close(plain.p, number(&case["p"]), 1e-9, &case);
            close(plain.interval.0, expected[0], 1e-9, &case);
            close(plain.interval.1, expected[1], 1e-9, &case);
            let corrected = paired_t(&a, &b, Repeats::NewRows { test_per_train: number(&case["ratio"]) }).unwrap();
            close(corrected.p, number(&case["corrected_p"]), 1e-9, &case);
        }
    }

    #[test]
    fn pairs_without_spread_give_no_nonsense() {
        let same = paired_t(&[0.5, 0.7], &[0.5, 0.7], Repeats::SameRows).unwrap();
        assert_eq!((same.estimate, same.p, same.interval), (0.0, 1.0, (0.0, 0.0)));
        assert_eq!(paired_t(&[1.0, 1.0], &[0.5, 0.5], Repeats::SameRows).unwrap().p, 0.0);
        assert_eq!(paired_t(&[1.0], &[0.5], Repeats::SameRows), None);
    }
}
