//! Removes pieces of a form's frame: flat pieces that lie along the border.

use super::pieces::{Piece, Pieces};
use super::step::{Context, Setting, StepKind, Unfit, Work};
use crate::raster::GrayPicture;

/// The step.
pub const FRAME: StepKind = StepKind {
    name: "frame",
    version: 1,
    about: "remove pieces of a form's frame along the border",
    settings: &[Setting::number(
        "band",
        0.1,
        0.0,
        0.5,
        "pieces that touch the border and lie within this share of it go",
    )],
    work: Work::OnGray(run),
};

#[allow(clippy::unnecessary_wraps)] // The signature of all steps.
fn run(context: &Context<'_>, picture: &GrayPicture) -> Result<GrayPicture, Unfit> {
    let band = context.number("band");
    let pieces = Pieces::of(picture);
    let keep: Vec<bool> = pieces.all.iter().map(|piece| !along_border(piece, picture, band)).collect();
    // Nothing else there: then it is no frame.
    if !keep.contains(&true) {
        return Ok(picture.clone());
    }
    Ok(pieces.keep(picture, &keep))
}

fn along_border(piece: &Piece, picture: &GrayPicture, band: f64) -> bool {
    let (width, height) = (picture.width_px, picture.height_px);
    let thin = |extent: u32, side: u32| f64::from(extent) <= band * f64::from(side);
    let beside = (piece.left == 0 || piece.right + 1 == width) && thin(piece.width_px(), width);
    let above = (piece.top == 0 || piece.bottom + 1 == height) && thin(piece.height_px(), height);
    beside || above
}
