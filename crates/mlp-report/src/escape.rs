//! Text from outside (folder names, reasons) made fit for each format. A folder name may hold anything.

/// Text in XML or HTML, between tags or in a quoted attribute. Control characters are not allowed in XML 1.0 at all; a
/// line break would end a heading in other formats, so it becomes a space in all.
pub fn markup(text: &str) -> String {
    printable(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Text in a Markdown paragraph or table cell (GitHub's dialect): what would end the cell or begin a tag, code or
/// emphasis is escaped. An underscore inside a word begins nothing and stays.
pub fn markdown(text: &str) -> String {
    let text: Vec<char> = printable(text).chars().collect();
    let in_word = |i: usize| {
        let beside = |at: Option<usize>| at.and_then(|at| text.get(at)).is_some_and(|c| c.is_alphanumeric());
        beside(i.checked_sub(1)) && beside(i.checked_add(1))
    };
    let mut out = String::with_capacity(text.len());
    for (i, &c) in text.iter().enumerate() {
        if matches!(c, '\\' | '|' | '<' | '`' | '*') || (c == '_' && !in_word(i)) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// Line breaks and tabs as spaces, other control characters as the replacement character.
pub fn printable(text: &str) -> String {
    let visible = |c: char| match c {
        '\n' | '\r' | '\t' => ' ',
        c if c.is_control() => char::REPLACEMENT_CHARACTER,
        c => c,
    };
    text.chars().map(visible).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_end_a_cell_or_begin_a_tag_is_escaped() {
        assert_eq!(markdown("a|b\\c `d` *e* _f_ g_h <i>\n"), "a\\|b\\\\c \\`d\\` \\*e\\* \\_f\\_ g_h \\<i> ");
        assert_eq!(markup("<a b=\"c\">&\u{1}\n"), "&lt;a b=&quot;c&quot;&gt;&amp;\u{fffd} ");
        assert_eq!(markdown("20x20, [256, 256], 김-7"), "20x20, [256, 256], 김-7");
    }
}
