//! Samples to pixels, as libtiff's conversion to RGBA does it, which OpenCV uses; then OpenCV's weights.

use stage_files::picture::Alpha;

use super::cielab::CieLab;
use super::compression::Compression;
use super::directory as tag;
use super::directory::Directory;
use super::page::Page;
use super::ycbcr::YCbCr;
use super::{damaged, unsupported};
use crate::decode::DecodeError;
use crate::decode::alpha::{over_white_8, over_white_16};
use crate::decode::gray_weights::gray_q14;
use crate::raster::Pixel;

/// What the samples of a pixel mean.
pub(super) enum Colour {
    Gray { is_white_zero: bool },
    Rgb,
    Palette(Vec<[u8; 3]>),
    Cmyk,
    YCbCr(Box<YCbCr>),
    CieLab(CieLab),
}

/// What becomes of the first sample beyond colour.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Transparency {
    None,
    /// Colours are stored as they are.
    Plain,
    /// Colours are stored multiplied by it.
    Multiplied,
}

/// The way from the samples of a page to its pixels.
pub(super) struct Converter {
    colour: Colour,
    samples: usize,
    colours: usize,
    bits: usize,
    transparency: Transparency,
}

impl Converter {
    pub(super) fn new(page: &Page, tags: &Directory<'_>, alpha: Alpha) -> Result<Self, DecodeError> {
        let colour = match page.photometric {
            0 | 1 => Colour::Gray { is_white_zero: page.photometric == 0 },
            2 => Colour::Rgb,
            // The JPEG decoder has made RGB of it.
            super::YCBCR if page.compression == Compression::Jpeg && !page.is_planar => Colour::Rgb,
            3 => Colour::Palette(palette(tags, page.bits)?),
            5 if matches!(tags.number(tag::INK_SET)?, None | Some(1)) => Colour::Cmyk,
            5 => return Err(unsupported("inks other than cyan, magenta, yellow and black".to_owned())),
            super::YCBCR => Colour::YCbCr(Box::new(YCbCr::new(
                &tags.fractions(tag::YCBCR_COEFFICIENTS)?,
                &tags.fractions(tag::REFERENCE_BLACK_WHITE)?,
            ))),
            4 => return Err(unsupported("a transparency mask in place of a picture".to_owned())),
            8 if page.bits == 8 => Colour::CieLab(CieLab::new()),
            8..=10 => return Err(unsupported("CIE L*a*b* colours of more than 8 bits or of another kind".to_owned())),
            32_803 => return Err(unsupported("a camera's raw pixels".to_owned())),
            32_844 | 32_845 => return Err(unsupported("logarithmic brightness (SGI LogLuv)".to_owned())),
            other => return Err(unsupported(format!("colours of kind {other}"))),
        };
        let colours = match colour {
            Colour::Gray { .. } | Colour::Palette(_) => 1,
            Colour::Rgb | Colour::YCbCr(_) | Colour::CieLab(_) => 3,
            Colour::Cmyk => 4,
        };
        if page.samples < colours {
            let what = format!("{} samples a pixel cannot make its colours, which take {colours}", page.samples);
            return Err(damaged(None, what));
        }
        if matches!(colour, Colour::YCbCr(_) | Colour::Cmyk) && page.bits != 8 {
            return Err(unsupported(format!("YCbCr or CMYK colours of {} bits", page.bits)));
        }
        let transparency = match (page.extra, page.samples - colours) {
            _ if alpha == Alpha::Drop => Transparency::None,
            (Some(1), 1..) => Transparency::Multiplied,
            // Many writers do not say what a lone sample beyond colour means, and it is alpha.
            (Some(2), 1..) | (Some(0) | None, 1) => Transparency::Plain,
            _ => Transparency::None,
        };
        Ok(Self { colour, samples: page.samples, colours, bits: page.bits, transparency })
    }

    /// Converts a row of samples, all those of a pixel side by side.
    pub(super) fn convert<P: Pixel>(&self, samples: &[u16], pixels: &mut [P]) {
        for (pixel, samples) in pixels.iter_mut().zip(samples.chunks_exact(self.samples)) {
            *pixel = self.pixel(samples);
        }
    }

    fn pixel<P: Pixel>(&self, samples: &[u16]) -> P {
        let colour = |rgb| P::of_rgb(rgb, gray_q14);
        let alpha = samples.get(self.colours).copied().unwrap_or(u16::MAX);
        match &self.colour {
            Colour::Gray { is_white_zero } => {
                let gray = self.lay(if *is_white_zero { self.largest() - samples[0] } else { samples[0] }, alpha);
                P::of_gray(match self.bits {
                    1..8 => (u32::from(gray) * 255 / u32::from(self.largest())) as u8,
                    bits => (gray >> (bits - 8)) as u8,
                })
            }
            Colour::Palette(colours) => {
                colours.get(usize::from(samples[0])).map_or_else(|| P::of_gray(0), |&rgb| colour(rgb))
            }
            Colour::Rgb => {
                let rgb = [samples[0], samples[1], samples[2]].map(|sample| self.lay(sample, alpha));
                colour(rgb.map(|sample| match self.bits {
                    16 => ((u32::from(sample) + 128) / 257) as u8,
                    8 => sample as u8,
                    _ => (u32::from(sample) * 255 / u32::from(self.largest())) as u8,
                }))
            }
            Colour::Cmyk => {
                let ink = |index: usize| 255 - u32::from(samples[index]);
                colour([0, 1, 2].map(|index| (ink(3) * ink(index) / 255) as u8))
            }
            Colour::CieLab(table) => colour(table.rgb([samples[0] as u8, samples[1] as u8, samples[2] as u8])),
            Colour::YCbCr(table) => colour(table.rgb([samples[0] as u8, samples[1] as u8, samples[2] as u8])),
        }
    }

    fn largest(&self) -> u16 {
        u16::MAX >> (16 - self.bits)
    }

    /// A sample laid on white paper.
    fn lay(&self, sample: u16, alpha: u16) -> u16 {
        match (self.transparency, self.bits) {
            (Transparency::Plain, 8) => u16::from(over_white_8(sample as u8, alpha as u8)),
            (Transparency::Plain, 16) => over_white_16(sample, alpha),
            (Transparency::Multiplied, 8 | 16) => sample.saturating_add(self.largest() - alpha).min(self.largest()),
            _ => sample,
        }
    }
}

/// The colour map, 16 bits a value. Some writers store 8 bits, which shows by all values being below 256.
fn palette(tags: &Directory<'_>, bits: usize) -> Result<Vec<[u8; 3]>, DecodeError> {
    let values = tags.numbers(tag::COLOR_MAP)?;
    let colours = 1_usize << bits.min(8);
    if bits > 8 || values.len() < 3 * colours {
        return Err(damaged(None, format!("its colour map has {} values, expected {}", values.len(), 3 * colours)));
    }
    let shift = if values.iter().any(|&value| value >= 256) { 8 } else { 0 };
    let value = |index: usize| (values[index] >> shift) as u8;
    Ok((0..colours).map(|index| [value(index), value(colours + index), value(2 * colours + index)]).collect())
}
