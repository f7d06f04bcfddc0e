//! Run folders to tables, plots and one HTML page.
//!
//! What this crate must never do: train, or need anything but the run folders.

#![cfg_attr(test, allow(clippy::disallowed_methods, reason = "tests put files in place as users do"))]

pub mod cli;
mod comparison;
mod consistency;
mod course_2022;
mod expected;
mod experiment;
mod pictures;
mod report;
mod results;
mod reuse;
mod run;
mod tensorboard;
mod words;

pub use stage_page::Lang;
