//! The one kind of picture everything here works on: 8-bit gray.

/// A gray picture, one byte a pixel, row by row from the top without padding; 0 is black, 255 white.
///
/// `pixels.len() == width_px * height_px` holds for every picture this crate makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GrayPicture {
    /// Columns, at least 1.
    pub width_px: u32,
    /// Rows, at least 1.
    pub height_px: u32,
    /// Gray values, `width_px * height_px` of them.
    pub pixels: Vec<u8>,
}

impl GrayPicture {
    /// A picture from its rows; `None` when a side is 0 or the number of pixels is not `width_px * height_px`.
    pub fn new(width_px: u32, height_px: u32, pixels: Vec<u8>) -> Option<Self> {
        let expected = u64::from(width_px) * u64::from(height_px);
        (expected > 0 && pixels.len() as u64 == expected).then_some(Self { width_px, height_px, pixels })
    }

    /// A picture whose pixels all have one value.
    pub fn filled(width_px: u32, height_px: u32, value: u8) -> Self {
        Self { width_px, height_px, pixels: vec![value; width_px as usize * height_px as usize] }
    }

    /// The rows from top to bottom, each `width_px` long.
    pub fn rows(&self) -> std::slice::ChunksExact<'_, u8> {
        self.pixels.chunks_exact(self.width_px as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_full_set_of_pixels_makes_a_picture() {
        assert!(GrayPicture::new(2, 3, vec![0; 6]).is_some());
        assert!(GrayPicture::new(2, 3, vec![0; 5]).is_none());
        assert!(GrayPicture::new(0, 3, vec![]).is_none());
        assert_eq!(GrayPicture::filled(2, 2, 7).rows().collect::<Vec<_>>(), [[7, 7], [7, 7]]);
    }
}
