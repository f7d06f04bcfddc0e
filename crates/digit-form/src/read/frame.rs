//! The printed lines of a box, looked for near the places that the marks give them, since paper is never quite flat.

use crate::layout::{BOX_MM, Cell};

use super::homography::Homography;
use super::sampler::Sampler;

/// Resolution in which lines are looked for.
const PX_A_MM: f64 = 8.0;
/// Lines are looked for this far beside their places.
const REACH_MM: f64 = 2.4;
/// A line may be aslant by so much over its length, in these steps.
const ASLANT_PX: i32 = 4;
/// Paper beside a line is looked at this far from its middle.
const BESIDE_PX: i64 = 5;
/// A line takes away at least this share of the paper's light on average.
const LEAST_LINE: f64 = 0.12;
/// No place along a line counts more than this share, so that a black stroke beside it does not win.
const MOST_LINE: f64 = 0.45;
/// Every pixel away from its place costs a line this share of what it takes away.
const COST_A_PX: f64 = 0.004;
/// Opposite lines are as far apart as they were printed, but for this.
const MOST_OFF_MM: f64 = 0.8;

/// How far a line of a box lies beside its place at its two ends, in millimetres.
#[derive(Clone, Copy, Debug)]
pub(super) struct Side {
    pub(super) first_mm: f64,
    pub(super) last_mm: f64,
}

impl Side {
    /// Between the ends: at 0 the first, at 1 the last.
    pub(super) fn at(&self, share: f64) -> f64 {
        self.first_mm + share * (self.last_mm - self.first_mm)
    }
}

/// The upper, right, lower and left line of a box.
///
/// # Errors
/// A line that is not found, or lines that make no box.
pub(super) fn find(photo: &Sampler<'_>, to_photo: &Homography, cell: &Cell) -> Result<[Side; 4], String> {
    let sides = Patch::of(photo, to_photo, cell).sides();
    let names = ["upper", "right", "lower", "left"];
    let missing: Vec<&str> = (0..4).filter(|&at| sides[at].is_none()).map(|at| names[at]).collect();
    let [Some(top), Some(right), Some(bottom), Some(left)] = sides else {
        return Err(format!("its {} line is not found", missing.join(" and ")));
    };
    let off = |one: Side, other: Side| (one.first_mm - other.first_mm).abs().max((one.last_mm - other.last_mm).abs());
    let most = off(top, bottom).max(off(left, right));
    if most > MOST_OFF_MM {
        return Err(format!(
            "its lines make no box: opposite ones are {most:.1} mm off, expected at most {MOST_OFF_MM}"
        ));
    }
    Ok([top, right, bottom, left])
}

/// A box and its surroundings, seen from above.
struct Patch {
    side: usize,
    pixels: Vec<f64>,
    paper: f64,
}

impl Patch {
    fn of(photo: &Sampler<'_>, to_photo: &Homography, cell: &Cell) -> Self {
        let margin = REACH_MM + 1.0;
        let side = ((BOX_MM + 2.0 * margin) * PX_A_MM) as usize;
        let place = |at: usize| (at as f64 + 0.5) / PX_A_MM - margin;
        let pixels: Vec<f64> = (0..side * side)
            .map(|at| photo.at(to_photo.apply((cell.left_mm + place(at % side), cell.top_mm + place(at / side)))))
            .collect();
        let mut sorted: Vec<f64> = pixels.iter().copied().step_by(7).collect();
        sorted.sort_by(f64::total_cmp);
        let paper = sorted[sorted.len() * 3 / 4].max(1.0);
        Self { side, pixels, paper }
    }

    /// Upper, right, lower and left line.
    fn sides(&self) -> [Option<Side>; 4] {
        let near = ((REACH_MM + 1.0) * PX_A_MM) as i64;
        let far = near + (BOX_MM * PX_A_MM) as i64;
        let across = |along: i64, off: i64| self.at(along, off);
        let down = |along: i64, off: i64| self.at(off, along);
        [self.line(near, &across), self.line(far, &down), self.line(far, &across), self.line(near, &down)]
    }

    fn at(&self, x: i64, y: i64) -> f64 {
        let inside = |at: i64| at.clamp(0, self.side as i64 - 1) as usize;
        self.pixels[inside(y) * self.side + inside(x)]
    }

    /// The best line near a place; `value` is given the place along it and the one across.
    fn line(&self, place: i64, value: &dyn Fn(i64, i64) -> f64) -> Option<Side> {
        let reach = (REACH_MM * PX_A_MM) as i64;
        let (start, length) = (((REACH_MM + 1.0) * PX_A_MM) as i64, (BOX_MM * PX_A_MM) as i64);
        // By how much each place is darker than both sides of it, over the paper.
        let darker = |along: i64, off: i64| {
            let middle = (value(along, off - 1) + value(along, off) + value(along, off + 1)) / 3.0;
            let beside = value(along, off - BESIDE_PX).min(value(along, off + BESIDE_PX));
            ((beside - middle) / self.paper).clamp(0.0, MOST_LINE)
        };
        let places: Vec<i64> = (0..length).step_by(3).map(|along| start + along).collect();
        let rows = place - reach - i64::from(ASLANT_PX)..=place + reach + i64::from(ASLANT_PX);
        let first_row = *rows.start();
        let table: Vec<Vec<f64>> = rows.map(|off| places.iter().map(|&along| darker(along, off)).collect()).collect();
        let mut best: Option<(f64, f64, i64, i32)> = None;
        for off in place - reach..=place + reach {
            for aslant in -ASLANT_PX..=ASLANT_PX {
                let sum: f64 = places
                    .iter()
                    .enumerate()
                    .map(|(at, &along)| {
                        let shift = f64::from(aslant) * ((along - start) as f64 / length as f64 - 0.5) * 2.0;
                        table[(off + shift.round() as i64 - first_row) as usize][at]
                    })
                    .sum();
                let mean = sum / places.len() as f64;
                let away = (off - place).abs() as f64 + 0.5 * f64::from(aslant.abs());
                let score = mean - COST_A_PX * away;
                if best.is_none_or(|best| score > best.0) {
                    best = Some((score, mean, off, aslant));
                }
            }
        }
        let (_, mean, off, aslant) = best?;
        let off_mm = (off - place) as f64 / PX_A_MM;
        let half_mm = f64::from(aslant) / PX_A_MM;
        (mean >= LEAST_LINE).then_some(Side { first_mm: off_mm - half_mm, last_mm: off_mm + half_mm })
    }
}
