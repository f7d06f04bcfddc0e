//! The code of a sheet, whose modules stand where the marks say, or a little beside it on a sheet that is not flat.

use stage_files::panic_guard::guarded;

use crate::code::{MODULES, Sheet};
use crate::layout::{MODULE_MM, Paper};

use super::homography::Homography;
use super::sampler::Sampler;

/// How far beside its place the code is looked for, in modules, and in which steps.
const REACH: i32 = 12;
const STEP: f64 = 0.25;
/// Side of the squares with which the corners of the code are filled (ISO/IEC 18004).
const FINDER: usize = 7;
/// Blurs that are undone where a code cannot be read as it is, one after the other, in modules.
const BLURS: [f64; 5] = [0.0, 0.4, 0.6, 0.8, 1.0];
const ROUNDS: usize = 20;
/// Black and white are the darkest and the brightest of so many modules around.
const AROUND: usize = 8;

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
    let score = |shift: (f64, f64)| {
        finder_places()
            .map(|(x, y, is_black)| {
                let value = value(x, y, shift);
                if is_black { -value } else { value }
            })
            .sum::<f64>()
    };
    let best = shifts.map(|shift| (score(shift), shift)).max_by(|a, b| a.0.total_cmp(&b.0));
    let (_, shift) = best.ok_or(None)?;
    let values: Vec<f64> = (0..MODULES * MODULES).map(|at| value(at % MODULES, at / MODULES, shift)).collect();
    let values = normal(&values);
    BLURS.iter().find_map(|&sigma| decoded(&sharpened(&values, sigma))).ok_or(None)?.map_err(Some)
}

/// What these values of the modules say, if they are a code.
fn decoded(values: &[f64]) -> Option<Result<Sheet, String>> {
    let grid = rqrr::SimpleGrid::from_func(MODULES, |x, y| values[y * MODULES + x] < 0.5);
    // The decoder is somebody else's, and the modules are anybody's.
    let text = guarded(|| rqrr::Grid::new(grid).decode().ok())??.1;
    Some(Sheet::from_text(&text))
}

/// The values from 0, the darkest of the modules around, to 1, the brightest.
fn normal(values: &[f64]) -> Vec<f64> {
    let around = |at: usize| at.saturating_sub(AROUND)..(at + AROUND + 1).min(MODULES);
    let value = |x: usize, y: usize| {
        let near = around(y).flat_map(|y| &values[y * MODULES..][around(x)]);
        let (low, high) = near.fold((f64::MAX, f64::MIN), |(low, high), &value| (low.min(value), high.max(value)));
        (values[y * MODULES + x] - low) / (high - low).max(1.0)
    };
    (0..values.len()).map(|at| value(at % MODULES, at / MODULES)).collect()
}

/// The modules before a blur of so many modules: values between black and white that give these when they are blurred
/// (Van Cittert's iteration, held between 0 and 1).
fn sharpened(values: &[f64], sigma: f64) -> Vec<f64> {
    let mut sharp = values.to_vec();
    if sigma == 0.0 {
        return sharp;
    }
    for _ in 0..ROUNDS {
        let blurred = blurred(&blurred(&sharp, sigma), sigma);
        for ((sharp, blurred), value) in sharp.iter_mut().zip(blurred).zip(values) {
            *sharp = (*sharp + value - blurred).clamp(0.0, 1.0);
        }
    }
    sharp
}

/// Blurred along each row; the result is turned, so that a second call goes along the columns. Paper is around.
fn blurred(values: &[f64], sigma: f64) -> Vec<f64> {
    let weights: Vec<f64> = (-3..=3).map(|off| (-f64::from(off * off) / (2.0 * sigma * sigma)).exp()).collect();
    let sum: f64 = weights.iter().sum();
    let mut turned = vec![0.0; values.len()];
    for (y, row) in values.chunks_exact(MODULES).enumerate() {
        for x in 0..MODULES {
            let at = |off: usize| (x + off).checked_sub(3).and_then(|at| row.get(at)).copied().unwrap_or(1.0);
            turned[x * MODULES + y] =
                weights.iter().enumerate().map(|(off, weight)| weight * at(off)).sum::<f64>() / sum;
        }
    }
    turned
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
