//! Gives all strokes one thickness.
//!
//! The picture is smoothed and cut at a share of the ink's strength. The mean thickness of what remains follows from
//! its distance transform: across a stroke of width `w` the distance to the nearest paper has the mean `w / 4`. Then
//! the contour is moved outwards or inwards by half of what is missing, and drawn with a soft edge of one pixel.

use crate::preprocess::ops::blur;
use crate::preprocess::ops::distance_transform::squared_distances;
use crate::preprocess::ops::histogram::{at_place, histogram};
use crate::preprocess::step::{Context, Setting, StepKind, Unfit, Work};
use crate::raster::GrayPicture;

/// The step.
pub(super) const THICKNESS: StepKind = StepKind {
    name: "thickness",
    version: 2,
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
    // Half a pixel lies between a pixel's centre and its edge.
    let to_edge = |squared: &u64| (*squared as f64).sqrt() - 0.5;
    let depth: Vec<f64> = squared_distances(&inked.map(|inked| !inked), u32::MAX).iter().map(to_edge).collect();
    let depths = || inked.pixels.iter().zip(&depth).filter(|(inked, _)| **inked).map(|(_, depth)| depth);
    let thickness = 4.0 * depths().sum::<f64>() / depths().count().max(1) as f64;
    let offset = (context.number("width") * height - thickness) / 2.0;
    // Paper farther away stays white.
    let reach_px = (offset + 1.0).ceil() as u32;
    let height_above = if offset > 0.0 { squared_distances(&inked, reach_px) } else { Vec::new() };
    let pixels = inked.pixels.iter().enumerate().map(|(at, &inked)| {
        // How far the pixel lies within the moved contour.
        let within = match height_above.get(at) {
            _ if inked => depth[at] + offset,
            Some(squared) => offset - to_edge(squared),
            None => -1.0,
        };
        255 - ((within + 0.5).clamp(0.0, 1.0) * 255.0 + 0.5) as u8
    });
    Ok(GrayPicture { pixels: pixels.collect(), ..*picture })
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
