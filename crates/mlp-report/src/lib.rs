//! Run folders to tables, plots and one HTML page.
//!
//! What this crate must never do: train, or need anything but the run folders.

mod agreement;
mod chart;
pub mod cli;
mod confusion;
mod escape;
mod page;
mod run_report;
pub mod statistics;
mod tables;

pub use confusion::Confusion;
