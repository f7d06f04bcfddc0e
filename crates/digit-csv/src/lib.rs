//! Labelled pictures to a data set CSV with one-hot labels.
//!
//! What this crate must never do: look at a source picture or change a pixel.

pub mod cli;
pub mod labelled;
pub mod merge;
pub mod output;
