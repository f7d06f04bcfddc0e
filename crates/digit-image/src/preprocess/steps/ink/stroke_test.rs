//! Whether what was found looks like a digit: strokes of one thickness, away from the border.

use crate::preprocess::ops::components::{Component, Components};
use crate::preprocess::ops::distance_transform::squared_distances;
use crate::preprocess::ops::histogram::quantile;
use crate::preprocess::ops::morphology::{dilate, range};
use crate::raster::GrayPicture;

/// Ink from this amount on belongs to strokes.
const STROKE_INK: u8 = 64;
/// Ink from this amount on at the border raises doubt, if it is on more than a share of it.
const FAINT_INK: u8 = 32;
const FREE_BORDER: f64 = 0.02;
/// Strokes are as black as this but for their edges; all ink is at most so many times as much.
const BLACK_INK: u8 = 128;
const GRAY: usize = 2;
/// Strokes of one digit are at their broadest place, crossings included, this many times as broad as on average.
const UNEVEN: f64 = 2.2;
/// A component beside the digit is something else when it is so many times as thick.
const THICKER: f64 = 1.5;
/// A digit is at least this share of the shorter side of the picture.
const SMALLEST: f64 = 0.1;
/// An edge rises over a length of this part of the shorter side.
const EDGE_SHARE: usize = 100;
const SHORTEST_EDGE_PX: usize = 2;
/// An edge of ink rises by this share of the most ink beside it,
const EDGE: f64 = 0.5;
/// within so many lengths of an edge.
const INK_IN_EDGES: usize = 3;
/// This share of ink's contour are edges of the picture.
const SUPPORT: f64 = 0.9;
/// Components with less are no ink at all.
const UNBOUNDED: f64 = 0.7;
/// So much beside the ink, over the ink, is like it when a small window leaves but the rim of strokes.
const HOLLOW: f64 = 0.25;
/// Components with this share of the largest one's ink are parts of the digit.
const PART: f64 = 0.15;

/// Whether a picture, dark on white, is plainly ink on paper: hardly any at the border, and black rather than gray, as
/// shadows are.
pub(super) fn is_plain(picture: &GrayPicture) -> bool {
    let (width, height) = (picture.width_px as usize, picture.height_px as usize);
    let inked = |value: &&u8| 255 - **value >= FAINT_INK;
    let at_border = picture.border().filter(inked).count();
    let all = picture.pixels.iter().filter(inked).count();
    let black = picture.pixels.iter().filter(|value| 255 - **value >= BLACK_INK).count();
    at_border as f64 <= FREE_BORDER * (2 * (width + height)) as f64 && all <= GRAY * black
}

/// Which components at the border are no part of the digit.
#[derive(Clone, Copy)]
pub(super) enum Whose {
    /// All of them.
    All,
    /// Those thicker than the digit's strokes.
    Thicker,
}

/// The components of a picture with what tells strokes from other things.
pub(super) struct StrokeTest {
    components: Components,
    /// For each component how many pixels of the border it holds.
    contact_px: Vec<u64>,
    /// For each component the largest distance of its ink to paper, and the mean one.
    depth: Vec<(f64, f64)>,
    /// For each component the pixels of its contour, and those of them where the picture itself has an edge.
    contour: Vec<(u64, u64)>,
    shorter_px: f64,
}

