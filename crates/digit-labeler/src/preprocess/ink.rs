//! Tells ink from paper: any colour of either, uneven light, light on dark.
//!
//! 1. *Paper.* Strokes are narrow, paper is not: in each channel the paper is what remains when all structures narrower
//!    than a window are filled (a grayscale closing for dark ink, an opening for light ink). It follows shadows and
//!    uneven light, and needs no threshold. Light that changes slowly from side to side is taken away before.
//! 2. *Dark or light.* With the wrong one of the two, the gaps within and around the digit would be the ink: more of
//!    it, and more of it along the border. The one with less is right, unless it is hardly there: a mere bar has no
//!    gaps. Dark ink is preferred when both are near. Each channel decides for itself: red ink on green paper is lighter
//!    in one and darker in another.
//! 3. *Colour.* The difference from the paper, summed over the pixels that differ most, is the colour of the ink. Each
//!    pixel counts by how far it lies from its paper in that direction, so noise in the channels that carry no ink does
//!    not matter, and ink as bright as its paper is still seen.
//! 4. *Contrast.* What lies within the paper's own noise becomes white, the ink's usual strength black, what is
//!    between in proportion.

use super::blur;
use super::extremes::{close, open};
use super::shading;
use super::step::{Context, Image, Setting, StepKind, Unfit, Work};
use crate::raster::{GrayPicture, RgbPicture};

/// The step.
pub const INK: StepKind = StepKind {
    name: "ink",
    version: 2,
    about: "tell ink from paper: any colour, uneven light, light on dark; gives dark ink on white",
    settings: &[
        Setting::number("window", 0.5, 0.05, 1.0, "strokes are narrower than this share of the shorter side"),
        Setting::number("contrast", 12.0, 1.0, 128.0, "ink differs from paper by at least this many of 255 levels"),
        Setting::choice("polarity", &["auto", "dark", "light"], "ink that is darker or lighter than the paper"),
    ],
    work: Work::OnFile(run),
};

/// Windows are at least this large, so that a tiny picture is seen as a whole.
const SMALLEST_WINDOW_PX: f64 = 16.0;
/// Light ink must be this much less than dark ink to be believed.
const LIGHT_PREFERENCE: f64 = 0.7;
/// Ink weaker than this share of the other kind is what noise and shading leave.
const CREDIBLE: f64 = 0.5;
/// Pictures with a shorter side than this are not smoothed when the paper is looked for: their strokes are too thin.
const SMOOTHED_FROM_PX: u32 = 48;
/// Noise beyond this many standard deviations is rare even in a million pixels.
const NOISE_DEVIATIONS: f64 = 5.0;
/// The standard deviation of a normal distribution over its median absolute deviation.
const DEVIATION_OVER_MAD: f64 = 1.4826;
/// Ink of full strength: this share of the inked pixels is weaker.
const FULL_INK_QUANTILE: f64 = 0.75;
/// What is weaker than this share of full ink is taken for paper.
const FAINT: f64 = 0.2;

fn run(context: &Context<'_>, picture: &RgbPicture) -> Result<Image, Unfit> {
    let shorter = f64::from(picture.width_px.min(picture.height_px));
    let radius_px = ((context.number("window") * shorter).max(SMALLEST_WINDOW_PX) / 2.0).ceil() as usize;
    let smoothing = shorter >= f64::from(SMOOTHED_FROM_PX);
    let polarity = context.word("polarity");
    let differences: Vec<GrayPicture> = channels(picture)
        .iter()
        .map(|channel| {
            let flat = shading::flattened(channel);
            let paper_seen = if smoothing { blur::mean_3x3(&flat) } else { flat.clone() };
            difference_from_paper(&flat, &paper_seen, radius_px, polarity)
        })
        .collect();
    let amounts = along_the_ink(&differences);
    stretch(&amounts, context.number("contrast")).map(Image::Gray)
}

/// The picture's channels; one if they are equal.
fn channels(picture: &RgbPicture) -> Vec<GrayPicture> {
    let count = if picture.pixels.iter().all(|[r, g, b]| r == g && g == b) { 1 } else { 3 };
    (0..count).map(|channel| picture.map(|pixel| pixel[channel])).collect()
}

/// By how much `low` lies below `high`, pixel for pixel.
fn below(high: &GrayPicture, low: &GrayPicture) -> GrayPicture {
    let pixels = high.pixels.iter().zip(&low.pixels).map(|(high, low)| high.saturating_sub(*low)).collect();
    GrayPicture { pixels, ..*high }
}

fn strongest(differences: &[GrayPicture]) -> GrayPicture {
    let mut most = differences[0].clone();
    for channel in &differences[1..] {
        for (most, &value) in most.pixels.iter_mut().zip(&channel.pixels) {
            *most = value.max(*most);
        }
    }
    most
}

/// By how much each pixel of a channel is ink, dark or light. In a channel where ink and paper are alike, this is noise.
fn difference_from_paper(
    channel: &GrayPicture,
    smoothed: &GrayPicture,
    radius_px: usize,
    polarity: &str,
) -> GrayPicture {
    match polarity {
        "dark" => below(&close(smoothed, radius_px), channel),
        "light" => below(channel, &open(smoothed, radius_px)),
        _ => {
            let (closed, opened) = (close(smoothed, radius_px), open(smoothed, radius_px));
            if is_light(&below(&closed, smoothed), &below(smoothed, &opened)) {
                below(channel, &opened)
            } else {
                below(&closed, channel)
            }
        }
    }
}

