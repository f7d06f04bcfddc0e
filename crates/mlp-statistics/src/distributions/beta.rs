//! The regularised incomplete beta function, on which the binomial and Student's distributions rest.

/// I_x(a, b) for a, b > 0 and 0 <= x <= 1, by the continued fraction of the NIST Handbook of Mathematical Functions
/// (2010), 8.17.22, evaluated by the method of W. J. Lentz (1976), "Generating Bessel functions in Mie scattering
/// calculations using continued fractions". It converges quickly for x < (a + 1) / (a + b + 2); elsewhere
/// I_x(a, b) = 1 - I_{1-x}(b, a) (8.17.4).
pub fn incomplete_beta(a: f64, b: f64, x: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if x >= 1.0 {
        return 1.0;
    }
    if x > (a + 1.0) / (a + b + 2.0) {
        return 1.0 - incomplete_beta_left(b, a, 1.0 - x);
    }
    incomplete_beta_left(a, b, x)
}

/// The same where the fraction converges quickly.
fn incomplete_beta_left(a: f64, b: f64, x: f64) -> f64 {
    let log_front = libm::lgamma(a + b) - libm::lgamma(a) - libm::lgamma(b) + a * libm::log(x) + b * libm::log1p(-x);
    libm::exp(log_front) * fraction(a, b, x) / a
}

/// 1 / (1 + d1 / (1 + d2 / (1 + ..))) with d_{2m} = m (b - m) x / ((a + 2m - 1)(a + 2m)) and
/// d_{2m+1} = -(a + m)(a + b + m) x / ((a + 2m)(a + 2m + 1)).
fn fraction(a: f64, b: f64, x: f64) -> f64 {
    /// Stands for a zero that would be divided by.
    const TINY: f64 = 1e-300;
    // About sqrt(max(a, b)) terms are needed; the limit only guards against values that are no numbers.
    const MOST: u32 = 100_000;
    let not_zero = |v: f64| if v.abs() < TINY { TINY } else { v };
    let mut c = 1.0;
    let mut d = 1.0 / not_zero(1.0 - (a + b) * x / (a + 1.0));
    let mut value = d;
    for step in 1..MOST {
        let m = f64::from(step);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / not_zero(1.0 + even * d);
        c = not_zero(1.0 + even / c);
        value *= c * d;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / not_zero(1.0 + odd * d);
        c = not_zero(1.0 + odd / c);
        value *= c * d;
        if (c * d - 1.0).abs() < 1e-15 {
            break;
        }
    }
    value
}

/// P(X <= k) of a binomial count X of `n` trials with chance `p`: I_{1-p}(n - k, k + 1).
pub fn binomial_cdf(k: u64, n: u64, p: f64) -> f64 {
    if k >= n { 1.0 } else { incomplete_beta((n - k) as f64, k as f64 + 1.0, 1.0 - p) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::{cases, close, number};

    #[test]
    fn values_are_those_of_scipy() {
        for case in cases("incomplete_beta") {
            let found = incomplete_beta(number(&case["a"]), number(&case["b"]), number(&case["x"]));
            close(found, number(&case["value"]), 1e-10, &case);
        }
    }

    #[test]
    fn binomial_sums_are_those_of_counting() {
        // Of 8 outcomes of 3 coins, 4 have at most one head.
        assert!((binomial_cdf(1, 3, 0.5) - 0.5).abs() < 1e-15);
        assert_eq!(binomial_cdf(3, 3, 0.5), 1.0);
        assert!((binomial_cdf(0, 2, 0.1) - 0.81).abs() < 1e-14);
    }
}
