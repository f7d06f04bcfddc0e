//! Makes pictures without a digit of the label set in the style of given digits.

use mlp_core::random::Stream;
use stage_files::picture::Canvas;

use super::digits;
use super::letters::{self, COUNT, Stroke};
use super::style::Style;

/// Shares of digits outside the label set, where there are such, and of turned or mirrored digits. They come first.
const FOREIGN: f64 = 0.4;
const TURNED: f64 = 0.1;
/// Of what is left, the shares of blanks and of scribbles; the rest are letters and signs.
const BLANKS: f64 = 0.1;
const SCRIBBLES: f64 = 0.25;
/// Points of a scribble, from and up to.
const SCRIBBLE_POINTS: (u64, u64) = (5, 14);

/// A picture (P pixels, 255 white) that shows no digit of the label set, in the ink, size and stroke thickness of the
/// picture `like`, which shows `digit`. `foreign` are the digits outside the label set.
pub(super) fn outlier(like: &[u8], digit: u8, foreign: &[u8], canvas: Canvas, stream: &mut Stream) -> Vec<u8> {
    if !foreign.is_empty() && stream.uniform() < FOREIGN {
        let other = foreign[stream.below(foreign.len() as u64) as usize];
        return Style::of(like, canvas).draw(&digits::strokes(other, stream), canvas, stream);
    }
    if stream.uniform() < TURNED
        && let Some(turned) = turned(like, digit, canvas, stream)
    {
        return turned;
    }
    let style = Style::of(like, canvas);
    let kind = stream.uniform();
    if kind < BLANKS {
        blank(&style, canvas, stream)
    } else if kind < BLANKS + SCRIBBLES {
        style.draw(&[scribble(stream)], canvas, stream)
    } else {
        let letter = stream.below(COUNT as u64) as usize;
        style.draw(&letters::strokes(letter), canvas, stream)
    }
}

/// The picture turned by a right angle, or mirrored, if its digit then looks like none: a turned 7 looks like a 1 with
/// a long flag, a mirrored 2 like a 5.
fn turned(pixels: &[u8], digit: u8, canvas: Canvas, stream: &mut Stream) -> Option<Vec<u8>> {
    let side = canvas.width_px as usize;
    if !matches!(digit, 3 | 4 | 6 | 9) || canvas.height_px != canvas.width_px {
        return None;
    }
    let kind = stream.below(3);
    let from = |at: usize| {
        let (x, y) = (at % side, at / side);
        match kind {
            0 => x * side + (side - 1 - y),
            1 => (side - 1 - x) * side + y,
            _ => y * side + (side - 1 - x),
        }
    };
    Some((0..pixels.len()).map(|at| pixels[from(at)]).collect())
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
        let draw = |seed| outlier(&like, 1, &[], Canvas::DEFAULT, &mut Stream::new(seed, Purpose::Augmentation));
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
