//! The `digit-labeler` command; everything it does is in the library.

fn main() -> std::process::ExitCode {
    digit_labeler::cli::main()
}
