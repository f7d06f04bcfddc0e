//! Takes the slow change of light over a picture away: a quadratic surface through the paper.
//!
//! The picture is laid out in cells, of which each counts with its median, so thin strokes do not count at all. Cells
//! full of ink lie far from the surface and lose their weight as it is fitted again (Cauchy weights; Huber and
//! Ronchetti, Robust Statistics, 2009). What the surface does not explain well is left as it is.

use super::histogram::{at_place, histogram};
use crate::raster::GrayPicture;

/// Cells along each side.
const CELLS: usize = 12;
/// Coefficients of 1, x, y, xx, xy, yy.
const TERMS: usize = 6;
const ROUNDS: usize = 8;
/// A surface that varies by fewer levels is not worth taking away.
const LEAST_RANGE: f64 = 8.0;
/// A surface explains the light when cells scatter around it by less than this share of its range.
const SCATTER: f64 = 0.15;

/// The terms at the middle of a cell, and its value.
type Cell = [f64; TERMS + 1];

/// The picture with the light made even, or as it was.
pub(crate) fn flattened(picture: &GrayPicture) -> GrayPicture {
    let (width, height) = (picture.width_px as usize, picture.height_px as usize);
    if width < 2 * CELLS || height < 2 * CELLS {
        return picture.clone();
    }
    let at = |index: usize, side: usize| 2.0 * (index as f64 + 0.5) / side as f64 - 1.0;
    let cells: Vec<Cell> = (0..CELLS * CELLS)
        .map(|cell| {
            let (column, row) = (cell % CELLS, cell / CELLS);
            let [a, b, c, d, e, f] = terms(at(column, CELLS), at(row, CELLS));
            [a, b, c, d, e, f, median(picture, column, row)]
        })
        .collect();
    let Some((surface, scatter)) = fit(&cells) else { return picture.clone() };
    let values = || cells.iter().map(|cell| dot(cell, &surface));
    let (low, high) = values().fold((f64::MAX, f64::MIN), |(low, high), value| (low.min(value), high.max(value)));
    if high - low < LEAST_RANGE || scatter > SCATTER * (high - low) {
        return picture.clone();
    }
    // Around the middle, so that little is cut off at black and white.
    let (middle, mut pixels) = (f64::midpoint(low, high), Vec::with_capacity(width * height));
    for (y, row) in picture.rows().enumerate() {
        let v = at(y, height);
        pixels.extend(row.iter().enumerate().map(|(x, &value)| {
            let flat = f64::from(value) - dot(&terms(at(x, width), v), &surface) + middle;
            (flat + 0.5).clamp(0.0, 255.0) as u8
        }));
    }
    GrayPicture { pixels, ..*picture }
}

fn terms(x: f64, y: f64) -> [f64; TERMS] {
    [1.0, x, y, x * x, x * y, y * y]
}

/// The sum of the products with all coefficients; what comes after the terms does not count.
fn dot(left: &[f64], right: &[f64; TERMS]) -> f64 {
    right.iter().zip(left).fold(0.0, |sum, (a, b)| sum + a * b)
}

fn median(picture: &GrayPicture, column: usize, row: usize) -> f64 {
    let (width, height) = (picture.width_px as usize, picture.height_px as usize);
    let part = |index: usize, side: usize| index * side / CELLS..(index + 1) * side / CELLS;
    let rows = part(row, height).flat_map(|y| &picture.pixels[y * width..][part(column, width)]);
    let counts = histogram(rows.copied());
    f64::from(at_place(&counts, counts.iter().sum::<u64>() / 2).unwrap_or(255))
}

/// The surface, and how far cells usually lie from it.
fn fit(cells: &[Cell]) -> Option<([f64; TERMS], f64)> {
    let mut weights = vec![1.0; cells.len()];
    let mut result = None;
    for _ in 0..ROUNDS {
        let mut equations = [[0.0; TERMS + 1]; TERMS];
        for (cell, weight) in cells.iter().zip(&weights) {
            for (equation, term) in equations.iter_mut().zip(cell) {
                let weighted = weight * term;
                for (sum, other) in equation.iter_mut().zip(cell) {
                    *sum += weighted * other;
                }
            }
        }
        let surface = solve(equations)?;
        let residuals: Vec<f64> = cells.iter().map(|cell| (cell[TERMS] - dot(cell, &surface)).abs()).collect();
        let middle = residuals.len() / 2;
        let scatter = *residuals.clone().select_nth_unstable_by(middle, f64::total_cmp).1;
        let scale = (2.0 * scatter).max(1.0);
        weights = residuals.iter().map(|residual| 1.0 / (1.0 + (residual / scale) * (residual / scale))).collect();
        result = Some((surface, scatter));
    }
    result
}

/// Gaussian elimination with the largest pivot of each column; `None` when the equations do not settle it.
fn solve(mut equations: [[f64; TERMS + 1]; TERMS]) -> Option<[f64; TERMS]> {
    for column in 0..TERMS {
        let pivot = (column..TERMS)
            .max_by(|&a, &b| equations[a][column].abs().total_cmp(&equations[b][column].abs()))
            .filter(|&row| equations[row][column].abs() > 1e-9)?;
        equations.swap(column, pivot);
        let own = equations[column];
        for row in (0..TERMS).filter(|&row| row != column) {
            let factor = equations[row][column] / own[column];
            for (value, own) in equations[row].iter_mut().zip(own) {
                *value -= factor * own;
            }
        }
    }
    Some(std::array::from_fn(|row| equations[row][TERMS] / equations[row][row]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(value: impl Fn(f64, f64) -> f64) -> GrayPicture {
        let pixels = (0..60 * 50).map(|at| value(f64::from(at % 60) / 60.0, f64::from(at / 60) / 50.0) as u8);
        GrayPicture { width_px: 60, height_px: 50, pixels: pixels.collect() }
    }

    #[test]
    fn light_from_a_corner_becomes_even_and_a_bar_of_ink_stays() {
        let light = |x: f64, y: f64| 230.0 - 90.0 * x - 40.0 * y * y;
        let inked = |x: f64, y: f64| (0.3..0.5).contains(&x) && (0.2..0.8).contains(&y);
        let flat = flattened(&picture(|x, y| light(x, y) - if inked(x, y) { 60.0 } else { 0.0 }));
        let paper: Vec<u8> = (0..3000)
            .filter(|at| !inked(f64::from(at % 60) / 60.0, f64::from(at / 60) / 50.0))
            .map(|at| flat.pixels[at as usize])
            .collect();
        let (low, high) = (paper.iter().min().unwrap(), paper.iter().max().unwrap());
        assert!(high - low < 12, "{low}..{high}");
        assert!(flat.pixels[20 * 60 + 24] + 45 < *low);
    }

    #[test]
    fn even_light_and_pictures_without_a_surface_are_left_alone() {
        let even = picture(|x, _| if x < 0.5 { 250.0 } else { 249.0 });
        assert_eq!(flattened(&even), even);
        let rough = picture(|x, y| ((x * 7919.0 + y * 104_729.0) * 31.0) % 250.0);
        assert_eq!(flattened(&rough), rough);
        let tiny = GrayPicture::filled(5, 90, 3);
        assert_eq!(flattened(&tiny), tiny);
    }
}
