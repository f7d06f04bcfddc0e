//! Ruled lines along the border, such as the line of the paper on which the digit stands.
//!
//! The bar of a tightly cut 2, 5 or 7 lies along the border, too, and reaches from side to side. What tells a line from
//! it is that the rest of the ink keeps away from both sides: the strokes of such a digit meet its bar at an end. Where
//! the rest keeps away by little, or the line leaves the picture through the border, the line must be thinner or
//! fainter than the strokes, or stand alone. The foot of a 1 may go; what remains is a 1.

use crate::preprocess::ops::histogram::{histogram, quantile};
use crate::preprocess::ops::strokes::Strokes;
use crate::raster::GrayPicture;

use super::{LINE_INK, Limits, Line, REST, erase, ink_of, upside_down, usual_thickness};

/// The line lies within this share of the height from the border, as far as it is in the picture.
const BAND: f64 = 0.4;
/// It rises by at most this share of its length.
const MOST_RISE: f64 = 0.18;
/// It may leave the picture through the border, if it is seen along this share of the width.
const SEEN: f64 = 0.5;
/// The rest keeps away from both sides by this share of the width; by more if the line is like a stroke.
const FREE: f64 = 0.04;
const FREE_STROKE: f64 = 0.08;
/// A line is thinner, or fainter, than strokes by this factor.
const THINNER: f64 = 0.7;
const FAINTER: f64 = 0.75;
/// A line that stands alone is no thicker than strokes by this factor.
const ALONE: f64 = 1.3;
/// Softness of a photographed line, which adds to its thickness.
const SOFT_PX: f64 = 2.0;
/// How often lines are looked for: there may be a second one beside the first.
const MOST_LINES: usize = 2;
/// In broad pictures, so many columns tell where a line may be.
const LOOKED_AT: usize = 128;

/// The picture without lines along its lower and upper border.
pub(super) fn without_level_lines(picture: &GrayPicture, limits: &Limits) -> GrayPicture {
    let mut cleared = picture.clone();
    for _ in 0..MOST_LINES {
        let lower = find(&cleared, limits);
        let upper = find(&upside_down(&cleared), limits).map(|line| line.upside_down(&cleared));
        // With both lines in sight, neither leaves the sides free for the other one.
        let both = lower.as_ref().zip(upper.as_ref()).map(|(lower, upper)| vec![lower, upper]);
        let each = [lower.as_ref(), upper.as_ref()].into_iter().flatten().map(|line| vec![line]);
        let Some(without) = both.into_iter().chain(each).find_map(|lines| without_lines(&cleared, &lines)) else {
            break;
        };
        cleared = without;
    }
    cleared
}

/// The picture without these lines; `None` if one of them may be a stroke.
fn without_lines(picture: &GrayPicture, lines: &[&Line]) -> Option<GrayPicture> {
    let mut rest = picture.clone();
    lines.iter().for_each(|line| erase(&mut rest, line));
    let enough = ink_of(&rest) >= REST * ink_of(picture);
    (enough && lines.iter().all(|line| is_no_stroke(picture, line, &rest))).then_some(rest)
}

impl Line {
    fn upside_down(self, picture: &GrayPicture) -> Self {
        let last = picture.height_px as usize - 1;
        Self {
            runs: self.runs.iter().map(|run| run.map(|(top, bottom)| (last - bottom, last - top))).collect(),
            ..self
        }
    }
}

/// The straight line along the lower border that is inked best.
fn find(picture: &GrayPicture, limits: &Limits) -> Option<Line> {
    let (width, height) = (picture.width_px as usize, picture.height_px as i64);
    let inked = |x: usize, y: i64| 255 - picture.pixels[y as usize * width + x] >= LINE_INK;
    let inside = |y: i64| (0..height).contains(&y);
    let covers = |x: usize, y: i64| (y - 1..=y + 1).any(|y| inside(y) && inked(x, y));
    let (most, top) = ((MOST_RISE * width as f64).ceil() as i64, height - (BAND * height as f64).ceil() as i64);
    let columns = || (0..width).step_by((width / LOOKED_AT).max(1));
    let row_at = |x: usize, start: i64, rise: i64| start + rise * x as i64 / width as i64;
    let mut best: Option<(usize, i64, i64)> = None;
    for (start, rise) in (-most..=most).flat_map(|rise| (top..height + most).map(move |start| (start, rise))) {
        let end = row_at(width - 1, start, rise);
        let at_a_side = inside(start) && covers(0, start) || inside(end) && covers(width - 1, end);
        if !at_a_side || start.min(end) < top {
            continue;
        }
        let seen = columns().filter(|&x| inside(row_at(x, start, rise))).count();
        let count = columns().filter(|&x| covers(x, row_at(x, start, rise))).count();
        let enough = seen as f64 >= SEEN * columns().count() as f64 && count as f64 >= limits.cover * seen as f64;
        let key = |(count, start, rise): (usize, i64, i64)| (count, -rise.abs(), start);
        if enough && best.is_none_or(|best| key((count, start, rise)) > key(best)) {
            best = Some((count, start, rise));
        }
    }
    let (_, start, rise) = best?;
    let runs: Vec<_> = (0..width).map(|x| super::run_at(picture, x, row_at(x, start, rise))).collect();
    let thickness = usual_thickness(&runs)?;
    let most_px = (limits.thick * height as f64).max(1.0) + SOFT_PX;
    (thickness as f64 <= most_px).then_some(Line { runs, thickness })
}

/// Whether a line is no part of the digit, which is the rest.
fn is_no_stroke(picture: &GrayPicture, line: &Line, rest: &GrayPicture) -> bool {
    let width = picture.width_px as usize;
    let column_inked = |x: usize| rest.rows().any(|row| 255 - row[x] >= LINE_INK);
    let (Some(first), Some(last)) = ((0..width).find(|&x| column_inked(x)), (0..width).rfind(|&x| column_inked(x)))
    else {
        return false;
    };
    let free = |share: f64| first.min(width - 1 - last) as f64 >= share * width as f64;
    let inked = rest.map(|value| 255 - value >= LINE_INK);
    let stroke_px = Strokes::of(&inked).thickness_px;
    let thickness = line.thickness as f64;
    let full = |values: &mut dyn Iterator<Item = u8>| f64::from(quantile(&histogram(values), 0.75));
    let of_line = full(&mut line.runs.iter().enumerate().filter_map(|(x, run)| {
        let (top, bottom) = (*run)?;
        (top..=bottom).map(|y| 255 - picture.pixels[y * width + x]).max()
    }));
    let of_rest = full(&mut rest.pixels.iter().map(|value| 255 - value).filter(|&ink| ink >= LINE_INK));
    let differs = thickness <= THINNER * stroke_px || of_line <= FAINTER * of_rest;
    let from_side_to_side = line.runs[0].is_some() && line.runs[width - 1].is_some();
    let alone = thickness <= ALONE * stroke_px && stands_alone(line, rest);
    free(FREE) && differs || free(FREE_STROKE) && (from_side_to_side || alone)
}

/// Whether the line touches nothing: paper follows above it in every column.
fn stands_alone(line: &Line, rest: &GrayPicture) -> bool {
    let width = rest.width_px as usize;
    line.runs.iter().enumerate().all(|(x, run)| {
        run.is_none_or(|(top, bottom)| (top..=bottom).all(|y| 255 - rest.pixels[y * width + x] < LINE_INK))
    })
}
