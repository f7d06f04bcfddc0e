//! Gives all strokes one thickness.
//!
//! The picture is smoothed and cut at a share of the ink's strength. The mean thickness of what remains follows from
//! its distance transform: across a stroke of width `w` the distance to the nearest paper has the mean `w / 4`. Then
//! the contour is moved outwards or inwards by half of what is missing, and drawn with a soft edge of one pixel.

use crate::preprocess::ops::blur;
use crate::preprocess::ops::distance_transform::squared_distances;
use crate::preprocess::ops::histogram::{at_place, histogram};
use crate::preprocess::ops::strokes::{self, Strokes, to_edge};
use crate::preprocess::step::{Context, Setting, StepKind, Unfit, Work};
use crate::raster::{GrayPicture, Raster};

/// The step.
pub(super) const THICKNESS: StepKind = StepKind {
    name: "thickness",
    version: 3,
    about: "give all strokes one thickness",
    settings: &[
        Setting::number("width", 0.13, 0.01, 0.5, "thickness of the strokes over the height of the picture"),
        Setting::number("cut", 0.35, 0.05, 0.95, "ink weaker than this share of the strongest is taken for paper"),
        Setting::number("smooth", 0.02, 0.0, 0.2, "radius of the smoothing before, over the height of the picture"),
    ],
    work: Work::OnGray(run),
};

/// Ink of full strength: this share of the inked pixels is weaker.
const FULL_INK_QUANTILE: f64 = 0.9;
/// Weaker ink than this does not count,
const LEAST_INK: u8 = 16;
/// unless all is weaker: lines of one pixel in a large picture are not more when they are shrunk and smoothed.
const FAINTEST_INK: u8 = 2;

fn run(context: &Context<'_>, picture: &GrayPicture) -> Result<GrayPicture, Unfit> {
    let height = f64::from(picture.height_px);
    let radius_px = (context.number("smooth") * height).round() as usize;
    let smooth = blur::mean(&blur::mean(picture, radius_px), radius_px);
    let full = [LEAST_INK, FAINTEST_INK].into_iter().find_map(|least| full_ink(&smooth, least)).ok_or(Unfit::NoInk)?;
    let cut = (context.number("cut") * f64::from(full)).round() as u8;
    let inked = smooth.map(|value| 255 - value > cut);
    let strokes = Strokes::of(&inked);
    let offset = (context.number("width") * height - strokes.thickness_px) / 2.0;
    let within = if offset > 0.0 { grown(&inked, &strokes, offset) } else { strokes.thinned(-offset) };
    Ok(GrayPicture { pixels: strokes::inked_within(&within), ..*picture })
}

/// How far each pixel lies within the contour that was moved outwards.
fn grown(inked: &Raster<bool>, strokes: &Strokes, offset: f64) -> Vec<f64> {
    // Paper farther away stays white.
    let reach_px = (offset + 1.0).ceil() as u32;
    let from_ink = squared_distances(inked, reach_px);
    let within = strokes.depth.iter().zip(from_ink);
    within.map(|(&depth, squared)| if depth > 0.0 { depth + offset } else { offset - to_edge(squared) }).collect()
}

/// The ink that [`FULL_INK_QUANTILE`] of the inked pixels do not exceed; `None` without any.
fn full_ink(picture: &GrayPicture, least: u8) -> Option<u8> {
    let mut counts = histogram(picture.pixels.iter().map(|value| 255 - value));
    counts[..usize::from(least)].fill(0);
    at_place(&counts, (FULL_INK_QUANTILE * counts.iter().sum::<u64>() as f64) as u64)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn full_ink_is_the_one_at_its_place_among_the_sorted(pixels in prop::collection::vec(any::<u8>(), 1..400)) {
            let picture = GrayPicture { width_px: pixels.len() as u32, height_px: 1, pixels: pixels.clone() };
            let mut inks: Vec<u8> = pixels.iter().map(|value| 255 - value).filter(|&ink| ink >= LEAST_INK).collect();
            inks.sort_unstable();
            let at = (FULL_INK_QUANTILE * inks.len() as f64) as usize;
            prop_assert_eq!(full_ink(&picture, LEAST_INK), inks.get(at).copied());
        }
    }
}
