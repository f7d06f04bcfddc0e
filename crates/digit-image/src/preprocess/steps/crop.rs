//! Cuts off what surrounds the paper: a plain canvas that the picture was laid on, and the lines of a table's cell.
//!
//! Both would mislead `ink`. Paper on a white canvas looks like one large blot, and the lines around a cell make the
//! paper within look like the lighter of two things.

mod canvas;
mod cell;

use crate::preprocess::step::{Context, Image, Setting, StepKind, Unfit, Work};
use crate::raster::RgbPicture;

/// The step.
pub(super) const CROP: StepKind = StepKind {
    name: "crop",
    version: 1,
    about: "cut off a plain canvas around the paper, and the lines of a table's cell",
    settings: &[Setting::number("band", 0.12, 0.0, 0.3, "a cell's lines lie within this share of the sides")],
    work: Work::OnFile(run),
};

/// Smaller pictures are taken as they are: a line of theirs may be a stroke.
const SMALLEST_PX: usize = 24;
/// A canvas may lie on another one.
const MOST_CANVASES: usize = 3;

/// Columns and rows that stay; the last ones are left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Part {
    left: usize,
    top: usize,
    right: usize,
    bottom: usize,
}

#[allow(clippy::unnecessary_wraps)] // The signature of all steps.
fn run(context: &Context<'_>, picture: &RgbPicture) -> Result<Image, Unfit> {
    let mut picture = picture.clone();
    for _ in 0..MOST_CANVASES {
        let Some(part) = canvas::paper_on(&picture) else { break };
        picture = part.of(&picture);
    }
    if let Some(part) = cell::within_lines(&picture, context.number("band")) {
        picture = part.of(&picture);
    }
    Ok(Image::Rgb(picture))
}

impl Part {
    fn width(self) -> usize {
        self.right - self.left
    }

    fn height(self) -> usize {
        self.bottom - self.top
    }

    fn of(self, picture: &RgbPicture) -> RgbPicture {
        let rows = picture.rows().skip(self.top).take(self.height());
        let pixels = rows.flat_map(|row| &row[self.left..self.right]).copied().collect();
        RgbPicture { width_px: self.width() as u32, height_px: self.height() as u32, pixels }
    }
}
