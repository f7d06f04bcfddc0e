//! The `digit-source` command; everything it does is in the library.

fn main() -> std::process::ExitCode {
    digit_source::cli::main()
}
