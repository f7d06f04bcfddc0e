//! All steps, each in a file of its own.

mod canny;
mod deskew;
mod fit;
mod frame;
mod ink;
mod limit;
mod lines;
mod single;
mod specks;
mod thickness;

use super::step::StepKind;

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
