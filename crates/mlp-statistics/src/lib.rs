//! The statistics of experiments with few seeds and few test rows.
//!
//! One idea a file, each formula with its source. Everything is computed with the crate `libm`, never with the
//! platform's own functions, so a report has the same bytes everywhere. The tests hold values of scipy, statsmodels and
//! lifelines, stored with the script that made them.
//!
//! | question | module |
//! |---|---|
//! | How far may the accuracy of one run be from the true one? | [`wilson`] |
//! | How far may it be from the accuracy on other writers' digits? | [`writers`] |
//! | What would the pictures of more writers bring? | [`learning_curve`] |
//! | How far may a mean over seeds, each with its own test rows? | [`mean`] |
//! | How far may a mean over seeds on the same test rows? | [`crossed`] |
//! | Do two runs differ on the same test rows? | [`mcnemar`], [`bootstrap`] |
//! | Do two experiments differ over seeds on the same test rows? | [`crossed`] |
//! | Do they differ when each seed splits the rows anew? | [`paired`]; without common seeds [`welch`] |
//! | Do as many runs of one learn as of the other? | [`fisher`] |
//! | After how many epochs is a loss reached, if some runs never reach it? | [`survival`] |
//! | What stays significant when many pairs are compared? | [`holm`] |
//! | Which answers may be accepted if at most a promised share may be wrong? | [`risk_control`] |
//! | How often are predictions of a given probability right? | [`reliability`] |
//! | Which label is taken for which? | [`confusion`] |
//! | How many rows or seeds would make a difference significant? | [`sample_size`] |

#![cfg_attr(test, allow(clippy::print_stdout, reason = "simulations print their shares"))]

pub mod bootstrap;
pub mod confusion;
pub mod crossed;
pub mod distributions;
pub mod fisher;
pub mod holm;
pub mod learning_curve;
pub mod mcnemar;
pub mod mean;
#[cfg(test)]
mod null_experiments;
pub mod paired;
pub mod reliability;
pub mod risk_control;
pub mod sample_size;
pub mod survival;
pub mod welch;
pub mod wilson;
pub mod writers;

/// Significance level of every test, two-sided. Intervals cover 1 - ALPHA = 95 %.
pub const ALPHA: f64 = 0.05;

/// A difference of two accuracies, both between 0 and 1, with its interval and p value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Difference {
    /// The estimate.
    pub estimate: f64,
    /// Limits of its 95 % interval.
    pub interval: (f64, f64),
    /// Two-sided p value of the null hypothesis "there is no difference".
    pub p: f64,
}

/// Arithmetic mean; 0 for no values.
fn average(values: &[f64]) -> f64 {
    if values.is_empty() { 0.0 } else { values.iter().sum::<f64>() / values.len() as f64 }
}

/// Sample variance, over n - 1; 0 for fewer than two values.
fn variance(values: &[f64]) -> f64 {
    if values.len() < 2 {
        return 0.0;
    }
    // Equal values have no variance, though their computed mean may miss them by a rounding.
    if values.iter().all(|v| *v == values[0]) {
        return 0.0;
    }
    let mean = average(values);
    values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / (values.len() - 1) as f64
}

#[cfg(test)]
mod reference {
    use serde_json::Value;

    use crate::writers::Writers;

    /// Writers of whom so many of so many pictures are predicted right.
    pub(crate) fn writers(counts: &[(u64, u64)]) -> Writers {
        let named: Vec<(String, u64, u64)> =
            counts.iter().enumerate().map(|(i, &(correct, rows))| (format!("w{i}"), correct, rows)).collect();
        Writers::count(
            named.iter().flat_map(|(name, correct, rows)| (0..*rows).map(move |i| (Some(&**name), i < *correct))),
        )
    }

    /// The cases of one section of the stored values.
    pub(crate) fn cases(section: &str) -> Vec<Value> {
        let all: Value = serde_json::from_str(include_str!("../tests/reference/statistics.json")).unwrap();
        all[section].as_array().unwrap_or_else(|| panic!("no section {section}")).clone()
    }

    pub(crate) fn number(value: &Value) -> f64 {
        value.as_f64().unwrap_or_else(|| panic!("{value} is no number"))
    }

    pub(crate) fn numbers(value: &Value) -> Vec<f64> {
        value.as_array().unwrap().iter().map(number).collect()
    }

    pub(crate) fn close(found: f64, expected: f64, tolerance: f64, what: &Value) {
        let allowed = tolerance * expected.abs().max(1e-3);
        assert!((found - expected).abs() <= allowed, "{what}: found {found}, expected {expected}");
    }
}
