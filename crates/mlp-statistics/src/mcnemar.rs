//! Two runs on the same test rows: only rows on which one run is correct and the other is not count.

use super::distributions::beta::binomial_cdf;

/// Two-sided p value of McNemar's exact test (Q. McNemar 1947, "Note on the sampling error of the difference between
/// correlated proportions or percentages", Psychometrika 12): if the runs are equally good, each of the
/// `only_a + only_b` rows that just one of them predicts correctly is as likely to be either's, so
/// p = 2 P(X <= min) for X binomial with chance 1/2, at most 1.
pub fn mcnemar_exact(only_a: u64, only_b: u64) -> f64 {
    let n = only_a + only_b;
    if n == 0 { 1.0 } else { (2.0 * binomial_cdf(only_a.min(only_b), n, 0.5)).min(1.0) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::{cases, close, number};

    #[test]
    fn values_are_those_of_statsmodels() {
        for case in cases("mcnemar") {
            let found = mcnemar_exact(number(&case["only_a"]) as u64, number(&case["only_b"]) as u64);
            close(found, number(&case["p"]), 1e-9, &case);
        }
    }
}
