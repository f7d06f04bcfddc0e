//! Largest and smallest value in a square window around each pixel, in a time that does not depend on the window: each
//! column is cut into blocks as long as the window, and running extremes from both ends of the blocks meet (van Herk
//! 1992, Gil and Werman 1993). Beyond the border there is nothing, so windows end there.
//!
//! Whole rows are compared at a time, which compilers turn into vector instructions; for the other direction the
//! picture is transposed.

use crate::raster::GrayPicture;

/// Dilation, then erosion: fills dark structures narrower than the window of `2 radius_px + 1` columns and rows.
pub(crate) fn close(picture: &GrayPicture, radius_px: usize) -> GrayPicture {
    one_then_other(picture, radius_px, (u8::max, 0), (u8::min, 255))
}

/// Erosion, then dilation: fills bright structures narrower than the window.
pub(crate) fn open(picture: &GrayPicture, radius_px: usize) -> GrayPicture {
    one_then_other(picture, radius_px, (u8::min, 255), (u8::max, 0))
}

/// Largest value in the window around each pixel.
pub(crate) fn dilate(picture: &GrayPicture, radius_px: usize) -> GrayPicture {
    columns(&columns(&picture.transposed(), radius_px, &u8::max, 0).transposed(), radius_px, &u8::max, 0)
}

/// Largest less smallest value in the window around each pixel.
pub(crate) fn range(picture: &GrayPicture, radius_px: usize) -> GrayPicture {
    let most = dilate(picture, radius_px);
    let mut least = columns(&picture.transposed(), radius_px, &u8::min, 255).transposed();
    least = columns(&least, radius_px, &u8::min, 255);
    least.pixels.iter_mut().zip(&most.pixels).for_each(|(least, most)| *least = most - *least);
    least
}

/// Both operations are separable, so their passes can share the two transpositions. With each function comes the value
/// that never wins.
#[inline(always)] // So that `first` and `second` are known where they are called.
fn one_then_other(
    picture: &GrayPicture,
    radius_px: usize,
    (first, first_neutral): (impl Fn(u8, u8) -> u8, u8),
    (second, second_neutral): (impl Fn(u8, u8) -> u8, u8),
) -> GrayPicture {
    let down = columns(picture, radius_px, &first, first_neutral);
    let across = columns(&down.transposed(), radius_px, &first, first_neutral);
    let across = columns(&across, radius_px, &second, second_neutral);
    columns(&across.transposed(), radius_px, &second, second_neutral)
}

/// `pick` over the `2 radius_px + 1` pixels of each column around each pixel.
#[inline(always)]
fn columns(picture: &GrayPicture, radius_px: usize, pick: &impl Fn(u8, u8) -> u8, neutral: u8) -> GrayPicture {
    let (width, height) = (picture.width_px as usize, picture.height_px as usize);
    let radius = radius_px.min(height);
    let window = 2 * radius + 1;
    // Neutral rows above and below, up to a whole number of blocks.
    let padded = (height + 2 * radius).next_multiple_of(window);
    let mut forward = vec![neutral; padded * width];
    forward[radius * width..][..height * width].copy_from_slice(&picture.pixels);
    let mut backward = forward.clone();
    for block in forward.chunks_exact_mut(window * width) {
        for row in 1..window {
            let (before, rest) = block.split_at_mut(row * width);
            pick_rows(&mut rest[..width], &before[(row - 1) * width..], pick);
        }
    }
    for block in backward.chunks_exact_mut(window * width) {
        for row in (1..window).rev() {
            let (before, rest) = block.split_at_mut(row * width);
            pick_rows(&mut before[(row - 1) * width..], &rest[..width], pick);
        }
    }
    backward.truncate(height * width);
    pick_rows(&mut backward, &forward[2 * radius * width..][..height * width], pick);
    GrayPicture { width_px: picture.width_px, height_px: picture.height_px, pixels: backward }
}

#[inline(always)]
fn pick_rows(into: &mut [u8], other: &[u8], pick: &impl Fn(u8, u8) -> u8) {
    for (into, &other) in into.iter_mut().zip(other) {
        *into = pick(*into, other);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn reference(picture: &GrayPicture, radius: i64, pick: fn(u8, u8) -> u8, neutral: u8) -> Vec<u8> {
        let (width, height) = (i64::from(picture.width_px), i64::from(picture.height_px));
        let mut out = Vec::new();
        for y in 0..height {
            for x in 0..width {
                let mut best = neutral;
                for v in (y - radius).max(0)..=(y + radius).min(height - 1) {
                    for u in (x - radius).max(0)..=(x + radius).min(width - 1) {
                        best = pick(best, picture.pixels[(v * width + u) as usize]);
                    }
                }
                out.push(best);
            }
        }
        out
    }

    proptest! {
        #[test]
        fn closing_and_opening_equal_those_found_by_looking_everywhere(
            (width_px, height_px) in (1_u32..14, 1_u32..14),
            radius in 0_usize..20,
            seed in prop::collection::vec(any::<u8>(), 196),
        ) {
            let pixels = seed[..(width_px * height_px) as usize].to_vec();
            let picture = GrayPicture { width_px, height_px, pixels };
            let square = |picture: &GrayPicture, pick, neutral| {
                let pixels = reference(picture, radius as i64, pick, neutral);
                GrayPicture { width_px, height_px, pixels }
            };
            let dilated = square(&picture, u8::max, 0);
            prop_assert_eq!(close(&picture, radius), square(&dilated, u8::min, 255));
            let eroded = square(&picture, u8::min, 255);
            prop_assert_eq!(open(&picture, radius), square(&eroded, u8::max, 0));
            prop_assert_eq!(dilate(&picture, radius), dilated.clone());
            let ranges: Vec<u8> = dilated.pixels.iter().zip(&eroded.pixels).map(|(most, least)| most - least).collect();
            prop_assert_eq!(range(&picture, radius).pixels, ranges);
        }
    }
}
