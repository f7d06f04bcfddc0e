//! IHDR: size, sample format, interlacing.

use super::chunks::Chunk;
use crate::decode::error::DecodeError;
use crate::decode::error::damaged_png;

/// Longest side that OpenCV's libpng reads.
const MAX_SIDE_PX: u32 = 1_000_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ColorType {
    Gray,
    Rgb,
    Palette,
    GrayAlpha,
    Rgba,
}

#[derive(Clone, Debug)]
pub(super) struct Header {
    pub width_px: u32,
    pub height_px: u32,
    pub depth_bits: u8,
    pub color_type: ColorType,
    pub interlaced: bool,
}

impl Header {
    pub(super) fn read(chunk: &Chunk<'_>) -> Result<Self, DecodeError> {
        let at = chunk.data_at_byte();
        if &chunk.name != b"IHDR" {
            return Err(damaged_png(
                chunk.at_byte,
                format!("the first chunk is {}, expected IHDR", chunk.shown_name()),
            ));
        }
        let &[w0, w1, w2, w3, h0, h1, h2, h3, depth_bits, color, compression, filter, interlace] = chunk.data else {
            return Err(damaged_png(chunk.at_byte, format!("chunk IHDR has {} bytes, expected 13", chunk.data.len())));
        };
        chunk.require_checksum()?;
        let (width_px, height_px) = (u32::from_be_bytes([w0, w1, w2, w3]), u32::from_be_bytes([h0, h1, h2, h3]));
        if !(1..=MAX_SIDE_PX).contains(&width_px) || !(1..=MAX_SIDE_PX).contains(&height_px) {
            let what = format!("IHDR declares {width_px}x{height_px} pixels, each side must be 1 to {MAX_SIDE_PX}");
            return Err(damaged_png(at, what));
        }
        let color_type = match (color, depth_bits) {
            (0, 1 | 2 | 4 | 8 | 16) => ColorType::Gray,
            (2, 8 | 16) => ColorType::Rgb,
            (3, 1 | 2 | 4 | 8) => ColorType::Palette,
            (4, 8 | 16) => ColorType::GrayAlpha,
            (6, 8 | 16) => ColorType::Rgba,
            _ => {
                let what = format!("IHDR combines colour type {color} with {depth_bits} bits, which does not exist");
                return Err(damaged_png(at + 8, what));
            }
        };
        if (compression, filter) != (0, 0) || interlace > 1 {
            let what = format!(
                "IHDR names compression {compression}, filter method {filter}, interlacing {interlace}; expected 0, 0 \
                 and 0 or 1"
            );
            return Err(damaged_png(at + 10, what));
        }
        Ok(Self { width_px, height_px, depth_bits, color_type, interlaced: interlace == 1 })
    }

    pub(super) fn bits_per_pixel(&self) -> usize {
        let channels = match self.color_type {
            ColorType::Gray | ColorType::Palette => 1,
            ColorType::GrayAlpha => 2,
            ColorType::Rgb => 3,
            ColorType::Rgba => 4,
        };
        channels * usize::from(self.depth_bits)
    }

    /// Bytes from a sample to the same one of the pixel before it; 1 where several pixels share a byte.
    pub(super) fn pixel_bytes(&self) -> usize {
        (self.bits_per_pixel() / 8).max(1)
    }

    /// Bytes of a row of `width_px` pixels, without its filter byte.
    pub(super) fn row_bytes(&self, width_px: u32) -> usize {
        (width_px as usize * self.bits_per_pixel()).div_ceil(8)
    }
}
