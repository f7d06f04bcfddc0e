//! `--generate bash|elvish|fish|powershell|zsh|man`: completions and the manual page, made from the argument types.

use std::ffi::OsString;
use std::io::Write;

use crate::ExitStatus;
use clap::{Arg, Command, ValueEnum};
use clap_complete::Shell;

const FLAG: &str = "--generate";

/// The command with the option `--generate`, so that its help has it.
pub fn with_flag(command: Command) -> Command {
    command.arg(
        Arg::new("generate")
            .long("generate")
            .value_name("SHELL|man")
            .help("Print completions for a shell (bash, elvish, fish, powershell, zsh) or the manual page (man)"),
    )
}

/// When the arguments after the program name are `--generate WHAT`, prints what is asked for of a command
/// [with the option](with_flag) and returns the exit status. This happens before the arguments are parsed, because
/// parsing would ask for the command's required arguments.
pub fn generated(arguments: &[OsString], command: &Command) -> Option<ExitStatus> {
    let what = match arguments.get(1)?.to_str()? {
        FLAG => arguments.get(2).and_then(|a| a.to_str()).unwrap_or(""),
        other => other.strip_prefix(FLAG)?.strip_prefix('=')?,
    };
    let mut command = command.clone();
    let mut bytes = Vec::new();
    if what == "man" {
        if clap_mangen::Man::new(command).render(&mut bytes).is_err() {
            return Some(ExitStatus::OutsideFault);
        }
    } else if let Ok(shell) = Shell::from_str(what, true) {
        let name = command.get_name().to_owned();
        clap_complete::generate(shell, &mut command, name, &mut bytes);
    } else {
        let complaint = format!(
            "expected bash, elvish, fish, powershell, zsh or man, found `{}`",
            crate::terminal::for_terminal(what)
        );
        let _ = command.error(clap::error::ErrorKind::InvalidValue, complaint).print();
        return Some(ExitStatus::Refused);
    }
    // A reader that stops reading has what it wanted.
    let _ = std::io::stdout().lock().write_all(&bytes);
    Some(ExitStatus::Done)
}