/// Whether the ink is the light one of two candidates. Both are seen in the smoothed channel: beside the unsmoothed one
/// every stroke would have a halo of the other kind.
///
/// A mere bar or dot has no gaps, so the wrong candidate is nearly empty; otherwise it is the larger one.
fn is_light(dark: &GrayPicture, light: &GrayPicture) -> bool {
    let strength = |ink: &GrayPicture| f64::from(ink.pixels.iter().copied().max().unwrap_or(0));
    let (dark_strength, light_strength) = (strength(dark), strength(light));
    if light_strength < CREDIBLE * dark_strength {
        return false;
    }
    dark_strength < CREDIBLE * light_strength || cost(light) < LIGHT_PREFERENCE * cost(dark)
}

/// The mean amount of ink, and that along the border once more.
fn cost(ink: &GrayPicture) -> f64 {
    let (width, height) = (ink.width_px as usize, ink.height_px as usize);
    let mean = |sum: u64, count: usize| sum as f64 / count as f64;
    let sum = |values: &[u8]| values.iter().map(|&value| u64::from(value)).sum::<u64>();
    let sides: u64 = ink.rows().map(|row| u64::from(row[0]) + u64::from(row[width - 1])).sum();
    let ends = sum(&ink.pixels[..width]) + sum(&ink.pixels[(height - 1) * width..]);
    mean(sum(&ink.pixels), ink.pixels.len()) + mean(sides + ends, 2 * (width + height))
}

/// The amount of ink in the direction of the ink's colour.
fn along_the_ink(differences: &[GrayPicture]) -> GrayPicture {
    if differences.len() == 1 {
        return differences[0].clone();
    }
    let strength = strongest(differences);
    let level = quantile(&histogram(&strength.pixels), 0.99) / 2;
    let mut direction = [0.0_f64; 3];
    for (sum, channel) in direction.iter_mut().zip(differences) {
        let inked = channel.pixels.iter().zip(&strength.pixels).filter(|&(_, &strength)| strength > level);
        *sum = inked.map(|(&value, _)| u64::from(value)).sum::<u64>() as f64;
    }
    let length = direction.iter().map(|d| d * d).sum::<f64>().sqrt();
    if length == 0.0 {
        return strength;
    }
    let [r, g, b] = direction.map(|d| (d / length) as f32);
    let [red, green, blue] = [0, 1, 2].map(|channel| &differences[channel].pixels);
    let pixels = red.iter().zip(green).zip(blue).map(|((&x, &y), &z)| {
        let along = r * f32::from(x) + g * f32::from(y) + b * f32::from(z);
        (along + 0.5).min(255.0) as u8
    });
    GrayPicture { pixels: pixels.collect(), ..strength }
}

/// Paper to white, full ink to black.
fn stretch(amounts: &GrayPicture, least: f64) -> Result<GrayPicture, Unfit> {
    let all = histogram(&amounts.pixels);
    let median = quantile(&all, 0.5);
    let mut deviations = [0_u64; 256];
    for (value, &count) in all.iter().enumerate() {
        deviations[value.abs_diff(usize::from(median))] += count;
    }
    let noise = f64::from(median) + NOISE_DEVIATIONS * DEVIATION_OVER_MAD * f64::from(quantile(&deviations, 0.5));
    let floor = noise.max(least).min(255.0) as usize;
    let mut inked = all;
    inked[..floor].fill(0);
    if inked.iter().sum::<u64>() == 0 {
        return Err(Unfit::NoInk);
    }
    let full = f64::from(quantile(&inked, FULL_INK_QUANTILE));
    let white = (FAINT * full).max(f64::from(median));
    let table: [u8; 256] = std::array::from_fn(|amount| {
        let share = (amount as f64 - white) / (full - white).max(1.0);
        255 - (share.clamp(0.0, 1.0) * 255.0 + 0.5) as u8
    });
    Ok(amounts.map(|amount| table[usize::from(amount)]))
}

fn histogram(values: &[u8]) -> [u64; 256] {
    let mut counts = [0; 256];
    for &value in values {
        counts[usize::from(value)] += 1;
    }
    counts
}

/// The smallest value that at least this share of all values does not exceed.
fn quantile(histogram: &[u64; 256], share: f64) -> u8 {
    let wanted = (share * histogram.iter().sum::<u64>() as f64).ceil().max(1.0) as u64;
    let mut seen = 0;
    for (value, count) in (0_u8..=255).zip(histogram) {
        seen += count;
        if seen >= wanted {
            return value;
        }
    }
    255
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Once, the halo of smoothing around shapes without gaps was taken for light ink, and the shape for paper.
    #[test]
    fn dots_and_bars_without_gaps_are_ink_whether_dark_or_light() {
        let settings = INK.settings;
        let values: Vec<_> = settings.iter().map(Setting::default).collect();
        let context = Context { canvas: stage_files::picture::Canvas::DEFAULT, settings, values: &values };
        for (width, height) in [(3, 3), (4, 50), (12, 60), (50, 5)] {
            for (paper, ink) in [(255, 30), (20, 220)] {
                let inked = |x: u32, y: u32| (25..25 + width).contains(&x) && (20..20 + height).contains(&y);
                let places = || (0..100).flat_map(|y| (0..100).map(move |x| (x, y)));
                let pixels = places().map(|(x, y)| [if inked(x, y) { ink } else { paper }; 3]).collect();
                let Ok(Image::Gray(found)) = run(&context, &RgbPicture { width_px: 100, height_px: 100, pixels })
                else {
                    panic!("{width}x{height}, {ink} on {paper}");
                };
                for ((x, y), value) in places().zip(found.pixels) {
                    assert_eq!(value, if inked(x, y) { 0 } else { 255 }, "{width}x{height}, {ink} on {paper}: {x} {y}");
                }
            }
        }
    }
}
