//! Reading a data set CSV.

use std::io::{BufRead, BufReader, Read, Seek};
use std::path::Path;

use anyhow::Context;
use ndarray::Array2;
use sha2::{Digest, Sha256};

use super::{DataSet, rows, rows_file};
use crate::labels::LabelSet;
use crate::stage::StageInfo;
use crate::text_name::base_name;
use crate::{refuse, refused};

pub fn read(path: &Path) -> anyhow::Result<DataSet> {
    let mut file = match std::fs::File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            refuse!("{}: no such file; expected a data set CSV, as digit-csv writes it", path.display())
        }
        Err(error) => return Err(error).with_context(|| path.display().to_string()),
    };
    let (sha256, lines) = measure(&file).with_context(|| path.display().to_string())?;
    file.rewind().with_context(|| path.display().to_string())?;
    let table = parse(file, lines).with_context(|| path.display().to_string())?;
    let rows = rows::read(&rows_file(path), &table.labels, &table.classes)?;
    let folder = path.parent().unwrap_or(Path::new(""));
    // Some other stage's folder may happen to hold a foreign CSV; only digit-csv's word is about this file.
    let stage = StageInfo::read(folder)?.filter(|stage| stage.tool == "digit-csv" && rows.is_some());
    if let Some(stage) = &stage
        && stage.labels != table.labels
    {
        refuse!(
            "{}: its label columns stand for {}, but the stage.json beside it says {}; make the CSV again",
            path.display(),
            table.labels,
            stage.labels
        );
    }
    Ok(DataSet {
        name: base_name(path),
        sha256,
        labels: table.labels,
        pixels: table.pixels,
        classes: table.classes,
        rows,
        stage,
    })
}

/// The digest of a file and how many lines it has, so that the matrix can be allocated once.
fn measure(file: &std::fs::File) -> std::io::Result<(String, usize)> {
    let mut reader = BufReader::with_capacity(1 << 16, file);
    let mut hasher = Sha256::new();
    let mut lines = 0;
    loop {
        let bytes = reader.fill_buf()?;
        if bytes.is_empty() {
            return Ok((crate::digest::hex(&hasher.finalize()), lines));
        }
        hasher.update(bytes);
        lines += bytes.iter().filter(|&&b| b == b'\n').count();
        let n = bytes.len();
        reader.consume(n);
    }
}

struct Table {
    labels: LabelSet,
    pixels: Array2<f32>,
    classes: Vec<u8>,
}

fn parse(input: impl Read, lines: usize) -> anyhow::Result<Table> {
    let mut input = BufReader::with_capacity(1 << 16, input);
    if input.fill_buf()?.starts_with(b"\xef\xbb\xbf") {
        input.consume(3);
    }
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(input);
    let mut record = csv::ByteRecord::new();
    if !reader.read_byte_record(&mut record)? {
        refuse!("the file is empty; expected a header pixel1..pixelN,isOne,..");
    }
    let (pixel_columns, labels) = header(&record)?;
    let columns = pixel_columns + labels.len();
    // A first guess of the number of rows; a file whose last line has no line feed has one more.
    let mut pixels: Vec<f32> = Vec::with_capacity(lines * pixel_columns);
    let mut classes: Vec<u8> = Vec::with_capacity(lines);
    while reader.read_byte_record(&mut record)? {
        let line = record.position().map_or(0, csv::Position::line);
        if record.len() != columns {
            refuse!("line {line}: expected {columns} cells as in the header, found {}", record.len());
        }
        for (i, cell) in record.iter().take(pixel_columns).enumerate() {
            let Some(value) = pixel(cell) else {
                return Err(bad_cell(line, &format!("pixel{}", i + 1), "an integer 0..255", cell));
            };
            pixels.push(f32::from(value));
        }
        classes.push(class(&record, pixel_columns, &labels, line)?);
    }
    if classes.is_empty() {
        refuse!("a header and no row; expected at least one picture");
    }
    let pixels = Array2::from_shape_vec((classes.len(), pixel_columns), pixels)?;
    Ok(Table { labels, pixels, classes })
}

