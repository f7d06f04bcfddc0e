//! How thick strokes are, and where their middle runs.

use super::components::Components;
use super::distance_transform::{FAR, squared_distances};
use crate::raster::Raster;

/// Along the middle of a stroke the distance to paper grows by less than this a pixel; out of a corner it grows by
/// `cos 45°`, and by 1 everywhere else.
const STEEPEST: f64 = 0.5;
/// The change is measured over so many pixels,
const BESIDE_PX: usize = 2;
/// along rows, columns and diagonals.
const DIRECTIONS: [(i64, i64); 4] = [(1, 0), (0, 1), (1, 1), (1, -1)];
/// From a ridge the distance to paper falls by this, in pixels, over [`BESIDE_PX`].
const FALL: f64 = 0.3;

/// Parts with less than this share of the largest one's ink are no parts of the digit.
const CRUMB: f64 = 0.03;

/// Inked pixels with their distance to paper.
pub(crate) struct Strokes {
    width: usize,
    /// For each pixel the distance to the edge of the ink; below 0 on paper.
    pub depth: Vec<f64>,
    /// The mean thickness, 0 without ink. Across a stroke of width `w` the distance to the nearest paper has the mean
    /// `w / 4`.
    pub thickness_px: f64,
}

impl Strokes {
    /// Of the pixels that are inked.
    pub(crate) fn of(inked: &Raster<bool>) -> Self {
        let to_paper = squared_distances(&inked.map(|inked| !inked), u32::MAX);
        let depth: Vec<f64> = to_paper.into_iter().map(to_edge).collect();
        let depths = || depth.iter().filter(|&&depth| depth > 0.0);
        let thickness_px = 4.0 * depths().sum::<f64>() / depths().count().max(1) as f64;
        Self { width: inked.width_px as usize, depth, thickness_px }
    }

    /// How far each pixel lies within the contour when that moves inwards by `by_px` on each side. Where a stroke is
    /// thinner than the others its middle stays, so that no stroke breaks.
    pub(crate) fn thinned(&self, by_px: f64) -> Vec<f64> {
        let (level, parts) = self.without_crumbs(self.thinned_around(self.level_middle(), by_px));
        if parts <= self.without_crumbs(self.depth.clone()).1 {
            return level;
        }
        // A stroke that quickly grows thinner has no level middle.
        let (along_ridge, fewer) = self.without_crumbs(self.thinned_around(self.ridge(), by_px));
        if fewer < parts { along_ridge } else { level }
    }

    fn thinned_around(&self, middle: Vec<bool>, by_px: f64) -> Vec<f64> {
        let half = self.thickness_px / 2.0 - by_px;
        let from_middle = squared_distances(&self.raster(middle), (half + 1.0).max(1.0).ceil() as u32);
        let within = self.depth.iter().zip(from_middle).map(|(&depth, squared)| {
            let of_middle = if squared == FAR { -1.0 } else { half - (squared as f64).sqrt() };
            (depth - by_px).max(depth.min(of_middle))
        });
        within.collect()
    }

    /// The same without what is no part of the digit, such as the middle of a bump of a rough contour, and the number
    /// of parts that remain.
    fn without_crumbs(&self, mut within: Vec<f64>) -> (Vec<f64>, usize) {
        let components = Components::fine(&self.raster(inked_within(&within)));
        let most = components.all.iter().map(|part| part.ink).max().unwrap_or(0);
        let keep: Vec<bool> = components.all.iter().map(|part| part.ink as f64 >= CRUMB * most as f64).collect();
        for (component, within) in components.of_pixels().zip(&mut within) {
            if component.is_some_and(|at| !keep[at]) {
                *within = -1.0;
            }
        }
        (within, keep.iter().filter(|kept| **kept).count())
    }

    fn raster<P>(&self, pixels: Vec<P>) -> Raster<P> {
        Raster { width_px: self.width as u32, height_px: (pixels.len() / self.width) as u32, pixels }
    }

    /// The pixels from which the distance to paper grows to no side, or little, as along the middle of a stroke.
    fn level_middle(&self) -> Vec<bool> {
        let level = |(x, y): (usize, usize)| {
            let steepest = DIRECTIONS.iter().flat_map(|&(dx, dy)| [(dx, dy), (-dx, -dy)]).map(|(dx, dy)| {
                let step_px = f64::from((dx * dx + dy * dy) as i32).sqrt() * BESIDE_PX as f64;
                (self.beside(x, y, (dx, dy)) - self.at(x, y)) / step_px
            });
            steepest.fold(f64::MIN, f64::max) < STEEPEST
        };
        self.places().map(|(x, y)| self.at(x, y) > 0.0 && level((x, y))).collect()
    }

    /// The pixels from which the distance to paper falls to both sides, along a row, a column or a diagonal. Besides
    /// the middle of strokes these are lines into every corner.
    fn ridge(&self) -> Vec<bool> {
        let falls = |(x, y): (usize, usize)| {
            let least = self.at(x, y) - FALL;
            DIRECTIONS
                .iter()
                .any(|&(dx, dy)| self.beside(x, y, (dx, dy)) <= least && self.beside(x, y, (-dx, -dy)) <= least)
        };
        self.places().map(|(x, y)| self.at(x, y) > 0.0 && falls((x, y))).collect()
    }

    /// The distance some pixels farther in a direction, or at the border.
    fn beside(&self, x: usize, y: usize, (dx, dy): (i64, i64)) -> f64 {
        let within = |at: usize, by: i64, side: usize| (at as i64 + by * BESIDE_PX as i64).clamp(0, side as i64 - 1);
        self.at(within(x, dx, self.width) as usize, within(y, dy, self.height()) as usize)
    }

    fn at(&self, x: usize, y: usize) -> f64 {
        self.depth[y * self.width + x]
    }

    fn height(&self) -> usize {
        self.depth.len() / self.width
    }

    fn places(&self) -> impl Iterator<Item = (usize, usize)> {
        let width = self.width;
        (0..self.height()).flat_map(move |y| (0..width).map(move |x| (x, y)))
    }
}

/// Black within a contour, white beyond it, soft over one pixel.
pub(crate) fn inked_within(within: &[f64]) -> Vec<u8> {
    within.iter().map(|within| 255 - ((within + 0.5).clamp(0.0, 1.0) * 255.0 + 0.5) as u8).collect()
}

/// The distance of a pixel's centre from the edge that lies half a pixel before the nearest marked one.
pub(crate) fn to_edge(squared: u64) -> f64 {
    (squared as f64).sqrt() - 0.5
}
