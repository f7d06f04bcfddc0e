//! Adam7 interlacing: the picture comes as seven smaller ones, each a grid of the whole.

use crate::decode::error::DecodeError;
use crate::raster::Pixel;

/// One pass: first column and row, distance of columns and rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pass {
    pub x: u32,
    pub y: u32,
    pub step_x: u32,
    pub step_y: u32,
}

impl Pass {
    const fn new(x: u32, y: u32, step_x: u32, step_y: u32) -> Self {
        Self { x, y, step_x, step_y }
    }

    /// Columns and rows of this pass in a picture of the given size; either may be 0.
    pub(super) fn size_px(self, width_px: u32, height_px: u32) -> (u32, u32) {
        (width_px.saturating_sub(self.x).div_ceil(self.step_x), height_px.saturating_sub(self.y).div_ceil(self.step_y))
    }
}

/// The whole picture in one pass.
pub(super) const PLAIN: [Pass; 1] = [Pass::new(0, 0, 1, 1)];

/// PNG specification, section 8.2.
pub(super) const ADAM7: [Pass; 7] = [
    Pass::new(0, 0, 8, 8),
    Pass::new(4, 0, 8, 8),
    Pass::new(0, 4, 4, 8),
    Pass::new(2, 0, 4, 4),
    Pass::new(0, 2, 2, 4),
    Pass::new(1, 0, 2, 2),
    Pass::new(0, 1, 1, 2),
];

/// Puts the pixels of all passes, one pass after the other, into their places.
///
/// # Errors
/// When the system has no memory for the whole picture.
pub(super) fn weave<P: Pixel>(passes: &[P], width_px: u32, height_px: u32) -> Result<Vec<P>, DecodeError> {
    let width = width_px as usize;
    let mut pixels = Vec::new();
    let bytes = size_of_val(passes) as u64;
    pixels.try_reserve_exact(passes.len()).map_err(|_| DecodeError::OutOfMemory { bytes })?;
    pixels.resize(passes.len(), P::default());
    let mut values = passes.iter();
    for pass in ADAM7 {
        let (columns, rows) = pass.size_px(width_px, height_px);
        for row in 0..rows as usize {
            let start = (pass.y as usize + row * pass.step_y as usize) * width + pass.x as usize;
            for (column, value) in (0..columns as usize).zip(&mut values) {
                pixels[start + column * pass.step_x as usize] = *value;
            }
        }
    }
    Ok(pixels)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passes_share_out_every_pixel_once() {
        for width_px in 1..20 {
            for height_px in 1..20 {
                let total: u32 = ADAM7
                    .iter()
                    .map(|pass| pass.size_px(width_px, height_px))
                    .map(|(columns, rows)| columns * rows)
                    .sum();
                assert_eq!(total, width_px * height_px, "{width_px}x{height_px}");
                let ones = vec![1_u8; total as usize];
                assert_eq!(weave(&ones, width_px, height_px), Ok(ones.clone()));
            }
        }
    }
}
