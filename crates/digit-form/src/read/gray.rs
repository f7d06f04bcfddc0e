//! How bright a colour is.

use digit_image::raster::{GrayPicture, RgbPicture};

/// What red, green and blue count, of 256 (Recommendation ITU-R BT.601).
const WEIGHTS: [u32; 3] = [77, 151, 28];

/// A picture in gray.
pub(super) fn gray_of(picture: &RgbPicture) -> GrayPicture {
    picture.map(|rgb| (sum(rgb) >> 8) as u8)
}

/// The gray of a colour without rounding.
pub(super) fn exact(rgb: [u8; 3]) -> f64 {
    f64::from(sum(rgb)) / 256.0
}

fn sum(rgb: [u8; 3]) -> u32 {
    rgb.iter().zip(WEIGHTS).map(|(&value, weight)| u32::from(value) * weight).sum()
}
