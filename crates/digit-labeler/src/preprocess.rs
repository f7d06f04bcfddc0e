//! Preprocessing: steps that make other people's pictures alike, at full resolution, before they are shrunk.
//!
//! A step is a small file with a [`StepKind`]; [`STEPS`] lists them all. Every step is written so that equal pictures
//! give equal bytes on every machine: integers, or floating-point addition, multiplication, division and square root in
//! a stated order.

mod blur;
mod canny;
mod deskew;
mod distance;
mod extremes;
mod fit;
mod frame;
mod histogram;
mod ink;
mod limit;
mod lines;
mod list;
mod moments;
mod pieces;
mod resample;
mod shading;
mod single;
mod specks;
mod step;
mod thickness;

pub use list::{Step, Steps};
pub use step::{Context, Domain, Image, Setting, StepKind, Unfit, Value, Work};

use stage_files::picture::Canvas;

use crate::decode::png::plain_gray;
use crate::raster::{GrayPicture, RgbPicture};

/// All kinds of steps, in the order in which they make sense.
pub const STEPS: &[&StepKind] = &[
    &limit::LIMIT,
    &ink::INK,
    &lines::LINES,
    &frame::FRAME,
    &specks::SPECKS,
    &single::SINGLE,
    &deskew::DESKEW,
    &fit::FIT,
    &thickness::THICKNESS,
    &canny::CANNY,
];

/// The list behind the word `standard`.
pub const STANDARD: &str = "limit,ink,lines,frame,specks,single,deskew,fit,thickness";

impl Steps {
    /// Takes a picture through all steps; `seen` is shown the picture after each.
    ///
    /// # Errors
    /// [`Unfit`]: there is no single whole digit in it.
    pub fn apply(&self, canvas: Canvas, picture: Image, mut seen: impl FnMut(&Step, &Image)) -> Result<Image, Unfit> {
        self.as_slice().iter().try_fold(picture, |picture, step| {
            let context = Context { canvas, settings: step.kind.settings, values: &step.values };
            let after = match (step.kind.work, picture) {
                (Work::OnFile(run), Image::Rgb(picture)) => run(&context, &picture)?,
                // Lists that begin later begin with a gray picture, so this is a gray picture seen as colours.
                (Work::OnFile(run), Image::Gray(picture)) => run(&context, &picture.map(|gray| [gray; 3]))?,
                (Work::OnGray(run), Image::Gray(picture)) => Image::Gray(run(&context, &picture)?),
                (Work::OnGray(run), Image::Rgb(picture)) => Image::Gray(run(&context, &gray_of(&picture))?),
            };
            seen(step, &after);
            Ok(after)
        })
    }
}

/// OpenCV's weights, for a list that shrinks a colour picture and does not separate its ink.
pub(crate) fn gray_of(picture: &RgbPicture) -> GrayPicture {
    picture.map(plain_gray)
}
