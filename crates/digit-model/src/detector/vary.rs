//! Varies a picture as another writer, pen or scanner might: position, size, slant, curves, thickness of the stroke.

use std::f64::consts::TAU;

use mlp_core::random::Stream;
use stage_files::picture::Canvas;

/// Standard deviations at strength 1: of the turn in radians and of the slant as a slope.
const TURN_RAD: f64 = 0.12;
const SLANT: f64 = 0.15;
/// Of the logarithms of width and height.
const STRETCH: (f64, f64) = (0.12, 0.08);
/// Of the shift in each direction, in twentieths of the canvas.
const SHIFT: f64 = 0.8;
/// Of the smooth displacement, in heights of the canvas, and its waves in a height.
const BEND: f64 = 0.04;
const BEND_WAVES: f64 = 0.9;
/// Of the share in which each pixel becomes the lightest or darkest of its neighbours.
const THICKNESS: f64 = 0.5;
/// The largest such share.
const MAX_THICKNESS: f64 = 0.8;

/// A plane wave: `amplitude` sin(`x` x + `y` y + `phase`).
struct Wave {
    amplitude: f64,
    x: f64,
    y: f64,
    phase: f64,
}

impl Wave {
    fn draw(amplitude: f64, stream: &mut Stream) -> Self {
        Self {
            amplitude: amplitude * stream.normal(),
            x: TAU * BEND_WAVES * stream.normal(),
            y: TAU * BEND_WAVES * stream.normal(),
            phase: TAU * stream.uniform(),
        }
    }

    /// Its values on a grid (rows, columns) of places from 0 to 1. The sine of a sum costs two products a place
    /// instead of a sine.
    fn on_grid(&self, columns: usize, rows: usize) -> Vec<f64> {
        let place = |at: usize, of: usize| (at as f64 + 0.5) / of as f64;
        let along = |angle: f64| (libm::sin(angle), libm::cos(angle));
        let xs: Vec<_> = (0..columns).map(|at| along(self.x * place(at, columns) + self.phase)).collect();
        let ys = (0..rows).map(|at| along(self.y * place(at, rows)));
        ys.flat_map(|(sin_y, cos_y)| {
            xs.iter().map(move |(sin_x, cos_x)| self.amplitude * (sin_x * cos_y + cos_x * sin_y))
        })
        .collect()
    }
}

/// The picture (P pixels, 255 white), varied. `strength` is a factor on all that changes; at 1 two thirds of the
/// changes are smaller than the constants above.
pub(crate) fn vary(pixels: &[u8], canvas: Canvas, strength: f64, stream: &mut Stream) -> Vec<u8> {
    let warped = warp(pixels, canvas, strength, stream);
    let share = (strength * THICKNESS * stream.normal()).clamp(-MAX_THICKNESS, MAX_THICKNESS);
    let ink = thicken(&warped, canvas, share as f32);
    // Casts stay within 0 to 255.
    ink.into_iter().map(|ink| 255 - ink as u8).collect()
}

/// The ink (P, 0 to 255) of a picture that is turned, slanted, stretched, shifted and bent.
fn warp(pixels: &[u8], canvas: Canvas, strength: f64, stream: &mut Stream) -> Vec<f32> {
    let (columns, rows) = (canvas.width_px as usize, canvas.height_px as usize);
    let (width, height) = (columns as f64, rows as f64);
    let mut deviation = |deviation: f64| strength * deviation * stream.normal();
    let (turn, slant) = (deviation(TURN_RAD), deviation(SLANT));
    let (wide, high) = (libm::exp(deviation(STRETCH.0)), libm::exp(deviation(STRETCH.1)));
    let (right, down) = (deviation(SHIFT * width / 20.0), deviation(SHIFT * height / 20.0));
    let [bend_x, bend_y] = [(); 2].map(|()| Wave::draw(strength * BEND * height, stream).on_grid(columns, rows));
    let (sin, cos) = (libm::sin(turn), libm::cos(turn));
    let source = Padded::of(pixels, canvas);
    let mut ink = Vec::with_capacity(pixels.len());
    for y in 0..rows {
        for x in 0..columns {
            let at = y * columns + x;
            let from_x = x as f64 + 0.5 - width / 2.0 - right + bend_x[at];
            let from_y = y as f64 + 0.5 - height / 2.0 - down + bend_y[at];
            let (from_x, from_y) =
                (wide * (cos * from_x + (slant - sin) * from_y), high * (sin * from_x + cos * from_y));
            ink.push(source.at(from_x + width / 2.0 - 0.5, from_y + height / 2.0 - 0.5));
        }
    }
    ink
}

/// The ink of a picture with a pixel of paper around it.
struct Padded {
    ink: Vec<f32>,
    width: usize,
    height: usize,
}

