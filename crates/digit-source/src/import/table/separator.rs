//! What stands between the cells of a line.

use std::borrow::Cow;
use std::collections::BTreeMap;

/// Lines that are looked at.
const LINES: usize = 100;

/// What stands between two cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Separator {
    /// One character.
    Character(char),
    /// One or more blanks or tabs.
    Blanks,
}

impl Separator {
    /// For messages.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Character(';') => "semicolons",
            Self::Character('\t') => "tabs",
            Self::Character('|') => "vertical bars",
            Self::Character(_) => "commas",
            Self::Blanks => "blanks",
        }
    }

    /// The cells of a line, without blanks and quotation marks around them.
    pub(super) fn cells<'a>(self, line: &'a str, cells: &mut Vec<Cow<'a, str>>) {
        cells.clear();
        match self {
            Self::Character(separator) if line.contains('"') => cells.extend(quoted(line, separator)),
            Self::Character(separator) => cells.extend(line.split(separator).map(|cell| cell.trim().into())),
            Self::Blanks => {
                let unquoted = |cell: &'a str| cell.strip_prefix('"').and_then(|c| c.strip_suffix('"')).unwrap_or(cell);
                cells.extend(line.split_ascii_whitespace().map(|cell| unquoted(cell).into()));
            }
        }
    }

    /// The separator of most lines; none when the lines are single cells or have as many cells as they like.
    ///
    /// Semicolons and tabs are never part of a number, a comma may be (3,5 for 3.5), and blanks stand beside every
    /// other separator: so they are tried in this order, and the first one that divides most lines alike is it.
    pub(super) fn find<'a>(lines: &(impl Iterator<Item = &'a str> + Clone)) -> Option<Self> {
        let candidates = [';', '\t', ',', '|'].map(Self::Character).into_iter().chain([Self::Blanks]);
        candidates.into_iter().find(|candidate| candidate.fits(lines.clone().take(LINES)))
    }

    fn fits<'a>(self, lines: impl Iterator<Item = &'a str>) -> bool {
        let (mut of_count, mut all, mut divided) = (BTreeMap::new(), 0, 0);
        let mut cells = Vec::new();
        for line in lines {
            self.cells(line, &mut cells);
            *of_count.entry(cells.len()).or_insert(0) += 1;
            all += 1;
            // `0,5 0,25 1,0`: the commas are within the numbers.
            let is_divided = |cell: &Cow<'_, str>| cell.contains(|c: char| c.is_ascii_whitespace());
            divided += usize::from(2 * cells.iter().filter(|cell| is_divided(cell)).count() >= cells.len());
        }
        let most = of_count.iter().filter(|(cells, _)| **cells > 1).map(|(_, lines)| *lines).max().unwrap_or(0);
        2 * most > all && (self == Self::Blanks || 2 * divided <= all)
    }
}

/// The cells of a line with quotation marks (RFC 4180: two within marks stand for one). One without its partner takes
/// the rest of its line and nothing more, so that a slip costs one row.
fn quoted(line: &str, separator: char) -> Vec<Cow<'_, str>> {
    let mut cells = Vec::new();
    let mut rest = Some(line);
    while let Some(text) = rest {
        let inner = text.trim_start_matches(|c: char| c.is_whitespace() && c != separator).strip_prefix('"');
        let Some(inner) = inner else {
            let (cell, after) = text.split_once(separator).map_or((text, None), |(cell, after)| (cell, Some(after)));
            cells.push(cell.trim().into());
            rest = after;
            continue;
        };
        let end = closing(inner);
        cells.push(inner[..end].trim().replace("\"\"", "\"").into());
        rest = inner[end..].split_once(separator).map(|(_, after)| after);
    }
    cells
}

/// Where the mark stands that ends a cell, or the end of the text.
fn closing(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        match (bytes[at], bytes.get(at + 1)) {
            (b'"', Some(b'"')) => at += 2,
            (b'"', _) => return at,
            _ => at += 1,
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_separator_of_most_lines_is_found() {
        for (lines, expected) in [
            (&["a,b", "1,2", "3,4"][..], Some(Separator::Character(','))),
            (&["a;b", "1,5;2", "3;4"], Some(Separator::Character(';'))),
            (&["a;b", "1,5;2,5", "3,5;4,5"], Some(Separator::Character(';'))),
            (&["a\tb", "1\t2", "3\t4"], Some(Separator::Character('\t'))),
            (&["a|b", "1|2", "3|4"], Some(Separator::Character('|'))),
            (&["1 2  3", " 4 5 6 ", "7 8 9"], Some(Separator::Blanks)),
            (&["0,5 1,5 2,5", "0,0 0,5 1,0"], Some(Separator::Blanks)),
            (&["1, 2, 3", "4, 5, 6"], Some(Separator::Character(','))),
            (&["\"a;b\",1,2", "\"c;d\",3,4"], Some(Separator::Character(','))),
            (&["1,2", "1,2,3", "1,2"], Some(Separator::Character(','))),
            (&["1", "2"], None),
            (&[], None),
        ] {
            assert_eq!(Separator::find(&lines.iter().copied()), expected, "{lines:?}");
        }
    }

    #[test]
    fn cells_lose_their_quotation_marks_and_an_unpaired_one_ends_with_its_line() {
        let cells = |separator: Separator, line: &'static str| {
            let mut cells = Vec::new();
            separator.cells(line, &mut cells);
            cells.join("/")
        };
        assert_eq!(cells(Separator::Character(','), "\"5\", \"a,b\" ,7"), "5/a,b/7");
        assert_eq!(cells(Separator::Character(','), "5,\"6,7"), "5/6,7");
        assert_eq!(cells(Separator::Character(','), "\"say \"\"5\"\"\",\"\","), "say \"5\"//");
        assert_eq!(cells(Separator::Character('\t'), "\"5\"\t\t6"), "5//6");
        assert_eq!(cells(Separator::Blanks, " \"5\"  6\t7 "), "5/6/7");
        assert_eq!(cells(Separator::Character(','), "5,,7,"), "5//7/");
    }
}
