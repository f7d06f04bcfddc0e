//! Gives all strokes one thickness.
//!
//! The picture is smoothed and cut at half of the ink's strength. The mean thickness of what remains follows from its
//! distance transform: across a stroke of width `w` the distance to the nearest paper has the mean `w / 4`. Then the
//! contour is moved outwards or inwards by half of what is missing, and drawn with a soft edge of one pixel.

use image::{GrayImage, Luma};
use imageproc::distance_transform::euclidean_squared_distance_transform;

use super::blur;
use super::step::{Context, Setting, StepKind, Unfit, Work};
use crate::raster::GrayPicture;

/// The step.
pub const THICKNESS: StepKind = StepKind {
    name: "thickness",
    version: 1,
    about: "give all strokes one thickness",
    settings: &[
        Setting::number("width", 0.1, 0.01, 0.5, "thickness of the strokes over the height of the picture"),
        Setting::number("smooth", 0.02, 0.0, 0.2, "radius of the smoothing before, over the height of the picture"),
    ],
    work: Work::OnGray(run),
};

/// Ink of full strength: this share of the inked pixels is weaker.
const FULL_INK_QUANTILE: f64 = 0.9;

fn run(context: &Context<'_>, picture: &GrayPicture) -> Result<GrayPicture, Unfit> {
    let height = f64::from(picture.height_px);
    let radius_px = (context.number("smooth") * height).round() as usize;
    let smooth = blur::mean(&blur::mean(picture, radius_px), radius_px);
    let mut inks: Vec<u8> = smooth.pixels.iter().map(|value| 255 - value).filter(|&ink| ink > 16).collect();
    inks.sort_unstable();
    let full = *inks.get((FULL_INK_QUANTILE * inks.len() as f64) as usize).ok_or(Unfit::NoInk)?;
    let inked: Vec<bool> = smooth.pixels.iter().map(|value| 255 - value > full / 2).collect();
    let inside = distances(&inked, picture, false);
    let outside = distances(&inked, picture, true);
    let count = inked.iter().filter(|&&inked| inked).count();
    if count == 0 {
        return Err(Unfit::NoInk);
    }
    let mean = inside.iter().sum::<f64>() / count as f64;
    let thickness = 4.0 * mean;
    let offset = (context.number("width") * height - thickness) / 2.0;
    // Distance to the contour: positive outside, negative inside. Half a pixel lies between a pixel's centre and edge.
    let pixels = inside.iter().zip(&outside).map(|(inside, outside)| {
        let distance = if *outside > 0.0 { outside - 0.5 } else { 0.5 - inside };
        255 - ((offset - distance + 0.5).clamp(0.0, 1.0) * 255.0 + 0.5) as u8
    });
    Ok(GrayPicture { pixels: pixels.collect(), ..*picture })
}

/// The distance from each pixel to the nearest one for which `inked` equals `to`; 0 for those themselves.
fn distances(inked: &[bool], picture: &GrayPicture, to: bool) -> Vec<f64> {
    let mask = inked.iter().map(|&inked| u8::from(inked == to)).collect();
    let mask = GrayImage::from_raw(picture.width_px, picture.height_px, mask).unwrap_or_default();
    euclidean_squared_distance_transform(&mask).pixels().map(|&Luma([squared])| squared.sqrt()).collect()
}
