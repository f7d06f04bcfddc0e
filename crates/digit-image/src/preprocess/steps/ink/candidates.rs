//! What may be the ink: the difference of each pixel from the paper that a window fills in.

use crate::preprocess::ops::histogram::{histogram, quantile};
use crate::preprocess::ops::morphology::{close, open};
use crate::preprocess::ops::{blur, shading};
use crate::raster::{GrayPicture, RgbPicture};

use super::{contrast, ground};

/// Light ink must be this much less than dark ink to be believed.
const LIGHT_PREFERENCE: f64 = 0.7;
/// Ink weaker than this share of the other kind is what noise and shading leave.
const CREDIBLE: f64 = 0.5;
/// Pictures with a shorter side than this are not smoothed when the paper is looked for: their strokes are too thin.
const SMOOTHED_FROM_PX: u32 = 48;
/// Where the paper is darker than this, its brightness says nothing of the light.
const DARKEST_PAPER: u8 = 24;

/// A channel of the picture.
pub(super) struct Channel {
    pub values: GrayPicture,
    /// Without the finest noise, where the paper is looked for.
    pub smooth: GrayPicture,
}

impl Channel {
    /// The picture's channels, the light made even; one if they are equal.
    pub(super) fn all(picture: &RgbPicture) -> Vec<Self> {
        channels(picture).iter().map(|channel| Self::of(shading::flattened(channel))).collect()
    }

    /// The same in the light as it was.
    pub(super) fn all_in_their_light(picture: &RgbPicture) -> Vec<Self> {
        channels(picture).into_iter().map(Self::of).collect()
    }

    /// Whether the whole picture allows for ink that is lighter than its ground.
    pub(super) fn may_have_light_ink(&self) -> bool {
        ground::may_have_light_ink(&self.smooth)
    }

    fn of(values: GrayPicture) -> Self {
        let smoothing = values.width_px.min(values.height_px) >= SMOOTHED_FROM_PX;
        let smooth = if smoothing { blur::mean_3x3(&values) } else { values.clone() };
        Self { values, smooth }
    }
}

fn channels(picture: &RgbPicture) -> Vec<GrayPicture> {
    let count = if picture.pixels.iter().all(|[r, g, b]| r == g && g == b) { 1 } else { 3 };
    (0..count).map(|channel| picture.map(|pixel| pixel[channel])).collect()
}

/// What may be the ink.
pub(super) struct Candidate {
    /// By how much each pixel differs from the paper, for each channel. In a channel where ink and paper are alike,
    /// this is noise.
    pub differences: Vec<GrayPicture>,
    /// Whether the ink is lighter than the paper, for each channel.
    pub light: Vec<bool>,
    /// The differences in levels, where those above are shares of the light.
    levels: Option<Vec<GrayPicture>>,
}

impl Candidate {
    /// Ink narrower than a window, `dark`, `light` or, channel by channel, the more likely one of both.
    pub(super) fn with(channels: &[Channel], radius_px: usize, polarity: &str) -> Self {
        let (differences, light) = match polarity {
            "dark" => channels.iter().map(|channel| (dark(channel, radius_px), false)).unzip(),
            "light" => channels.iter().map(|channel| (light(channel, radius_px), true)).unzip(),
            _ => channels.iter().map(|channel| either(channel, radius_px)).unzip(),
        };
        Self { differences, light, levels: None }
    }

    /// Ink of a known kind under any light: dark ink in shadow counts as it would in light, by what share of the
    /// paper's light it takes away.
    pub(super) fn in_any_light(channels: &[Channel], radius_px: usize, kind: &[bool]) -> Self {
        let both = channels.iter().zip(kind).map(|(channel, &is_light)| {
            // At a sharp edge of a shadow, smoothing lets the paper run over; what is not smoothed keeps it off.
            if is_light {
                let (soft, sharp) = (open(&channel.smooth, radius_px), open(&channel.values, radius_px));
                let levels = below(&channel.values, &each(&soft, &sharp, u8::max));
                (levels.clone(), levels)
            } else {
                let (soft, sharp) = (close(&channel.smooth, radius_px), close(&channel.values, radius_px));
                let paper = each(&soft, &sharp, u8::min);
                let levels = below(&paper, &channel.values);
                (share_of_light(&levels, &paper), levels)
            }
        });
        let (differences, levels) = both.unzip();
        Self { differences, light: kind.to_vec(), levels: Some(levels) }
    }

    /// The mean difference of the channels, in levels.
    pub(super) fn strength(&self) -> GrayPicture {
        mean(self.levels.as_ref().unwrap_or(&self.differences))
    }

    /// The picture in one channel as bright as the ink would have it: the mean of all, those with dark ink turned
    /// round.
    pub(super) fn original(&self, channels: &[Channel]) -> GrayPicture {
        let turned = channels.iter().zip(&self.light);
        let turned =
            turned.map(|(channel, &light)| channel.values.map(|value| if light { value } else { 255 - value }));
        mean(&turned.collect::<Vec<_>>())
    }

    /// The amount of ink in the direction of the ink's colour.
    pub(super) fn along_the_ink(&self) -> GrayPicture {
        along_the_ink(&self.differences)
    }
}

fn dark(channel: &Channel, radius_px: usize) -> GrayPicture {
    below(&close(&channel.smooth, radius_px), &channel.values)
}

fn light(channel: &Channel, radius_px: usize) -> GrayPicture {
    below(&channel.values, &open(&channel.smooth, radius_px))
}

