//! Help on a terminal of 80 columns.

use clap::Command;

const COLUMNS: usize = 80;

/// A command and all below it, with what the user types to get there.
fn all(command: &Command, path: &str) -> Vec<(String, Command)> {
    let mut found = vec![(path.to_owned(), command.clone())];
    for sub in command.get_subcommands() {
        found.extend(all(sub, &format!("{path} {}", sub.get_name())));
    }
    found
}

fn too_wide(text: &str) -> Vec<String> {
    text.lines().filter(|line| line.chars().count() > COLUMNS).map(str::to_owned).collect()
}

/// The lines that are laid out by hand: indented ones, and those that another line of prose continues.
fn by_hand(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let is_prose = |line: &&str| !line.is_empty() && !line.starts_with(' ');
    let is_by_hand = |(i, line): &(usize, &&str)| {
        let continued =
            lines.get(i + 1).is_some_and(|next| is_prose(next) && next.starts_with(|c: char| !c.is_uppercase()));
        !is_prose(line) || continued
    };
    lines.iter().enumerate().filter(is_by_hand).map(|(_, line)| *line).collect::<Vec<_>>().join("\n")
}

#[test]
fn no_help_is_wider_than_80_columns() {
    let mut command = digits::command().term_width(COLUMNS);
    command.build();
    let commands = all(&command, "digits");
    assert!(commands.len() > 15, "{}", commands.len());
    for (path, mut command) in commands {
        for help in [command.render_help(), command.render_long_help()] {
            let help = help.to_string();
            let wide = too_wide(&help);
            assert!(wide.is_empty(), "{path}: {wide:#?}");
        }
    }
}

/// letters longer than by its own name.
#[test]
fn examples_fit_without_being_wrapped() {
    const NAMES: [(&str, &str); 9] = [
        ("digit-learn", "digits learn"),
        ("digit-form", "digits form"),
        ("digit-source", "digits source"),
        ("digit-labeler", "digits label"),
        ("digit-csv", "digits csv"),
        ("digit-doctor", "digits doctor"),
        ("mlp-train", "digits train"),
        ("mlp-report", "digits report"),
        ("digit-predict", "digits predict"),
    ];
    let mut found = Vec::new();
    for (path, command) in all(&digits::command(), "digits") {
        let Some(text) = command.get_after_help() else { continue };
        let own = text.to_string();
        let words = NAMES.iter().fold(own.clone(), |text, (name, words)| text.replace(name, words));
        let wide = [too_wide(&by_hand(&own)), too_wide(&by_hand(&words))].concat();
        found.extend(wide.into_iter().map(|line| format!("{path}: {line}")));
    }
    assert!(found.is_empty(), "{found:#?}");
}
