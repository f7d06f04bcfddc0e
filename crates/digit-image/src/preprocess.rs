//! Preprocessing: steps that make other people's pictures alike, at full resolution, before they are shrunk.
//!
//! A step is a small file in `steps/` with a [`StepKind`]; [`STEPS`] lists them all. What several steps need, such as
//! morphology or connected components, is in `ops/`. Equal pictures give equal bytes on every machine: steps use
//! integers, or floating-point addition, multiplication, division and square root in a stated order.

pub(crate) mod ops;
mod pipeline;
mod step;
mod steps;

pub(crate) use pipeline::gray_of;
pub use pipeline::{Pipeline, Step};
pub use step::{Context, Domain, Image, Setting, StepKind, Unfit, Value, Work};
pub use steps::{STANDARD, STEPS};
pub(crate) use steps::{ink_of_page, shrink_factor, shrunk};
