//! Measures how a digit is drawn, and draws strokes in the same way.

use mlp_core::random::Stream;
use stage_files::picture::Canvas;

use super::letters::Stroke;

/// Ink above this share of the darkest counts as part of a digit.
const INK_SHARE: f32 = 0.35;
/// Length of a digit's stroke, in heights of its box: between that of a 1 and that of an 8.
const STROKE_LENGTH: f64 = 2.2;

/// How a digit is drawn. Ink is 0 for white and 255 for black; lengths are in pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Style {
    /// Ink of the paper.
    pub paper: f32,
    /// Ink of the darkest pixel.
    pub darkest: f32,
    /// Centre of the digit's box.
    pub centre: (f64, f64),
    /// Width and height of the box.
    pub size: (f64, f64),
    /// Approximate thickness of the stroke.
    pub thickness: f64,
}

impl Style {
    /// The style of a picture (P pixels, 255 white). Without ink it is a thin stroke over the whole canvas.
    pub(super) fn of(pixels: &[u8], canvas: Canvas) -> Self {
        let width = canvas.width_px as usize;
        let mut sorted = pixels.to_vec();
        sorted.sort_unstable_by(|a, b| b.cmp(a));
        // Most of a picture is paper: a tenth from the lightest end is.
        let paper = f32::from(255 - sorted[sorted.len() / 10]);
        let darkest = f32::from(255 - sorted[sorted.len() - 1]);
        let contrast = (darkest - paper).max(1.0);
        let (mut left, mut right, mut top, mut bottom, mut mass) = (usize::MAX, 0, usize::MAX, 0, 0.0);
        for (at, &value) in pixels.iter().enumerate() {
            let ink = (f32::from(255 - value) - paper) / contrast;
            mass += f64::from(ink.max(0.0));
            if ink > INK_SHARE {
                let (x, y) = (at % width, at / width);
                (left, right) = (left.min(x), right.max(x + 1));
                (top, bottom) = (top.min(y), bottom.max(y + 1));
            }
        }
        if left >= right {
            (left, right, top, bottom) = (0, width, 0, canvas.height_px as usize);
        }
        let size = ((right - left) as f64, (bottom - top) as f64);
        Self {
            paper,
            darkest,
            centre: ((left + right) as f64 / 2.0, (top + bottom) as f64 / 2.0),
            size,
            thickness: (mass / (STROKE_LENGTH * size.0.max(size.1))).clamp(0.7, 5.0),
        }
    }

    /// Draws strokes of the unit square into the box, varied as handwriting is, and returns the pixels (P).
    pub(super) fn draw(&self, strokes: &[Stroke], canvas: Canvas, stream: &mut Stream) -> Vec<u8> {
        let thickness = self.thickness * (0.7 + 0.8 * stream.uniform());
        // Often the shape of the box is that of another letter than of this digit.
        let width = if stream.uniform() < 0.7 { self.size.1 * (0.5 + 0.6 * stream.uniform()) } else { self.size.0 };
        let (width, height) = ((width - thickness).max(2.0), (self.size.1 - thickness).max(2.0));
        let (slant, tilt) = (0.15 * stream.normal(), 0.08 * stream.normal());
        let (wide, high) = (1.0 + 0.05 * stream.normal(), 1.0 + 0.05 * stream.normal());
        let mut place = |&(x, y): &(f64, f64)| {
            let (x, y) = (x - 0.5 + 0.03 * stream.normal(), y - 0.5 + 0.03 * stream.normal());
            (self.centre.0 + width * (wide * x + slant * y), self.centre.1 + height * (high * y + tilt * x))
        };
        let placed: Vec<Stroke> = strokes.iter().map(|stroke| stroke.iter().map(&mut place).collect()).collect();
        // A round pen whose edge is one pixel soft: what lies further than this from all lines stays paper.
        let reach = thickness / 2.0 + 0.5;
        let mut near = vec![reach * reach; canvas.pixels()];
        for ends in placed.iter().flat_map(|stroke| stroke.array_windows().copied()) {
            mark_near(ends, reach, canvas, &mut near);
        }
        let contrast = f64::from(self.darkest - self.paper);
        let pixel = |squared: f64| {
            let ink = (reach - squared.sqrt()).min(1.0);
            255 - (f64::from(self.paper) + ink * contrast) as u8
        };
        near.into_iter().map(pixel).collect()
    }
}

/// Lowers the squared distances (P) of pixels around a line to their distance from it.
fn mark_near(ends: [(f64, f64); 2], reach: f64, canvas: Canvas, near: &mut [f64]) {
    let [(x0, y0), (x1, y1)] = ends;
    // Casts from below 0 give 0.
    let span = |a: f64, b: f64, end: u32| (a.min(b) - reach) as u32..((a.max(b) + reach + 1.0) as u32).min(end);
    for y in span(y0, y1, canvas.height_px) {
        for x in span(x0, x1, canvas.width_px) {
            let squared = squared_distance((f64::from(x) + 0.5, f64::from(y) + 0.5), ends);
            let near = &mut near[(y * canvas.width_px + x) as usize];
            *near = near.min(squared);
        }
    }
}

/// Squared distance of a point from a line between two points.
fn squared_distance(point: (f64, f64), [from, to]: [(f64, f64); 2]) -> f64 {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let (px, py) = (point.0 - from.0, point.1 - from.1);
    let length = dx * dx + dy * dy;
    let along = if length > 0.0 { ((px * dx + py * dy) / length).clamp(0.0, 1.0) } else { 0.0 };
    let (x, y) = (px - along * dx, py - along * dy);
    x * x + y * y
}

#[cfg(test)]
mod tests {
    use super::*;
    use mlp_core::random::Purpose;

    const CANVAS: Canvas = Canvas::DEFAULT;

    #[test]
    fn a_drawn_sign_has_the_style_it_was_given() {
        let style = Style { paper: 20.0, darkest: 220.0, centre: (10.0, 9.0), size: (12.0, 14.0), thickness: 2.0 };
        let mut stream = Stream::new(1, Purpose::Augmentation);
        let square: Stroke = vec![(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0), (0.0, 0.0)];
        let drawn = Style::of(&style.draw(&[square], CANVAS, &mut stream), CANVAS);
        assert_eq!(drawn.paper, 20.0);
        assert!((drawn.darkest - 220.0).abs() < 2.0, "{drawn:?}");
        assert!((drawn.size.1 - 14.0).abs() < 5.0 && (drawn.centre.1 - 9.0).abs() < 2.0, "{drawn:?}");
    }

    #[test]
    fn a_blank_has_a_style_too() {
        let style = Style::of(&[255; 400], CANVAS);
        assert_eq!((style.size, style.centre), ((20.0, 20.0), (10.0, 10.0)));
        assert_eq!(squared_distance((0.0, 3.0), [(-1.0, 0.0), (1.0, 0.0)]), 9.0);
        assert_eq!(squared_distance((4.0, 4.0), [(1.0, 0.0), (1.0, 0.0)]), 25.0);
    }
}
