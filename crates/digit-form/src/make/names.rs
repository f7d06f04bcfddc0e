//! The writers' names: a file with a name a line.

use std::collections::BTreeMap;

use stage_files::refuse;
use stage_files::text_name::folded;
use stage_files::writer::name_as_writer;

use crate::code::MAX_NAME_BYTES;

/// The names in a text, a name a line; empty lines are left out.
///
/// # Errors
/// Refusals: no name at all, or two that are one as names of files.
pub fn parse(text: &str) -> anyhow::Result<Vec<String>> {
    let mut names = Vec::new();
    let mut seen: BTreeMap<String, (usize, String)> = BTreeMap::new();
    for (line, name) in (1..).zip(text.trim_start_matches('\u{feff}').lines()) {
        let name = name.trim();
        if name.is_empty() {
            continue;
        }
        if name.len() > MAX_NAME_BYTES {
            refuse!("line {line}: expected a name of at most {MAX_NAME_BYTES} bytes, found {}; shorten it", name.len());
        }
        if let Some((first, other)) = seen.insert(folded(&name_as_writer(name)), (line, name.to_owned())) {
            refuse!(
                "lines {first} and {line}: `{other}` and `{name}` become one writer in the names of pictures; add a \
                 number or a letter to one"
            );
        }
        names.push(name.to_owned());
    }
    if names.is_empty() {
        refuse!("expected a name a line, found none");
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_as_they_are_and_equal_ones_are_refused() {
        assert_eq!(parse("\u{feff}kim\r\n\n 김 민지 \n🙂\n").unwrap(), ["kim", "김 민지", "🙂"]);
        assert!(parse("a/b\nx\na_b").unwrap_err().to_string().contains("lines 1 and 3: `a/b` and `a_b`"));
        assert!(parse("Kim\nkim").is_err() && parse("\n \n").is_err());
        let long = parse(&format!("x\n{}", "가".repeat(34))).unwrap_err().to_string();
        assert!(long.contains("line 2: expected a name of at most 100 bytes, found 102"), "{long}");
    }
}
