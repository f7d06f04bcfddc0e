//! The `digits` program; everything it does is in the library.

fn main() -> std::process::ExitCode {
    digits::main()
}
