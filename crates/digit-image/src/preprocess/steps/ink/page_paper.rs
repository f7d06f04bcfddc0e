//! The paper of a page, which goes on beyond its borders, is in shadow here and in light there, and has more noise for
//! its light where there is little.

use crate::preprocess::ops::blur::mean_3x3;
use crate::preprocess::ops::histogram::{histogram, quantile};
use crate::preprocess::ops::morphology::{close, dilate, open, range};
use crate::raster::GrayPicture;

use super::candidates::{Channel, below, each, share_of_light};

/// Pixels with the least deviations from the mean around them, by which noise is known, and its standard deviation over
/// the mean of these. Of normal noise the mean of the least three quarters is 0.515 deviations, and the deviation from
/// the mean over 3 by 3 pixels is 0.943 of the noise.
const LEAST_SHARE: f64 = 0.75;
const DEVIATION_OVER_MEAN: f64 = 1.0 / (0.515 * 0.943);
/// Grays outside are clipped, and their noise with them.
const NOT_CLIPPED: std::ops::RangeInclusive<u8> = 8..=247;
/// A pixel differs from its paper by so many deviations of the noise, or the mean of its neighbourhood by so many. The
/// noise of a mean over 3 by 3 pixels is a third of that of a pixel.
const PIXEL_DEVIATIONS: f64 = 6.0;
const MEAN_DEVIATIONS: f64 = 3.0;
/// A pixel with less is beside a stroke, whatever the mean.
const LEAST_DEVIATIONS: f64 = 2.5;
/// Light is uneven where these parts of the paper, the dimmest and the brightest ones but for so many, differ by this
/// factor.
const BEYOND: f64 = 0.05;
const UNEVEN: f64 = 0.8;
/// A window with less between its darkest and its brightest pixel holds no ink.
const LEAST_RANGE: u8 = 32;

/// By how much each pixel differs from the paper that a window finds, for each channel: dark ink by what share of the
/// paper's light it takes away, so that in shadow it counts as it would in light; light ink in levels.
///
/// Of even light, noise takes away the same share everywhere, and the contrast is chosen accordingly. Of uneven light
/// it takes away more where there is little, so there differences are held against the noise.
pub(super) fn differences(channels: &[Channel], radius_px: usize, kind: &[bool]) -> Vec<GrayPicture> {
    let of_one = |(channel, &is_light): (&Channel, &bool)| {
        type Morphology = fn(&GrayPicture, usize) -> GrayPicture;
        let (nothing, morphology, nearer): (u8, Morphology, fn(u8, u8) -> u8) =
            if is_light { (u8::MAX, open, u8::max) } else { (u8::MIN, close, u8::min) };
        let paper_of = |picture| beyond_the_border(picture, radius_px, nothing, morphology);
        // At a sharp edge of a shadow, smoothing lets the paper run over; what is not smoothed keeps it off.
        let paper = each(&paper_of(&channel.smooth), &paper_of(&channel.values), nearer);
        let off_paper = |picture| if is_light { below(picture, &paper) } else { below(&paper, picture) };
        let (levels, means) = (off_paper(&channel.values), off_paper(&channel.smooth));
        let levels = if is_uneven(&paper) { beyond_noise(&levels, &means, noise(channel)) } else { levels };
        if is_light { levels } else { share_of_light(&levels, &paper) }
    };
    channels.iter().zip(kind).map(of_one).collect()
}

fn is_uneven(paper: &GrayPicture) -> bool {
    let counts = histogram(paper.pixels.iter().copied());
    let [dim, bright] = [BEYOND, 1.0 - BEYOND].map(|share| f64::from(quantile(&counts, share)));
    dim < UNEVEN * bright
}

/// Whether the ground around what may be ink is dark: in windows with bright and dark pixels most are as dark. An edge
/// of a shadow has as much on one side as on the other.
pub(super) fn has_dark_ground(channel: &Channel, radius_px: usize) -> bool {
    let (ranges, most) = (range(&channel.smooth, radius_px), dilate(&channel.smooth, radius_px));
    let (mut bright, mut dark) = (0_u64, 0_u64);
    for ((&value, &range), &most) in channel.smooth.pixels.iter().zip(&ranges.pixels).zip(&most.pixels) {
        if range >= LEAST_RANGE {
            let is_bright = most - value < range / 2;
            bright += u64::from(is_bright);
            dark += u64::from(!is_bright);
        }
    }
    dark > bright
}

