//! Connected components, numbered by imageproc.

use image::{GrayImage, Luma};
pub use imageproc::region_labelling::Connectivity;
use imageproc::region_labelling::connected_components;

/// For each pixel of a mask, row by row, 0 where the mask is 0, otherwise the number of its component, from 1 in the
/// order of their first pixels.
///
/// ```
/// use digit_image::connected::{Connectivity, numbers};
/// let mask = image::GrayImage::from_raw(4, 1, vec![0, 1, 0, 1]).unwrap();
/// assert_eq!(numbers(&mask, Connectivity::Eight), [0, 1, 0, 2]);
/// ```
pub fn numbers(mask: &GrayImage, connectivity: Connectivity) -> Vec<u32> {
    // imageproc 0.27 has room for fewer components than there are pixels, and panics where there is one of each.
    if let &[pixel] = mask.as_raw().as_slice() {
        return vec![u32::from(pixel > 0)];
    }
    connected_components(mask, connectivity, Luma([0])).into_raw()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_masks_have_their_components() {
        for (width_px, height_px, mask, expected) in [
            (0, 0, vec![], vec![]),
            (1, 1, vec![0], vec![0]),
            (1, 1, vec![7], vec![1]),
            (2, 1, vec![1, 1], vec![1, 1]),
            (3, 1, vec![1, 0, 1], vec![1, 0, 2]),
            (1, 3, vec![1, 0, 1], vec![1, 0, 2]),
        ] {
            let mask = GrayImage::from_raw(width_px, height_px, mask).unwrap();
            for connectivity in [Connectivity::Four, Connectivity::Eight] {
                assert_eq!(numbers(&mask, connectivity), expected, "{width_px}x{height_px}");
            }
        }
    }
}
