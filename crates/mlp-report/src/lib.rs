//! Run folders to tables, plots and one HTML page.
//!
//! What this crate must never do: train, or need anything but the run folders.

mod chart;
pub mod cli;
mod comparison;
mod confusion;
mod consistency;
mod course_2022;
mod document;
mod escape;
mod experiment;
mod format;
mod report;
mod results;
mod run;
pub mod statistics;
mod tensorboard;