impl StrokeTest {
    /// Looks at a picture, dark on white, which was made of `amounts` of ink found in `original`.
    pub(super) fn of(picture: &GrayPicture, amounts: &GrayPicture, original: &GrayPicture) -> Self {
        let components = Components::of(picture);
        let (width, height) = (picture.width_px, picture.height_px);
        let mut contact_px = vec![0; components.all.len()];
        let ends = (0..width).flat_map(|x| [(x, 0), (x, height - 1)]);
        let sides = (0..height).flat_map(|y| [(0, y), (width - 1, y)]);
        for (x, y) in ends.chain(sides) {
            if let Some(component) = components.at(x, y) {
                contact_px[component] += 1;
            }
        }
        let distances = squared_distances(&picture.map(|value| 255 - value < STROKE_INK), u32::MAX);
        let mut depth = vec![(0.0_f64, 0.0_f64, 0_u64); components.all.len()];
        let places = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
        for (&squared, (x, y)) in distances.iter().zip(places) {
            if squared > 0
                && let Some(component) = components.at(x, y)
            {
                let (most, sum, count) = &mut depth[component];
                let distance = (squared as f64).sqrt() - 0.5;
                *most = most.max(distance);
                *sum += distance;
                *count += 1;
            }
        }
        let depth = depth.into_iter().map(|(most, sum, count)| (most, sum / (count.max(1)) as f64)).collect();
        let contour = contours(&components, picture, amounts, original);
        Self { components, contact_px, depth, contour, shorter_px: f64::from(width.min(height)) }
    }

    /// How many pixels of the components' contours are edges of the original.
    pub(super) fn edges(&self) -> u64 {
        self.contour.iter().map(|(_, edges)| edges).sum()
    }

    /// Whether all ink is bounded by edges of the original, as strokes are; shadows are not, nor are the components
    /// that a window leaves of strokes broader than itself.
    pub(super) fn is_bounded(&self) -> bool {
        let all = self.contour.iter().map(|(all, _)| all).sum();
        support((all, self.edges())) >= SUPPORT
    }

    fn count(&self) -> usize {
        self.components.all.len()
    }

    /// The components of a digit of even strokes that stands free of the border, if there is one.
    pub(super) fn digit(&self) -> Option<Vec<usize>> {
        self.free().filter(|digit| self.even(digit))
    }

    fn free(&self) -> Option<Vec<usize>> {
        let free = (0..self.count()).filter(|&at| self.contact_px[at] == 0 && !self.unsupported(at));
        let large = free.filter(|&at| {
            let component = &self.components.all[at];
            f64::from(component.width_px().max(component.height_px())) >= 0.3 * SMALLEST * self.shorter_px
        });
        let large: Vec<usize> = large.collect();
        let most = large.iter().map(|&at| self.components.all[at].ink).max()?;
        let parts = large.into_iter().filter(|&at| self.components.all[at].ink as f64 >= PART * most as f64);
        let parts: Vec<usize> = parts.collect();
        let whole = parts.iter().map(|&at| self.components.all[at]).reduce(Component::union)?;
        (f64::from(whole.width_px().max(whole.height_px())) >= SMALLEST * self.shorter_px).then_some(parts)
    }

    fn unsupported(&self, at: usize) -> bool {
        support(self.contour[at]) < UNBOUNDED
    }

    /// Whether components are strokes of one thickness.
    fn even(&self, parts: &[usize]) -> bool {
        let (most, mean) = self.thickness(parts);
        most <= UNEVEN * 2.0 * mean
    }

    /// The largest depth and the mean one, weighted by ink.
    fn thickness(&self, parts: &[usize]) -> (f64, f64) {
        let most = parts.iter().map(|&at| self.depth[at].0).fold(0.0, f64::max);
        let ink = |at: usize| self.components.all[at].ink as f64;
        let sum: f64 = parts.iter().map(|&at| ink(at)).sum();
        (most, parts.iter().map(|&at| ink(at) * self.depth[at].1).sum::<f64>() / sum.max(1.0))
    }

    /// The mean thickness of a digit's strokes.
    pub(super) fn stroke_px(&self, digit: &[usize]) -> f64 {
        2.0 * self.thickness(digit).1
    }

    /// The mean thickness of all ink.
    pub(super) fn ink_px(&self) -> f64 {
        self.stroke_px(&(0..self.count()).collect::<Vec<_>>())
    }

