//! Turns labelled pictures into data sets: CSV files with pixels and one-hot labels.
//!
//! What this crate must never do: look at a source picture or change a pixel.

#![cfg_attr(test, allow(clippy::disallowed_methods, reason = "tests put files in place as users do"))]

pub mod cli;
pub mod files;
pub mod labelled;
pub mod merge;
pub mod output;
