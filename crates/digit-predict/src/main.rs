//! The `digit-predict` command; everything it does is in the library.

fn main() -> std::process::ExitCode {
    digit_predict::cli::main()
}
