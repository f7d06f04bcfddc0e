//! The digits in a picture of several: a phone number, a meter, a page of lines.
//!
//! ```
//! use digit_image::raster::RgbPicture;
//! use digit_image::segment::segment;
//!
//! let mut picture = RgbPicture::filled(90, 40, [250; 3]);
//! for x in [20, 21, 22, 60, 61, 62] {
//!     (8..32).for_each(|y| picture.pixels[y * 90 + x] = [20; 3]); // two ones
//! }
//! let segments = segment(&picture)?;
//! assert_eq!(segments.lines.len(), 1);
//! assert_eq!(segments.lines[0].iter().map(|found| found.area.left).collect::<Vec<_>>(), [20, 60]);
//! # Ok::<(), digit_image::preprocess::Unfit>(())
//! ```
//!
//! 1. *Ink* is told from paper as the step `ink` does it, with a window that follows the strokes.
//! 2. *Ruled lines* go, in both directions.
//! 3. *Connected components* are put together to digits: the bar of a 5, a 4 in two strokes, a broken 0. Specks, dots,
//!    dashes and frames are none.
//! 4. *Lines of writing* follow from how digits stand beside each other; the page may be a little aslant.
//! 5. *Touching* digits are told by their width and said as such. They are never cut apart, as a wrong digit is worse
//!    than none.

mod cut;
mod marked;
mod order;
mod piece_box;
mod pieces;
mod rules;
mod touching;

use crate::preprocess::ops::components::Components;
use crate::preprocess::{Unfit, ink_of_page, shrink_factor, shrunk};
use crate::raster::RgbPicture;

pub use marked::{GREEN, RED, draw_box, marked};
use piece_box::PieceBox;

/// Pictures with more pixels are shrunk by a whole factor before digits are looked for; they are cut out of the
/// picture as it was.
const MOST_PX: f64 = 3.2e6;

/// A part of a picture; columns and rows from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Area {
    /// Leftmost column.
    pub left: u32,
    /// Uppermost row.
    pub top: u32,
    /// Columns.
    pub width_px: u32,
    /// Rows.
    pub height_px: u32,
}

/// What stands in an area.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// One digit.
    Digit,
    /// Two or more digits that touch.
    Touching,
}

/// Something as large as a digit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// Where its ink is.
    pub area: Area,
    /// What it is.
    pub what: What,
    /// Its number in `owners`.
    owner: u32,
}

/// What [`segment`] found.
#[derive(Clone, Debug)]
pub struct Segments {
    /// Lines of writing from the top, each from left to right.
    pub lines: Vec<Vec<Found>>,
    /// By which factor the picture was shrunk.
    factor: u32,
    width_px: u32,
    /// For each pixel of the shrunk picture 0 for paper, [`NOBODY`] for ink of no digit, otherwise the number of its
    /// digit.
    owners: Vec<u32>,
}

/// Owner of ink that is no digit.
const NOBODY: u32 = u32::MAX;

/// Finds the digits in a picture.
///
/// # Errors
/// [`Unfit::NoInk`] and [`Unfit::OnlySpecks`]: there is no digit in it.
pub fn segment(picture: &RgbPicture) -> Result<Segments, Unfit> {
    let factor = shrink_factor(picture, MOST_PX);
    let small = if factor == 1 { None } else { Some(shrunk(picture, factor)) };
    let ink = ink_of_page(small.as_ref().unwrap_or(picture))?;
    let (ink, ruled) = rules::without_rules(&ink);
    let components = Components::fine(&ink);
    let between = rules::between_rules(&components, &ruled);
    let digits = pieces::digits(&components, &between, (ink.width_px, ink.height_px));
    if digits.is_empty() {
        return Err(Unfit::OnlySpecks);
    }
    let lines = order::lines(&digits);
    let mut owner_of = vec![NOBODY; components.all.len()];
    for (number, digit) in (1..).zip(&digits) {
        digit.components.iter().for_each(|&component| owner_of[component] = number);
    }
    let owners: Vec<u32> = components
        .of_pixels()
        .zip(&ruled.any)
        .map(|(component, ruled)| component.map_or(if *ruled { NOBODY } else { 0 }, |at| owner_of[at]))
        .collect();
    let touching = touching::Test::new(&ink, &components, &digits, &lines);
    let lines = lines
        .iter()
        .enumerate()
        .map(|(line, members)| {
            let found = members.iter().map(|&at| Found {
                area: area(&digits[at].extent, factor, picture),
                what: if touching.is_several(at, line) { What::Touching } else { What::Digit },
                owner: at as u32 + 1,
            });
            found.collect()
        })
        .collect();
    Ok(Segments { lines, factor, width_px: ink.width_px, owners })
}

/// The area in the picture as it was before it was shrunk.
fn area(extent: &PieceBox, factor: u32, picture: &RgbPicture) -> Area {
    let (left, top) = (extent.left * factor, extent.top * factor);
    Area {
        left,
        top,
        width_px: ((extent.right + 1) * factor).min(picture.width_px) - left,
        height_px: ((extent.bottom + 1) * factor).min(picture.height_px) - top,
    }
}

#[cfg(test)]
mod tests;
