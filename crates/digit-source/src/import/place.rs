//! A small digit anywhere on a full-resolution canvas, as in the original 8x8 data.
//!
//! The digit is cut out of its picture, slanted, scaled so that its longer side is about 8 of the 20 pixels that the
//! canvas is later shrunk to, and laid on paper of the picture's own shade at a random place, wholly inside.

use digit_image::connected::{self, Connectivity};
use image::GrayImage;
use imageproc::definitions::Image;
use imageproc::geometric_transformations::{Border, Interpolation, Projection, warp_into};
use rand_core::{Rng, SeedableRng};
use rand_pcg::Pcg64;

use super::polarity;

/// Longer side of the digit in twentieths of the canvas.
const SIDE_TWENTIETHS: std::ops::Range<f64> = 6.5..9.0;
/// Slant in degrees, to either side.
const MAX_SLANT_DEG: f64 = 20.0;
/// A component that touches the border and is this thin, as a share of the picture's side, is part of a form's frame.
const FRAME_SHARE: f64 = 0.12;
/// Components below this share of the largest one's area are specks.
const SPECK_SHARE: f64 = 0.02;

/// Lays the digit of a dark-on-light picture on a canvas of its own. `seed` decides size, slant and place.
/// `None` when the picture has no ink.
pub fn place(picture: &GrayImage, seed: [u8; 32]) -> Option<GrayImage> {
    let counts = polarity::histogram(picture.iter().copied());
    let threshold = polarity::otsu_level(&counts) as u8;
    let paper = median_above(&counts, threshold)?;
    let ink = ink_box(picture, threshold)?;
    let mut random = Pcg64::from_seed(seed);
    let mut uniform = |low: f64, high: f64| low + (high - low) * (random.next_u64() >> 11) as f64 / (1u64 << 53) as f64;

    let shear = libm::tan(uniform(-MAX_SLANT_DEG, MAX_SLANT_DEG).to_radians());
    let (ink_width, ink_height) = (f64::from(ink.right - ink.left + 1), f64::from(ink.bottom - ink.top + 1));
    let slanted_width = ink_width + shear.abs() * ink_height;
    let twentieths = uniform(SIDE_TWENTIETHS.start, SIDE_TWENTIETHS.end);
    // The digit keeps its resolution; the canvas is what grows.
    let side = (slanted_width.max(ink_height) * 20.0 / twentieths).ceil().max(20.0);
    let left = uniform(0.0, (side - slanted_width).max(0.0));
    let top = uniform(0.0, (side - ink_height).max(0.0));

    // Canvas (x, y) shows the picture's (u, v): v = y - top + ink.top, u = x - left - shear part + ink.left; the
    // shear moves the upper end to the right for a positive slant and never to the left of `left`.
    let base = if shear >= 0.0 { shear * ink_height } else { 0.0 };
    let from_picture = Projection::from_matrix([
        1.0,
        -shear as f32,
        (left - f64::from(ink.left) + base + shear * f64::from(ink.top)) as f32,
        0.0,
        1.0,
        (top - f64::from(ink.top)) as f32,
        0.0,
        0.0,
        1.0,
    ])?;
    let mut only_digit = picture.clone();
    for (x, y, pixel) in only_digit.enumerate_pixels_mut() {
        if !ink.contains_with_margin(x, y) {
            pixel.0 = [paper];
        }
    }
    let mut canvas: Image<image::Luma<u8>> = GrayImage::new(side as u32, side as u32);
    let border = Border::Constant(image::Luma([paper]));
    warp_into(&only_digit, from_picture, Interpolation::Bilinear, border, &mut canvas);
    Some(canvas)
}

/// A box of pixels, both ends included.
#[derive(Debug, PartialEq)]
struct InkBox {
    left: u32,
    top: u32,
    right: u32,
    bottom: u32,
}

impl InkBox {
    /// One pixel of margin keeps the soft edge of the strokes.
    fn contains_with_margin(&self, x: u32, y: u32) -> bool {
        x + 1 >= self.left && x <= self.right + 1 && y + 1 >= self.top && y <= self.bottom + 1
    }
}

