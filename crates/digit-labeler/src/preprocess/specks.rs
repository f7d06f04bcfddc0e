//! Removes specks: pieces with little ink beside the main one.

use super::pieces::Pieces;
use super::step::{Context, Setting, StepKind, Unfit, Work};
use crate::raster::GrayPicture;

/// The step.
pub const SPECKS: StepKind = StepKind {
    name: "specks",
    version: 2,
    about: "remove specks: pieces with little ink",
    settings: &[Setting::number("share", 0.03, 0.0, 0.5, "pieces with less than this share of the largest one go")],
    work: Work::OnGray(run),
};

fn run(context: &Context<'_>, picture: &GrayPicture) -> Result<GrayPicture, Unfit> {
    let pieces = Pieces::of(picture);
    let largest = pieces.all.iter().map(|piece| piece.ink).max().ok_or(Unfit::NoInk)?;
    let least = context.number("share") * largest as f64;
    let keep: Vec<bool> = pieces.all.iter().map(|piece| piece.ink as f64 >= least).collect();
    Ok(pieces.keep(picture, &keep))
}
