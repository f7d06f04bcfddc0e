//! Text made safe for a terminal.

use std::fmt::{self, Display, Write};

use stage_files::text_name::is_hidden;

/// Shows text so that it cannot control a terminal: control characters, with which ANSI escape sequences begin, and
/// marks that change the direction of writing appear as Rust writes them, for example `\u{1b}` or `\n`. File names,
/// labels and error messages may hold any of these.
///
/// ```
/// assert_eq!(stage_cli::for_terminal("a\u{1b}[2Jb\n").to_string(), r"a\u{1b}[2Jb\n");
/// ```
pub fn for_terminal(text: impl Display) -> impl Display {
    Escaped { text: text.to_string(), keep: &[] }
}

/// The same for text of several lines or columns: line feeds and tabs stay.
pub(crate) fn for_terminal_lines(text: impl Display) -> impl Display {
    Escaped { text: text.to_string(), keep: &['\n', '\t'] }
}

/// How wide text is on a terminal: a Korean character takes two columns.
pub fn columns_of(text: &str) -> usize {
    console::measure_text_width(text)
}

/// How wide the terminal is that standard output leads to; `None` if it leads to a file or pipe.
pub fn stdout_columns() -> Option<usize> {
    console::Term::stdout().size_checked().map(|(_, columns)| usize::from(columns))
}

struct Escaped {
    text: String,
    keep: &'static [char],
}

impl Display for Escaped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text.chars().try_for_each(|c| {
            if is_hidden(c) && !self.keep.contains(&c) { write!(f, "{}", c.escape_default()) } else { f.write_char(c) }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_controls_a_terminal_is_shown_and_all_else_stays() {
        let text = "\u{1b}]0;title\u{7}\u{9b}31m\r\u{8}\u{7f}\u{202e}";
        assert_eq!(for_terminal(text).to_string(), r"\u{1b}]0;title\u{7}\u{9b}31m\r\u{8}\u{7f}\u{202e}");
        let harmless = "../a b/김-7 \"x\" </script> | é 한글 \\ ✓";
        assert_eq!(for_terminal(harmless).to_string(), harmless);
    }

    #[test]
    fn lines_and_columns_stay_only_where_they_are_meant() {
        let text = "a\tb\r\nc\u{1b}";
        assert_eq!(for_terminal(text).to_string(), r"a\tb\r\nc\u{1b}");
        assert_eq!(for_terminal_lines(text).to_string(), "a\tb\\r\nc\\u{1b}");
    }
}
