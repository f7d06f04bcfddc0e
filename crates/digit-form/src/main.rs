//! The `digit-form` command.

fn main() -> std::process::ExitCode {
    digit_form::cli::main()
}
