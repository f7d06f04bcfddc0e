//! Softmax and cross entropy as one operation.
//!
//! For logits z of a row with class y in a batch of B rows: p = softmax(z), loss = -ln(p_y + 1e-10), gradient (p -
//! onehot(y)) / B. The 1e-10 keeps the logarithm finite when p_y underflows. The gradient is that of -ln(p_y), as in
//! the 2022 experiments; it differs from the exact one only where p_y is near 1e-10.

use crate::math::{exp, fma, ln};

/// Added to a probability before its logarithm is taken.
const LOG_FLOOR: f32 = 1e-10;

/// Turns the logits of one row into probabilities. The largest logit is subtracted first, so nothing overflows. The sum
/// runs over the classes in order. A NaN among the logits makes every probability NaN.
#[inline(always)]
pub(crate) fn softmax(row: &mut [f32]) {
    let largest = largest(row);
    let mut sum = 0.0;
    for z in row.iter_mut() {
        *z = exp(*z - largest);
        sum += *z;
    }
    for p in row.iter_mut() {
        *p /= sum;
    }
}

/// The largest value of a row; NaN is ignored.
#[inline(always)]
pub(crate) fn largest(row: &[f32]) -> f32 {
    let mut largest = f32::NEG_INFINITY;
    for &z in row {
        largest = if z > largest { z } else { largest };
    }
    largest
}

/// Loss of one row from its probabilities.
#[inline(always)]
pub(crate) fn cross_entropy(probabilities: &[f32], class: u8) -> f32 {
    negative_log(probabilities[usize::from(class)])
}

/// Loss of a row whose class has probability `p`.
#[inline(always)]
pub(crate) fn negative_log(p: f32) -> f32 {
    -ln(p + LOG_FLOOR)
}

/// Turns the probabilities of one row into the gradient of the batch's mean loss with respect to its logits.
#[inline(always)]
pub(crate) fn gradient(row: &mut [f32], class: u8, batch_rows: usize) {
    row[usize::from(class)] -= 1.0;
    let rows = batch_rows as f32;
    for g in row.iter_mut() {
        *g /= rows;
    }
}

/// Loss of one row against a smoothed target (C. Szegedy et al. 2016): `1 - smoothing` for the class, and `smoothing`
/// spread evenly over all K classes, including this one. The sum runs over the classes in order.
#[inline(always)]
pub(crate) fn smoothed_cross_entropy(probabilities: &[f32], class: u8, smoothing: f32) -> f32 {
    let sum = (0..probabilities.len()).fold(0.0, |sum, k| sum + cross_entropy(probabilities, k as u8));
    fma(smoothing / probabilities.len() as f32, sum, (1.0 - smoothing) * cross_entropy(probabilities, class))
}

/// Turns the probabilities of one row into the gradient of the batch's mean [`smoothed_cross_entropy`].
#[inline(always)]
pub(crate) fn smoothed_gradient(row: &mut [f32], class: u8, batch_rows: usize, smoothing: f32) {
    let (rows, spread) = (batch_rows as f32, smoothing / row.len() as f32);
    row[usize::from(class)] -= 1.0 - smoothing;
    for g in row.iter_mut() {
        *g = (*g - spread) / rows;
    }
}

/// The class with the largest value, the lowest of equals: `arg_max(&[2.0, 5.0, 5.0])` is 1. NaN counts as smallest.
#[inline(always)]
pub fn arg_max(row: &[f32]) -> u8 {
    let mut best = 0;
    for (class, value) in row.iter().enumerate() {
        if *value > row[best] || row[best].is_nan() {
            best = class;
        }
    }
    best as u8
}

/// Whether the class is the [`arg_max`] and its value is not NaN, computed without branches.
#[inline(always)]
pub(crate) fn is_largest(row: &[f32], class: u8) -> bool {
    let class = usize::from(class);
    let value = row[class];
    let mut smaller = value.is_nan();
    for (k, other) in row.iter().enumerate() {
        smaller |= *other > value || (k < class && *other == value);
    }
    !smaller
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn probabilities_sum_to_one_and_ignore_a_shift() {
        let mut a = [1.0f32, -2.0, 0.5, 3.0];
        let mut b = a.map(|z| z + 64.0);
        softmax(&mut a);
        softmax(&mut b);
        assert!((a.iter().sum::<f32>() - 1.0).abs() < 1e-6);
        assert!(a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-6));
        assert_eq!(arg_max(&a), 3);
    }

    #[test]
    fn large_logits_stay_finite_and_nan_stays_visible() {
        let mut row = [1e30f32, -1e30, 0.0];
        softmax(&mut row);
        assert_eq!(row, [1.0, 0.0, 0.0]);
        assert_eq!(cross_entropy(&row, 0), 0.0);
        assert!((cross_entropy(&row, 1) - 23.025_85).abs() < 1e-4);
        for mut row in [[f32::NAN, 1.0], [1.0, f32::NAN]] {
            softmax(&mut row);
            assert!(cross_entropy(&row, 0).is_nan() && cross_entropy(&row, 1).is_nan());
        }
    }

    #[test]
    fn the_gradient_is_probability_minus_target_over_rows() {
        let mut row = [0.25f32, 0.75];
        gradient(&mut row, 1, 5);
        assert_eq!(row, [0.05, -0.05]);
    }

    /// p = (1/4, 3/4), class 1, smoothing 0.2: target (0.1, 0.9), loss 0.1 ln 4 + 0.9 ln (4/3), gradient (p - t) / B.
    #[test]
    fn a_smoothed_target_by_hand() {
        let p = [0.25f32, 0.75];
        let expected = 0.1 * 4f64.ln() + 0.9 * (4.0 / 3.0f64).ln();
        assert!((f64::from(smoothed_cross_entropy(&p, 1, 0.2)) - expected).abs() < 1e-6);
        let mut row = p;
        smoothed_gradient(&mut row, 1, 5, 0.2);
        assert!((row[0] - 0.03).abs() < 1e-7 && (row[1] + 0.03).abs() < 1e-7, "{row:?}");
        let (mut plain, mut smoothed) = (p, p);
        gradient(&mut plain, 1, 3);
        smoothed_gradient(&mut smoothed, 1, 3, 0.0);
        assert_eq!(plain, smoothed);
        assert_eq!(smoothed_cross_entropy(&p, 0, 0.0), cross_entropy(&p, 0));
    }

    #[test]
    fn the_first_of_equals_wins_and_nan_never() {
        assert_eq!(arg_max(&[2.0, 5.0, 5.0]), 1);
        assert_eq!(arg_max(&[f32::NAN, -1.0]), 1);
    }
}
