//! Turns source pictures into labelled pictures: small, gray, with a label row. Gray values and shrinking equal
//! OpenCV's.

#![cfg_attr(test, allow(clippy::disallowed_methods, reason = "tests put files in place as users do"))]

pub mod batch;
pub mod cli;
pub mod explain;
pub mod inspect;
mod known;
mod labels_in;
mod make;
mod memory;
mod naming;
mod outcome;
mod packing;
pub mod plan;
pub mod read;
mod remarks;
pub mod request;
mod shard_lists;
mod stem;
mod work;

pub use labels_in::LabelsIn;
