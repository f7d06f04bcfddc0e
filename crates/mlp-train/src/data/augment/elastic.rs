//! A smooth random field of displacements (P. Y. Simard, D. Steinkraus, J. C. Platt 2003, "Best practices for
//! convolutional neural networks applied to visual document analysis", section 2): uniform random displacements in
//! -1..1 for every pixel, smoothed with a Gaussian, times a strength. Beyond the picture the displacements are 0.

use mlp_core::random::Stream;
use stage_files::config::Elastic;

use super::shape::Shape;

/// Smooths fields of one shape.
#[derive(Clone, Debug)]
pub(crate) struct Smoother {
    shape: Shape,
    alpha_px: f32,
    /// Weight of column k for column x, at k * width + x.
    across: Vec<f32>,
    /// Weight of row k for row y, at y * height + k.
    down: Vec<f32>,
}

impl Smoother {
    /// The weights of a Gaussian of this width that sums to 1 over all whole numbers.
    pub(crate) fn new(shape: Shape, rule: Elastic) -> Self {
        let sigma = rule.sigma_px.get();
        let weight = |distance: f64| libm::exp(-0.5 * (distance / sigma) * (distance / sigma));
        // Beyond ten deviations a weight is below 1e-21 of the middle one.
        let reach = (10.0 * sigma).min(1e6) as u32;
        let total = 1.0 + 2.0 * (1..=reach).map(|d| weight(f64::from(d))).sum::<f64>();
        let weights = |n: usize| {
            let of = |i: usize| weight((i / n) as f64 - (i % n) as f64) / total;
            (0..n * n).map(|i| of(i) as f32).collect()
        };
        Self { shape, alpha_px: rule.alpha_px.get() as f32, across: weights(shape.width), down: weights(shape.height) }
    }

    /// Adds a field to the displacements (x of a whole row, then y of it). For every pixel of a row, one draw of 64
    /// bits: the upper 24 of each half are x and y. `room` has [`room_len`] floats.
    pub(crate) fn add_field(&self, stream: &mut Stream, displacements: &mut [f32], room: &mut [f32]) {
        let width = self.shape.width;
        let (raw, line) = room.split_at_mut(displacements.len());
        for row in raw.chunks_exact_mut(2 * width) {
            let (x, y) = row.split_at_mut(width);
            for (x, y) in x.iter_mut().zip(y) {
                let bits = stream.bits();
                (*x, *y) = (uniform((bits >> 40) as u32), uniform((bits >> 8) as u32 & 0x00ff_ffff));
            }
        }
        self.smooth(displacements, raw, line);
    }

    /// Adds `alpha_px` times the smoothed raw field to the displacements: first along rows, then down columns, sums in
    /// the order of columns and rows. `line` has room for a row of the field.
    fn smooth(&self, displacements: &mut [f32], raw: &mut [f32], line: &mut [f32]) {
        let width = self.shape.width;
        let smooth = &mut line[..width];
        for row in raw.chunks_exact_mut(width) {
            smooth.fill(0.0);
            for (value, weights) in row.iter().zip(self.across.chunks_exact(width)) {
                for (sum, weight) in smooth.iter_mut().zip(weights) {
                    *sum += value * weight;
                }
            }
            row.copy_from_slice(smooth);
        }
        let smooth = &mut line[..2 * width];
        let weights = self.down.chunks_exact(self.shape.height);
        for (out, weights) in displacements.chunks_exact_mut(2 * width).zip(weights) {
            smooth.fill(0.0);
            for (row, weight) in raw.chunks_exact(2 * width).zip(weights) {
                for (sum, value) in smooth.iter_mut().zip(row) {
                    *sum += value * weight;
                }
            }
            for (out, smooth) in out.iter_mut().zip(smooth.iter()) {
                *out += self.alpha_px * smooth;
            }
        }
    }
}

/// Floats that [`Smoother::add_field`] needs to work in: a field, and a row of one.
pub(crate) fn room_len(shape: Shape) -> usize {
    2 * shape.width * (shape.height + 1)
}

/// 24 bits to -1..1, exactly.
fn uniform(bits: u32) -> f32 {
    (bits as f32 - 8_388_607.5) / 8_388_608.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use mlp_core::random::Purpose;

    fn smoother(width: usize, height: usize, sigma: f64, alpha: f64) -> Smoother {
        let rule = serde_json::from_value(serde_json::json!({"sigma_px": sigma, "alpha_px": alpha})).unwrap();
        Smoother::new(Shape { width, height }, rule)
    }

    #[test]
    fn one_displacement_spreads_as_a_gaussian() {
        let smoother = smoother(7, 5, 1.5, 10.0);
        let mut raw = vec![0.0; 70];
        // The y displacement of the pixel (3, 2).
        raw[2 * 14 + 7 + 3] = 1.0;
        let mut field = vec![0.25; 70];
        smoother.smooth(&mut field, &mut raw, &mut [0.0; 14]);
        let gauss = |d: f64| (-d * d / 4.5).exp() / (1.5 * (2.0 * std::f64::consts::PI).sqrt());
        for (i, value) in field.into_iter().enumerate() {
            let (y, place) = (i / 14, i % 14);
            let expected =
                if place < 7 { 0.25 } else { 0.25 + 10.0 * gauss(place as f64 - 10.0) * gauss(y as f64 - 2.0) };
            // Sampled at whole numbers and scaled to sum 1, a Gaussian this wide differs from the density by less.
            assert!((f64::from(value) - expected).abs() < 1e-4, "{i}: {value} {expected}");
        }
    }

    #[test]
    fn fields_are_as_strong_as_the_rule_says() {
        // The sum of independent terms: variance 1/3 of the uniform times the sum of squared weights, (1 / (2 sqrt(pi)
        // sigma))^2 in the middle; times alpha^2.
        let smoother = smoother(41, 41, 3.0, 30.0);
        let mut stream = Stream::new(5, Purpose::Augmentation);
        let (mut squares, n) = (0.0, 2000);
        let (mut field, mut room) = (vec![0.0; 2 * 41 * 41], vec![0.0; room_len(smoother.shape)]);
        for _ in 0..n {
            field.fill(0.0);
            smoother.add_field(&mut stream, &mut field, &mut room);
            squares += f64::from(field[20 * 82 + 20]).powi(2) + f64::from(field[20 * 82 + 61]).powi(2);
        }
        let deviation = (squares / f64::from(2 * n)).sqrt();
        let expected = 30.0 / 3.0f64.sqrt() / (2.0 * std::f64::consts::PI.sqrt() * 3.0);
        // Five standard errors of a deviation from 4000 draws: 5 / sqrt(8000) = 5.6 %.
        assert!((deviation / expected - 1.0).abs() < 0.056, "{deviation} {expected}");
    }

    #[test]
    fn uniform_covers_its_range_evenly() {
        assert_eq!((uniform(0), uniform(0x00ff_ffff)), (-8_388_607.5 / 8_388_608.0, 8_388_607.5 / 8_388_608.0));
        assert_eq!(uniform(8_388_608) - uniform(8_388_607), 1.0 / 8_388_608.0);
    }
}
