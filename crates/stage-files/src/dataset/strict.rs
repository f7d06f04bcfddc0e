//! The strict reader of a line of a data set: it takes what other programs write, and says what is wrong where.

use super::header::{Header, other_tables, unquoted};
use crate::{refuse, refused};

/// Lines longer than this cannot be a row: 1024 x 1024 pixels of four characters, and the labels.
pub(super) const MAX_LINE_BYTES: usize = 5 << 20;

/// The text of a line without its end.
pub(super) fn text<'a>(file: &str, line: &'a [u8], number: usize) -> anyhow::Result<&'a str> {
    if line.len() > MAX_LINE_BYTES || line.len() == MAX_LINE_BYTES && !line.ends_with(b"\n") {
        refuse!("{file}, line {number}: longer than {MAX_LINE_BYTES} bytes, which no row of pixels is; is this a CSV?");
    }
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    match std::str::from_utf8(line) {
        Ok(text) => Ok(text),
        Err(error) => refuse!(
            "{file}, line {number}, byte {}: expected UTF-8 text; save the file as CSV in UTF-8{}",
            error.valid_up_to() + 1,
            if number == 1 { format!("; {}", other_tables(file)) } else { String::new() }
        ),
    }
}

/// Puts the pixels of a row in their places (P) and returns its class, or says what is wrong.
pub(super) fn row(header: &Header, line: &str, pixels: &mut [u8]) -> anyhow::Result<u8> {
    let mut class = None;
    let mut columns = 0;
    for (column, cell) in line.split(',').enumerate() {
        columns += 1;
        if column >= header.columns() {
            continue;
        }
        let max = if column < header.pixels { 255 } else { 1 };
        let Some(value) = integer(cell).filter(|&value| value <= max) else {
            let found = if cell.trim().is_empty() { "an empty cell".to_owned() } else { format!("`{}`", cell.trim()) };
            refuse!(
                "column {} ({}): expected an integer 0..{max}, found {found}; correct the cell or remove the row",
                column + 1,
                header.name(column)
            );
        };
        if column < header.pixels {
            pixels[column] = value;
        } else if value == 1 {
            if let Some(first) = class {
                refuse!(
                    "column {} ({}): expected one label, found a second 1 after the one in {}; set one of them to 0",
                    column + 1,
                    header.name(column),
                    header.name(header.pixels + usize::from(first))
                );
            }
            class = Some((column - header.pixels) as u8);
        }
    }
    if columns != header.columns() {
        let short = columns < header.columns();
        let which = if short { format!(" ({} is missing)", header.name(columns)) } else { String::new() };
        refuse!(
            "expected {} values, found {columns}{which}; the row is too {}, copy the file again or remove the row",
            header.columns(),
            if short { "short" } else { "long" }
        );
    }
    class.ok_or_else(|| {
        let (first, last) = (header.name(header.pixels), header.name(header.columns() - 1));
        refused(format!(
            "columns {}..{} ({first}..{last}): expected one 1, found only zeros; set the column of the right label to 1 \
             or remove the row",
            header.pixels + 1,
            header.columns()
        ))
    })
}

/// Digits only: no sign, no fraction, no exponent.
fn integer(cell: &str) -> Option<u8> {
    let digits = unquoted(cell);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    digits.parse().ok()
}
