//! How many rows or seeds would make a difference significant: "about 900 test rows would be needed" helps a reader
//! more than "not significant" alone.

use super::ALPHA;
use super::distributions::{normal, student};
use super::mean::Repeats;

/// Chance to find a difference of the size that was seen, if it is real.
pub const POWER: f64 = 0.8;

/// Test rows that McNemar's test needs for a significant difference, when just one of the two runs is correct on a
/// share `discordant` of the rows and the accuracies differ by `difference` (R. J. Connor 1987, "Sample size for
/// testing differences in proportions for the paired-sample design", Biometrics 43): n = (z_{1-a/2} sqrt(discordant) +
/// z_{power} sqrt(discordant - difference^2))^2 / difference^2. `None` without a difference.
pub fn rows_needed(discordant: f64, difference: f64) -> Option<u64> {
    let square = difference * difference;
    // A difference needs discordant rows; with fewer of them than differences the figures contradict one another.
    if square == 0.0 || discordant < difference.abs() {
        return None;
    }
    let (z_alpha, z_power) = (normal::quantile(1.0 - ALPHA / 2.0), normal::quantile(POWER));
    let root = z_alpha * discordant.sqrt() + z_power * (discordant - square).sqrt();
    Some((root * root / square).ceil() as u64)
}

/// Seeds that the paired t test needs when differences between paired runs have mean `difference` and standard
/// deviation `sd`: the smallest n with difference >= (t_{1-a/2} + t_{power}) sd sqrt(factor), the quantiles having n -
/// 1 degrees of freedom (the normal approximation of the power in W. G. Cochran, G. M. Cox 1957, "Experimental
/// Designs", 2.21, with t in the place of z). `None` when no number is enough: where each seed splits the same rows
/// anew, more seeds cannot replace more rows.
pub fn seeds_needed(sd: f64, difference: f64, repeats: Repeats) -> Option<u64> {
    const MOST: usize = 10_000;
    let enough = |n: usize| {
        let df = (n - 1) as f64;
        let t = student::quantile(1.0 - ALPHA / 2.0, df) + student::quantile(POWER, df);
        difference.abs() >= t * sd * repeats.variance_factor(n).sqrt()
    };
    if difference == 0.0 || !enough(MOST) {
        return None;
    }
    // The right side falls with n, so the smallest n can be found by halving.
    let (mut low, mut high) = (1, MOST);
    while high - low > 1 {
        let middle = usize::midpoint(low, high);
        if enough(middle) { high = middle } else { low = middle }
    }
    Some(high as u64)
}

/// A number rounded up to two significant digits.
pub fn about(n: u64) -> u64 {
    let mut unit = 1;
    while n / unit >= 100 {
        unit *= 10;
    }
    n.div_ceil(unit) * unit
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::{cases, number};

    #[test]
    fn rows_needed_give_the_power_that_is_asked_for() {
        for case in cases("rows_needed") {
            let found = rows_needed(number(&case["discordant"]), number(&case["difference"]));
            assert_eq!(found, case["rows"].as_u64(), "{case}");
            // The formula rests on a normal approximation; the exact power must still be near.
            assert!((number(&case["exact_power"]) - POWER).abs() < 0.02, "{case}");
        }
        assert_eq!((rows_needed(0.1, 0.0), rows_needed(0.01, 0.1)), (None, None));
    }

    #[test]
    fn seeds_needed_are_within_one_of_statsmodels() {
        for case in cases("seeds_needed") {
            let found = seeds_needed(number(&case["sd"]), number(&case["difference"]), Repeats::SameRows).unwrap();
            assert!((found as f64 - number(&case["seeds"]).ceil()).abs() <= 1.0, "{case}: found {found}");
        }
        assert_eq!(seeds_needed(0.02, 0.01, Repeats::NewRows { test_per_train: 0.25 }), None);
        assert_eq!(seeds_needed(0.02, 0.0, Repeats::SameRows), None);
        assert_eq!(seeds_needed(0.0, 0.1, Repeats::SameRows), Some(2));
    }

    #[test]
    fn plans_are_round() {
        assert_eq!([7, 99, 101, 893, 12_345].map(about), [7, 99, 110, 900, 13_000]);
    }
}
