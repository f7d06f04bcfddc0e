//! The `mlp-train` command; everything it does is in the library.

fn main() -> std::process::ExitCode {
    mlp_train::cli::main()
}
