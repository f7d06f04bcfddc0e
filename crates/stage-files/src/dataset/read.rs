//! Reading a data set CSV: one pass counts and hashes, a second fills the matrix, so memory is set aside once.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use anyhow::Context;
use ndarray::Array2;
use sha2::{Digest, Sha256};

use super::header::{Header, unquoted};
use super::{DATA_SET_TOOL, DataSet, rows, rows_count_key};
use crate::stage::{STAGE_FILE, StageInfo};
use crate::text_name::base_name;
use crate::{refuse, refused};

/// Lines longer than this cannot be a row: 1024 x 1024 pixels of four characters, and the labels.
const MAX_LINE_BYTES: u64 = 5 << 20;

pub fn read(path: &Path) -> anyhow::Result<DataSet> {
    let file = path.display().to_string();
    let (line_count, sha256) = count_lines(path)?;
    let mut lines = Lines::open(path)?;
    let header = match lines.next()? {
        Some(line) => Header::parse(&file, line)?,
        None => refuse!("{file}: the file is empty; expected a header line and at least one row of pixels"),
    };
    let mut pixels: Vec<f32> = Vec::with_capacity((line_count.saturating_sub(1) as usize) * header.pixels);
    let mut classes = Vec::new();
    let mut blank_line = None;
    while let Some(line) = lines.next()? {
        let number = classes.len() + 2;
        if line.trim().is_empty() {
            blank_line.get_or_insert(number);
            continue;
        }
        if let Some(blank) = blank_line {
            refuse!(
                "{file}, line {blank}: expected a row of {} values, found an empty line; remove it",
                header.columns()
            );
        }
        classes.push(read_row(&header, line, &mut pixels).with_context(|| format!("{file}, line {number}"))?);
    }
    if classes.is_empty() {
        refuse!("{file}: expected at least one row below the header, found none; make the data set again");
    }
    // The two passes must have seen the same file.
    if (classes.len() as u64) >= line_count {
        anyhow::bail!("{file} changed while it was read; try again when its writer has ended");
    }
    let name = base_name(path);
    let stage = stage_beside(path, &name, &header, classes.len())?;
    let rows = rows::read(path, &header.labels, &classes)?;
    let shape = (classes.len(), header.pixels);
    Ok(DataSet {
        name,
        sha256,
        canvas: stage.as_ref().and_then(|stage| stage.picture.as_ref()).map(|picture| picture.canvas),
        labels: header.labels,
        pixels: Array2::from_shape_vec(shape, pixels).context("the matrix has another shape than the file")?,
        classes,
        rows,
        stage,
    })
}

/// Appends the pixels of a row and returns its class.
fn read_row(header: &Header, line: &str, pixels: &mut Vec<f32>) -> anyhow::Result<u8> {
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
            pixels.push(f32::from(value));
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

/// The `stage.json` of the CSV's folder, if it speaks of this CSV.
fn stage_beside(path: &Path, name: &str, header: &Header, row_count: usize) -> anyhow::Result<Option<StageInfo>> {
    let folder = path.parent().unwrap_or(Path::new(""));
    let Some(stage) = StageInfo::read(folder)? else { return Ok(None) };
    let known_rows = stage.counts.get(&rows_count_key(name)).copied();
    let Some(known_rows) = known_rows.filter(|_| stage.tool == DATA_SET_TOOL && stage.labels == header.labels) else {
        return Ok(None);
    };
    let canvas_px = stage.picture.as_ref().map(|picture| picture.canvas.pixels());
    if known_rows != row_count as u64 || canvas_px.is_some_and(|pixels| pixels != header.pixels) {
        refuse!(
            "{}: {} beside it speaks of {known_rows} rows of {} pixels, found {row_count} rows of {} pixels; make the \
             data set again, or move the CSV to a folder of its own",
            path.display(),
            STAGE_FILE,
            canvas_px.unwrap_or(header.pixels),
            header.pixels
        );
    }
    Ok(Some(stage))
}

/// Number of lines (a last one without a line feed counts) and SHA-256 of a file.
fn count_lines(path: &Path) -> anyhow::Result<(u64, String)> {
    let mut reader = fs_err::File::open(path)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    let (mut lines, mut last) = (0_u64, b'\n');
    loop {
        let n = reader.read(&mut buffer)?;
        let Some(&end) = buffer[..n].last() else { break };
        hasher.update(&buffer[..n]);
        lines += buffer[..n].iter().map(|&b| u64::from(b == b'\n')).sum::<u64>();
        last = end;
    }
    Ok((lines + u64::from(last != b'\n'), crate::digest::hex(&hasher.finalize())))
}

/// The lines of a text file, one at a time, without byte order mark and line ends.
struct Lines<'a> {
    path: &'a Path,
    reader: BufReader<fs_err::File>,
    buffer: Vec<u8>,
    number: usize,
}

impl<'a> Lines<'a> {
    fn open(path: &'a Path) -> anyhow::Result<Self> {
        let reader = BufReader::with_capacity(1 << 16, fs_err::File::open(path)?);
        Ok(Self { path, reader, buffer: Vec::new(), number: 0 })
    }

    fn next(&mut self) -> anyhow::Result<Option<&str>> {
        self.buffer.clear();
        let n = (&mut self.reader).take(MAX_LINE_BYTES).read_until(b'\n', &mut self.buffer)?;
        if n == 0 {
            return Ok(None);
        }
        self.number += 1;
        let (file, number) = (self.path.display(), self.number);
        if n as u64 == MAX_LINE_BYTES && !self.buffer.ends_with(b"\n") {
            refuse!(
                "{file}, line {number}: longer than {MAX_LINE_BYTES} bytes, which no row of pixels is; is this a CSV?"
            );
        }
        let mut line = self.buffer.as_slice();
        if number == 1 {
            line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
        }
        line = line.strip_suffix(b"\n").unwrap_or(line);
        line = line.strip_suffix(b"\r").unwrap_or(line);
        match std::str::from_utf8(line) {
            Ok(text) => Ok(Some(text)),
            Err(error) => refuse!(
                "{file}, line {number}, byte {}: expected UTF-8 text; save the file as CSV in UTF-8",
                error.valid_up_to() + 1
            ),
        }
    }
}
