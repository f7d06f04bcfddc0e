//! The `mlp-report` command; everything it does is in the library.

fn main() -> std::process::ExitCode {
    mlp_report::cli::main()
}
