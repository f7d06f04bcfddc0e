//! Runs the commands of this workspace in tests, the way a user runs them.
//!
//! A [`Test`] is a temporary folder and a program. Files go in, the program runs in the folder, and the test says what
//! is expected of stdout, stderr, the exit status and the files that come out:
//!
//! ```no_run
//! # let program = "target/debug/digit-csv";
//! use test_support::Test;
//!
//! // In tests/: Test::new(env!("CARGO_BIN_EXE_digit-csv"))
//! let test = Test::new(program);
//! test.write("labelled/notes.txt", "no picture");
//! test.run("labelled out").status(2).stdout("").stderr_has(&["labelled", "--labels"]);
//! assert!(!test.exists("out"));
//! ```
//!
//! When an expectation fails, the message shows the command line, the status, both outputs and the files of the folder.
//!
//! Cargo names only the programs of the crate under test (`CARGO_BIN_EXE_name`). So a test runs its own crate's program
//! and makes what earlier stages would have written with the functions here or with the libraries: [`gray_png`],
//! [`data_set_csv`], [`RunFolder`].
//!
//! Use this crate from `tests/` only. It depends on stage-files: in a unit test of that crate every type of it would
//! exist twice.

#![allow(clippy::disallowed_methods, reason = "tests put files in place as users do")]

mod data_set;
mod folder;
mod invocation;
mod output;
mod pictures;
mod run_folder;
mod running;
mod said;
#[cfg(unix)]
mod terminal;
mod test;

pub use data_set::{data_set_csv, numbers, rows_csv};
pub use folder::{Files, assert_same_files};
pub use invocation::Invocation;
pub use output::Output;
pub use pictures::{gray_gif, gray_png, gray_tiff};
pub use run_folder::RunFolder;
pub use running::Running;
pub use said::{english, said};
#[cfg(unix)]
pub use terminal::{Seen, Terminal};
pub use test::Test;
