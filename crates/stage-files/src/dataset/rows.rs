//! The rows file: `row,source,label,size,group,path`, row from 0. The last column is absent where no source picture is
//! known, as in older files.

use std::io;
use std::path::Path;

use anyhow::Context;

use super::{RowInfo, rows_path};
use crate::labels::LabelSet;
use crate::plain_text::plain;
use crate::regular_file::{self, Unreadable};
use crate::{refuse, refused};

/// Longest rows file that is read.
const MAX_BYTES: u64 = 1 << 34;
/// Header of a rows file.
pub(super) const COLUMNS: [&str; 6] = ["row", "source", "label", "size", "group", "path"];
/// The columns of a file without paths.
pub(super) const WITHOUT_PATH: usize = 5;

/// Reads the rows file of a CSV and checks that it fits; `None` when there is none.
pub(super) fn read(csv: &Path, labels: &LabelSet, classes: &[u8]) -> anyhow::Result<Option<Vec<RowInfo>>> {
    let path = rows_path(csv);
    let bytes = match regular_file::read(&path, MAX_BYTES) {
        Ok(bytes) => bytes,
        Err(Unreadable::Io(error)) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error.at(&path)),
    };
    let remedy = format!("make the data set again, or remove {} to go without it", path.display());
    let text = plain(&bytes);
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(&*text);
    let mut rows = Vec::with_capacity(classes.len());
    let mut columns = COLUMNS.len();
    for (at, record) in reader.records().enumerate() {
        let record = record.map_err(|error| refused(format!("{}: {error}; {remedy}", path.display())))?;
        let line = record.position().map_or(at as u64 + 1, csv::Position::line);
        let place = || format!("{}, line {line}", path.display());
        if at == 0 {
            if record.iter().ne(COLUMNS) && record.iter().ne(COLUMNS[..WITHOUT_PATH].iter().copied()) {
                let found = record.iter().collect::<Vec<_>>().join(",");
                refuse!(
                    "{}: expected the header {}, found {found}; {remedy}",
                    place(),
                    COLUMNS[..WITHOUT_PATH].join(",")
                );
            }
            columns = record.len();
            continue;
        }
        let row = at - 1;
        if row >= classes.len() {
            refuse!("{}: expected {} rows, as {} has, found more; {remedy}", place(), classes.len(), csv.display());
        }
        let digit = labels.digit_of(classes[row]);
        let parsed = parse(&record, columns, row, digit);
        rows.push(parsed.map_err(|what| refused(format!("{what}; {remedy}"))).with_context(place)?);
    }
    if rows.len() != classes.len() {
        refuse!(
            "{}: expected {} rows, as {} has, found {}; {remedy}",
            path.display(),
            classes.len(),
            csv.display(),
            rows.len()
        );
    }
    Ok(Some(rows))
}

/// One record of so many columns; `digit` is the label that the CSV shows in this row.
fn parse(record: &csv::StringRecord, columns: usize, row: usize, digit: Option<u8>) -> Result<RowInfo, String> {
    if record.len() != columns {
        return Err(format!("expected {columns} values, found {}", record.len()));
    }
    let cell = |at| record.get(at).unwrap_or_default();
    let (number, source, label, writer) = (cell(0), cell(1), cell(2), cell(4));
    if number.parse() != Ok(row) {
        return Err(format!("column row: expected {row}, found `{number}`"));
    }
    let label = label.parse::<u8>().ok().filter(|&label| Some(label) == digit).ok_or_else(|| {
        let digit = digit.map_or(String::new(), |digit| digit.to_string());
        format!("column label: expected {digit}, as the CSV has in row {row}, found `{label}`")
    })?;
    let size = cell(3).parse::<u8>().ok().filter(|&size| size > 0);
    let size = size.ok_or_else(|| format!("column size: expected a number 1..255, found `{}`", cell(3)))?;
    let known = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Ok(RowInfo { source: source.to_owned(), label, size, writer: known(writer), path: known(cell(5)) })
}
