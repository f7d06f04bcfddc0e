//! P values corrected for the number of comparisons.

/// Holm's adjusted p values (S. Holm 1979, "A simple sequentially rejective multiple test procedure", Scandinavian
/// Journal of Statistics 6): the k-th smallest of m is multiplied by m - k + 1, may not fall below the one before it,
/// and is at most 1. If only those at or below 0.05 are called significant, the chance that any of them is a false one
/// is at most 5 %, however the comparisons depend on one another.
pub fn holm(p: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|&a, &b| p[a].total_cmp(&p[b]));
    let mut adjusted = vec![0.0; p.len()];
    let mut least = 0.0f64;
    for (rank, &i) in order.iter().enumerate() {
        least = least.max((p[i] * (p.len() - rank) as f64).min(1.0));
        adjusted[i] = least;
    }
    adjusted
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::{cases, close, numbers};

    #[test]
    fn values_are_those_of_statsmodels() {
        for case in cases("holm") {
            for (found, expected) in holm(&numbers(&case["p"])).into_iter().zip(numbers(&case["adjusted"])) {
                close(found, expected, 1e-12, &case);
            }
        }
        assert!(holm(&[]).is_empty());
    }
}
