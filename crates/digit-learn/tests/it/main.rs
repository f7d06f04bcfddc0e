//! The whole command, on folders of every kind that people have.

mod mistakes;
mod pictures;
mod roads;

use test_support::Test;

fn test() -> Test {
    Test::new(env!("CARGO_BIN_EXE_digit-learn"))
}
