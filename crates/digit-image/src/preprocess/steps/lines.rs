//! Removes ruled lines: thin straight lines from border to border, level or upright, slightly tilted perhaps.
//!
//! Where a stroke crosses a line, the ink stands higher than the line is thick; there it stays. Lines along the very
//! border may be the bar of a tightly cut 5 or 7, so they go only on further evidence.

mod edge;

use crate::preprocess::step::{Context, Setting, StepKind, Unfit, Work};
use crate::raster::GrayPicture;

/// The step.
pub(super) const LINES: StepKind = StepKind {
    name: "lines",
    version: 2,
    about: "remove ruled lines: thin, straight, from border to border",
    settings: &[
        Setting::number("cover", 0.9, 0.5, 1.0, "share of its length that a line is inked"),
        Setting::number("thick", 0.05, 0.0, 0.3, "a line is at most this thick, over the other side of the picture"),
        Setting::number("tilt", 0.03, 0.0, 0.2, "rise of a line over its length"),
    ],
    work: Work::OnGray(run),
};

/// Ink from this amount on belongs to lines and strokes.
const LINE_INK: u8 = 48;
/// A picture has at most this many lines in one direction.
const MOST_LINES: usize = 64;
/// Without this share of the ink, the lines were the digit.
const REST: f64 = 0.2;

#[allow(clippy::unnecessary_wraps)] // The signature of all steps.
fn run(context: &Context<'_>, picture: &GrayPicture) -> Result<GrayPicture, Unfit> {
    let limits =
        Limits { cover: context.number("cover"), thick: context.number("thick"), tilt: context.number("tilt") };
    let level = without_level_lines(picture, &limits);
    let cleared = without_level_lines(&level.transposed(), &limits).transposed();
    let cleared = if ink_of(&cleared) < REST * ink_of(picture) { picture.clone() } else { cleared };
    let level = edge::without_level_lines(&cleared, &limits);
    Ok(edge::without_level_lines(&level.transposed(), &limits).transposed())
}

fn ink_of(picture: &GrayPicture) -> f64 {
    picture.pixels.iter().map(|&value| u64::from(255 - value)).sum::<u64>() as f64
}

fn upside_down(picture: &GrayPicture) -> GrayPicture {
    GrayPicture { pixels: picture.rows().rev().flatten().copied().collect(), ..*picture }
}

struct Limits {
    cover: f64,
    thick: f64,
    tilt: f64,
}

fn without_level_lines(picture: &GrayPicture, limits: &Limits) -> GrayPicture {
    let mut cleared = picture.clone();
    for _ in 0..MOST_LINES {
        let Some(line) = find(&cleared, limits) else { break };
        erase(&mut cleared, &line);
    }
    cleared
}

/// The rows of a line's ink in each column where there is some, and its usual thickness.
struct Line {
    runs: Vec<Option<(usize, usize)>>,
    thickness: usize,
}

/// The best covered line, if it is one.
fn find(picture: &GrayPicture, limits: &Limits) -> Option<Line> {
    let (width, height) = (picture.width_px as usize, picture.height_px as usize);
    let inked = |x: usize, y: usize| 255 - picture.pixels[y * width + x] >= LINE_INK;
    let at_sides = |x: usize| (0..height).any(|y| inked(x, y));
    if !at_sides(0) || !at_sides(width - 1) {
        return None;
    }
    let most = (limits.tilt * width as f64).ceil() as i64;
    // A line covers a pixel when there is ink there or just above or below it.
    let covers = |x: usize, y: i64| (y - 1..=y + 1).any(|y| (0..height as i64).contains(&y) && inked(x, y as usize));
    let row_at = |x: usize, start: i64, rise: i64| start + rise * x as i64 / width.max(1) as i64;
    let lines = (-most..=most).flat_map(|rise| (0..height as i64).map(move |start| (start, rise)));
    let ends = lines.filter(|&(start, rise)| covers(0, start) && covers(width - 1, row_at(width - 1, start, rise)));
    let counted = ends.map(|(start, rise)| {
        let count = (0..width).filter(|&x| covers(x, row_at(x, start, rise))).count();
        (count, start, rise)
    });
    let (count, start, rise) = counted.max_by_key(|&(count, start, rise)| (count, -rise.abs(), start))?;
    if (count as f64) < limits.cover * width as f64 {
        return None;
    }
    let runs: Vec<_> = (0..width).map(|x| run_at(picture, x, row_at(x, start, rise))).collect();
    let thickness = usual_thickness(&runs)?;
    let near_border = |&(top, bottom): &(usize, usize)| top < 2 * thickness || height - 1 - bottom < 2 * thickness;
    let beside = runs.iter().flatten().filter(|run| near_border(run)).count();
    let thin = thickness as f64 <= (limits.thick * height as f64).max(1.0);
    (thin && 2 * beside < width).then_some(Line { runs, thickness })
}

/// The first and last row of the ink of column `x` in row `y` or beside it.
fn run_at(picture: &GrayPicture, x: usize, y: i64) -> Option<(usize, usize)> {
    let (width, height) = (picture.width_px as usize, picture.height_px as usize);
    let inked = |y: &usize| 255 - picture.pixels[y * width + x] >= LINE_INK;
    let near = [y, y - 1, y + 1].into_iter().filter(|y| (0..height as i64).contains(y)).map(|y| y as usize);
    let hit = near.into_iter().find(inked)?;
    let top = (0..hit).rev().take_while(inked).last().unwrap_or(hit);
    let bottom = (hit..height).take_while(inked).last().unwrap_or(hit);
    Some((top, bottom))
}

fn usual_thickness(runs: &[Option<(usize, usize)>]) -> Option<usize> {
    let mut lengths: Vec<usize> = runs.iter().flatten().map(|(top, bottom)| bottom - top + 1).collect();
    lengths.sort_unstable();
    lengths.get(lengths.len() / 2).copied()
}

/// Takes a line's ink away, but for the places where strokes cross it.
fn erase(picture: &mut GrayPicture, line: &Line) {
    let width = picture.width_px as usize;
    let height = picture.height_px as usize;
    for (x, run) in line.runs.iter().enumerate() {
        let Some((top, bottom)) = *run else { continue };
        if 2 * (bottom - top + 1) > 3 * line.thickness + 2 {
            continue;
        }
        // One row more on both sides: the line's soft edge.
        for y in top.saturating_sub(1)..=(bottom + 1).min(height - 1) {
            picture.pixels[y * width + x] = 255;
        }
    }
}
