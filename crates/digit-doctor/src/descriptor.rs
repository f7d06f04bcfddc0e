//! Few numbers for a picture, such that two pictures are at least as far apart as their numbers: coordinates on some
//! vectors of an orthonormal basis (Bessel's inequality). The basis is that of the discrete cosine transform (DCT-II).
//! Slow waves hold most of what tells digits apart.

use rayon::prelude::*;

use crate::ink::Inks;
use crate::shape::{SIDE, Shapes};

/// Waves along each axis.
const WAVES: usize = 7;
/// Numbers of a descriptor.
pub(crate) const NUMBERS: usize = WAVES * WAVES;

/// The descriptor of a picture.
pub(crate) type Descriptor = [f32; NUMBERS];

/// The descriptors of pictures by their ink.
pub(crate) fn of_inks(inks: &Inks, (width, height): (usize, usize)) -> Vec<Descriptor> {
    let transform = Transform::new(width, height);
    inks.values.par_chunks_exact(inks.width).map(|ink| transform.of(ink)).collect()
}

/// The descriptors of shapes.
pub(crate) fn of_shapes(shapes: &Shapes) -> Vec<Descriptor> {
    let transform = Transform::new(SIDE, SIDE);
    (0..shapes.len()).into_par_iter().map(|at| transform.of(&shapes.vector(at))).collect()
}

/// The transform for pictures of one size.
struct Transform {
    /// (width, WAVES) and (height, WAVES).
    columns: Vec<[f32; WAVES]>,
    rows: Vec<[f32; WAVES]>,
}

impl Transform {
    fn new(width: usize, height: usize) -> Self {
        Self { columns: waves(width), rows: waves(height) }
    }

    fn of(&self, values: &[f32]) -> Descriptor {
        let mut numbers = [0.0; NUMBERS];
        for (line, row) in values.chunks_exact(self.columns.len()).zip(&self.rows) {
            let mut sums = [0.0; WAVES];
            for (value, column) in line.iter().zip(&self.columns) {
                sums.iter_mut().zip(column).for_each(|(sum, wave)| *sum += value * wave);
            }
            for (numbers, wave) in numbers.chunks_exact_mut(WAVES).zip(row) {
                numbers.iter_mut().zip(&sums).for_each(|(number, sum)| *number += sum * wave);
            }
        }
        numbers
    }
}

/// The slowest waves of the orthonormal DCT-II over `n` places.
fn waves(n: usize) -> Vec<[f32; WAVES]> {
    let wave = |place: usize, k: usize| {
        let angle = core::f64::consts::PI * (place as f64 + 0.5) * k as f64 / n as f64;
        let scale = libm::sqrt(if k == 0 { 1.0 } else { 2.0 } / n as f64);
        (scale * libm::cos(angle)) as f32
    };
    // A short canvas has fewer waves; the others stay 0.
    (0..n).map(|place| core::array::from_fn(|k| if k < n { wave(place, k) } else { 0.0 })).collect()
}

/// The square of the distance of two descriptors.
pub(crate) fn squared_distance(a: &Descriptor, b: &Descriptor) -> f32 {
    a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_waves_are_orthonormal() {
        for n in [3, 10, 22] {
            let waves = waves(n);
            for i in 0..WAVES.min(n) {
                for j in 0..WAVES.min(n) {
                    let product: f32 = waves.iter().map(|wave| wave[i] * wave[j]).sum();
                    assert!((product - f32::from(u8::from(i == j))).abs() < 1e-5, "{n} {i} {j} {product}");
                }
            }
        }
    }
}