/// The number of pixel columns and the digits of the label columns.
fn header(record: &csv::ByteRecord) -> anyhow::Result<(usize, LabelSet)> {
    let shape = "expected a header pixel1,pixel2,..,pixelN,isOne,isTwo,..";
    let name = |i: usize| String::from_utf8_lossy(&record[i]).into_owned();
    let pixels = (0..record.len()).take_while(|&i| name(i) == format!("pixel{}", i + 1)).count();
    if pixels == 0 {
        refuse!("line 1, column 1: {shape}; found `{}`", name(0));
    }
    let mut digits = Vec::new();
    for i in pixels..record.len() {
        match LabelSet::digit_of_column(&name(i)) {
            Some(digit) if digits.last().is_none_or(|last| *last < digit) => digits.push(digit),
            Some(_) => refuse!("line 1, column {}: label columns must rise, isZero to isNine; found `{}`", i + 1, name(i)),
            None => refuse!("line 1, column {}: {shape}; found `{}`", i + 1, name(i)),
        }
    }
    if digits.is_empty() {
        refuse!("line 1: {shape}; found {pixels} pixel columns and no label column");
    }
    Ok((pixels, LabelSet::new(digits).map_err(refused)?))
}

/// An integer 0..=255 in plain digits.
fn pixel(cell: &[u8]) -> Option<u8> {
    if cell.is_empty() || cell.len() > 3 {
        return None;
    }
    cell.iter()
        .try_fold(0u16, |value, b| b.is_ascii_digit().then(|| value * 10 + u16::from(b - b'0')))
        .and_then(|value| u8::try_from(value).ok())
}

fn class(record: &csv::ByteRecord, first: usize, labels: &LabelSet, line: u64) -> anyhow::Result<u8> {
    let mut class = None;
    for (i, column) in labels.columns().enumerate() {
        match &record[first + i] {
            b"0" => {}
            b"1" if class.is_none() => class = Some(i as u8),
            b"1" => refuse!("line {line}: two 1s among the label columns; expected exactly one"),
            cell => return Err(bad_cell(line, &column, "0 or 1", cell)),
        }
    }
    class.ok_or_else(|| refused(format!("line {line}: no 1 among the label columns; expected exactly one")))
}

fn bad_cell(line: u64, column: &str, expected: &str, cell: &[u8]) -> anyhow::Error {
    let found = match String::from_utf8_lossy(cell) {
        text if text.is_empty() => "an empty cell".to_owned(),
        text => format!("`{text}`"),
    };
    refused(format!("line {line}, column {column}: expected {expected}, found {found}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> anyhow::Result<Table> {
        parse(text.as_bytes(), 1)
    }

    #[test]
    fn a_table_is_read_with_bom_crlf_and_without_last_line_feed() {
        for text in [
            "pixel1,pixel2,isOne,isFour\n0,255,0,1\n7,8,1,0\n",
            "\u{feff}pixel1,pixel2,isOne,isFour\r\n0,255,0,1\r\n7,8,1,0",
        ] {
            let table = parsed(text).unwrap();
            assert_eq!(table.labels.as_slice(), [1, 4]);
            assert_eq!(table.classes, [1, 0]);
            assert_eq!(table.pixels, ndarray::array![[0.0, 255.0], [7.0, 8.0]]);
        }
    }

    #[test]
    fn what_is_wrong_is_told_with_line_column_expected_and_found() {
        let with = |row: &str| format!("pixel1,pixel2,isOne,isTwo\n1,2,0,1\n{row}\n");
        for (text, message) in [
            (with("1,2,0"), "line 3: expected 4 cells as in the header, found 3"),
            (with("1,2,0,1,0"), "line 3: expected 4 cells as in the header, found 5"),
            (with("1,256,0,1"), "line 3, column pixel2: expected an integer 0..255, found `256`"),
            (with("-1,2,0,1"), "line 3, column pixel1: expected an integer 0..255, found `-1`"),
            (with("1.5,2,0,1"), "found `1.5`"),
            (with("1,,0,1"), "line 3, column pixel2: expected an integer 0..255, found an empty cell"),
            (with("1,2,1,1"), "line 3: two 1s among the label columns"),
            (with("1,2,0,0"), "line 3: no 1 among the label columns"),
            (with("1,2,0,2"), "line 3, column isTwo: expected 0 or 1, found `2`"),
            ("pixel1,isOne\n".into(), "a header and no row"),
            (String::new(), "the file is empty"),
            ("a,b\n1,2\n".into(), "line 1, column 1: expected a header"),
            ("pixel1,pixel2\n1,2\n".into(), "no label column"),
            ("pixel1,isTwo,isOne\n1,0,1\n".into(), "label columns must rise"),
            ("pixel1,isOne,pixel2\n1,0,1\n".into(), "line 1, column 3: expected a header"),
        ] {
            let Err(error) = parsed(&text) else { panic!("accepted {text:?}") };
            assert!(error.to_string().contains(message), "{text:?}: {error}");
            assert!(crate::is_refused(&error));
        }
    }
}
