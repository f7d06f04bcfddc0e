//! The standard normal distribution.

/// P(Z <= z) = erfc(-z / sqrt 2) / 2 (NIST Handbook, 7.1.2 and 7.2).
pub fn cdf(z: f64) -> f64 {
    0.5 * libm::erfc(-z / core::f64::consts::SQRT_2)
}

/// The z with P(Z <= z) = p, for 0 < p < 1, by halving an interval: slow, and right to the last bits everywhere.
pub fn quantile(p: f64) -> f64 {
    let (mut low, mut high) = (-40.0, 40.0);
    for _ in 0..80 {
        let middle = f64::midpoint(low, high);
        if cdf(middle) < p { low = middle } else { high = middle }
    }
    f64::midpoint(low, high)
}

/// P(X >= x) of chi squared with one degree of freedom: the square of a standard normal.
pub fn chi_squared_1_tail(x: f64) -> f64 {
    libm::erfc((x / 2.0).max(0.0).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::{cases, close, number};

    #[test]
    fn values_are_those_of_scipy() {
        for case in cases("normal") {
            match case.get("z") {
                Some(z) => close(cdf(number(z)), number(&case["cdf"]), 1e-12, &case),
                None => close(quantile(number(&case["p"])), number(&case["quantile"]), 1e-11, &case),
            }
        }
        assert!((chi_squared_1_tail(1.959_963_984_540_054_f64.powi(2)) - 0.05).abs() < 1e-12);
    }
}
