//! Temperature scaling: calibrated probabilities.
//!
//! Of the rows that a calibrated network predicts with probability 0.9, 90 % are right. A trained network is usually
//! too confident. Dividing all logits by one temperature, fitted on rows that were not trained on, corrects that and
//! changes no prediction (C. Guo, G. Pleiss, Y. Sun, K. Weinberger 2017, "On calibration of modern neural networks",
//! section 4.2).

use crate::loss::{arg_max, softmax};

/// Smallest and largest temperature.
const RANGE: (f64, f64) = (0.05, 20.0);
/// Steps of the bisection: more than the precision of an f32 needs.
const BISECTIONS: usize = 40;

/// Turns the logits of one row into probabilities: the softmax of `logits / temperature`.
pub fn softmax_at(row: &mut [f32], temperature: f32) {
    if temperature != 1.0 {
        row.iter_mut().for_each(|z| *z /= temperature);
    }
    softmax(row);
}

/// The temperature from 0.05 to 20 with the least cross entropy on rows with these `logits` (N, O) and `classes` (N);
/// `outputs` is O.
///
/// The target of the class is (N + 1) / (N + 2) instead of 1, and the other classes share the rest, as in J. Platt
/// 1999, "Probabilistic outputs for support vector machines", section 2.2. With targets of 1 and 0, rows without a
/// mistake would drive the temperature to its lower limit. With b = 1 / T, the derivative of the cross entropy with
/// respect to b is the mean over the rows of sum_o (p_o - target_o) z_o. It increases with b, so its zero is found by
/// bisection.
pub fn fit_temperature(logits: &[f32], classes: &[u8], outputs: usize) -> f32 {
    let n = classes.len() as f64;
    let miss = 1.0 / (n + 2.0);
    let derivative = |b: f64| {
        let rows = logits.chunks_exact(outputs).zip(classes);
        rows.map(|(row, &class)| slope(row, usize::from(class), b, miss)).sum::<f64>()
    };
    let (mut low, mut high) = (1.0 / RANGE.1, 1.0 / RANGE.0);
    for _ in 0..BISECTIONS {
        // The geometric middle: the scale of a temperature is a ratio.
        let middle = libm::sqrt(low * high);
        if derivative(middle) < 0.0 {
            low = middle;
        } else {
            high = middle;
        }
    }
    (1.0 / libm::sqrt(low * high)) as f32
}

/// sum_o (p_o - target_o) z_o of one row at the inverse temperature `b`.
fn slope(row: &[f32], class: usize, b: f64, miss: f64) -> f64 {
    let largest = row.iter().fold(f32::NEG_INFINITY, |a, &z| a.max(z));
    let (mut total, mut weighted, mut others) = (0.0, 0.0, 0.0);
    for (o, &z) in row.iter().enumerate() {
        // Differences from the largest logit: p - target sums to 0, so a shift changes nothing.
        let z = f64::from(z) - f64::from(largest);
        let e = libm::exp(b * z);
        total += e;
        weighted += e * z;
        if o != class {
            others += z;
        }
    }
    let own = f64::from(row[class]) - f64::from(largest);
    let rest = if row.len() > 1 { miss / (row.len() - 1) as f64 } else { 0.0 };
    weighted / total - (1.0 - miss) * own - rest * others
}

/// Expected calibration error (Guo 2017, equation 3), from 0 to 1, of rows with these `probabilities` (N, O) and
/// `classes` (N); `outputs` is O.
///
/// Rows are put into `bins` equal intervals by their largest probability. The error is the mean over the rows of the
/// difference between the mean probability and the accuracy in the row's bin.
pub fn expected_calibration_error(probabilities: &[f32], classes: &[u8], outputs: usize, bins: usize) -> f64 {
    let mut gaps = alloc::vec![0.0; bins];
    for (row, &class) in probabilities.chunks_exact(outputs).zip(classes) {
        let predicted = arg_max(row);
        let confidence = f64::from(row[usize::from(predicted)]);
        // A bin includes its upper end, so that probability 1 is in the last bin.
        let bin = (libm::ceil(confidence * bins as f64) as usize).clamp(1, bins) - 1;
        gaps[bin] += confidence - f64::from(u8::from(predicted == class));
    }
    gaps.iter().map(|gap| libm::fabs(*gap)).sum::<f64>() / classes.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, Stream};
    use alloc::vec::Vec;

    /// Logits of which the class was drawn with the probabilities that they give at `temperature`.
    fn drawn(rows: usize, temperature: f32) -> (Vec<f32>, Vec<u8>) {
        let mut stream = Stream::new(1, Purpose::Init);
        let (mut logits, mut classes) = (Vec::new(), Vec::new());
        for _ in 0..rows {
            let row: Vec<f32> = (0..4).map(|_| 3.0 * stream.normal() as f32).collect();
            let mut p = row.clone();
            softmax_at(&mut p, temperature);
            let (mut left, mut class) = (stream.uniform() as f32, 0);
            while class < 3 && left >= p[class] {
                left -= p[class];
                class += 1;
            }
            logits.extend(row);
            classes.push(class as u8);
        }
        (logits, classes)
    }

    #[test]
    fn the_temperature_that_the_classes_were_drawn_at_is_found() {
        for temperature in [0.4, 1.0, 2.5] {
            let (logits, classes) = drawn(20_000, temperature);
            let found = fit_temperature(&logits, &classes, 4);
            assert!((found / temperature - 1.0).abs() < 0.04, "{temperature} {found}");
            let error = |temperature: f32| {
                let mut p = logits.clone();
                p.chunks_exact_mut(4).for_each(|row| softmax_at(row, temperature));
                expected_calibration_error(&p, &classes, 4, 15)
            };
            assert!(error(found) < 0.01 && error(found * 2.0) > 0.05, "{} {}", error(found), error(found * 2.0));
        }
    }

    #[test]
    fn rows_without_a_mistake_give_platts_target() {
        // Platt's target for 8 rows is 0.9: two classes at distance 1 give it at T = 1 / ln 9.
        let logits = [1.0, 0.0].repeat(8);
        let found = fit_temperature(&logits, &[0; 8], 2);
        assert!((found - 1.0 / 9.0_f32.ln()).abs() < 1e-5, "{found}");
        assert_eq!(fit_temperature(&[5.0, 5.0], &[0], 2).to_bits(), fit_temperature(&[5.0, 5.0], &[0], 2).to_bits());
    }

    /// Three rows by hand: 0.9 right, 0.9 wrong, 0.6 right: |1.8 - 1| and |0.6 - 1| over 3.
    #[test]
    fn calibration_error_by_hand() {
        let error = expected_calibration_error(&[0.9, 0.1, 0.9, 0.1, 0.4, 0.6], &[0, 1, 1], 2, 10);
        assert!((error - 1.2 / 3.0).abs() < 1e-6, "{error}");
        assert!(expected_calibration_error(&[1.0, 0.0], &[0], 2, 10) < 1e-9);
    }
}
