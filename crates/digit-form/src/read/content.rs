//! Whether what was cut out of a box is a digit, nothing, a digit that does not count, or something to doubt.

use digit_image::preprocess::{Image, Pipeline};
use digit_image::raster::{GrayPicture, RgbPicture};
use stage_files::picture::Canvas;

use super::crossed::{Crossed, crossed};

/// Side of what is cut, in pixels: 8 a millimetre.
pub(super) const CUT_PX: u32 = 104;
/// Ink is this dark in the prepared picture.
const INK: u8 = 128;
/// A digit is at least this long: 1.8 mm.
const LEAST_DIGIT_PX: u32 = 15;
/// Shorter ink than this is dust: 0.9 mm.
const MOST_DUST_PX: u32 = 7;
/// Ink along a border over this share of it, within so many pixels, is a line of the frame.
const FRAME_SHARE: f64 = 0.5;
const FRAME_PX: u32 = 3;

/// What stands in a box.
#[derive(Clone, Debug)]
pub enum Content {
    /// A digit, cut out of the picture.
    Digit(RgbPicture),
    /// Nothing.
    Empty,
    /// A digit that does not count.
    CrossedOut,
    /// Something else, and what.
    Doubtful(String),
}

/// Ink of a cut: true is ink.
pub(super) struct Ink {
    cells: Vec<bool>,
    /// Left, top, right and bottom.
    extent: Option<[u32; 4]>,
}

impl Ink {
    pub(super) fn new(cells: Vec<bool>) -> Self {
        let inked = (0_u32..).zip(&cells).filter(|(_, is_ink)| **is_ink).map(|(at, _)| (at % CUT_PX, at / CUT_PX));
        let extent = inked.fold(None, |extent, (x, y)| {
            let [left, top, right, bottom] = extent.unwrap_or([x, y, x, y]);
            Some([left.min(x), top.min(y), right.max(x), bottom.max(y)])
        });
        Self { cells, extent }
    }

    fn of(gray: &GrayPicture) -> Self {
        Self::new(gray.pixels.iter().map(|&value| 255 - value >= INK).collect())
    }

    /// Whether there is ink at a place; none beyond the borders.
    pub(super) fn at(&self, x: i64, y: i64) -> bool {
        let inside = |at: i64| (0..i64::from(CUT_PX)).contains(&at);
        inside(x) && inside(y) && self.cells[(y * i64::from(CUT_PX) + x) as usize]
    }

    pub(super) fn share(&self) -> f64 {
        self.cells.iter().filter(|is_ink| **is_ink).count() as f64 / self.cells.len() as f64
    }

    /// The longer side of the box around it.
    fn longest_px(&self) -> u32 {
        self.extent.map_or(0, |[left, top, right, bottom]| (right + 1 - left).max(bottom + 1 - top))
    }

    /// The largest share of a border that has ink beside it.
    fn along_border(&self) -> f64 {
        let side = i64::from(CUT_PX);
        let near = || 0..i64::from(FRAME_PX);
        let share = |has: &dyn Fn(i64) -> bool| (0..side).filter(|&along| has(along)).count() as f64 / side as f64;
        let shares = [
            share(&|x| near().any(|y| self.at(x, y))),
            share(&|x| near().any(|y| self.at(x, side - 1 - y))),
            share(&|y| near().any(|x| self.at(x, y))),
            share(&|y| near().any(|x| self.at(side - 1 - x, y))),
        ];
        shares.into_iter().fold(0.0, f64::max)
    }
}

/// Decides on a cut.
pub(super) fn content(picture: RgbPicture) -> Content {
    let Some(ink) = ink_of(&picture) else {
        return Content::Doubtful("its ink cannot be told from the paper".to_owned());
    };
    let longest_px = ink.longest_px();
    if longest_px <= MOST_DUST_PX {
        return Content::Empty;
    }
    if longest_px < LEAST_DIGIT_PX {
        let mm = f64::from(longest_px) / 8.0;
        return Content::Doubtful(format!("a speck: expected a digit of at least 1.8 mm, found {mm:.1} mm of ink"));
    }
    match crossed(&ink) {
        Crossed::Out => return Content::CrossedOut,
        Crossed::Perhaps => return Content::Doubtful("it may be crossed out: cross a slip out from corner to corner".to_owned()),
        Crossed::Not => {}
    }
    if ink.along_border() >= FRAME_SHARE {
        return Content::Doubtful("ink runs along its border, of the digit or of the printed line".to_owned());
    }
    Content::Digit(picture)
}

/// The ink without specks.
fn ink_of(picture: &RgbPicture) -> Option<Ink> {
    let steps = Pipeline::parse("ink,specks").ok()?;
    match steps.apply(Canvas::DEFAULT, Image::Rgb(picture.clone()), |_, _| ()) {
        Ok(Image::Gray(gray)) => Some(Ink::of(&gray)),
        _ => None,
    }
}
