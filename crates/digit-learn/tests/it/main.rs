//! The whole command, on folders of every kind that people have.

mod mistakes;
mod pictures;
mod roads;

use std::path::Path;

use test_support::Test;

fn test() -> Test {
    Test::new(env!("CARGO_BIN_EXE_digit-learn"))
}

/// How messages name a program: by the path beside this one, if it was built, quoted where a shell needs it. The folder
/// of a clone may have a blank in its name.
fn typed(program: &str) -> String {
    let beside = Path::new(env!("CARGO_BIN_EXE_digit-learn")).with_file_name(program);
    let is_built = beside.with_extension(std::env::consts::EXE_EXTENSION).is_file();
    if is_built { stage_cli::quoted(&beside) } else { program.to_owned() }
}
