//! Means over squares, in integers.

use crate::raster::GrayPicture;

/// The mean of each pixel and its neighbours; at the border, of those that are there.
pub fn mean_3x3(picture: &GrayPicture) -> GrayPicture {
    mean(picture, 1)
}

/// The rounded mean over the square of `2 radius_px + 1` columns and rows, as far as it lies within the picture.
pub fn mean(picture: &GrayPicture, radius_px: usize) -> GrayPicture {
    let (width, height) = (picture.width_px as usize, picture.height_px as usize);
    let window = |at: usize, length: usize| (at.saturating_sub(radius_px), (at + radius_px + 1).min(length));
    // Sums over the rows of the window, kept up to date from row to row.
    let mut columns = vec![0_u32; width];
    let mut prefix = vec![0_u32; width + 1];
    let mut pixels = Vec::with_capacity(width * height);
    let (mut top, mut bottom) = (0, 0);
    for y in 0..height {
        let (first, end) = window(y, height);
        while bottom < end {
            for (sum, &value) in columns.iter_mut().zip(&picture.pixels[bottom * width..]) {
                *sum += u32::from(value);
            }
            bottom += 1;
        }
        while top < first {
            for (sum, &value) in columns.iter_mut().zip(&picture.pixels[top * width..]) {
                *sum -= u32::from(value);
            }
            top += 1;
        }
        for x in 0..width {
            prefix[x + 1] = prefix[x] + columns[x];
        }
        pixels.extend((0..width).map(|x| {
            let (left, right) = window(x, width);
            let count = ((right - left) * (end - first)) as u32;
            ((prefix[right] - prefix[left] + count / 2) / count) as u8
        }));
    }
    GrayPicture { width_px: picture.width_px, height_px: picture.height_px, pixels }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn means_equal_those_of_the_pixels_in_the_window(
            (width, height) in (1_usize..12, 1_usize..12),
            radius in 0_usize..14,
            seed in prop::collection::vec(any::<u8>(), 144),
        ) {
            let pixels = seed[..width * height].to_vec();
            let picture = GrayPicture { width_px: width as u32, height_px: height as u32, pixels };
            let fast = mean(&picture, radius);
            for y in 0..height {
                for x in 0..width {
                    let mut values = Vec::new();
                    for v in y.saturating_sub(radius)..(y + radius + 1).min(height) {
                        for u in x.saturating_sub(radius)..(x + radius + 1).min(width) {
                            values.push(u32::from(picture.pixels[v * width + u]));
                        }
                    }
                    let count = values.len() as u32;
                    let expected = (values.iter().sum::<u32>() + count / 2) / count;
                    prop_assert_eq!(u32::from(fast.pixels[y * width + x]), expected);
                }
            }
        }
    }
}
