//! Whether a box is crossed out: two strokes, each from a corner to the opposite one.
//!
//! A large 1 or 7 covers one diagonal and ends in two or three corners, a 2 may end in all four; none covers both
//! diagonals. So both are asked for, each along the best line between its two corners.

use super::ink::Ink;
use super::square::CUT_PX;

/// A stroke begins and ends in a corner as large as this share of the side,
const CORNER: f64 = 0.18;
/// or leaves the box so far from the corner.
const ALONG_BORDER: f64 = 0.27;
/// How near to the border that is.
const AT_BORDER: f64 = 0.03;
/// Ends are looked for at so many places across and down.
const ENDS: usize = 6;
/// Places along a stroke that are looked at.
const PLACES: usize = 32;
/// Ink counts this far beside it.
const BESIDE_PX: i64 = 2;
/// A stroke is where ink lies along this share of both diagonals,
const OUT: f64 = 0.93;
/// and where it lies along this share one had better ask.
const PERHAPS: f64 = 0.86;
/// A box with ink over this share of it is blackened.
const BLACKENED: f64 = 0.4;

/// The answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Crossed {
    Out,
    Perhaps,
    Not,
}

pub(super) fn crossed(ink: &Ink) -> Crossed {
    let least = covered(ink, false).min(covered(ink, true));
    if least >= OUT || ink.share() >= BLACKENED {
        Crossed::Out
    } else if least >= PERHAPS {
        Crossed::Perhaps
    } else {
        Crossed::Not
    }
}

/// The share of the best line between two opposite corners that has ink on it.
fn covered(ink: &Ink, rises: bool) -> f64 {
    let side = f64::from(CUT_PX);
    let (ends, mut best) = (ends(), 0);
    for &(from_x, from_y) in &ends {
        for (to_x, to_y) in ends.iter().map(|&(x, y)| (1.0 - x, 1.0 - y)) {
            let held = (0..PLACES).filter(|&at| {
                let share = at as f64 / (PLACES - 1) as f64;
                let (x, y) = (from_x + share * (to_x - from_x), from_y + share * (to_y - from_y));
                let x = if rises { 1.0 - x } else { x };
                is_near(ink, (x * side) as i64, (y * side) as i64)
            });
            best = best.max(held.count());
        }
    }
    best as f64 / PLACES as f64
}

/// Where a stroke may end near the upper left corner, as shares of the side.
fn ends() -> Vec<(f64, f64)> {
    let steps = |most: f64| (0..ENDS).map(move |at| most * (at as f64 + 0.5) / ENDS as f64);
    let within = steps(CORNER).flat_map(|x| steps(CORNER).map(move |y| (x, y)));
    let along = steps(ALONG_BORDER).filter(|&at| at > CORNER).flat_map(|at| [(at, AT_BORDER), (AT_BORDER, at)]);
    within.chain(along).collect()
}

/// Whether there is ink at a place or beside it.
fn is_near(ink: &Ink, x: i64, y: i64) -> bool {
    [(0, 0), (BESIDE_PX, 0), (-BESIDE_PX, 0), (0, BESIDE_PX), (0, -BESIDE_PX)]
        .iter()
        .any(|(dx, dy)| ink.at(x + dx, y + dy))
}

#[cfg(test)]
mod tests {
    use digit_source::draw::{DrawnBy, DrawnSpec, Size, render};

    use super::*;

