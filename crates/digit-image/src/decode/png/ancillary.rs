//! The chunks that may be missing but change pixels: gAMA, sRGB, sBIT, tRNS, eXIf; and cICP, which changes only what
//! sRGB means. Those that are damaged or out of place are ignored, as libpng does.

use super::chunks::Chunk;
use super::header::{ColorType, Header};
use crate::decode::orientation;

/// The gamma that sRGB stands for, in units of 1/100000.
pub(super) const SRGB_GAMMA: u32 = 45_455;

/// What the ancillary chunks say.
#[derive(Debug, Default)]
pub(super) struct Ancillary {
    /// Gamma of the samples, in units of 1/100000; from gAMA or sRGB.
    pub gamma: Option<u32>,
    /// The largest number of significant bits of red, green and blue (sBIT).
    pub significant_bits: Option<u8>,
    pub transparency: Option<Transparency>,
    /// EXIF orientation.
    pub orientation: Option<u16>,
    /// Names of the chunks that have been taken, since of each kind the first counts.
    taken: Vec<[u8; 4]>,
}

/// tRNS, by colour type.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Transparency {
    /// This gray value is transparent, all others are opaque.
    Gray(u16),
    /// This colour is transparent, all others are opaque.
    Rgb([u16; 3]),
    /// Alpha of the first palette entries; the others are opaque.
    Palette(Vec<u8>),
}

impl Ancillary {
    /// Looks at a chunk that is not critical.
    pub(super) fn take(&mut self, chunk: &Chunk<'_>, header: &Header, palette: Option<&[[u8; 3]]>, after_data: bool) {
        let before_palette = palette.is_none() && !after_data;
        match (&chunk.name, chunk.data) {
            (b"gAMA", &[g0, g1, g2, g3]) if before_palette && self.is_first(chunk) => {
                let value = u32::from_be_bytes([g0, g1, g2, g3]);
                if self.gamma.is_none() && (1..=i32::MAX as u32).contains(&value) {
                    self.gamma = Some(value);
                }
            }
            (b"sRGB", &[0..=3])
                if before_palette
                    && self.is_first(chunk)
                    && (self.gamma.is_none() || !self.taken.contains(b"cICP")) =>
            {
                self.gamma = Some(SRGB_GAMMA);
            }
            (b"cICP", &[_, _, _, _]) if before_palette && self.is_first(chunk) => {}
            (b"sBIT", bits) if before_palette && self.is_first(chunk) => {
                let channels = match header.color_type {
                    ColorType::Rgb => 3,
                    ColorType::Rgba => 4,
                    _ => return,
                };
                if bits.len() == channels && bits.iter().all(|bits| (1..=header.depth_bits).contains(bits)) {
                    self.significant_bits = bits[..3].iter().copied().max();
                }
            }
            (b"tRNS", data) if !after_data && self.transparency.is_none() && chunk.checksum_is_right() => {
                self.transparency = transparency(data, header.color_type, palette);
            }
            (b"eXIf", data) if is_exif(data) && self.is_first(chunk) => {
                self.orientation = orientation::from_exif(data);
            }
            _ => {}
        }
    }

    /// Whether `chunk` has the right checksum and is the first such of its kind; it is then remembered.
    fn is_first(&mut self, chunk: &Chunk<'_>) -> bool {
        let first = !self.taken.contains(&chunk.name) && chunk.checksum_is_right();
        if first {
            self.taken.push(chunk.name);
        }
        first
    }
}

fn is_exif(data: &[u8]) -> bool {
    data.starts_with(b"II*\0") || data.starts_with(b"MM\0*")
}

fn transparency(data: &[u8], color_type: ColorType, palette: Option<&[[u8; 3]]>) -> Option<Transparency> {
    match (color_type, data) {
        (ColorType::Gray, &[v0, v1]) => Some(Transparency::Gray(u16::from_be_bytes([v0, v1]))),
        (ColorType::Rgb, &[r0, r1, g0, g1, b0, b1]) => Some(Transparency::Rgb([
            u16::from_be_bytes([r0, r1]),
            u16::from_be_bytes([g0, g1]),
            u16::from_be_bytes([b0, b1]),
        ])),
        (ColorType::Palette, alpha) if (1..=palette?.len()).contains(&alpha.len()) => {
            Some(Transparency::Palette(alpha.to_vec()))
        }
        _ => None,
    }
}
