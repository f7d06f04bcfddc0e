//! The pictures that everything here works on: 8-bit gray, or 8-bit red, green and blue.

/// What a pixel may be: `u8` (gray) or `[u8; 3]` (red, green, blue). Decoders are written once for both.
pub trait Pixel: Copy + Default + PartialEq + std::fmt::Debug + Send + Sync + 'static {
    /// Blank paper.
    const WHITE: Self;
    /// Whether decoders should keep colours apart.
    const COLOUR: bool;
    /// The pixel of a gray sample.
    fn of_gray(gray: u8) -> Self;
    /// The pixel of a colour; `weigh` is the format's way from colour to gray.
    fn of_rgb(rgb: [u8; 3], weigh: impl FnOnce([u8; 3]) -> u8) -> Self;
    /// The same for 16 bits; without weighing, high bytes count.
    fn of_rgb16(rgb: [u16; 3], weigh: impl FnOnce([u16; 3]) -> u8) -> Self;
    /// Lets `weigh` append gray pixels, where that is what pixels are.
    fn append_gray(out: &mut Vec<Self>, weigh: impl FnOnce(&mut Vec<u8>)) -> bool;
}

impl Pixel for u8 {
    const WHITE: Self = 255;
    const COLOUR: bool = false;
    fn of_gray(gray: u8) -> Self {
        gray
    }
    #[inline]
    fn of_rgb(rgb: [u8; 3], weigh: impl FnOnce([u8; 3]) -> u8) -> Self {
        weigh(rgb)
    }
    fn of_rgb16(rgb: [u16; 3], weigh: impl FnOnce([u16; 3]) -> u8) -> Self {
        weigh(rgb)
    }
    fn append_gray(out: &mut Vec<Self>, weigh: impl FnOnce(&mut Vec<u8>)) -> bool {
        weigh(out);
        true
    }
}

impl Pixel for [u8; 3] {
    const WHITE: Self = [255; 3];
    const COLOUR: bool = true;
    fn of_gray(gray: u8) -> Self {
        [gray; 3]
    }
    #[inline]
    fn of_rgb(rgb: [u8; 3], _: impl FnOnce([u8; 3]) -> u8) -> Self {
        rgb
    }
    fn of_rgb16(rgb: [u16; 3], _: impl FnOnce([u16; 3]) -> u8) -> Self {
        rgb.map(|sample| (sample >> 8) as u8)
    }
    fn append_gray(_: &mut Vec<Self>, _: impl FnOnce(&mut Vec<u8>)) -> bool {
        false
    }
}

/// A picture, row by row from the top without padding.
///
/// `pixels.len() == width_px * height_px` holds for every picture this crate makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Raster<P> {
    /// Columns, at least 1.
    pub width_px: u32,
    /// Rows, at least 1.
    pub height_px: u32,
    /// `width_px * height_px` pixels.
    pub pixels: Vec<P>,
}

/// A gray picture; 0 is black, 255 white.
pub type GrayPicture = Raster<u8>;
/// A picture of red, green and blue as the file stores them.
pub type RgbPicture = Raster<[u8; 3]>;

/// Side of the square parts in which pictures are transposed.
const TILE_PX: usize = 16;

impl<P: Copy> Raster<P> {
    /// A picture from its rows; `None` when a side is 0 or the number of pixels is not `width_px * height_px`.
    pub fn new(width_px: u32, height_px: u32, pixels: Vec<P>) -> Option<Self> {
        let expected = u64::from(width_px) * u64::from(height_px);
        (expected > 0 && pixels.len() as u64 == expected).then_some(Self { width_px, height_px, pixels })
    }

    /// A picture whose pixels all have one value.
    pub fn filled(width_px: u32, height_px: u32, value: P) -> Self {
        Self { width_px, height_px, pixels: vec![value; width_px as usize * height_px as usize] }
    }

    /// The pixels of the first and last row, then of the first and last column, so those of the corners twice.
    pub(crate) fn border(&self) -> impl Iterator<Item = &P> {
        let width = self.width_px as usize;
        let ends = self.pixels[..width].iter().chain(&self.pixels[self.pixels.len() - width..]);
        ends.chain(self.rows().flat_map(move |row| [&row[0], &row[width - 1]]))
    }

    /// The rows from top to bottom, each `width_px` long.
    pub fn rows(&self) -> std::slice::ChunksExact<'_, P> {
        self.pixels.chunks_exact(self.width_px as usize)
    }

    /// Rows as columns and columns as rows.
    #[must_use]
    pub fn transposed(&self) -> Self {
        let (width, height) = (self.width_px as usize, self.height_px as usize);
        // In tiles, so that neither reading nor writing strides through all of the memory.
        let mut pixels = self.pixels.clone();
        for top in (0..height).step_by(TILE_PX) {
            let rows = TILE_PX.min(height - top);
            for left in (0..width).step_by(TILE_PX) {
                for x in left..(left + TILE_PX).min(width) {
                    let column = self.pixels[top * width + x..].iter().step_by(width);
                    for (into, &pixel) in pixels[x * height + top..][..rows].iter_mut().zip(column) {
                        *into = pixel;
                    }
                }
            }
        }
        Self { width_px: self.height_px, height_px: self.width_px, pixels }
    }

    /// Every pixel changed by itself.
    pub fn map<Q>(&self, change: impl FnMut(P) -> Q) -> Raster<Q> {
        let pixels = self.pixels.iter().copied().map(change).collect();
        Raster { width_px: self.width_px, height_px: self.height_px, pixels }
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
