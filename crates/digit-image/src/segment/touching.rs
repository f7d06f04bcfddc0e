//! Digits that touch: too wide for one, or joined at a narrow place between two parts as high as digits.

use crate::preprocess::ops::components::Components;
use crate::raster::GrayPicture;

use super::pieces::Digit;

/// One digit is at most this wide over the usual height of its line.
const WIDEST: f64 = 1.3;
/// What is wider than this is several digits if they are joined at a narrow place.
const BROAD: f64 = 0.8;
/// The narrow place is in this part of the width.
const MIDDLE: (f64, f64) = (0.25, 0.75);
/// The join has at most this much ink in a column, over the height.
const NECK: f64 = 0.16;
/// Parts on both sides are at least this high over the usual height, and this wide.
const PART_HEIGHT: f64 = 0.8;
const PART_WIDTH: f64 = 0.12;
/// Ink from this amount on counts.
const INK: u8 = 96;

/// What is known of the lines.
pub(super) struct Test<'a> {
    ink: &'a GrayPicture,
    components: &'a Components,
    digits: &'a [Digit],
    /// The usual height in each line.
    heights: Vec<f64>,
}

impl<'a> Test<'a> {
    pub(super) fn new(
        ink: &'a GrayPicture,
        components: &'a Components,
        digits: &'a [Digit],
        lines: &[Vec<usize>],
    ) -> Self {
        let heights = lines.iter().map(|members| {
            let mut heights: Vec<f64> = members.iter().map(|&at| digits[at].extent.height()).collect();
            heights.sort_by(f64::total_cmp);
            heights[heights.len() / 2]
        });
        Self { ink, components, digits, heights: heights.collect() }
    }

    /// Whether what was found is several digits.
    pub(super) fn is_several(&self, at: usize, line: usize) -> bool {
        let extent = &self.digits[at].extent;
        let height = self.heights[line].max(0.7 * extent.height());
        let width = extent.width() / height;
        width > WIDEST || width > BROAD && self.has_neck(at, height)
    }

    /// Whether some columns in the middle hold hardly any ink, and what lies on either side is as high as a digit.
    fn has_neck(&self, at: usize, height: f64) -> bool {
        let digit = &self.digits[at];
        let extent = digit.extent;
        let columns: Vec<(u32, u32, u32)> = (extent.left..=extent.right)
            .map(|x| {
                let rows = (extent.top..=extent.bottom).filter(|&y| {
                    let inked = 255 - self.ink.pixels[(y * self.ink.width_px + x) as usize] >= INK;
                    inked && self.components.at(x, y).is_some_and(|own| digit.components.contains(&own))
                });
                rows.fold((0, u32::MAX, 0), |(count, top, bottom), y| (count + 1, top.min(y), bottom.max(y)))
            })
            .collect();
        let part_height = |part: &[(u32, u32, u32)]| {
            let inked = part.iter().filter(|(count, ..)| *count > 0);
            let (top, bottom) = inked.fold((u32::MAX, 0), |(top, bottom), column| (top.min(column.1), bottom.max(column.2)));
            f64::from((bottom + 1).saturating_sub(top))
        };
        let count = columns.len() as f64;
        let (first, last) = ((MIDDLE.0 * count) as usize, (MIDDLE.1 * count) as usize);
        (first..last).any(|cut| {
            let (left, right) = columns.split_at(cut);
            let wide = (left.len() as f64).min(right.len() as f64) >= PART_WIDTH * height;
            wide && f64::from(columns[cut].0) <= NECK * height
                && part_height(left) >= PART_HEIGHT * height
                && part_height(right) >= PART_HEIGHT * height
        })
    }
}
