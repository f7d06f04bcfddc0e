//! Text from files (run names, data set names, reasons) escaped for each format. A folder name may hold anything.

/// Text in XML or HTML, between tags or in a quoted attribute.
pub fn markup(text: &str) -> String {
    printable(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Text inside a line of Markdown (GitHub's dialect), for example a table cell. What would end the cell or begin a tag,
/// code, emphasis, a formula, an entity, a link or an image gets a backslash. An underscore inside a word begins
/// nothing and stays.
pub fn markdown(text: &str) -> String {
    let text: Vec<char> = printable(text).chars().collect();
    let is_word = |at: Option<usize>| at.and_then(|at| text.get(at)).is_some_and(|c| c.is_alphanumeric());
    let mut out = String::with_capacity(text.len());
    for (i, &c) in text.iter().enumerate() {
        let next = text.get(i + 1).copied();
        let is_special = match c {
            '\\' | '|' | '<' | '`' | '*' | '~' | '$' => true,
            '_' => !(is_word(i.checked_sub(1)) && is_word(Some(i + 1))),
            '&' => next.is_some_and(|next| next.is_alphanumeric() || next == '#'),
            // The target of a link or image follows.
            ']' => matches!(next, Some('(' | '[')),
            _ => false,
        };
        if is_special {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// Text that begins a line of Markdown: as [`markdown`], and no heading, quotation, list, rule or link definition
/// begins with it.
pub fn markdown_line(text: &str) -> String {
    let text = markdown(text.trim_start());
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let defines_link = text.split_once(']').is_some_and(|(_, rest)| rest.starts_with(':'));
    let at = match text[digits..].chars().next() {
        Some('#' | '>' | '+' | '-' | '=') if digits == 0 => 0,
        Some('[') if digits == 0 && defines_link => 0,
        Some('.' | ')') if digits > 0 => digits,
        _ => return text,
    };
    format!("{}\\{}", &text[..at], &text[at..])
}

/// A CSV cell with text. Spreadsheets run a cell as a formula when it begins with `=`, `+`, `-`, `@`, a tab or a
/// carriage return; such a cell gets an apostrophe in front, which spreadsheets take for "this is text". Numbers stay
/// as they are.
pub fn csv_cell(text: &str) -> String {
    let is_formula = text.len() > 1 && text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if is_formula && text.parse::<f64>().is_err() { format!("'{text}") } else { text.to_owned() }
}

/// Line breaks and tabs as spaces. Other control characters, which XML 1.0 forbids, as the replacement character.
pub fn printable(text: &str) -> String {
    let visible = |c: char| match c {
        '\n' | '\r' | '\t' => ' ',
        '\u{fffe}' | '\u{ffff}' => char::REPLACEMENT_CHARACTER,
        c if c.is_control() => char::REPLACEMENT_CHARACTER,
        c => c,
    };
    text.chars().map(visible).collect()
}

/// JSON inside a `script` element: no text in it can end the element, since JSON has `<` and `>` in strings only, and
/// there they can be written as escapes.
pub fn json_in_script(json: &str) -> String {
    json.replace('<', "\\u003c").replace('>', "\\u003e")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_end_a_cell_or_begin_a_tag_is_escaped() {
        assert_eq!(markdown("a|b\\c `d` *e* _f_ g_h <i>\n"), "a\\|b\\\\c \\`d\\` \\*e\\* \\_f\\_ g_h \\<i> ");
        assert_eq!(markup("<a b=\"c\">&\u{1}\u{ffff}\n"), "&lt;a b=&quot;c&quot;&gt;&amp;\u{fffd}\u{fffd} ");
        assert_eq!(markdown("20x20, [256, 256], 김-7"), "20x20, [256, 256], 김-7");
    }

    #[test]
    fn links_images_entities_and_formulas_are_escaped_in_markdown() {
        assert_eq!(markdown("![x](https://a/b.png)"), "![x\\](https://a/b.png)");
        assert_eq!(markdown("[8, 8]: y, [x][y]"), "[8, 8]: y, [x\\][y]");
        assert_eq!(markdown("&lt;b& c ~~d~~ $e$"), "\\&lt;b& c \\~\\~d\\~\\~ \\$e\\$");
    }

    #[test]
    fn a_line_of_markdown_begins_no_block() {
        for (text, expected) in [
            ("# a", "\\# a"),
            ("- a", "\\- a"),
            ("--- a", "\\--- a"),
            ("   > a", "\\> a"),
            ("12. a", "12\\. a"),
            ("3) a", "3\\) a"),
            ("[x]: y", "\\[x]: y"),
            ("[8] and [9]: y", "[8] and [9]: y"),
            ("20x20", "20x20"),
            ("`a", "\\`a"),
            ("1 run", "1 run"),
            ("", ""),
        ] {
            assert_eq!(markdown_line(text), expected);
        }
    }

    #[test]
    fn a_cell_is_no_formula() {
        for formula in ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1"] {
            assert_eq!(csv_cell(formula), format!("'{formula}"));
        }
        for harmless in ["", "-", "-0.5", "+1e-3", "a=b", "[32,32]", "김 -1"] {
            assert_eq!(csv_cell(harmless), harmless);
        }
    }
}
