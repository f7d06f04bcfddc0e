//! Whether what was cut out of a box is a digit, nothing, a digit that does not count, or something to doubt.

use digit_image::raster::RgbPicture;

use super::crossed::{Crossed, crossed};
use super::ink::Ink;
use super::square::{CUT_PX, inner};

/// A digit is at least this long: 1.8 mm.
const LEAST_DIGIT_PX: u32 = 15;
/// Shorter ink than this is dust: 0.9 mm.
const MOST_DUST_PX: u32 = 7;
/// Ink along a border over this share of it is a line of the frame.
const FRAME_SHARE: f64 = 0.5;

/// What stands in a box.
#[derive(Clone, Debug)]
pub enum Content {
    /// A digit, cut out of the picture.
    Digit {
        /// The inside of the box.
        picture: RgbPicture,
        /// Whether its ink reaches the border of the picture, so that some of it may be beyond.
        touches_line: bool,
    },
    /// Nothing.
    Empty,
    /// A digit that does not count.
    CrossedOut,
    /// Something else, and what.
    Doubtful(String),
}

/// Decides on a cut, given its ink and the picture with the paper around it.
pub(super) fn content(ink: &Ink, wide: &RgbPicture) -> Content {
    let longest_px = ink.longest_px();
    if longest_px <= MOST_DUST_PX {
        return Content::Empty;
    }
    if longest_px < LEAST_DIGIT_PX {
        let mm = f64::from(longest_px) / 8.0;
        return Content::Doubtful(format!("a speck: expected a digit of at least 1.8 mm, found {mm:.1} mm of ink"));
    }
    match crossed(ink) {
        Crossed::Out => return Content::CrossedOut,
        Crossed::Perhaps => {
            return Content::Doubtful("it may be crossed out: cross a slip out from corner to corner".to_owned());
        }
        Crossed::Not => {}
    }
    if ink.along_border() >= FRAME_SHARE {
        return Content::Doubtful("ink runs along its border, of the digit or of the printed line".to_owned());
    }
    let picture = RgbPicture { width_px: CUT_PX, height_px: CUT_PX, pixels: inner(&wide.pixels) };
    Content::Digit { picture, touches_line: ink.touches_border() }
}
