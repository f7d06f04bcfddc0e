//! What the name of a folder says of a label, when it is not the digit itself.

/// English names of the digits.
const WORDS: [&str; 10] = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
/// What stands before a digit that is a label.
const PREFIXES: [&str; 6] = ["digit", "digits", "class", "label", "number", "num"];

/// Whether a name is made of ASCII digits only.
pub fn is_number(folder: &str) -> bool {
    !folder.is_empty() && folder.bytes().all(|b| b.is_ascii_digit())
}

/// The label that a folder's name spells: `three`, `03`, `digit_3`, `class3`. The digit alone is not meant.
pub fn label_in_words(folder: &str) -> Option<u8> {
    let lower = folder.to_ascii_lowercase();
    if let Some(label) = WORDS.iter().position(|word| *word == lower) {
        return Some(label as u8);
    }
    let digits = lower.bytes().rev().take_while(u8::is_ascii_digit).count();
    let (before, number) = lower.split_at(lower.len() - digits);
    let is_prefix = PREFIXES.contains(&before.trim_end_matches(['_', '-', ' ', '=']));
    match number.as_bytes() {
        [digit] if is_prefix => Some(digit - b'0'),
        [b'0', digit] if is_prefix || before.is_empty() => Some(digit - b'0'),
        _ => None,
    }
}

/// Whether the name of a folder says this label, as a digit or in words.
pub fn spells(folder: &str, label: u8) -> bool {
    folder == label.to_string() || label_in_words(folder) == Some(label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_that_spell_a_label_are_known() {
        for (folder, label) in [
            ("three", Some(3)),
            ("Nine", Some(9)),
            ("03", Some(3)),
            ("digit_3", Some(3)),
            ("class3", Some(3)),
            ("label-07", Some(7)),
            ("3", None),
            ("12", None),
            ("012", None),
            ("writer3", None),
            ("kim", None),
            ("김3", None),
            ("", None),
        ] {
            assert_eq!(label_in_words(folder), label, "{folder}");
        }
    }
}
