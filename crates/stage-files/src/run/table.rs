//! Small CSV tables of a run folder: reading with errors that name file, line and column.

use std::path::Path;
use std::str::FromStr;

use anyhow::Context;

use crate::refused;

/// One line of a table and where it stands.
pub(super) struct Line {
    path: String,
    number: u64,
    columns: Vec<String>,
    cells: csv::StringRecord,
}

/// Reads a table: the column names and the lines. A byte order mark and CRLF are accepted.
pub(super) fn read(path: &Path) -> anyhow::Result<(Vec<String>, Vec<Line>)> {
    let bytes = fs_err::read(path)?;
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
    let name = path.display().to_string();
    let fault = |error: csv::Error| refused(format!("{name}: {error}; train the run again"));
    let columns: Vec<String> = reader.headers().map_err(fault)?.iter().map(str::to_owned).collect();
    let mut lines = Vec::new();
    for record in reader.records() {
        let cells = record.map_err(fault)?;
        let line = cells.position().map_or(0, csv::Position::line);
        if cells.len() != columns.len() {
            return Err(refused(format!(
                "{name}, line {line}: expected {} cells, found {}; train the run again",
                columns.len(),
                cells.len()
            )));
        }
        lines.push(Line { path: name.clone(), number: line, columns: columns.clone(), cells });
    }
    Ok((columns, lines))
}

/// Refuses a header other than the expected one.
pub(super) fn expect_header(path: &Path, found: &[String], expected: &str) -> anyhow::Result<()> {
    let found = found.join(",");
    if found == expected {
        return Ok(());
    }
    Err(refused(format!("{}, line 1: expected the header `{expected}`, found `{found}`", path.display())))
}

impl Line {
    /// The text of a cell.
    fn text(&self, column: usize) -> &str {
        self.cells.get(column).unwrap_or_default()
    }

    /// An error about a cell.
    pub(super) fn fault(&self, column: usize, expected: &str) -> anyhow::Error {
        let name = self.columns.get(column).map_or("", String::as_str);
        let found = self.text(column);
        refused(format!("{}, line {}, column {name}: expected {expected}, found `{found}`", self.path, self.number))
    }

    /// A whole number.
    pub(super) fn whole<T: FromStr>(&self, column: usize, expected: &str) -> anyhow::Result<T> {
        self.text(column).parse().map_err(|_| self.fault(column, expected))
    }

    /// A finite number.
    pub(super) fn number(&self, column: usize) -> anyhow::Result<f64> {
        let number: Option<f64> = self.text(column).parse().ok();
        number.filter(|n| n.is_finite()).ok_or_else(|| self.fault(column, "a finite number"))
    }

    /// A finite number or nothing.
    pub(super) fn optional(&self, column: usize) -> anyhow::Result<Option<f64>> {
        if self.text(column).is_empty() { Ok(None) } else { self.number(column).map(Some) }
    }
}

/// Writes a text atomically.
pub(super) fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    crate::atomic::write(path, text.as_bytes(), crate::atomic::Durability::Process)
        .with_context(|| path.display().to_string())
}
