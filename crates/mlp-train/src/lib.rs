//! Trains the networks that config files describe and writes a run folder for each.
//!
//! One run is one config, one seed and one data set; its files depend on nothing else. Runs go in parallel, one thread
//! each.
//!
//! What this crate must never do: write a time anywhere but `timing.csv` and `log.txt`.

#![cfg_attr(test, allow(clippy::disallowed_methods, reason = "tests put files in place as users do"))]

mod augmented_sheet;
pub mod cli;
mod curve;
mod data;
mod ended;
mod estimated_time;
pub mod export;
mod new_config;
mod options;
mod progress_bar;
pub mod recommended;
mod run;
mod tested;
mod threads;
mod verify;

pub use run::{InMemory, train_in_memory};
pub use tested::test_rows;
