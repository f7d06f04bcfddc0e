//! The `digit-learn` command; everything it does is in the library.

fn main() -> std::process::ExitCode {
    digit_learn::cli::main()
}
