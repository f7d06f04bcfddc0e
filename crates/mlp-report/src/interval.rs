//! How much an accuracy can be trusted.

/// The 97.5 % point of the standard normal distribution: two-sided intervals of 95 %.
pub const Z_95: f64 = 1.959_963_984_540_054;

/// Wilson's 95 % interval for a share of `correct` out of `rows` (E. B. Wilson 1927, "Probable inference, the law of
/// succession, and statistical inference", JASA 22, equation for the limits):
/// (p + z^2/2n -+ z sqrt(p(1-p)/n + z^2/4n^2)) / (1 + z^2/n). `None` for no rows.
pub fn wilson(correct: u64, rows: u64) -> Option<(f64, f64)> {
    if rows == 0 || correct > rows {
        return None;
    }
    let (n, p) = (rows as f64, correct as f64 / rows as f64);
    let z2 = Z_95 * Z_95;
    let centre = p + z2 / (2.0 * n);
    let half = Z_95 * (p * (1.0 - p) / n + z2 / (4.0 * n * n)).sqrt();
    let scale = 1.0 + z2 / n;
    // At 0 and n the limits are 0 and 1 exactly; rounding must not lead past them.
    Some((((centre - half) / scale).max(0.0), ((centre + half) / scale).min(1.0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The same equation evaluated by CPython in double precision.
    #[test]
    fn limits_are_those_of_an_outside_calculation() {
        for (correct, rows, low, high) in [
            (153, 185, 0.766_021_3, 0.874_727_9),
            (0, 10, 0.0, 0.277_532_8),
            (10, 10, 0.722_467_2, 1.0),
            (1, 2, 0.094_531_2, 0.905_468_8),
        ] {
            let (a, b) = wilson(correct, rows).unwrap();
            assert!((a - low).abs() < 1e-6 && (b - high).abs() < 1e-6, "{correct}/{rows}: {a} {b}");
        }
        assert_eq!(wilson(0, 0), None);
    }
}