impl Padded {
    fn of(pixels: &[u8], canvas: Canvas) -> Self {
        let (columns, rows) = (canvas.width_px as usize, canvas.height_px as usize);
        let (width, height) = (columns + 2, rows + 2);
        let mut histogram = [0_usize; 256];
        pixels.iter().for_each(|&value| histogram[usize::from(value)] += 1);
        // Most of a picture is paper: the middle of its gray levels is.
        let mut below = 0;
        let middle = histogram.iter().position(|count| {
            below += count;
            2 * below > pixels.len()
        });
        let paper = 255.0 - middle.unwrap_or(255) as f32;
        let mut ink = vec![paper; width * height];
        for (row, from) in pixels.chunks_exact(columns).enumerate() {
            for (ink, value) in ink[(row + 1) * width + 1..].iter_mut().zip(from) {
                *ink = f32::from(255 - value);
            }
        }
        Self { ink, width, height }
    }

    /// The ink at a place in pixels, bilinear; paper outside.
    fn at(&self, x: f64, y: f64) -> f32 {
        let x = (x + 1.0).clamp(0.0, (self.width - 2) as f64 + 0.999);
        let y = (y + 1.0).clamp(0.0, (self.height - 2) as f64 + 0.999);
        let (column, row) = (x as usize, y as usize);
        let (right, down) = ((x - column as f64) as f32, (y - row as f64) as f32);
        let first = &self.ink[row * self.width + column..];
        let upper = first[0] + right * (first[1] - first[0]);
        let lower = first[self.width] + right * (first[self.width + 1] - first[self.width]);
        upper + down * (lower - upper)
    }
}

/// Strokes grow by a positive share and shrink by a negative one: each pixel goes that far to the most (or least) ink
/// among itself and its four neighbours.
fn thicken(ink: &[f32], canvas: Canvas, share: f32) -> Vec<f32> {
    let columns = canvas.width_px as usize;
    // The least is the most of the negative.
    let signed: Vec<f32> = ink.iter().map(|ink| ink * share.signum()).collect();
    let most = |a: f32, b: f32| if b > a { b } else { a };
    let mut end = signed.clone();
    let mut raise = |ends: std::ops::Range<usize>, first: usize| {
        let near = &signed[first..first + ends.len()];
        end[ends].iter_mut().zip(near).for_each(|(end, &near)| *end = most(*end, near));
    };
    for row in (0..ink.len()).step_by(columns) {
        raise(row + 1..row + columns, row);
        raise(row..row + columns - 1, row + 1);
    }
    raise(columns..ink.len(), 0);
    raise(0..ink.len() - columns, columns);
    ink.iter().zip(end).map(|(ink, end)| ink + share.abs() * (end * share.signum() - ink)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use mlp_core::random::Purpose;

    const CANVAS: Canvas = Canvas::DEFAULT;

    /// A bar, 4 pixels wide and 14 high.
    fn bar() -> Vec<u8> {
        let is_ink = |at: usize| (8..12).contains(&(at % 20)) && (3..17).contains(&(at / 20));
        (0..400).map(|at| if is_ink(at) { 30 } else { 250 }).collect()
    }

    fn mass(pixels: &[u8]) -> f64 {
        pixels.iter().map(|&value| f64::from(250 - value.min(250))).sum()
    }

    #[test]
    fn nothing_changes_at_strength_0() {
        let mut stream = Stream::new(1, Purpose::Augmentation);
        assert_eq!(vary(&bar(), CANVAS, 0.0, &mut stream), bar());
    }

    #[test]
    fn varied_pictures_differ_and_keep_paper_and_most_ink() {
        let mut stream = Stream::new(1, Purpose::Augmentation);
        let mut all: Vec<Vec<u8>> = (0..50).map(|_| vary(&bar(), CANVAS, 1.0, &mut stream)).collect();
        for pixels in &all {
            assert!((0.4..2.5).contains(&(mass(pixels) / mass(&bar()))), "{}", mass(pixels) / mass(&bar()));
            assert!(pixels.iter().filter(|&&value| value > 245).count() > 200);
        }
        all.sort();
        all.dedup();
        assert_eq!(all.len(), 50);
    }

    #[test]
    fn strokes_grow_and_shrink() {
        let ink: Vec<f32> = bar().iter().map(|&value| f32::from(250 - value)).collect();
        let sum = |share| thicken(&ink, CANVAS, share).iter().sum::<f32>() / 220.0;
        // 56 pixels of ink, 36 of paper beside them, 32 of them at the edge.
        assert_eq!((sum(0.0), sum(1.0), sum(-1.0)), (56.0, 92.0, 24.0));
    }
}