    /// Which components remain when what is no ink goes, and what lies at the border.
    pub(super) fn kept(&self, digit: &[usize], whose: Whose) -> Vec<bool> {
        let (most, _) = self.thickness(digit);
        let other = |at: usize| match whose {
            Whose::All => self.contact_px[at] > 0,
            Whose::Thicker => self.contact_px[at] > 0 && self.depth[at].0 > THICKER * most,
        };
        (0..self.count()).map(|at| !other(at) && !self.unsupported(at)).collect()
    }

    /// Whether a digit is but the rim of broad strokes: what lies between its ink is as much like ink as that itself.
    /// So it is when the window was smaller than the strokes.
    pub(super) fn is_hollow(&self, digit: &[usize], picture: &GrayPicture, original: &GrayPicture) -> bool {
        let Some(whole) = digit.iter().map(|&at| self.components.all[at]).reduce(Component::union) else {
            return false;
        };
        let width = picture.width_px as usize;
        let (mut inked, mut between) = ([0_u64; 256], [0_u64; 256]);
        for y in whole.top as usize..=whole.bottom as usize {
            for at in y * width + whole.left as usize..=y * width + whole.right as usize {
                let counts = if 255 - picture.pixels[at] >= STROKE_INK { &mut inked } else { &mut between };
                counts[usize::from(original.pixels[at])] += 1;
            }
        }
        let usual = quantile(&inked, 0.5);
        let alike: u64 = between[usize::from(usual)..].iter().sum();
        alike as f64 > HOLLOW * inked.iter().sum::<u64>() as f64
    }

    /// Height and width of a digit over the thickness of its strokes. Gaps between strokes are less slim than the
    /// strokes.
    pub(super) fn slimness(&self, digit: &[usize]) -> f64 {
        let whole = digit.iter().map(|&at| self.components.all[at]).reduce(Component::union);
        whole.map_or(0.0, |whole| f64::from(whole.width_px() + whole.height_px()) / self.thickness(digit).1)
    }

    /// Takes the ink of the components that are not kept away, and notes where that was.
    pub(super) fn blank(&self, keep: &[bool], amounts: &mut GrayPicture, gone: &mut [bool]) {
        for ((component, amount), gone) in self.components.of_pixels().zip(&mut amounts.pixels).zip(gone) {
            if component.is_some_and(|component| !keep[component]) {
                (*amount, *gone) = (0, true);
            }
        }
    }
}

/// The share of a contour's pixels that are edges of the original.
fn support((all, edges): (u64, u64)) -> f64 {
    edges as f64 / all.max(1) as f64
}

/// For each component the pixels of its contour, and how many of them lie on an edge of the original.
fn contours(
    components: &Components,
    picture: &GrayPicture,
    amounts: &GrayPicture,
    original: &GrayPicture,
) -> Vec<(u64, u64)> {
    let (width, height) = (picture.width_px as usize, picture.height_px as usize);
    let inked = |at: usize| 255 - picture.pixels[at] >= STROKE_INK;
    let edge_px = (width.min(height) / EDGE_SHARE).max(SHORTEST_EDGE_PX);
    let (ranges, full) = (range(original, edge_px), dilate(amounts, INK_IN_EDGES * edge_px));
    let places = (0..picture.height_px).flat_map(|y| (0..picture.width_px).map(move |x| (x, y))).enumerate();
    let mut contour = vec![(0, 0); components.all.len()];
    for (at, (x, y)) in places.filter(|(at, _)| inked(*at)) {
        let (column, row) = (x as usize, y as usize);
        let outer = column > 0 && !inked(at - 1)
            || column + 1 < width && !inked(at + 1)
            || row > 0 && !inked(at - width)
            || row + 1 < height && !inked(at + width);
        if let Some(component) = components.at(x, y).filter(|_| outer) {
            contour[component].0 += 1;
            contour[component].1 += u64::from(f64::from(ranges.pixels[at]) >= EDGE * f64::from(full.pixels[at]));
        }
    }
    contour
}
