//! Names of writers, which become names of folders.

use stage_files::folder_name::label_in_words;

/// Longest name, in characters.
const MAX_LENGTH: usize = 40;
/// Names that Windows takes for devices.
const DEVICES: &[&str] = &["con", "prn", "aux", "nul"];

/// A name that is safe as the name of a folder on every system and that no stage takes for a label.
///
/// # Errors
/// What was expected and found.
pub(crate) fn check(name: &str) -> Result<&str, String> {
    let expected = "expected a name of letters, digits, spaces, `-` and `_`";
    if name.trim().is_empty() {
        return Err(format!("no name of a writer; {expected}"));
    }
    if name.chars().count() > MAX_LENGTH {
        return Err(format!("the writer's name has more than {MAX_LENGTH} characters; give a shorter one"));
    }
    let is_allowed = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | ' ') || is_mark(c);
    if let Some(odd) = name.chars().find(|&c| !is_allowed(c)) {
        return Err(format!("{expected}, found {odd:?} in the writer's name"));
    }
    if name.starts_with([' ', '-']) || name.ends_with(' ') {
        return Err("the writer's name begins or ends with a space, or begins with `-`; leave that out".to_owned());
    }
    let lower = name.to_lowercase();
    let is_port =
        |prefix| lower.strip_prefix(prefix).is_some_and(|rest: &str| rest.len() == 1 && rest.parse::<u8>().is_ok());
    if DEVICES.contains(&lower.as_str()) || is_port("com") || is_port("lpt") {
        return Err(format!("`{name}` is no name of a folder on Windows; give another one"));
    }
    // `kim/3/x.png` says that kim wrote a 3; `4/3/x.png` says that it is a 4, or a 3.
    if !name.chars().any(char::is_alphabetic) || label_in_words(name).is_some() {
        return Err(format!("`{name}` would be taken for a label; give a name with other letters"));
    }
    Ok(name)
}

/// Accents that follow their letter, as macOS writes them.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_people_are_accepted() {
        for name in ["kim", "김민준", "José", "Jose\u{301}", "Anna Lena", "w-07", "group_2 b", "Ørsted", "李", "conny"]
        {
            assert_eq!(check(name), Ok(name));
        }
    }

    #[test]
    fn names_that_lead_elsewhere_or_are_no_folders_are_refused() {
        for name in [
            "",
            " ",
            "..",
            ".",
            "a/b",
            "/etc",
            "..\\x",
            "a\\b",
            "C:",
            "a\"b",
            "a'b",
            "<b>",
            "a\0b",
            "a\nb",
            "\u{202e}a",
            "😀",
            "kim😀",
            "-rf",
            " kim",
            "kim ",
            ".hidden",
            "kim.",
            "con",
            "NUL",
            "Com1",
            "lpt9",
            "3",
            "42",
            "７",
            "three",
            "digit_3",
            "Class 7",
            "label-07",
            "_",
            "*",
            "%2e%2e",
            "a|b",
            &"x".repeat(41),
        ] {
            assert!(check(name).is_err(), "{name:?}");
        }
    }
}
