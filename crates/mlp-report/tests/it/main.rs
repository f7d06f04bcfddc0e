//! The whole command: message, exit code and what is on disk.

#![allow(clippy::disallowed_methods, reason = "tests put files in place as users do")]

mod command;
mod comparisons;
mod course_2022;
mod escaping;
mod faults;
mod gaps;
mod languages;
mod opening;
mod pictures;
mod remedies;
mod seeds;
mod tensorboard;
mod words;

use test_support::Test;

/// The usual report: on the runs in `runs` into the folder `out`.
const REPORT: &str = "runs --out out";

fn test() -> Test {
    Test::new(env!("CARGO_BIN_EXE_mlp-report"))
}
