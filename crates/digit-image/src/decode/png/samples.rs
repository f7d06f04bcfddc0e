//! Raw samples of one row to pixels, for every colour type and bit depth.

use super::ancillary::{Ancillary, Transparency};
use super::gamma::{Gamma8, Gamma16};
use super::header::{ColorType, Header};
use super::tone;
use crate::decode::alpha::{over_white_8, over_white_16};
use crate::raster::Pixel;
use stage_files::picture::Alpha;

/// Turns rows of raw samples into pixels. Where the alpha rule is [`Alpha::Drop`], or the file has no transparency,
/// the fields for it are empty.
pub(super) enum Converter<P> {
    /// Up to 8 bits, gray or palette: the colour of each sample.
    Lookup {
        depth_bits: u8,
        table: Box<[P; 256]>,
    },
    Gray16 {
        clear: Option<u16>,
    },
    GrayAlpha8 {
        on_white: bool,
    },
    GrayAlpha16 {
        on_white: bool,
    },
    Rgb8 {
        tone: Gamma8,
        clear: Option<[u16; 3]>,
    },
    Rgba8 {
        tone: Gamma8,
        on_white: bool,
    },
    Rgb16 {
        tone: Gamma16,
        clear: Option<[u16; 3]>,
    },
    Rgba16 {
        tone: Gamma16,
        on_white: bool,
    },
}

impl<P: Pixel> Converter<P> {
    pub(super) fn new(header: &Header, palette: Option<&[[u8; 3]]>, extra: &Ancillary, alpha: Alpha) -> Self {
        let on_white = alpha == Alpha::White;
        let transparency = extra.transparency.as_ref().filter(|_| on_white);
        let clear_gray = match transparency {
            // Only as many low bits count as a sample has (PNG specification, section 11.3.2.1).
            Some(&Transparency::Gray(value)) => Some(value & sample_mask(header.depth_bits)),
            _ => None,
        };
        let clear_rgb = match transparency {
            Some(Transparency::Rgb(colour)) => Some(colour.map(|value| value & sample_mask(header.depth_bits))),
            _ => None,
        };
        let gamma_8 = || Gamma8::new(extra.gamma);
        let gamma_16 = || Gamma16::new(extra.gamma, extra.significant_bits);
        match (header.color_type, header.depth_bits) {
            (ColorType::Gray, 16) => Self::Gray16 { clear: clear_gray },
            (ColorType::Gray, depth_bits) => {
                Self::Lookup { depth_bits, table: Box::new(gray_table(depth_bits, clear_gray)) }
            }
            (ColorType::Palette, depth_bits) => {
                let alpha = match transparency {
                    Some(Transparency::Palette(alpha)) => alpha.as_slice(),
                    _ => &[],
                };
                Self::Lookup {
                    depth_bits,
                    table: Box::new(palette_table(palette.unwrap_or_default(), alpha, &gamma_8())),
                }
            }
            (ColorType::GrayAlpha, 16) => Self::GrayAlpha16 { on_white },
            (ColorType::GrayAlpha, _) => Self::GrayAlpha8 { on_white },
            (ColorType::Rgb, 16) => Self::Rgb16 { tone: gamma_16(), clear: clear_rgb },
            (ColorType::Rgb, _) => Self::Rgb8 { tone: gamma_8(), clear: clear_rgb },
            (ColorType::Rgba, 16) => Self::Rgba16 { tone: gamma_16(), on_white },
            (ColorType::Rgba, _) => Self::Rgba8 { tone: gamma_8(), on_white },
        }
    }

    /// Appends the gray pixels of a row many at once, of the colours that pictures mostly have; false for all others.
    fn convert_many(&self, raw: &[u8], out: &mut Vec<P>) -> bool {
        match self {
            Self::Rgb8 { tone: Gamma8::Plain, clear: None } => {
                P::append_gray(out, |out| tone::rgb(raw.as_chunks().0, out))
            }
            Self::Rgba8 { tone: Gamma8::Plain, on_white: true } => {
                P::append_gray(out, |out| tone::rgba_on_white(raw.as_chunks().0, out))
            }
            _ => false,
        }
    }

