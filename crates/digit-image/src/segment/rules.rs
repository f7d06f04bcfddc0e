//! Ruled lines of a page: straight, thin, and much longer than any digit is high.
//!
//! For each slant, the ink along every straight line across the picture is counted at some columns. What is inked
//! nearly all along is a line. It goes column by column, but where a stroke crosses it.

use crate::preprocess::ops::components::{Component, Components};
use crate::raster::GrayPicture;

/// Ink from this amount on may belong to a line.
const LINE_INK: u8 = 32;
/// At most so many columns are looked at.
const LOOKED_AT: usize = 192;
/// A line rises by at most this share of its length.
const MOST_RISE: f64 = 0.08;
/// Rises differ by so many rows over the whole width; a line is seen one row above and below.
const RISE_STEP: usize = 2;
/// This share of a line is inked.
const COVER: f64 = 0.8;
/// A line is so many times as long as the highest component beside it is high; the bar of a 7 is not.
const LONG: f64 = 2.5;
/// A shorter one goes from border to border, and the digits beside it keep away from the borders: this share of it is
/// inked, and the highest component is below this share of the side.
const FULL_COVER: f64 = 0.93;
const FREE: f64 = 0.85;
/// It is at most this thick: rows, or a part of the shorter side.
const THICK_PX: usize = 4;
const THICK_SHARE: usize = 60;
/// A stroke crosses, or runs along it, where the ink is thicker than the line usually is by more rows than this.
const CROSSING_PX: usize = 1;
const SOFT_PX: usize = 2;
/// A bar between two lines is this slim: width over height.
const SLIM: f64 = 0.15;
/// Slants that are looked for one after the other.
const SLANTS: usize = 3;

/// Which pixels were those of ruled lines.
pub(super) struct Ruled {
    /// Of any line.
    pub(super) any: Vec<bool>,
    /// Of a line that lies level.
    level: Vec<bool>,
}

/// The picture without ruled lines, and which pixels were theirs.
pub(super) fn without_rules(ink: &GrayPicture) -> (GrayPicture, Ruled) {
    let turned = ink.transposed();
    let (level, upright) = (without_level(ink, COVER), without_level(&turned, COVER).transposed());
    let both = lightest(&level, &upright);
    let highest = Components::fine(&both).all.iter().map(Component::height_px).max().unwrap_or(0);
    let is_long = |side_px: u32| highest > 0 && f64::from(side_px) >= LONG * f64::from(highest);
    let is_free = |side_px: u32| highest > 0 && f64::from(highest) < FREE * f64::from(side_px);
    let level = match ink.width_px {
        side if is_long(side) => level,
        side if is_free(side) => without_level(ink, FULL_COVER),
        _ => ink.clone(),
    };
    let upright = match ink.height_px {
        side if is_long(side) => upright,
        side if is_free(side) => without_level(&turned, FULL_COVER).transposed(),
        _ => ink.clone(),
    };
    let cleared = lightest(&level, &upright);
    let erased = |after: &GrayPicture| ink.pixels.iter().zip(&after.pixels).map(|(a, b)| a != b).collect();
    let ruled = Ruled { any: erased(&cleared), level: erased(&level) };
    (cleared, ruled)
}

/// White where one of two pictures is.
fn lightest(one: &GrayPicture, other: &GrayPicture) -> GrayPicture {
    let pixels = one.pixels.iter().zip(&other.pixels).map(|(&one, &other)| one.max(other)).collect();
    GrayPicture { pixels, ..*one }
}

fn without_level(ink: &GrayPicture, cover: f64) -> GrayPicture {
    let mut cleared = ink.clone();
    for _ in 0..SLANTS {
        let Some((rise, starts)) = lines_of_a_slant(&cleared, cover) else { break };
        let before = cleared.clone();
        for start in starts {
            erase(&mut cleared, start, rise);
        }
        if before == cleared {
            break;
        }
    }
    cleared
}

