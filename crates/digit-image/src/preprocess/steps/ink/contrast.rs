//! Paper to white, full ink to black.

use crate::preprocess::ops::histogram::{histogram, quantile};
use crate::preprocess::step::Unfit;
use crate::raster::GrayPicture;

/// Noise beyond this many standard deviations is rare even in a million pixels.
const NOISE_DEVIATIONS: f64 = 5.0;
/// The standard deviation of a normal distribution over its median absolute deviation.
const DEVIATION_OVER_MAD: f64 = 1.4826;
/// Ink of full strength: this share of the inked pixels is weaker.
const FULL_INK_QUANTILE: f64 = 0.75;
/// What is weaker than this share of full ink is taken for paper.
const FAINT: f64 = 0.2;
/// Noise of paper does not span this many levels: beyond, there is ink, though most of the picture be covered with it.
const BEYOND_NOISE: u8 = 64;

/// The amounts of ink as a picture, dark on white. What lies within the paper's own noise, or below `least` levels,
/// becomes white, the ink's usual strength black, what is between in proportion.
///
/// # Errors
/// [`Unfit::NoInk`]: nothing stands out.
pub(super) fn stretch(amounts: &GrayPicture, least: f64) -> Result<GrayPicture, Unfit> {
    stretch_as(amounts, &histogram(amounts.pixels.iter().copied()), least)
}

/// The same, paper and ink being known from some of the pixels, whose histogram is `all`.
///
/// # Errors
/// [`Unfit::NoInk`]: nothing stands out.
pub(super) fn stretch_as(amounts: &GrayPicture, all: &[u64; 256], least: f64) -> Result<GrayPicture, Unfit> {
    let (mut paper, mut floor) = paper_and_floor(all, least);
    if all[floor..].iter().all(|&count| count == 0) {
        // Where most is ink, the usual amount is the ink's. The paper is the rest.
        let darkest = (0_u8..=255).rev().find(|&amount| all[usize::from(amount)] > 0).unwrap_or(0);
        if darkest < BEYOND_NOISE {
            return Err(Unfit::NoInk);
        }
        let mut rest = *all;
        rest[usize::from(darkest / 2)..].fill(0);
        (paper, floor) = paper_and_floor(&rest, least);
        floor = floor.min(usize::from(darkest / 2));
    }
    let mut inked = *all;
    inked[..floor].fill(0);
    let full = f64::from(quantile(&inked, FULL_INK_QUANTILE));
    let white = (FAINT * full).max(f64::from(paper));
    let table: [u8; 256] = std::array::from_fn(|amount| {
        let share = (amount as f64 - white) / (full - white).max(1.0);
        255 - (share.clamp(0.0, 1.0) * 255.0 + 0.5) as u8
    });
    Ok(amounts.map(|amount| table[usize::from(amount)]))
}

/// The usual amount, and the least that is beyond the noise around it.
pub(super) fn paper_and_floor(histogram: &[u64; 256], least: f64) -> (u8, usize) {
    let median = quantile(histogram, 0.5);
    let mut deviations = [0_u64; 256];
    for (value, &count) in histogram.iter().enumerate() {
        deviations[value.abs_diff(usize::from(median))] += count;
    }
    let noise = f64::from(median) + NOISE_DEVIATIONS * DEVIATION_OVER_MAD * f64::from(quantile(&deviations, 0.5));
    (median, noise.max(least).min(255.0) as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Once, the ink of fat digits of 8 by 8 pixels was taken for paper with much noise, and nothing stood out.
    #[test]
    fn ink_stands_out_from_little_paper() {
        let amounts: Vec<u8> =
            (0..64).map(|at| if at % 8 == 0 { 10 * (at / 8) as u8 } else { 180 + at as u8 }).collect();
        let picture = GrayPicture { width_px: 8, height_px: 8, pixels: amounts };
        let found = stretch(&picture, 12.0).unwrap();
        for (at, value) in found.pixels.iter().enumerate() {
            assert!(if at % 8 == 0 { *value > 200 } else { *value < 100 }, "{at}: {value}");
        }
    }

    #[test]
    fn noise_alone_is_no_ink() {
        let pixels = (0..400_u32).map(|at| (at * 7919 % 31) as u8).collect();
        assert_eq!(stretch(&GrayPicture { width_px: 20, height_px: 20, pixels }, 12.0), Err(Unfit::NoInk));
    }
}
