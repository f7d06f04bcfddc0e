//! Canny's edges: the outlines of the strokes instead of the strokes.
//!
//! 1. Smoothing: three means over 3x3 pixels, which is a Gaussian of standard deviation 1.4 to within a percent.
//! 2. Gradients with Sobel's kernels.
//! 3. Only pixels whose gradient is not exceeded along its direction remain (Canny 1986; directions in steps of 45
//!    degrees).
//! 4. Of these, weak ones remain where they are connected with strong ones.
//!
//! All in integers: magnitudes are compared squared, and directions by the tangent of 22.5 degrees as a fraction, so
//! edges are equal everywhere. With imageproc's floating-point Canny they agree but for rare pixels, see the tests.

use crate::preprocess::ops::blur::mean_3x3;
use crate::preprocess::step::{Context, Setting, StepKind, Unfit, Work};
use crate::raster::GrayPicture;

/// The step.
pub(super) const CANNY: StepKind = StepKind {
    name: "canny",
    version: 1,
    about: "Canny's edges: the outlines of the strokes instead of the strokes",
    settings: &[
        Setting::number("low", 50.0, 0.0, 1141.0, "weaker gradients are no edges"),
        Setting::number("high", 100.0, 0.0, 1141.0, "gradients from here on are edges; weaker ones beside them too"),
    ],
    work: Work::OnGray(run),
};

/// The tangent of 22.5 degrees, 0.41421356, over this.
const TANGENT_22_5: (i64, i64) = (41_421_356, 100_000_000);

#[allow(clippy::unnecessary_wraps)] // The signature of all steps.
fn run(context: &Context<'_>, picture: &GrayPicture) -> Result<GrayPicture, Unfit> {
    let squared = |name| (context.number(name) * context.number(name)) as i64;
    Ok(edges(picture, squared("low"), squared("high")))
}

/// Edges dark on white. Thresholds are those of the squared magnitude.
fn edges(picture: &GrayPicture, low: i64, high: i64) -> GrayPicture {
    let (width, height) = (picture.width_px as usize, picture.height_px as usize);
    let smooth = mean_3x3(&mean_3x3(&mean_3x3(picture)));
    let gradients: Vec<[i64; 2]> =
        (0..width * height).map(|at| sobel(&smooth.pixels, width, height, at % width, at / width)).collect();
    let magnitude = |at: usize| gradients[at][0] * gradients[at][0] + gradients[at][1] * gradients[at][1];
    // 0 none, 1 weak, 2 strong.
    let mut strength = vec![0_u8; width * height];
    let mut open = Vec::new();
    for y in 1..height.saturating_sub(1) {
        for x in 1..width.saturating_sub(1) {
            let at = y * width + x;
            let own = magnitude(at);
            let along = neighbour(gradients[at], width);
            if own > low && own >= magnitude(at - along) && own >= magnitude(at + along) {
                strength[at] = if own >= high { 2 } else { 1 };
                if own >= high {
                    open.push(at);
                }
            }
        }
    }
    while let Some(at) = open.pop() {
        for next in
            [at - width - 1, at - width, at - width + 1, at - 1, at + 1, at + width - 1, at + width, at + width + 1]
        {
            if strength[next] == 1 {
                strength[next] = 2;
                open.push(next);
            }
        }
    }
    let pixels = strength.into_iter().map(|strength| if strength == 2 { 0 } else { 255 }).collect();
    GrayPicture { pixels, ..*picture }
}

/// Horizontal and vertical gradient; beyond the border the last pixels go on.
fn sobel(pixels: &[u8], width: usize, height: usize, x: usize, y: usize) -> [i64; 2] {
    let (left, right) = (x.saturating_sub(1), (x + 1).min(width - 1));
    let (above, below) = (y.saturating_sub(1), (y + 1).min(height - 1));
    let value = |x: usize, y: usize| i64::from(pixels[y * width + x]);
    let column = |x: usize| value(x, above) + 2 * value(x, y) + value(x, below);
    let row = |y: usize| value(left, y) + 2 * value(x, y) + value(right, y);
    [column(right) - column(left), row(below) - row(above)]
}

/// The distance in memory to the neighbour in the gradient's direction, to the nearest 45 degrees.
fn neighbour([across, down]: [i64; 2], width: usize) -> usize {
    let (part, whole) = TANGENT_22_5;
    if down.abs() * whole <= across.abs() * part {
        1
    } else if across.abs() * whole <= down.abs() * part {
        width
    } else if (across > 0) == (down > 0) {
        width + 1
    } else {
        width - 1
    }
}

#[cfg(test)]
mod tests {
    use image::GrayImage;

    use super::*;

    fn disc() -> GrayPicture {
        let inside = |at: i64| (at % 60 - 31).pow(2) + (at / 60 - 25).pow(2) < 300;
        let pixels = (0..60 * 50).map(|at| if inside(at) { 20 } else { 240 }).collect();
        GrayPicture { width_px: 60, height_px: 50, pixels }
    }

    #[test]
    fn edges_are_those_of_imageproc_but_for_few_pixels() {
        let picture = disc();
        let ours = edges(&picture, 50 * 50, 100 * 100);
        let image = GrayImage::from_raw(60, 50, picture.pixels).unwrap();
        let theirs = imageproc::edges::canny(&image, 50.0, 100.0);
        let near = |at: usize, edge: &dyn Fn(usize) -> bool| {
            [0, 1, 60, 59, 61].iter().any(|step| edge(at + step) || edge(at - step))
        };
        let our_edge = |at: usize| ours.pixels[at] == 0;
        let their_edge = |at: usize| theirs.as_raw()[at] == 255;
        let count = (0..3000).filter(|&at| their_edge(at)).count();
        assert!(count > 90, "{count}");
        for at in (0..3000).filter(|&at| their_edge(at)) {
            assert!(near(at, &our_edge), "{at}");
        }
        for at in (0..3000).filter(|&at| our_edge(at)) {
            assert!(near(at, &their_edge), "{at}");
        }
    }

    #[test]
    fn blank_and_tiny_pictures_have_no_edges() {
        for (width_px, height_px) in [(1, 1), (2, 5), (9, 9)] {
            let blank = GrayPicture::filled(width_px, height_px, 90);
            assert_eq!(edges(&blank, 0, 0), GrayPicture::filled(width_px, height_px, 255));
        }
    }
}
