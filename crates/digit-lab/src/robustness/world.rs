//! Laying a digit on a sheet of any size, and writing the picture.

use anyhow::{Result, anyhow};
use digit_source::draw::Picture;

use super::condition::File;
use super::random::Random;
use crate::sheet::{Colour, Cover, Sheet};

pub(super) const WHITE: Colour = [252.0, 252.0, 250.0];
pub(super) const NIGHT: Colour = [30.0, 30.0, 40.0];
/// What people write with.
pub(super) const PENS: [Colour; 5] =
    [NIGHT, [25.0, 35.0, 110.0], [35.0, 60.0, 160.0], [20.0, 20.0, 20.0], [150.0, 30.0, 40.0]];

/// Where a digit stands, in pixels of the sheet.
#[derive(Clone, Copy)]
pub(super) struct Placement {
    pub left: f64,
    pub top: f64,
    /// Pixels of the sheet for each pixel of the digit.
    pub scale: f64,
}

impl Placement {
    /// A digit of a share of the sheet's height (or of its width, if it is too broad), about the middle, moved by
    /// up to `off` of the free room.
    pub(super) fn about_the_middle(sheet: &Sheet, digit: &Cover, share: f64, off: f64, random: &mut Random) -> Self {
        let (width, height) = (sheet.width as f64, sheet.height as f64);
        let scale = (share * height / digit.height as f64).min(0.9 * width / digit.width as f64);
        let (free_x, free_y) = (width - scale * digit.width as f64, height - scale * digit.height as f64);
        let mut at = |free: f64| free * (0.5 + off * random.between(-0.5, 0.5));
        Self { left: at(free_x), top: at(free_y), scale }
    }
}

/// How much of each pixel the digit covers. However much it is enlarged, its edges are a pixel wide.
pub(super) fn cover(sheet: &Sheet, digit: &Cover, place: Placement) -> Vec<f64> {
    let sharp = place.scale.max(1.0);
    // A pixel of the sheet that spans several of the digit takes their mean.
    let taps = (1.0 / place.scale).ceil().max(1.0) as usize;
    let mut all = vec![0.0; sheet.width * sheet.height];
    let reach = |from: f64, length: usize, side: usize| {
        let low = (from - 2.0 - place.scale).max(0.0) as usize;
        low.min(side)..((from + place.scale * (length as f64 + 1.0) + 2.0).max(0.0) as usize).min(side)
    };
    for y in reach(place.top, digit.height, sheet.height) {
        for x in reach(place.left, digit.width, sheet.width) {
            let mut sum = 0.0;
            for tap in 0..taps * taps {
                let part = |index: usize| (index as f64 + 0.5) / taps as f64;
                let u = (x as f64 + part(tap % taps) - place.left) / place.scale;
                let v = (y as f64 + part(tap / taps) - place.top) / place.scale;
                sum += digit.between(u, v);
            }
            all[y * sheet.width + x] = ((sum / (taps * taps) as f64 - 0.5) * sharp + 0.5).clamp(0.0, 1.0);
        }
    }
    all
}

/// Lays the digit in one colour.
pub(super) fn write(sheet: &mut Sheet, digit: &Cover, place: Placement, ink: Colour) {
    for (at, cover) in cover(sheet, digit, place).into_iter().enumerate() {
        sheet.lay(at, ink, cover);
    }
}

/// A colour of some brightness, near gray.
pub(super) fn grayish(brightness: f64, random: &mut Random) -> Colour {
    [0; 3].map(|_| brightness + random.between(-6.0, 6.0))
}

/// The colour times a factor.
pub(super) fn times(colour: Colour, factor: f64) -> Colour {
    colour.map(|sample| sample * factor)
}

/// The picture as PNG.
pub(super) fn png(sheet: &Sheet) -> Result<File> {
    Ok(File { bytes: sheet.picture().to_png()?, ending: "png" })
}

/// The picture as JPEG, colours at half the resolution, as telephones and scanners write it.
pub(super) fn jpeg(sheet: &Sheet, quality: u8) -> Result<File> {
    let Picture { width_px, height_px, rgb } = sheet.picture();
    let format = libjpeg_turbo_rs::PixelFormat::Rgb;
    let encoder = libjpeg_turbo_rs::Encoder::new(&rgb, width_px as usize, height_px as usize, format)
        .subsampling(libjpeg_turbo_rs::Subsampling::S420)
        .quality(quality);
    Ok(File { bytes: encoder.encode().map_err(|error| anyhow!("{error}"))?, ending: "jpg" })
}
