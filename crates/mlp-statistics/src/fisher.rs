//! Whether two experiments have the same chance to learn at all.

/// Two-sided p value of Fisher's exact test of the counts `yes` of `n` on each side (R. A. Fisher 1935, "The logic of
/// inductive inference"): the sum over all tables with these margins that are at most as likely as the one found.
pub fn fisher_exact((yes_a, n_a): (u64, u64), (yes_b, n_b): (u64, u64)) -> f64 {
    let yes = yes_a + yes_b;
    let choose = |n: u64, k: u64| {
        let log_factorial = |n: u64| libm::lgamma(n as f64 + 1.0);
        log_factorial(n) - log_factorial(k) - log_factorial(n - k)
    };
    let log_chance = |k: u64| choose(n_a, k) + choose(n_b, yes - k) - choose(n_a + n_b, yes);
    let found = log_chance(yes_a);
    let possible = yes.saturating_sub(n_b)..=yes.min(n_a);
    // Tables as likely as the one found belong to the sum, though rounding may set them a little above.
    let sum: f64 = possible.map(log_chance).filter(|chance| *chance <= found + 1e-7).map(libm::exp).sum();
    sum.min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::{cases, close, numbers};

    #[test]
    fn values_are_those_of_scipy() {
        for case in cases("fisher") {
            let row = |i: usize| numbers(&case["table"][i]).into_iter().map(|v| v as u64).collect::<Vec<_>>();
            let (a, b) = (row(0), row(1));
            let found = fisher_exact((a[0], a[0] + a[1]), (b[0], b[0] + b[1]));
            close(found, case["p"].as_f64().unwrap(), 1e-9, &case);
        }
        assert_eq!(fisher_exact((0, 0), (0, 0)), 1.0);
    }
}
