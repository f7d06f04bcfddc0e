//! The code of a sheet, whose modules stand where the marks say, or a little beside it on a sheet that is not flat.

use crate::code::{MODULES, Sheet};
use crate::layout::{MODULE_MM, Paper};

use super::homography::Homography;
use super::sampler::Sampler;

/// How far beside its place the code is looked for, in modules, and in which steps.
const REACH: i32 = 12;
const STEP: f64 = 0.25;
/// Side of the squares with which the corners of the code are filled (ISO/IEC 18004).
const FINDER: usize = 7;
/// The brightness between black and white is that of so many modules around.
const AROUND: usize = 6;

/// What the code says.
///
/// # Errors
/// What is wrong with what it says; `None` if it cannot be read.
pub(super) fn read(photo: &Sampler<'_>, to_photo: &Homography, paper: Paper) -> Result<Sheet, Option<String>> {
    let (left, top) = paper.code_mm();
    let value = |column: usize, row: usize, (dx, dy): (f64, f64)| {
        let x = left + (column as f64 + 0.5 + dx) * MODULE_MM;
        let y = top + (row as f64 + 0.5 + dy) * MODULE_MM;
        photo.at(to_photo.apply((x, y)))
    };
    let shifts = (-REACH..=REACH).flat_map(|dy| (-REACH..=REACH).map(move |dx| (dx, dy)));
    let shifts = shifts.map(|(dx, dy)| (f64::from(dx) * STEP, f64::from(dy) * STEP));
    let score = |shift: (f64, f64)| finder_places().map(|(x, y, is_black)| {
        let value = value(x, y, shift);
        if is_black { -value } else { value }
    }).sum::<f64>();
    let best = shifts.map(|shift| (score(shift), shift)).max_by(|a, b| a.0.total_cmp(&b.0));
    let (_, shift) = best.ok_or(None)?;
    let values: Vec<f64> = (0..MODULES * MODULES).map(|at| value(at % MODULES, at / MODULES, shift)).collect();
    let grid = rqrr::SimpleGrid::from_func(MODULES, |x, y| values[y * MODULES + x] < middle(&values, x, y));
    let (_, text) = rqrr::Grid::new(grid).decode().map_err(|_| None)?;
    Sheet::from_text(&text).map_err(Some)
}

/// The modules of the three squares in the corners, and which are black.
fn finder_places() -> impl Iterator<Item = (usize, usize, bool)> {
    let far = MODULES - FINDER;
    [(0, 0), (far, 0), (0, far)].into_iter().flat_map(|(left, top)| {
        (0..FINDER * FINDER).map(move |at| {
            let (x, y) = (at % FINDER, at / FINDER);
            let from_border = x.min(y).min(FINDER - 1 - x).min(FINDER - 1 - y);
            (left + x, top + y, from_border != 1)
        })
    })
}

/// Half way between the darkest and the brightest module around one.
fn middle(values: &[f64], x: usize, y: usize) -> f64 {
    let around = |at: usize| at.saturating_sub(AROUND)..(at + AROUND + 1).min(MODULES);
    let (low, high) = around(y)
        .flat_map(|y| &values[y * MODULES..][around(x)])
        .fold((f64::MAX, f64::MIN), |(low, high), &value| (low.min(value), high.max(value)));
    low.midpoint(high)
}
