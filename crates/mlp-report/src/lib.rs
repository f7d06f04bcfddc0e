//! Run folders to tables, plots and one HTML page.
//!
//! What this crate must never do: train, or need anything but the run folders.

mod agreement;
mod chart;
pub mod cli;
mod comparison;
mod confusion;
mod document;
mod escape;
mod experiment;
mod report;
mod results;
mod run;
mod seed;
mod sentence;
pub mod statistics;
mod tensorboard;

pub use confusion::Confusion;
