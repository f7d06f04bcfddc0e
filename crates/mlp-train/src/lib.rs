//! Trains the networks that config files describe and writes a run folder for each.
//!
//! One run is one config, one seed and one data set; its files depend on nothing else. Runs go in parallel, one thread
//! each.
//!
//! What this crate must never do: write a time anywhere but `timing.csv` and `log.txt`.

mod augment;
mod balance;
mod best;
mod checkpoint;
pub mod cli;
mod confidence;
mod cores;
mod estimate;
pub mod export;
mod feed;
mod helpers;
mod log;
mod plan;
mod prepare;
mod progress;
mod run;
mod setup;
mod sheet;
mod snapshots;
mod source;
mod split;
mod styles;
mod train;
mod write;

pub use prepare::Prepared;
pub use split::{Parts, split};
