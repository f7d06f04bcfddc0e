//! Shift, rotation, scale and shear as one matrix.

use mlp_core::random::Stream;
use stage_files::config::{Augment, NonNegative};

use super::shape::Shape;

/// Where a pixel comes from: `centre + matrix * (pixel - centre) + shift`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Affine {
    /// By rows: x from x, x from y; y from x, y from y.
    matrix: [f32; 4],
    shift_px: [f32; 2],
}

impl Default for Affine {
    /// Every pixel stays where it is.
    fn default() -> Self {
        Self { matrix: [1.0, 0.0, 0.0, 1.0], shift_px: [0.0; 2] }
    }
}

impl Affine {
    /// Draws within the limits of a rule; `None` when it asks for none of the four. The draws, in this order as far as
    /// asked for: shift to the side, shift up or down, angle, logarithms of the factors of width and height, shear.
    pub(crate) fn draw(rule: &Augment, stream: &mut Stream) -> Option<Self> {
        if rule.shift_px.is_none() && rule.rotate_deg.is_none() && rule.scale.is_none() && rule.shear.is_none() {
            return None;
        }
        let mut draw = |limit: Option<f64>| limit.map_or(0.0, |limit| symmetric(stream, limit));
        let shift = rule.shift_px.map(NonNegative::get);
        let shift_px = [draw(shift) as f32, draw(shift) as f32];
        let angle = draw(rule.rotate_deg.map(|degrees| degrees.get().to_radians()));
        // A logarithm, so that twice as large is as likely as half as large.
        let log_factor = rule.scale.map(|scale| libm::log1p(scale.get()));
        let (width, height) = (libm::exp(draw(log_factor)), libm::exp(draw(log_factor)));
        let shear = draw(rule.shear.map(NonNegative::get));
        let (sin, cos) = libm::sincos(angle);
        // Rotation times shear times scale.
        let matrix = [cos * width, (cos * shear - sin) * height, sin * width, (sin * shear + cos) * height];
        Some(Self { matrix: matrix.map(|m| m as f32), shift_px })
    }

    /// How far from each pixel (x of a whole row, then y of it) the place lies where it comes from.
    pub(crate) fn displacements(&self, shape: Shape, centre: [f32; 2], field: &mut [f32]) {
        let [xx, xy, yx, yy] = self.matrix;
        for (y, row) in field.chunks_exact_mut(2 * shape.width).enumerate() {
            let (dx, dy) = row.split_at_mut(shape.width);
            let v = y as f32 - centre[1];
            for (x, (dx, dy)) in dx.iter_mut().zip(dy).enumerate() {
                let u = x as f32 - centre[0];
                *dx = (xx - 1.0) * u + xy * v + self.shift_px[0];
                *dy = yx * u + (yy - 1.0) * v + self.shift_px[1];
            }
        }
    }
}

/// Uniform in -limit..limit.
pub(crate) fn symmetric(stream: &mut Stream, limit: f64) -> f64 {
    (2.0 * stream.uniform() - 1.0) * limit
}

/// The middle of the ink: the mean place of all pixels, each weighted with its ink. The middle of the picture where
/// there is none.
pub(crate) fn centre_of_ink(shape: Shape, ink: &[f32]) -> [f32; 2] {
    let (mut sum, mut across, mut down) = (0.0, 0.0, 0.0);
    for (y, row) in ink.chunks_exact(shape.width).enumerate() {
        let (mut row_sum, mut row_across) = (0.0, 0.0);
        for (x, ink) in row.iter().enumerate() {
            let ink = ink.max(0.0);
            row_sum += ink;
            row_across += ink * x as f32;
        }
        sum += row_sum;
        across += row_across;
        down += row_sum * y as f32;
    }
    if sum > 0.0 {
        [across / sum, down / sum]
    } else {
        [(shape.width - 1) as f32 / 2.0, (shape.height - 1) as f32 / 2.0]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mlp_core::random::Purpose;

    const SHAPE: Shape = Shape { width: 3, height: 2 };

    fn drawn(rule: &str, seed: u64) -> Option<Affine> {
        Affine::draw(&serde_json::from_str(rule).unwrap(), &mut Stream::new(seed, Purpose::Augmentation))
    }

    #[test]
    fn displacements_by_hand() {
        // A quarter turn about (1, 1): (u, v) comes from (-v, u), so (0, 0), which is (-1, -1) from there, from (1,
        // -1).
        let quarter = Affine { matrix: [0.0, -1.0, 1.0, 0.0], shift_px: [0.5, 0.0] };
        let mut field = [0.0; 12];
        quarter.displacements(SHAPE, [1.0, 1.0], &mut field);
        assert_eq!(field[..6], [2.5, 1.5, 0.5, 0.0, 1.0, 2.0]);
        assert_eq!(field[6..], [1.5, 0.5, -0.5, -1.0, 0.0, 1.0]);
        Affine::default().displacements(SHAPE, [1.0, 1.0], &mut field);
        assert_eq!(field, [0.0; 12]);
    }

    #[test]
    fn the_centre_is_that_of_the_ink() {
        assert_eq!(centre_of_ink(SHAPE, &[0.0, 0.0, 1.0, 0.0, 3.0, 0.0]), [1.25, 0.75]);
        // Lighter than paper is no ink.
        assert_eq!(centre_of_ink(SHAPE, &[-5.0, 0.0, 1.0, 0.0, 3.0, 0.0]), [1.25, 0.75]);
        assert_eq!(centre_of_ink(SHAPE, &[0.0; 6]), [1.0, 0.5]);
    }

    #[test]
    fn draws_stay_within_their_limits_and_reach_for_them() {
        assert_eq!(drawn(r#"{"noise": 3}"#, 1), None);
        let (mut least, mut most) = ([f32::MAX; 6], [f32::MIN; 6]);
        for seed in 0..500 {
            let turned = drawn(r#"{"rotate_deg": 90}"#, seed).unwrap();
            let [cos, minus_sin, sin, same] = turned.matrix;
            assert!((cos * cos + sin * sin - 1.0).abs() < 1e-6 && (minus_sin, same) == (-sin, cos) && cos >= -1e-7);
            let scaled = drawn(r#"{"scale": 0.25}"#, seed).unwrap();
            let slanted = drawn(r#"{"shear": 0.5, "shift_px": 2}"#, seed).unwrap();
            assert_eq!((scaled.matrix[1], scaled.matrix[2], slanted.matrix[0]), (0.0, 0.0, 1.0));
            let [sx, sy] = slanted.shift_px;
            let all = [sin, scaled.matrix[0], scaled.matrix[3], slanted.matrix[1], sx, sy];
            for (i, value) in all.into_iter().enumerate() {
                (least[i], most[i]) = (least[i].min(value), most[i].max(value));
            }
        }
        for (i, (low, high)) in
            [(-1.0, 1.0), (0.8, 1.25), (0.8, 1.25), (-0.5, 0.5), (-2.0, 2.0), (-2.0, 2.0)].into_iter().enumerate()
        {
            let reach = 0.03 * (high - low);
            assert!(least[i] >= low && least[i] < low + reach, "{i}: {}", least[i]);
            assert!(most[i] <= high && most[i] > high - reach, "{i}: {}", most[i]);
        }
    }
}
