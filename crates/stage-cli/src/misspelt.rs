//! A command that is misspelt where a file may stand as well, such as `mlp-train exprot run`.
//!
//! A command without positional arguments of its own needs none of this: clap says what is near.

use std::ffi::OsString;
use std::path::Path;

use stage_files::suggest::nearest;

/// What to say if the first argument is no file, and nearly the name of a command.
pub(crate) fn command(arguments: &[OsString], command: &clap::Command) -> Option<String> {
    command.get_positionals().next()?;
    let first = arguments.get(1)?.to_str().filter(|first| first.chars().all(|c| c.is_ascii_alphabetic()))?;
    let names: Vec<&str> = command.get_subcommands().map(clap::Command::get_name).collect();
    if names.contains(&first) || first == "help" || Path::new(first).exists() {
        return None;
    }
    let near = nearest(first, names)?;
    Some(format!("{first}: expected a file, folder or command, found none of this name; did you mean `{near}`?"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::{Arg, Command};

    #[test]
    fn only_what_is_no_file_and_nearly_a_command_is_said() {
        // `src` is a folder of this crate, where tests run.
        let commands = [Command::new("export"), Command::new("srcs")];
        let with_files = Command::new("x").subcommands(commands).arg(Arg::new("files").num_args(0..));
        let without = Command::new("x").subcommand(Command::new("export"));
        let say = |name: &str, of: &Command| command(&["x".into(), name.into()], of);
        assert!(say("exprot", &with_files).is_some_and(|said| said.contains("did you mean `export`?")));
        assert!(say("src2", &with_files).is_none() && say("srcz", &with_files).is_some());
        for name in ["export", "runs", "--exprot", "exprot.json", "src"] {
            assert_eq!(say(name, &with_files), None, "{name}");
        }
        assert_eq!(say("exprot", &without), None);
    }
}