/// The box around the digit's strokes: frame pieces at the border and specks are left out.
fn ink_box(picture: &GrayImage, threshold: u8) -> Option<InkBox> {
    struct Part {
        area: u32,
        bounds: InkBox,
    }
    let (width, height) = picture.dimensions();
    let ink = GrayImage::from_fn(width, height, |x, y| {
        image::Luma([if picture.get_pixel(x, y).0[0] <= threshold { 255 } else { 0 }])
    });
    let numbers = connected::numbers(&ink, Connectivity::Eight);
    let mut parts: Vec<Part> = Vec::new();
    for ((x, y, _), number) in ink.enumerate_pixels().zip(numbers) {
        let Some(at) = (number as usize).checked_sub(1) else { continue };
        while parts.len() <= at {
            parts.push(Part { area: 0, bounds: InkBox { left: u32::MAX, top: u32::MAX, right: 0, bottom: 0 } });
        }
        let Part { area, bounds } = &mut parts[at];
        *area += 1;
        *bounds = InkBox {
            left: bounds.left.min(x),
            top: bounds.top.min(y),
            right: bounds.right.max(x),
            bottom: bounds.bottom.max(y),
        };
    }
    let is_frame = |part: &Part| {
        let b = &part.bounds;
        let at_border = b.left == 0 || b.top == 0 || b.right + 1 == width || b.bottom + 1 == height;
        let thin_across = f64::from(b.right - b.left + 1) < FRAME_SHARE * f64::from(width);
        let thin_down = f64::from(b.bottom - b.top + 1) < FRAME_SHARE * f64::from(height);
        at_border && (thin_across || thin_down)
    };
    let framed = parts.iter().all(is_frame);
    // If all the ink looks like frame, it is the digit that looks like one: a 1 at the border.
    let digit: Vec<&Part> = parts.iter().filter(|part| framed || !is_frame(part)).collect();
    let largest = digit.iter().map(|part| part.area).max()?;
    let strokes = digit.iter().filter(|part| f64::from(part.area) >= SPECK_SHARE * f64::from(largest));
    strokes.map(|part| &part.bounds).fold(None, |whole: Option<InkBox>, b| {
        let w = whole.unwrap_or(InkBox { left: u32::MAX, top: u32::MAX, right: 0, bottom: 0 });
        Some(InkBox {
            left: w.left.min(b.left),
            top: w.top.min(b.top),
            right: w.right.max(b.right),
            bottom: w.bottom.max(b.bottom),
        })
    })
}

/// The median of the levels above the threshold: the shade of the paper.
fn median_above(counts: &[u64; 256], threshold: u8) -> Option<u8> {
    let above = &counts[usize::from(threshold) + 1..];
    let half = above.iter().sum::<u64>().div_ceil(2);
    let mut seen = 0;
    let at = above.iter().position(|n| {
        seen += n;
        seen >= half && half > 0
    })?;
    Some(threshold + 1 + at as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A bar of ink on paper with a frame line along the left border.
    fn framed_bar() -> GrayImage {
        GrayImage::from_fn(100, 80, |x, y| {
            let bar = (40..50).contains(&x) && (20..60).contains(&y);
            image::Luma([if bar || x < 3 { 30 } else { 220 }])
        })
    }

    fn seed(n: u8) -> [u8; 32] {
        std::array::from_fn(|i| n.wrapping_mul(31).wrapping_add(i as u8))
    }

    #[test]
    fn the_frame_is_not_the_digit() {
        assert_eq!(ink_box(&framed_bar(), 100), Some(InkBox { left: 40, top: 20, right: 49, bottom: 59 }));
    }

    #[test]
    fn the_digit_is_small_whole_and_in_many_places() {
        let mut places = std::collections::BTreeSet::new();
        for n in 0..40 {
            let canvas = place(&framed_bar(), seed(n)).unwrap();
            let ink = ink_box(&canvas, 120).unwrap();
            let share = f64::from(ink.bottom - ink.top + 1) / f64::from(canvas.height());
            assert!((0.25..0.5).contains(&share), "seed {n}: {share}");
            let dark = canvas.iter().filter(|&&p| p < 120).count();
            assert!((300..=500).contains(&dark), "seed {n}: {dark} ink pixels of 400");
            places.insert((4 * ink.left / canvas.width(), 4 * ink.top / canvas.height()));
        }
        assert!(places.len() >= 6, "{places:?}");
    }

    #[test]
    fn the_seed_alone_decides() {
        assert_eq!(place(&framed_bar(), seed(1)), place(&framed_bar(), seed(1)));
        assert_ne!(place(&framed_bar(), seed(1)), place(&framed_bar(), seed(2)));
    }

    #[test]
    fn a_blank_picture_has_no_digit() {
        assert_eq!(place(&GrayImage::from_pixel(30, 30, image::Luma([255])), seed(1)), None);
        assert_eq!(place(&GrayImage::from_pixel(1, 1, image::Luma([0])), seed(1)), None);
    }
}
