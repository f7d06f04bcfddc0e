//! What is paper and what is ink.

use ndarray::ArrayView1;

use super::shape::Shape;

/// The gray level of paper, and whether ink is darker or lighter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Paper {
    level: f32,
    /// 1 when ink is darker than paper, -1 when it is lighter.
    sign: f32,
}

impl Paper {
    /// The median of the border pixels of some pictures; white when there is none. Ink is on the side where there is
    /// more room.
    pub(crate) fn of_border<'a>(shape: Shape, pictures: impl Iterator<Item = ArrayView1<'a, u8>>) -> Self {
        let Shape { width, height } = shape;
        let mut counts = [0u64; 256];
        for picture in pictures {
            let (rows, ends) = ([0, height - 1], [0, width - 1]);
            let border = rows.iter().flat_map(|y| (0..width).map(move |x| (x, *y)));
            let border = border.chain(ends.iter().flat_map(|x| (0..height).map(move |y| (*x, y))));
            border.for_each(|(x, y)| counts[usize::from(picture[y * width + x])] += 1);
        }
        let total: u64 = counts.iter().sum();
        let mut below = 0;
        let median = counts.iter().position(|count| {
            below += count;
            total > 0 && 2 * below >= total
        });
        let level = median.unwrap_or(255) as f32;
        Self { level, sign: if level < 128.0 { -1.0 } else { 1.0 } }
    }

    /// Pixels to ink: 0 is paper.
    pub(crate) fn to_ink(self, pixels: &ArrayView1<'_, u8>, ink: &mut [f32]) {
        for (ink, pixel) in ink.iter_mut().zip(pixels) {
            *ink = (self.level - f32::from(*pixel)) * self.sign;
        }
    }

    /// Ink to pixels, 0..=255.
    pub(crate) fn to_pixels(self, values: &mut [f32]) {
        for value in values {
            *value = (self.level - *value * self.sign).clamp(0.0, 255.0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paper_is_what_lies_at_the_border() {
        let shape = Shape { width: 3, height: 3 };
        let dark_on_gray = [200u8, 200, 0, 200, 0, 200, 0, 200, 210];
        let paper = Paper::of_border(shape, std::iter::once(ArrayView1::from(&dark_on_gray)));
        assert_eq!(paper, Paper { level: 200.0, sign: 1.0 });
        let mut ink = [0.0; 9];
        paper.to_ink(&ArrayView1::from(&dark_on_gray), &mut ink);
        assert_eq!((ink[0], ink[4], ink[8]), (0.0, 200.0, -10.0));
        paper.to_pixels(&mut ink);
        assert_eq!(ink, dark_on_gray.map(f32::from));

        let light_on_dark = dark_on_gray.map(|v| 255 - v);
        let paper = Paper::of_border(shape, std::iter::once(ArrayView1::from(&light_on_dark)));
        assert_eq!(paper, Paper { level: 55.0, sign: -1.0 });
        paper.to_ink(&ArrayView1::from(&light_on_dark), &mut ink);
        assert_eq!((ink[0], ink[4]), (0.0, 200.0));
        let mut strong = [400.0, -100.0];
        paper.to_pixels(&mut strong);
        assert_eq!(strong, [255.0, 0.0]);
        assert_eq!(Paper::of_border(shape, std::iter::empty()), Paper { level: 255.0, sign: 1.0 });
    }
}
