//! Draws pictures without a digit in the style of given digits.

use mlp_core::random::Stream;
use stage_files::picture::Canvas;

use super::letters::{COUNT, Stroke, strokes};
use super::style::Style;

/// Shares of scribbles and of blanks; the rest are letters and signs.
const SCRIBBLES: f64 = 0.25;
const BLANKS: f64 = 0.06;
/// Points of a scribble, from and up to.
const SCRIBBLE_POINTS: (u64, u64) = (5, 14);

/// A picture (P pixels, 255 white) without a digit, in the ink, size and stroke thickness of the digit in `like`.
pub(super) fn outlier(like: &[u8], canvas: Canvas, stream: &mut Stream) -> Vec<u8> {
    let style = Style::of(like, canvas);
    let kind = stream.uniform();
    if kind < BLANKS {
        blank(&style, canvas, stream)
    } else if kind < BLANKS + SCRIBBLES {
        style.draw(&[scribble(stream)], canvas, stream)
    } else {
        let letter = stream.below(COUNT as u64) as usize;
        style.draw(&strokes(letter), canvas, stream)
    }
}

/// Lines between random points, or to and fro.
fn scribble(stream: &mut Stream) -> Stroke {
    let points = SCRIBBLE_POINTS.0 + stream.below(SCRIBBLE_POINTS.1 - SCRIBBLE_POINTS.0);
    let to_and_fro = stream.uniform() < 0.3;
    (0..points)
        .map(|i| {
            if to_and_fro {
                (
                    i as f64 / (points - 1) as f64,
                    if i % 2 == 0 { 0.2 * stream.uniform() } else { 1.0 - 0.2 * stream.uniform() },
                )
            } else {
                (stream.uniform(), stream.uniform())
            }
        })
        .collect()
}

/// Paper, evenly or unevenly lit, with a speck now and then.
fn blank(style: &Style, canvas: Canvas, stream: &mut Stream) -> Vec<u8> {
    let (width, height) = (canvas.width_px as usize, canvas.height_px as usize);
    // Half of them are clean, as after preprocessing.
    let dirt = if stream.uniform() < 0.5 { 0.0 } else { stream.uniform() };
    let (gray, slope, noise) = (40.0 * dirt, 20.0 * dirt * (stream.uniform() - 0.5), 4.0 * dirt * stream.uniform());
    let speck =
        (stream.uniform() < 0.5).then(|| (stream.below(width as u64) as usize, stream.below(height as u64) as usize));
    let reach = 1 + stream.below(2) as usize;
    let mut pixels = Vec::with_capacity(width * height);
    for y in 0..height {
        for x in 0..width {
            let in_speck =
                speck.is_some_and(|(left, top)| (left..left + reach).contains(&x) && (top..top + reach).contains(&y));
            let paper = gray + slope * (x as f64 / width as f64 - 0.5) + noise * stream.normal();
            let ink = if in_speck { f64::from(style.darkest) } else { paper };
            pixels.push(255 - ink.clamp(0.0, 255.0) as u8);
        }
    }
    pixels
}

#[cfg(test)]
mod tests {
    use super::*;
    use mlp_core::random::Purpose;

    #[test]
    fn outliers_are_varied_and_repeatable() {
        // A bar, 4 pixels wide and 14 high.
        let is_ink = |at: usize| (8..12).contains(&(at % 20)) && (3..17).contains(&(at / 20));
        let like: Vec<u8> = (0..400).map(|at| if is_ink(at) { 30 } else { 250 }).collect();
        let draw = |seed| outlier(&like, Canvas::DEFAULT, &mut Stream::new(seed, Purpose::Augmentation));
        assert_eq!(draw(1), draw(1));
        let mut all: Vec<Vec<u8>> = (0..50).map(draw).collect();
        assert!(all.iter().all(|pixels| pixels.len() == 400));
        all.sort();
        all.dedup();
        // Clean blanks are alike.
        assert!(all.len() > 45, "{}", all.len());
        assert!(all.iter().filter(|pixels| pixels.iter().filter(|&&v| v < 120).count() > 10).count() > 40);
    }
}