/// Morphology with windows whose middle may lie beyond the border, where there is `nothing`, which never wins. So what
/// the border cuts off goes on beyond it, and the corner of a shadow is none of ink.
fn beyond_the_border(
    picture: &GrayPicture,
    radius_px: usize,
    nothing: u8,
    morphology: fn(&GrayPicture, usize) -> GrayPicture,
) -> GrayPicture {
    let (width, height) = (picture.width_px as usize, picture.height_px as usize);
    let wide = width + 2 * radius_px;
    let mut wider = GrayPicture::filled(wide as u32, (height + 2 * radius_px) as u32, nothing);
    let start = |y: usize| (y + radius_px) * wide + radius_px;
    for (y, row) in picture.rows().enumerate() {
        wider.pixels[start(y)..][..width].copy_from_slice(row);
    }
    let found = morphology(&wider, radius_px);
    let pixels = (0..height).flat_map(|y| &found.pixels[start(y)..][..width]).copied().collect();
    GrayPicture { pixels, ..*picture }
}

/// The standard deviation of the noise, in levels.
fn noise(channel: &Channel) -> f64 {
    let mut deviations = [0_u64; 256];
    let smooth = mean_3x3(&channel.values);
    for (&value, &smooth) in channel.values.pixels.iter().zip(&smooth.pixels) {
        if NOT_CLIPPED.contains(&smooth) {
            deviations[usize::from(value.abs_diff(smooth))] += 1;
        }
    }
    let least = (LEAST_SHARE * deviations.iter().sum::<u64>() as f64).ceil() as u64;
    let (mut counted, mut sum) = (0, 0);
    for (deviation, count) in (0..).zip(deviations) {
        let taken = count.min(least - counted);
        counted += taken;
        sum += taken * deviation;
    }
    DEVIATION_OVER_MEAN * sum as f64 / counted.max(1) as f64
}

/// What stands out from the noise.
fn beyond_noise(of_pixel: &GrayPicture, of_mean: &GrayPicture, noise: f64) -> GrayPicture {
    let [pixel, mean, least] =
        [PIXEL_DEVIATIONS, MEAN_DEVIATIONS, LEAST_DEVIATIONS].map(|deviations| (deviations * noise) as u8);
    each(of_pixel, of_mean, |own, around| {
        let is_ink = own >= pixel || own >= least && around >= mean;
        if is_ink { own } else { 0 }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gray(value: impl Fn(u32, u32) -> u8) -> GrayPicture {
        let pixels = (0..80 * 60).map(|at| value(at % 80, at / 80)).collect();
        GrayPicture { width_px: 80, height_px: 60, pixels }
    }

    #[test]
    fn what_the_border_cuts_off_goes_on_beyond_it() {
        // A dark corner that is narrower than the window, and a stroke that is not cut off.
        let picture = gray(|x, y| if x + y < 12 || x == 40 && (20..40).contains(&y) { 50 } else { 200 });
        let paper = beyond_the_border(&picture, 10, u8::MIN, close);
        assert_eq!(paper, gray(|x, y| if x + y < 12 { 50 } else { 200 }));
        let turned = |picture: &GrayPicture| picture.map(|value| 255 - value);
        assert_eq!(turned(&beyond_the_border(&turned(&picture), 10, u8::MAX, open)), paper);
    }

    #[test]
    fn noise_is_known_to_a_third_whatever_the_ink() {
        for deviation in [1.0, 2.0, 4.0] {
            let mut state = 7_u64;
            let mut unit = || {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                (state >> 40) as f64 / f64::from(1 << 24)
            };
            let mut picture = gray(|x, y| if x % 20 < 3 && y > 10 { 60 } else { 180 });
            for value in &mut picture.pixels {
                let normal = (0..12).map(|_| unit()).sum::<f64>() - 6.0;
                *value = (f64::from(*value) + deviation * normal).round() as u8;
            }
            let found = noise(&Channel { smooth: picture.clone(), values: picture });
            assert!((found / deviation - 1.0).abs() < 0.33, "{deviation}: {found}");
        }
    }
}
