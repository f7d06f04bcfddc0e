//! What the user calls a command: its own name, or two words such as `digits label`.

use std::ffi::OsString;
use std::path::Path;

use clap::Command;

/// The command as the user called it, and its name then. If the program name has two words, examples in the help show
/// them in place of the command's name.
pub(crate) fn called(command: Command, program: Option<&OsString>) -> (Command, String) {
    let name = command.get_name().to_owned();
    let file_name = program.and_then(|program| Path::new(program).file_name()?.to_str());
    match file_name.filter(|called| called.contains(' ')) {
        None => (command, name),
        Some(called) => (with_examples(command, &name, called), called.to_owned()),
    }
}

fn with_examples(command: Command, name: &str, called: &str) -> Command {
    let examples = command.get_after_help().map(|text| text.to_string().replace(name, called));
    let command = command.mut_subcommands(|subcommand| with_examples(subcommand, name, called));
    match examples {
        Some(examples) => command.after_help(examples),
        None => command,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_words_stand_in_for_the_name_in_examples() {
        let sub = Command::new("export").after_help("Example: digit-x export");
        let command = Command::new("digit-x").after_help("Example:\n  digit-x a").subcommand(sub);
        let (plain, name) = called(command.clone(), Some(&"/a b/digit-x".into()));
        assert_eq!(
            (plain.get_after_help().unwrap().to_string(), name),
            ("Example:\n  digit-x a".into(), "digit-x".into())
        );
        let (words, name) = called(command, Some(&"digits x".into()));
        assert_eq!(
            (words.get_after_help().unwrap().to_string(), name),
            ("Example:\n  digits x a".into(), "digits x".into())
        );
        let sub = words.find_subcommand("export").unwrap().get_after_help().unwrap().to_string();
        assert_eq!(sub, "Example: digits x export");
    }
}
