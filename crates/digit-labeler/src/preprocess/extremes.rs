//! Largest and smallest value in a square window around each pixel, in a time that does not depend on the window: each
//! line is cut into blocks as long as the window, and running extremes from both ends of the blocks meet (van Herk
//! 1992, Gil and Werman 1993). Beyond the border there is nothing, so windows end there.

use crate::raster::GrayPicture;

/// Dilation, then erosion: fills dark structures narrower than the window.
pub fn close(picture: &GrayPicture, radius_px: usize) -> GrayPicture {
    square(&square(picture, radius_px, u8::max, 0), radius_px, u8::min, 255)
}

/// Erosion, then dilation: fills bright structures narrower than the window.
pub fn open(picture: &GrayPicture, radius_px: usize) -> GrayPicture {
    square(&square(picture, radius_px, u8::min, 255), radius_px, u8::max, 0)
}

/// `pick` over the window of `2 radius_px + 1` columns and rows; `neutral` never wins.
fn square(picture: &GrayPicture, radius_px: usize, pick: fn(u8, u8) -> u8, neutral: u8) -> GrayPicture {
    let (width, height) = (picture.width_px as usize, picture.height_px as usize);
    let mut pixels = picture.pixels.clone();
    let mut line = Line::default();
    for row in pixels.chunks_exact_mut(width) {
        line.run(row, 0, 1, width, radius_px.min(width), pick, neutral);
    }
    for column in 0..width {
        line.run(&mut pixels, column, width, height, radius_px.min(height), pick, neutral);
    }
    GrayPicture { width_px: picture.width_px, height_px: picture.height_px, pixels }
}

#[derive(Default)]
struct Line {
    forward: Vec<u8>,
    backward: Vec<u8>,
}

impl Line {
    #[allow(clippy::too_many_arguments)] // A strided line and what to do with it.
    fn run(
        &mut self,
        pixels: &mut [u8],
        start: usize,
        step: usize,
        count: usize,
        radius: usize,
        pick: fn(u8, u8) -> u8,
        neutral: u8,
    ) {
        let window = 2 * radius + 1;
        // Neutral values around the line, up to a whole number of blocks.
        let padded = (count + 2 * radius).next_multiple_of(window);
        self.forward.clear();
        self.forward.resize(padded, neutral);
        for at in 0..count {
            self.forward[radius + at] = pixels[start + at * step];
        }
        self.backward.clone_from(&self.forward);
        for block in self.forward.chunks_exact_mut(window) {
            for at in 1..window {
                block[at] = pick(block[at], block[at - 1]);
            }
        }
        for block in self.backward.chunks_exact_mut(window) {
            for at in (1..window).rev() {
                block[at - 1] = pick(block[at - 1], block[at]);
            }
        }
        for at in 0..count {
            pixels[start + at * step] = pick(self.backward[at], self.forward[at + window - 1]);
        }
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
        fn extremes_equal_those_found_by_looking_everywhere(
            (width_px, height_px) in (1_u32..14, 1_u32..14),
            radius in 0_usize..20,
            seed in prop::collection::vec(any::<u8>(), 196),
        ) {
            let pixels = seed[..(width_px * height_px) as usize].to_vec();
            let picture = GrayPicture { width_px, height_px, pixels };
            for (pick, neutral) in [(u8::max as fn(u8, u8) -> u8, 0), (u8::min, 255)] {
                let fast = square(&picture, radius, pick, neutral);
                prop_assert_eq!(fast.pixels, reference(&picture, radius as i64, pick, neutral));
            }
        }
    }
}