pub(super) fn share_of_light(levels: &GrayPicture, paper: &GrayPicture) -> GrayPicture {
    let shares = levels
        .pixels
        .iter()
        .zip(&paper.pixels)
        .map(|(&level, &paper)| (255 * u32::from(level) / u32::from(paper.max(DARKEST_PAPER))).min(255) as u8);
    GrayPicture { pixels: shares.collect(), ..*levels }
}

fn either(channel: &Channel, radius_px: usize) -> (GrayPicture, bool) {
    let (closed, opened) = (close(&channel.smooth, radius_px), open(&channel.smooth, radius_px));
    let light =
        channel.may_have_light_ink() && is_light(&below(&closed, &channel.smooth), &below(&channel.smooth, &opened));
    (if light { below(&channel.values, &opened) } else { below(&closed, &channel.values) }, light)
}

/// By how much `low` lies below `high`, pixel for pixel.
pub(super) fn below(high: &GrayPicture, low: &GrayPicture) -> GrayPicture {
    each(high, low, u8::saturating_sub)
}

pub(super) fn each(left: &GrayPicture, right: &GrayPicture, join: impl Fn(u8, u8) -> u8) -> GrayPicture {
    let pixels = left.pixels.iter().zip(&right.pixels).map(|(&left, &right)| join(left, right)).collect();
    GrayPicture { pixels, ..*left }
}

fn mean(channels: &[GrayPicture]) -> GrayPicture {
    let count = channels.len() as u32;
    let sum = |at: usize| channels.iter().map(|channel| u32::from(channel.pixels[at])).sum::<u32>();
    let pixels = (0..channels[0].pixels.len()).map(|at| (sum(at) / count) as u8).collect();
    GrayPicture { pixels, ..channels[0] }
}

/// Whether the ink is the light one of two candidates. Both are seen in the smoothed channel: beside the unsmoothed one
/// every stroke would have a halo of the other kind.
///
/// A mere bar or dot has no gaps, so the wrong candidate is nearly empty; the gaps of a small digit lie within its
/// strokes; otherwise the wrong candidate is the larger one.
fn is_light(dark: &GrayPicture, light: &GrayPicture) -> bool {
    let (dark_strength, light_strength) = (f64::from(strongest(dark)), f64::from(strongest(light)));
    if light_strength < CREDIBLE * dark_strength || reaches_around(dark, light) {
        return false;
    }
    // Noise is in both alike; in one of them, gaps may look like it.
    let noise = noise_of(dark).min(noise_of(light));
    dark_strength < CREDIBLE * light_strength
        || cost(light, noise) < LIGHT_PREFERENCE * cost(dark, noise)
        || reaches_around(light, dark)
}

/// Whether one kind of ink reaches farther than the other on all sides, and not to the border. Gaps lie between
/// strokes, or between strokes and the border, so it is the strokes.
fn reaches_around(one: &GrayPicture, other: &GrayPicture) -> bool {
    let (Some(outer), Some(inner)) = (extent(one), extent(other)) else { return false };
    let [left, top, right, bottom] = outer;
    let free = left > 0 && top > 0 && right + 1 < one.width_px as usize && bottom + 1 < one.height_px as usize;
    free && left < inner[0] && top < inner[1] && right > inner[2] && bottom > inner[3]
}

/// First column, first row, last column and last row with more than half the strongest ink.
fn extent(ink: &GrayPicture) -> Option<[usize; 4]> {
    let half = strongest(ink) / 2;
    let mut all: Option<[usize; 4]> = None;
    for (y, row) in ink.rows().enumerate() {
        let Some(first) = row.iter().position(|&value| value > half) else { continue };
        let last = row.iter().rposition(|&value| value > half)?;
        let [left, top, right, _] = all.unwrap_or([first, y, last, y]);
        all = Some([left.min(first), top, right.max(last), y]);
    }
    all
}

/// The least amount that is beyond the noise of the paper.
fn noise_of(ink: &GrayPicture) -> usize {
    contrast::paper_and_floor(&histogram(ink.pixels.iter().copied()), 0.0).1
}

/// The mean amount of ink, and that along the border once more. Amounts below `least` do not count: on a large sheet,
/// they would be more than thin strokes.
fn cost(ink: &GrayPicture, least: usize) -> f64 {
    let (width, height) = (ink.width_px as usize, ink.height_px as usize);
    let mean = |sum: u64, count: usize| sum as f64 / count as f64;
    let amount = |value: u8| if usize::from(value) < least { 0 } else { u64::from(value) };
    let sum = |values: &[u8]| values.iter().map(|&value| amount(value)).sum::<u64>();
    let sides: u64 = ink.rows().map(|row| amount(row[0]) + amount(row[width - 1])).sum();
    let ends = sum(&ink.pixels[..width]) + sum(&ink.pixels[(height - 1) * width..]);
    mean(sum(&ink.pixels), ink.pixels.len()) + mean(sides + ends, 2 * (width + height))
}

/// The amount of ink in the direction of the ink's colour.
pub(super) fn along_the_ink(differences: &[GrayPicture]) -> GrayPicture {
    if differences.len() == 1 {
        return differences[0].clone();
    }
    let strength = strongest_of_each(differences);
    let level = quantile(&histogram(strength.pixels.iter().copied()), 0.99) / 2;
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

/// The largest amount of ink.
fn strongest(ink: &GrayPicture) -> u8 {
    ink.pixels.iter().copied().max().unwrap_or(0)
}

fn strongest_of_each(differences: &[GrayPicture]) -> GrayPicture {
    let mut most = differences[0].clone();
    for channel in &differences[1..] {
        for (most, &value) in most.pixels.iter_mut().zip(&channel.pixels) {
            *most = value.max(*most);
        }
    }
    most
}