/// The slant with the best line, as the rise over the width, and the rows in which its lines begin.
fn lines_of_a_slant(ink: &GrayPicture, cover: f64) -> Option<(i64, Vec<i64>)> {
    let (width, height) = (ink.width_px as usize, ink.height_px as usize);
    let most = ((MOST_RISE * width as f64) as usize).min(height / 2);
    let columns: Vec<usize> = (0..width).step_by(width.div_ceil(LOOKED_AT)).collect();
    // For each column looked at, its inked rows; rows beyond the picture are not inked.
    let inked: Vec<Vec<u16>> = columns.iter().map(|&x| column(ink, x)).collect();
    let mut best: Option<(u16, i64, Vec<u16>)> = None;
    for rise in (-(most as i64)..=most as i64).step_by(RISE_STEP) {
        let mut counts = vec![0_u16; height + 2 * most];
        for (&x, inked) in columns.iter().zip(&inked) {
            // A line that begins in row `start` has the row `start + shift` here.
            let shift = rise * x as i64 / width as i64;
            let into = &mut counts[(most as i64 - shift) as usize..][..height];
            into.iter_mut().zip(inked).for_each(|(count, inked)| *count += inked);
        }
        let highest = counts.iter().copied().max().unwrap_or(0);
        if best.as_ref().is_none_or(|(count, ..)| highest > *count) {
            best = Some((highest, rise, counts));
        }
    }
    let (_, rise, counts) = best?;
    let least = (cover * columns.len() as f64).ceil() as u16;
    let is_peak = |at: usize| {
        let near = &counts[at.saturating_sub(SOFT_PX)..(at + SOFT_PX + 1).min(counts.len())];
        counts[at] >= least && near.iter().all(|&other| other <= counts[at])
    };
    let starts: Vec<i64> = (0..counts.len()).filter(|&at| is_peak(at)).map(|at| at as i64 - most as i64).collect();
    (!starts.is_empty()).then_some((rise, starts))
}

/// 1 for each row of a column that is inked or next to one that is.
fn column(ink: &GrayPicture, x: usize) -> Vec<u16> {
    let (width, height) = (ink.width_px as usize, ink.height_px as usize);
    let inked = |y: usize| 255 - ink.pixels[y * width + x] >= LINE_INK;
    (0..height).map(|y| u16::from((y.saturating_sub(1)..(y + 2).min(height)).any(inked))).collect()
}

/// Whitens a line that begins in row `start`, where it is thin and no stroke crosses.
fn erase(ink: &mut GrayPicture, start: i64, rise: i64) {
    let (width, height) = (ink.width_px as usize, ink.height_px as usize);
    let runs: Vec<Option<(usize, usize)>> =
        (0..width).map(|x| run_at(ink, x, start + rise * x as i64 / width as i64)).collect();
    let mut thickness: Vec<usize> = runs.iter().flatten().map(|(top, bottom)| bottom + 1 - top).collect();
    thickness.sort_unstable();
    let Some(&usual) = thickness.get(thickness.len() / 2) else { return };
    if usual > THICK_PX.max(width.min(height) / THICK_SHARE) {
        return;
    }
    for (x, run) in runs.into_iter().enumerate() {
        let Some((top, bottom)) = run.filter(|(top, bottom)| bottom + 1 - top <= usual + CROSSING_PX) else {
            continue;
        };
        // One row more on both sides: the line's soft edge.
        for y in top.saturating_sub(1)..=(bottom + 1).min(height - 1) {
            ink.pixels[y * width + x] = 255;
        }
    }
}

/// First and last row of the ink in a column that is in a row or right beside it.
fn run_at(ink: &GrayPicture, x: usize, y: i64) -> Option<(usize, usize)> {
    let (width, height) = (ink.width_px as usize, ink.height_px as usize);
    let inked = |y: usize| 255 - ink.pixels[y * width + x] >= LINE_INK;
    let near = [y, y - 1, y + 1, y - 2, y + 2].into_iter().filter_map(|y| usize::try_from(y).ok());
    let middle = near.filter(|&y| y < height).find(|&y| inked(y))?;
    let top = (0..=middle).rev().take_while(|&y| inked(y)).last()?;
    let bottom = (middle..height).take_while(|&y| inked(y)).last()?;
    Some((top, bottom))
}

/// For each component whether it is an upright bar from one level line to the next, as between the cells of a table.
/// A 1 on an upright line is none.
pub(super) fn between_rules(components: &Components, ruled: &Ruled) -> Vec<bool> {
    let (width, soft) = (components.width_px(), SOFT_PX + 1);
    // Where a bar meets a line, the line is seen on one side of it or the other.
    let is_at_line = |component: &Component, y: u32| {
        let (left, right) = ((component.left as usize).saturating_sub(soft), component.right as usize + soft);
        let rows = (y as usize).saturating_sub(soft)..=y as usize + soft;
        rows.flat_map(|y| (left..=right.min(width - 1)).map(move |x| y * width + x))
            .any(|at| ruled.level.get(at).is_some_and(|ruled| *ruled))
    };
    let is_bar = |component: &Component| {
        f64::from(component.width_px()) <= SLIM * f64::from(component.height_px())
            && is_at_line(component, component.top)
            && is_at_line(component, component.bottom)
    };
    components.all.iter().map(is_bar).collect()
}
