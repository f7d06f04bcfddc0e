//! The `digit-csv` command; everything it does is in the library.

fn main() -> std::process::ExitCode {
    digit_csv::cli::main()
}
