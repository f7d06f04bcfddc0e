//! The interval of the accuracy of one run.

use super::ALPHA;
use super::distributions::normal;

/// Wilson's 95 % interval for a share of `correct` out of `rows` (E. B. Wilson 1927, "Probable inference, the law of
/// succession, and statistical inference", JASA 22, equation for the limits):
/// (p + z^2/2n -+ z sqrt(p(1-p)/n + z^2/4n^2)) / (1 + z^2/n). `None` for no rows.
pub fn wilson(correct: u64, rows: u64) -> Option<(f64, f64)> {
    if rows == 0 || correct > rows {
        return None;
    }
    let (n, p) = (rows as f64, correct as f64 / rows as f64);
    let z = normal::quantile(1.0 - ALPHA / 2.0);
    let z2 = z * z;
    let centre = p + z2 / (2.0 * n);
    let half = z * (p * (1.0 - p) / n + z2 / (4.0 * n * n)).sqrt();
    let scale = 1.0 + z2 / n;
    // At 0 and n the limits are 0 and 1 exactly; rounding must not lead past them.
    Some((((centre - half) / scale).max(0.0), ((centre + half) / scale).min(1.0)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::{cases, number, numbers};

    #[test]
    fn limits_are_those_of_statsmodels() {
        for case in cases("wilson") {
            let (low, high) = wilson(number(&case["correct"]) as u64, number(&case["rows"]) as u64).unwrap();
            let expected = numbers(&case["interval"]);
            assert!((low - expected[0]).abs() < 1e-12 && (high - expected[1]).abs() < 1e-12, "{case}: {low} {high}");
        }
        assert_eq!((wilson(0, 0), wilson(3, 2)), (None, None));
    }
}
