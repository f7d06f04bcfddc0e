//! Pictures as ink, so that brightness and contrast do not matter.
//!
//! Ink is how much darker a pixel is than the paper, which is the gray that a quarter of the pixels reach: single
//! bright pixels, as JPEG makes them, are none of it. The ink of a picture is a vector of length 1.

use rayon::prelude::*;

use crate::pictures::Pictures;

/// With less between the paper and the darkest pixel, in gray values, a picture shows nothing.
pub(crate) const MIN_CONTRAST: u8 = 24;
/// A picture whose pixels are darker than this on the mean is light ink on dark paper.
const MIDDLE_GRAY: u64 = 128;

/// The ink of all pictures.
pub(crate) struct Inks {
    /// (N, P), each row of length 1 or all zeros.
    pub(crate) values: Vec<f32>,
    /// P.
    pub(crate) width: usize,
    /// Whether a picture shows nothing, length N.
    pub(crate) blank: Vec<bool>,
    /// Whether the pictures are light ink on dark paper.
    pub(crate) is_light_on_dark: bool,
}

impl Inks {
    pub(crate) fn of(pictures: &Pictures) -> Self {
        Self::of_pixels(&pictures.pixels, pictures.canvas.pixels())
    }

    /// The ink of gray pictures (N, `width`).
    pub(crate) fn of_pixels(pixels: &[u8], width: usize) -> Self {
        let sum: u64 = pixels.iter().map(|&pixel| u64::from(pixel)).sum();
        let is_light_on_dark = sum < MIDDLE_GRAY * pixels.len() as u64;
        let mut values = vec![0.0; pixels.len()];
        let rows = values.par_chunks_exact_mut(width).zip(pixels.par_chunks_exact(width));
        let blank = rows.map(|(ink, pixels)| !ink_of(pixels, is_light_on_dark, ink)).collect();
        Self { values, width, blank, is_light_on_dark }
    }

    /// The ink of a picture (P).
    pub(crate) fn row(&self, at: usize) -> &[f32] {
        &self.values[at * self.width..][..self.width]
    }
}

/// Writes the ink of a picture; `false` if it shows nothing.
fn ink_of(pixels: &[u8], is_light_on_dark: bool, ink: &mut [f32]) -> bool {
    let gray = |&pixel: &u8| if is_light_on_dark { u8::MAX - pixel } else { pixel };
    let mut sorted: Vec<u8> = pixels.iter().map(gray).collect();
    sorted.sort_unstable();
    let (darkest, paper) = (sorted[0], sorted[sorted.len() * 3 / 4]);
    if paper - darkest < MIN_CONTRAST {
        return false;
    }
    let mut squares = 0.0f64;
    for (ink, pixel) in ink.iter_mut().zip(pixels) {
        let value = paper.saturating_sub(gray(pixel));
        *ink = f32::from(value);
        squares += f64::from(value) * f64::from(value);
    }
    let length = libm::sqrt(squares) as f32;
    ink.iter_mut().for_each(|ink| *ink /= length);
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brightness_and_contrast_do_not_matter_and_paper_alone_is_blank() {
        let ink = |pixels: [u8; 8]| {
            let mut ink = [0.0; 8];
            ink_of(&pixels, false, &mut ink).then_some(ink)
        };
        let picture = ink([250, 250, 250, 250, 250, 250, 50, 100]).unwrap();
        assert_eq!(ink([200, 200, 200, 200, 200, 200, 0, 50]), Some(picture));
        assert_eq!(ink([200, 200, 200, 200, 200, 200, 100, 125]), Some(picture));
        assert!((picture.iter().map(|ink| ink * ink).sum::<f32>() - 1.0).abs() < 1e-6);
        assert_eq!(ink([230; 8]), None);
        assert_eq!(ink([230, 240, 245, 235, 230, 240, 245, 235]), None);
        assert_eq!(ink([0; 8]), None);
    }
}