    /// A digit of a drawn writer as high as its box, and a fifth broader than it was drawn if there is room.
    fn filling(label: u8, writer: u32) -> Vec<bool> {
        let spec = DrawnSpec { label, size: Size::Fills, by: DrawnBy::Writer(writer), n: 1 };
        let picture = render(&spec, 7).unwrap();
        let width = picture.width_px as usize;
        let gray: Vec<u32> = picture.rgb.chunks(3).map(|rgb| rgb.iter().map(|&s| u32::from(s)).sum()).collect();
        let middle = gray.iter().min().unwrap().midpoint(*gray.iter().max().unwrap());
        let inked = (0..gray.len()).filter(|&at| gray[at] < middle).map(|at| (at % width, at / width));
        let (left, right) = (inked.clone().map(|p| p.0).min().unwrap(), inked.clone().map(|p| p.0).max().unwrap());
        let (top, bottom) = (inked.clone().map(|p| p.1).min().unwrap(), inked.map(|p| p.1).max().unwrap());
        let side = f64::from(CUT_PX);
        let scale = side / (bottom + 1 - top) as f64;
        let wide = (1.2 * scale * (right + 1 - left) as f64).min(side);
        let cell = |at: usize| {
            let (x, y) = ((at % CUT_PX as usize) as f64 + 0.5, (at / CUT_PX as usize) as f64 + 0.5);
            let across = (x - (side - wide) / 2.0) / wide;
            let (column, row) = (left + (across * (right + 1 - left) as f64) as usize, top + (y / scale) as usize);
            (0.0..1.0).contains(&across) && gray[row.min(bottom) * width + column.min(right)] < middle
        };
        (0..(CUT_PX * CUT_PX) as usize).map(cell).collect()
    }

    /// A stroke of 0.4 mm between two places, given as shares of the side.
    fn stroke(cells: &mut [bool], from: (f64, f64), to: (f64, f64)) {
        let side = f64::from(CUT_PX);
        for step in 0..=400 {
            let share = f64::from(step) / 400.0;
            let (x, y) = ((from.0 + share * (to.0 - from.0)) * side, (from.1 + share * (to.1 - from.1)) * side);
            for (dx, dy) in [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0)] {
                let (x, y) = ((x + dx).clamp(0.0, side - 1.0) as usize, (y + dy).clamp(0.0, side - 1.0) as usize);
                cells[y * CUT_PX as usize + x] = true;
            }
        }
    }

    #[test]
    fn digits_that_fill_their_box_are_not_crossed_out() {
        let (mut out, mut perhaps) = (Vec::new(), Vec::new());
        for label in 0..10 {
            for writer in 0..40 {
                match crossed(&Ink::new(filling(label, writer))) {
                    Crossed::Out => out.push((label, writer)),
                    Crossed::Perhaps => perhaps.push((label, writer)),
                    Crossed::Not => {}
                }
            }
        }
        // One 8 of two straight strokes that cross from corner to corner is an X with a bar above and below.
        assert_eq!((out, perhaps), (vec![(8, 30)], vec![]));
    }

    #[test]
    fn crossed_out_digits_are_told_also_where_the_strokes_miss_the_corners() {
        for label in 0..10 {
            for (at, (near, far)) in [(0.02, 0.98), (0.1, 0.95), (0.05, 0.85), (0.15, 0.85)].into_iter().enumerate() {
                let mut cells = filling(label, at as u32);
                stroke(&mut cells, (near, 0.1), (far, 0.9));
                stroke(&mut cells, (0.9, near), (0.1, far));
                assert_eq!(crossed(&Ink::new(cells)), Crossed::Out, "{label} {near}");
            }
        }
        // Beyond the corners, as on a quick sheet: the strokes leave the box beside them.
        let mut quick = filling(0, 3);
        stroke(&mut quick, (0.0, 0.16), (0.78, 1.0));
        stroke(&mut quick, (0.86, 0.0), (0.0, 0.9));
        assert_eq!(crossed(&Ink::new(quick)), Crossed::Out);
        let mut slash = vec![false; (CUT_PX * CUT_PX) as usize];
        stroke(&mut slash, (0.0, 1.0), (1.0, 0.0));
        assert_eq!(crossed(&Ink::new(slash)), Crossed::Not, "a 1 from corner to corner");
        assert_eq!(crossed(&Ink::new(vec![true; (CUT_PX * CUT_PX) as usize])), Crossed::Out);
    }
}
