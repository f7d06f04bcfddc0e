//! Removes specks: connected components with little ink beside the main one.

use crate::preprocess::ops::components::Components;
use crate::preprocess::step::{Context, Setting, StepKind, Unfit, Work};
use crate::raster::GrayPicture;

/// The step.
pub(super) const SPECKS: StepKind = StepKind {
    name: "specks",
    version: 2,
    about: "remove specks: connected components with little ink",
    settings: &[Setting::number("share", 0.03, 0.0, 0.5, "components with less than this share of the largest one go")],
    work: Work::OnGray(run),
};

fn run(context: &Context<'_>, picture: &GrayPicture) -> Result<GrayPicture, Unfit> {
    let components = Components::of(picture);
    let largest = components.all.iter().map(|component| component.ink).max().ok_or(Unfit::NoInk)?;
    let least = context.number("share") * largest as f64;
    let keep: Vec<bool> = components.all.iter().map(|component| component.ink as f64 >= least).collect();
    Ok(components.keep(picture, &keep))
}
