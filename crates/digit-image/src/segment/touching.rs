//! Digits that touch: too wide for one, or joined at a narrow place between two parts as high as digits.

use crate::preprocess::ops::components::Components;
use crate::raster::GrayPicture;

use super::piece_box::PieceBox;
use super::pieces::Digit;

/// One digit is at most this wide over the usual height of its line.
const WIDEST: f64 = 1.7;
/// Beside at least so many others, it is at most so many times as wide as three quarters of them.
const OTHERS: usize = 3;
const WIDER: f64 = 1.75;
/// What is wider than this over the height, and wider than three quarters of the others by this factor, is several
/// digits if they are joined at a neck.
const BROAD: f64 = 0.75;
const LITTLE_WIDER: f64 = 1.15;
/// A neck is a column with one run of ink, at most this high.
const NECK: f64 = 0.16;
/// Parts on both sides are at least this high over the usual height, and this wide.
const PART_HEIGHT: f64 = 0.85;
const PART_WIDTH: f64 = 0.1;
/// Ink from this amount on counts.
const INK: u8 = 96;

/// What is known of the lines.
pub(super) struct Test<'a> {
    ink: &'a GrayPicture,
    components: &'a Components,
    digits: &'a [Digit],
    /// The usual height in each line.
    heights: Vec<f64>,
    /// The widths in each line, ascending.
    widths: Vec<Vec<f64>>,
}

impl<'a> Test<'a> {
    pub(super) fn new(
        ink: &'a GrayPicture,
        components: &'a Components,
        digits: &'a [Digit],
        lines: &[Vec<usize>],
    ) -> Self {
        let sorted = |members: &[usize], length: fn(&PieceBox) -> f64| {
            let mut lengths: Vec<f64> = members.iter().map(|&at| length(&digits[at].extent)).collect();
            lengths.sort_by(f64::total_cmp);
            lengths
        };
        let heights = lines.iter().map(|members| sorted(members, PieceBox::height)[members.len() / 2]).collect();
        let widths = lines.iter().map(|members| sorted(members, PieceBox::width)).collect();
        Self { ink, components, digits, heights, widths }
    }

    /// Whether what was found is several digits.
    pub(super) fn is_several(&self, at: usize, line: usize) -> bool {
        let extent = &self.digits[at].extent;
        let height = self.heights[line].max(0.7 * extent.height());
        let width = extent.width();
        // Of the others: the widest places of a line may be what is asked about.
        let others = &self.widths[line][..self.widths[line].len() - 1];
        let usual = (others.len() >= OTHERS).then(|| others[others.len() * 3 / 4]);
        let is_wider = |factor: f64, without: bool| usual.map_or(without, |usual| width > factor * usual);
        width > WIDEST * height
            || width > BROAD * height && is_wider(WIDER, false)
            || width > BROAD * height && is_wider(LITTLE_WIDER, true) && self.has_neck(at, height)
    }

    /// Whether a column holds hardly any ink, and what lies on either side is as high as a digit.
    fn has_neck(&self, at: usize, height: f64) -> bool {
        let digit = &self.digits[at];
        let extent = digit.extent;
        // For each column its inked rows, the runs that they form, the first and the last one.
        let columns: Vec<Column> = (extent.left..=extent.right)
            .map(|x| {
                let is_own = |y: &u32| {
                    let inked = 255 - self.ink.pixels[(*y * self.ink.width_px + x) as usize] >= INK;
                    inked && self.components.at(x, *y).is_some_and(|own| digit.components.contains(&own))
                };
                (extent.top..=extent.bottom).filter(is_own).fold(Column::default(), Column::with)
            })
            .collect();
        let part_height = |part: &[Column]| {
            let rows = part.iter().filter_map(|column| column.rows).reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)));
            rows.map_or(0.0, |(top, bottom)| f64::from(bottom + 1 - top))
        };
        (0..columns.len()).any(|cut| {
            let (left, right) = (&columns[..cut], &columns[cut + 1..]);
            let wide = (left.len().min(right.len()) as f64) >= PART_WIDTH * height;
            wide && columns[cut].runs == 1
                && f64::from(columns[cut].count) <= NECK * height
                && part_height(left) >= PART_HEIGHT * height
                && part_height(right) >= PART_HEIGHT * height
        })
    }
}

/// The ink in a column.
#[derive(Clone, Copy, Default)]
struct Column {
    count: u32,
    runs: u32,
    rows: Option<(u32, u32)>,
}

impl Column {
    /// The same with one row more, below the others.
    fn with(self, y: u32) -> Self {
        let is_next = self.rows.is_some_and(|(_, last)| last + 1 == y);
        let rows = Some((self.rows.map_or(y, |(first, _)| first), y));
        Self { count: self.count + 1, runs: self.runs + u32::from(!is_next), rows }
    }
}
