//! Student's t distribution.

use super::beta::incomplete_beta;

/// P(|T| >= |t|) with `df` degrees of freedom: I_{df/(df+t^2)}(df/2, 1/2) (Student 1908, "The probable error of a
/// mean"; in this form in the NIST Handbook, 8.17(v)).
pub fn two_sided(t: f64, df: f64) -> f64 {
    if t.is_infinite() { 0.0 } else { incomplete_beta(df / 2.0, 0.5, df / (df + t * t)) }
}

/// The t with P(T <= t) = p, for 0.5 <= p < 1, by halving an interval.
pub fn quantile(p: f64, df: f64) -> f64 {
    let tail = 2.0 * (1.0 - p);
    let mut high = 1.0;
    while two_sided(high, df) > tail && high < 1e9 {
        high *= 2.0;
    }
    let mut low = 0.0;
    for _ in 0..100 {
        let middle = f64::midpoint(low, high);
        if two_sided(middle, df) > tail { low = middle } else { high = middle }
    }
    f64::midpoint(low, high)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::{cases, close, number};

    #[test]
    fn values_are_those_of_scipy() {
        for case in cases("student") {
            let df = number(&case["df"]);
            match case.get("t") {
                Some(t) => close(two_sided(number(t), df), number(&case["two_sided"]), 1e-9, &case),
                None => close(quantile(number(&case["p"]), df), number(&case["quantile"]), 1e-9, &case),
            }
        }
    }
}
