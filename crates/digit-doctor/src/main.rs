//! The `digit-doctor` command; everything it does is in the library.

fn main() -> std::process::ExitCode {
    digit_doctor::cli::main()
}
