//! Removes pieces of a form's frame: ink that keeps to the border of the picture, or to the border of a large box
//! around other ink.

use crate::preprocess::ops::components::{Component, Components};
use crate::preprocess::step::{Context, Setting, StepKind, Unfit, Work};
use crate::raster::GrayPicture;

/// The step.
pub(super) const FRAME: StepKind = StepKind {
    name: "frame",
    version: 2,
    about: "remove pieces of a form's frame: ink that keeps to the border, or to the sides of a box around the digit",
    settings: &[
        Setting::number("band", 0.08, 0.0, 0.3, "a frame keeps to the border within this share of the sides"),
        Setting::number("rest", 0.15, 0.0, 1.0, "nothing is removed if less than this share of the ink would remain"),
    ],
    work: Work::OnGray(run),
};

/// A box around the digit covers this share of both sides of the picture.
const LARGE: f64 = 0.6;

#[allow(clippy::unnecessary_wraps)] // The signature of all steps.
fn run(context: &Context<'_>, picture: &GrayPicture) -> Result<GrayPicture, Unfit> {
    let band = context.number("band");
    let components = Components::of(picture);
    if components.all.len() < 2 {
        return Ok(picture.clone());
    }
    let sheet = Component { left: 0, top: 0, right: picture.width_px - 1, bottom: picture.height_px - 1, ink: 0 };
    let keep: Vec<bool> = (0..components.all.len()).map(|at| !is_frame(&components, at, &sheet, band)).collect();
    let ink =
        |kept: &[bool]| components.all.iter().zip(kept).filter(|(_, kept)| **kept).map(|(p, _)| p.ink).sum::<u64>();
    let all = vec![true; keep.len()];
    if (ink(&keep) as f64) < context.number("rest") * ink(&all) as f64 {
        return Ok(picture.clone());
    }
    Ok(components.keep(picture, &keep))
}

fn is_frame(components: &Components, at: usize, sheet: &Component, band: f64) -> bool {
    let component = &components.all[at];
    let touches =
        component.left == 0 || component.top == 0 || component.right == sheet.right || component.bottom == sheet.bottom;
    let covers = |extent: u32, side: u32| f64::from(extent) >= LARGE * f64::from(side);
    let large = covers(component.width_px(), sheet.width_px()) && covers(component.height_px(), sheet.height_px());
    touches && keeps_to_the_sides(components, at, sheet, band)
        || large && keeps_to_the_sides(components, at, component, band)
}

/// Whether all pixels of a component lie near a side of `sides`.
fn keeps_to_the_sides(components: &Components, at: usize, sides: &Component, band: f64) -> bool {
    let component = &components.all[at];
    let (across, down) = (band * f64::from(sides.width_px()), band * f64::from(sides.height_px()));
    let deep = |x: u32, y: u32| {
        let from_side = (x - sides.left).min(sides.right - x) + 1;
        let from_end = (y - sides.top).min(sides.bottom - y) + 1;
        f64::from(from_side) > across && f64::from(from_end) > down
    };
    let mut places =
        (component.top..=component.bottom).flat_map(|y| (component.left..=component.right).map(move |x| (x, y)));
    !places.any(|(x, y)| deep(x, y) && components.holds(at, x, y))
}
