//! The whole command: message, exit code and what is on disk.

#![allow(clippy::disallowed_methods, reason = "tests read stored files")]

mod corners;
mod made;
mod paper;
mod photos;
mod refused;
mod scans;

use test_support::Test;

fn test() -> Test {
    Test::new(env!("CARGO_BIN_EXE_digit-form"))
}
