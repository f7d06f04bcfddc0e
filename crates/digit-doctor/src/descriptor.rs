//! Few numbers for a picture, such that two pictures are at least as far apart as their numbers: coordinates of the ink
//! on some vectors of an orthonormal basis (Bessel's inequality). The basis is that of the discrete cosine transform
//! (DCT-II) on the canvas with a border of one pixel, so that a picture can be shifted by a pixel without loss. Slow
//! waves hold most of what tells digits apart.

use rayon::prelude::*;
use stage_files::picture::Canvas;

use crate::ink::Inks;

/// Waves along each axis.
const WAVES: usize = 7;
/// Numbers of a descriptor.
pub(crate) const NUMBERS: usize = WAVES * WAVES;

/// The descriptor of a picture.
pub(crate) type Descriptor = [f32; NUMBERS];

/// A shift of at most one pixel along each axis: to the right and down.
pub(crate) type Shift = (i32, i32);

/// The transform for a canvas.
pub(crate) struct Transform {
    width: usize,
    height: usize,
    /// (width + 2, WAVES) and (height + 2, WAVES).
    columns: Vec<[f32; WAVES]>,
    rows: Vec<[f32; WAVES]>,
}

impl Transform {
    pub(crate) fn new(canvas: Canvas) -> Self {
        let (width, height) = (canvas.width_px as usize, canvas.height_px as usize);
        Self { width, height, columns: waves(width + 2), rows: waves(height + 2) }
    }

    /// The descriptors of all pictures after a shift.
    pub(crate) fn all(&self, inks: &Inks, shift: Shift) -> Vec<Descriptor> {
        inks.values.par_chunks_exact(inks.width).map(|ink| self.of(ink, shift)).collect()
    }

    fn of(&self, ink: &[f32], (right, down): Shift) -> Descriptor {
        let columns = &self.columns[(1 + right) as usize..][..self.width];
        let rows = &self.rows[(1 + down) as usize..][..self.height];
        let mut numbers = [0.0; NUMBERS];
        for (line, row) in ink.chunks_exact(self.width).zip(rows) {
            let mut sums = [0.0; WAVES];
            for (ink, column) in line.iter().zip(columns) {
                sums.iter_mut().zip(column).for_each(|(sum, wave)| *sum += ink * wave);
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
