//! Makes slanted digits upright: a shear by the second moments of the ink.
//!
//! With `x` and `y` measured from the centre of mass, the slant is `sum(m x y) / sum(m y y)`: the slope of the best
//! straight line through the ink, as seen along the rows. Each row is moved by its distance from the centre times that.

use crate::preprocess::ops::moments::Moments;
use crate::preprocess::step::{Context, Setting, StepKind, Unfit, Work};
use crate::raster::GrayPicture;

/// The step.
pub(super) const DESKEW: StepKind = StepKind {
    name: "deskew",
    version: 1,
    about: "make slanted digits upright: a shear by the moments of the ink",
    settings: &[
        Setting::number("max", 1.0, 0.0, 3.0, "largest slant that is corrected, in columns a row; 1 is 45 degrees"),
        Setting::number("amount", 1.0, 0.0, 1.0, "share of the slant that is taken away"),
    ],
    work: Work::OnGray(run),
};

fn run(context: &Context<'_>, picture: &GrayPicture) -> Result<GrayPicture, Unfit> {
    let moments = Moments::of(picture).ok_or(Unfit::NoInk)?;
    let max = context.number("max");
    let slant = (moments.slant() * context.number("amount")).clamp(-max, max);
    Ok(shear(picture, slant, moments.y))
}

/// Moves each row to the left by `slant` times its distance below `centre_y`, onto a sheet wide enough for all.
fn shear(picture: &GrayPicture, slant: f64, centre_y: f64) -> GrayPicture {
    if slant == 0.0 {
        return picture.clone();
    }
    let shifts: Vec<f64> = (0..picture.height_px).map(|y| -slant * (f64::from(y) - centre_y)).collect();
    let (low, high) = shifts.iter().fold((f64::MAX, f64::MIN), |(low, high), &s| (low.min(s), high.max(s)));
    let (left, right) = (low.floor() as i64, high.ceil() as i64);
    let width = (i64::from(picture.width_px) + right - left) as usize;
    let mut pixels = vec![255; width * picture.height_px as usize];
    for ((row, out), shift) in picture.rows().zip(pixels.chunks_exact_mut(width)).zip(shifts) {
        let whole = shift.floor();
        let part = (shift - whole) as f32;
        let at = (whole as i64 - left) as usize;
        let ink = |x: usize| row.get(x).map_or(0.0, |&value| f32::from(255 - value));
        for x in 0..=row.len() {
            let before = if x == 0 { 0.0 } else { ink(x - 1) };
            let mixed = part * before + (1.0 - part) * ink(x);
            if let Some(out) = out.get_mut(at + x) {
                *out = 255 - (mixed + 0.5) as u8;
            }
        }
    }
    GrayPicture { width_px: width as u32, height_px: picture.height_px, pixels }
}
