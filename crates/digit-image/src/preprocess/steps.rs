//! All steps, each in a file of its own.

mod canny;
mod crop;
mod deskew;
mod enlarge;
mod fit;
mod frame;
mod ink;
mod limit;
mod lines;
mod single;
mod slim;
mod specks;
mod thickness;

use super::step::StepKind;

pub(crate) use ink::of_page as ink_of_page;
pub(crate) use limit::{block_means as shrunk, shrink_factor};

/// All kinds of steps, in the order in which they make sense.
pub const STEPS: &[&StepKind] = &[
    &limit::LIMIT,
    &crop::CROP,
    &enlarge::ENLARGE,
    &ink::INK,
    &lines::LINES,
    &frame::FRAME,
    &specks::SPECKS,
    &single::SINGLE,
    &slim::SLIM,
    &deskew::DESKEW,
    &fit::FIT,
    &thickness::THICKNESS,
    &canny::CANNY,
];

/// The list behind the word `standard`.
pub const STANDARD: &str = "limit,crop,enlarge,ink,lines,frame,specks,single,slim,deskew,fit,thickness";
