//! Text from a model file inside a comment of C.

use std::fmt::Write;

/// The text as it may stand inside `/* */`, whatever it holds: it ends no comment, continues no line and moves no
/// cursor.
///
/// A comment ends at `*/` after the compiler has joined lines that end in a backslash (or in the trigraph `??/`), so
/// `*\` and `/` on two lines end it, too (C99, 5.1.1.2). Letters and digits of any script and the visible characters of
/// ASCII stay; everything else, such as line feeds, NUL and marks that turn the direction of reading, becomes
/// `<U+000A>`. Two characters that mean something together are parted.
pub(super) fn comment_text(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    let mut before = ' ';
    for c in name.chars() {
        if !(c == ' ' || c.is_alphanumeric() || (c.is_ascii_graphic() && c != '\\')) {
            let _ = write!(text, "<U+{:04X}>", u32::from(c));
            before = '>';
            continue;
        }
        if matches!((before, c), ('*', '/') | ('/', '*') | ('?', '?')) {
            text.push(' ');
        }
        text.push(c);
        before = c;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usual_names_stay_as_they_are() {
        for name in ["recommended-20x20", "sweep/lr=0.1, he-2022 (b)", "김 Größe", "what?"] {
            assert_eq!(comment_text(name), name);
        }
    }

    #[test]
    fn no_name_ends_its_comment_or_hides_in_it() {
        for (name, expected) in [
            ("a */ b", "a * / b"),
            ("**//*", "** // *"),
            ("*\\\n/ int evil;", "*<U+005C><U+000A>/ int evil;"),
            ("*??/\n/ int evil;", "*? ?/<U+000A>/ int evil;"),
            ("*\r\n/", "*<U+000D><U+000A>/"),
            ("a\0b\u{7f}", "a<U+0000>b<U+007F>"),
            ("\u{202e}\u{2066}x\u{feff}", "<U+202E><U+2066>x<U+FEFF>"),
            ("a\u{85}\u{2028}b", "a<U+0085><U+2028>b"),
        ] {
            assert_eq!(comment_text(name), expected, "{name:?}");
        }
    }
}
