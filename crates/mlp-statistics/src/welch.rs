//! Two experiments that share no seed.

use super::distributions::student;
use super::mean::{Mean, Repeats};
use super::{ALPHA, Difference};

/// Welch's t test of two means with unequal variances (B. L. Welch 1947, "The generalization of 'Student's' problem
/// when several different population variances are involved", Biometrika 34): t = (ma - mb) / sqrt(ea + eb) with the
/// squared errors e of the means and (ea + eb)^2 / (ea^2/(na-1) + eb^2/(nb-1)) degrees of freedom. `None` when a side
/// has fewer than two values.
pub fn welch_t(a: &[f64], b: &[f64], repeats: Repeats) -> Option<Difference> {
    let (a, b) = (Mean::of(a).filter(|a| a.n >= 2)?, Mean::of(b).filter(|b| b.n >= 2)?);
    let square = |mean: &Mean| mean.sd * mean.sd * repeats.variance_factor(mean.n);
    let (ea, eb) = (square(&a), square(&b));
    let (estimate, error) = (a.mean - b.mean, (ea + eb).sqrt());
    if error == 0.0 {
        let p = if estimate == 0.0 { 1.0 } else { 0.0 };
        return Some(Difference { estimate, interval: (estimate, estimate), p });
    }
    let df = (ea + eb) * (ea + eb) / (ea * ea / (a.n - 1) as f64 + eb * eb / (b.n - 1) as f64);
    let half = student::quantile(1.0 - ALPHA / 2.0, df) * error;
    let p = student::two_sided(estimate / error, df);
    Some(Difference { estimate, interval: (estimate - half, estimate + half), p })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::{cases, close, number, numbers};

    #[test]
    fn values_are_those_of_scipy() {
        for case in cases("welch") {
            let found = welch_t(&numbers(&case["a"]), &numbers(&case["b"]), Repeats::SameRows).unwrap();
            let expected = numbers(&case["interval"]);
            close(found.p, number(&case["p"]), 1e-9, &case);
            close(found.interval.0, expected[0], 1e-8, &case);
            close(found.interval.1, expected[1], 1e-8, &case);
        }
        assert_eq!(welch_t(&[1.0], &[1.0, 2.0], Repeats::SameRows), None);
        assert_eq!(welch_t(&[1.0, 1.0], &[1.0, 1.0], Repeats::SameRows).unwrap().p, 1.0);
    }
}