    /// Appends the pixels of one row. `raw` holds its samples, `columns` is its number of pixels.
    pub(super) fn convert(&self, raw: &[u8], columns: usize, out: &mut Vec<P>) {
        if self.convert_many(raw, out) {
            return;
        }
        match self {
            Self::Lookup { depth_bits: 8, table } => out.extend(raw.iter().map(|&sample| table[usize::from(sample)])),
            Self::Lookup { depth_bits, table } => {
                out.extend(unpack(raw, *depth_bits).take(columns).map(|sample| table[usize::from(sample)]));
            }
            Self::Gray16 { clear } => out.extend(raw.as_chunks::<2>().0.iter().map(|&sample| {
                if *clear == Some(u16::from_be_bytes(sample)) { P::WHITE } else { P::of_gray(sample[0]) }
            })),
            Self::GrayAlpha8 { on_white } => out.extend(
                raw.as_chunks::<2>()
                    .0
                    .iter()
                    .map(|&[sample, alpha]| P::of_gray(if *on_white { over_white_8(sample, alpha) } else { sample })),
            ),
            Self::GrayAlpha16 { on_white } => out.extend(raw.as_chunks::<4>().0.iter().map(|&[s0, s1, a0, a1]| {
                let (sample, alpha) = (u16::from_be_bytes([s0, s1]), u16::from_be_bytes([a0, a1]));
                let sample = if *on_white { over_white_16(sample, alpha) } else { sample };
                P::of_gray((sample >> 8) as u8)
            })),
            Self::Rgb8 { tone, clear } => out.extend(raw.as_chunks::<3>().0.iter().map(|&colour| {
                if clear.is_some_and(|clear| clear == colour.map(u16::from)) {
                    P::WHITE
                } else {
                    P::of_rgb(colour, |colour| tone.gray(colour))
                }
            })),
            Self::Rgba8 { tone, on_white } => out.extend(raw.as_chunks::<4>().0.iter().map(|&[r, g, b, alpha]| {
                let colour = [r, g, b];
                let colour = if *on_white { colour.map(|sample| over_white_8(sample, alpha)) } else { colour };
                P::of_rgb(colour, |colour| tone.gray(colour))
            })),
            Self::Rgb16 { tone, clear } => out.extend(raw.as_chunks::<6>().0.iter().map(|pixel| {
                let colour = samples_16(*pixel);
                if clear.is_some_and(|clear| clear == colour) {
                    P::WHITE
                } else {
                    P::of_rgb16(colour, |colour| tone.gray(colour))
                }
            })),
            Self::Rgba16 { tone, on_white } => {
                out.extend(raw.as_chunks::<8>().0.iter().map(|&[r0, r1, g0, g1, b0, b1, a0, a1]| {
                    let colour = samples_16([r0, r1, g0, g1, b0, b1]);
                    let alpha = u16::from_be_bytes([a0, a1]);
                    let colour = if *on_white { colour.map(|sample| over_white_16(sample, alpha)) } else { colour };
                    P::of_rgb16(colour, |colour| tone.gray(colour))
                }));
            }
        }
    }
}

fn sample_mask(depth_bits: u8) -> u16 {
    u16::MAX >> (16 - depth_bits.min(16))
}

fn samples_16([r0, r1, g0, g1, b0, b1]: [u8; 6]) -> [u16; 3] {
    [u16::from_be_bytes([r0, r1]), u16::from_be_bytes([g0, g1]), u16::from_be_bytes([b0, b1])]
}

/// Samples of less than 8 bits, the leftmost in the high bits.
fn unpack(raw: &[u8], depth_bits: u8) -> impl Iterator<Item = u8> {
    let mask = (1_u8 << depth_bits) - 1;
    raw.iter().flat_map(move |&byte| (0..8 / depth_bits).rev().map(move |place| (byte >> (place * depth_bits)) & mask))
}

/// Gray samples of up to 8 bits, spread over 0..=255; a clear one lies on white.
fn gray_table<P: Pixel>(depth_bits: u8, clear: Option<u16>) -> [P; 256] {
    let scale = 255 / (sample_mask(depth_bits) as u8);
    std::array::from_fn(|sample| {
        if clear == Some(sample as u16) { P::WHITE } else { P::of_gray((sample as u8).wrapping_mul(scale)) }
    })
}

/// Palette entries; an index beyond the palette gives black.
fn palette_table<P: Pixel>(palette: &[[u8; 3]], alpha: &[u8], tone: &Gamma8) -> [P; 256] {
    std::array::from_fn(|index| {
        let colour = palette.get(index).copied().unwrap_or([0; 3]);
        let alpha = alpha.get(index).copied().unwrap_or(255);
        P::of_rgb(colour.map(|sample| over_white_8(sample, alpha)), |colour| tone.gray(colour))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_samples_are_unpacked_from_the_left_and_spread() {
        assert_eq!(
            unpack(&[0b1000_0001, 0xff], 1).collect::<Vec<_>>(),
            [1, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1]
        );
        assert_eq!(unpack(&[0b0001_1011], 2).collect::<Vec<_>>(), [0, 1, 2, 3]);
        assert_eq!(unpack(&[0xa5], 4).collect::<Vec<_>>(), [0xa, 0x5]);
        assert_eq!(gray_table::<u8>(1, None)[..2], [0, 255]);
        assert_eq!(gray_table::<u8>(2, None)[..4], [0, 85, 170, 255]);
        assert_eq!(gray_table::<u8>(4, Some(3))[..5], [0, 17, 34, 255, 68]);
        assert_eq!(gray_table::<u8>(8, None)[..], (0..=255).collect::<Vec<u8>>());
    }
}
