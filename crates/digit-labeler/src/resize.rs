//! Shrinking a gray picture as OpenCV's `INTER_AREA` does, to the bit.
//!
//! One of four rules applies, chosen from the two scales (see [`plan`]): a plain copy, the mean of whole blocks
//! (`block`), the area-weighted mean (`area`), or, when a side grows, an 11-bit fixed-point linear filter
//! (`linear`). Every operation rounds on its own; nothing here may be fused, reordered or computed in a wider type,
//! since each of these changes pixels. No operation in use depends on the machine.

mod area;
mod block;
mod linear;
pub mod plan;

#[cfg(test)]
mod reference;

pub use plan::{ResizePlan, Resizer, Scratch};

use crate::raster::GrayPicture;

/// Resizes `picture` to `width_px` x `height_px` with OpenCV's `INTER_AREA` rules.
///
/// For many pictures, a [`Resizer`] keeps the weights and buffers of the last size.
///
/// ```
/// use digit_labeler::{raster::GrayPicture, resize};
///
/// let row = GrayPicture { width_px: 3, height_px: 1, pixels: vec![10, 20, 40] };
/// assert_eq!(resize::area(&row, 2, 1).pixels, [13, 33]);
/// ```
///
/// # Panics
/// When a side of the source or of the target is 0.
pub fn area(picture: &GrayPicture, width_px: u32, height_px: u32) -> GrayPicture {
    ResizePlan::new(picture.width_px, picture.height_px, width_px, height_px).apply(picture, &mut Scratch::default())
}
