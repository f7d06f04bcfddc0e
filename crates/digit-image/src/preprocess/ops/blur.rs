//! Means over squares, in integers.

use crate::raster::GrayPicture;

/// The mean of each pixel and its neighbours; at the border, of those that are there.
pub(crate) fn mean_3x3(picture: &GrayPicture) -> GrayPicture {
    mean(picture, 1)
}

/// The rounded mean over the square of `2 radius_px + 1` columns and rows, as far as it lies within the picture.
pub(crate) fn mean(picture: &GrayPicture, radius_px: usize) -> GrayPicture {
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
        let mut sum = 0;
        for (prefix, column) in prefix[1..].iter_mut().zip(&columns) {
            sum += column;
            *prefix = sum;
        }
        let rows = end - first;
        let at = |x: usize| {
            let (left, right) = window(x, width);
            Divisor::new((right - left) * rows).rounded_quotient(prefix[right] - prefix[left])
        };
        // Away from the ends all windows are as wide, and their sums begin and end at fixed distances.
        let inner = radius_px.min(width)..width.saturating_sub(radius_px).max(radius_px.min(width));
        let full = Divisor::new((2 * radius_px + 1) * rows);
        pixels.extend((0..inner.start).map(at));
        let ends = prefix.get(2 * radius_px + 1..).unwrap_or_default();
        pixels.extend(ends.iter().zip(&prefix).map(|(end, start)| full.rounded_quotient(end - start)));
        pixels.extend((inner.end..width).map(at));
    }
    GrayPicture { width_px: picture.width_px, height_px: picture.height_px, pixels }
}

/// A number of pixels by which sums of theirs are divided.
#[derive(Clone, Copy)]
struct Divisor {
    count: u32,
    /// `2^32 / count`, rounded up or one more, if small counts make it exact (Granlund and Montgomery 1994): the
    /// product's error stays below `dividend * count <= 256 * count^2 <= 2^32`.
    reciprocal: Option<u64>,
}

impl Divisor {
    const MOST_EXACT: u32 = 4096;

    fn new(count: usize) -> Self {
        let count = count as u32;
        Self { count, reciprocal: (count <= Self::MOST_EXACT).then(|| (1 << 32) / u64::from(count) + 1) }
    }

    /// The mean of as many bytes as were counted, rounded.
    fn rounded_quotient(self, sum: u32) -> u8 {
        let dividend = sum + self.count / 2;
        match self.reciprocal {
            Some(reciprocal) => ((u64::from(dividend) * reciprocal) >> 32) as u8,
            None => (dividend / self.count) as u8,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn products_with_reciprocals_are_quotients() {
        for count in 1..=Divisor::MOST_EXACT + 1 {
            let divisor = Divisor::new(count as usize);
            // Just below and at each step of the quotient.
            for mean in 0..=255 {
                let step = (mean * count).saturating_sub(count / 2);
                for sum in [step.saturating_sub(1), step].into_iter().filter(|&sum| sum <= 255 * count) {
                    let expected = (sum + count / 2) / count;
                    assert_eq!(u32::from(divisor.rounded_quotient(sum)), expected, "{sum} / {count}");
                }
            }
        }
    }

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
