//! Gray values between pixels.

use digit_image::raster::GrayPicture;

/// Reads a picture at any place; the middle of the first pixel is 0.5, 0.5.
#[derive(Clone, Copy)]
pub(crate) struct Sampler<'a> {
    picture: &'a GrayPicture,
}

impl<'a> Sampler<'a> {
    pub(crate) fn new(picture: &'a GrayPicture) -> Self {
        Self { picture }
    }

    /// The value at a place, between those of the four pixels around it; beyond the border, that of the border.
    pub(crate) fn at(&self, (x, y): (f64, f64)) -> f64 {
        let (width, height) = (self.picture.width_px as usize, self.picture.height_px as usize);
        let (x, y) = ((x - 0.5).clamp(0.0, (width - 1) as f64), (y - 0.5).clamp(0.0, (height - 1) as f64));
        let (left, top) = (x as usize, y as usize);
        let (right, bottom) = ((left + 1).min(width - 1), (top + 1).min(height - 1));
        let (u, v) = (x - left as f64, y - top as f64);
        let pixel = |x: usize, y: usize| f64::from(self.picture.pixels[y * width + x]);
        let upper = pixel(left, top) * (1.0 - u) + pixel(right, top) * u;
        let lower = pixel(left, bottom) * (1.0 - u) + pixel(right, bottom) * u;
        upper * (1.0 - v) + lower * v
    }

    /// Whether a place is within the picture.
    pub(crate) fn holds(&self, (x, y): (f64, f64)) -> bool {
        x >= 0.0 && y >= 0.0 && x <= f64::from(self.picture.width_px) && y <= f64::from(self.picture.height_px)
    }
}
