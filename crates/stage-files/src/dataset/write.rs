//! Writing a data set CSV and its rows file row by row.

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;

use super::header::Header;
use super::{RowInfo, rows, rows_path};
use crate::atomic::{AtomicFile, Durability};
use crate::labels::LabelSet;
use crate::refuse;

/// Where a CSV and its rows file stand.
#[derive(Clone, Debug)]
pub struct DataSetPaths {
    csv: PathBuf,
    rows: PathBuf,
}

impl DataSetPaths {
    /// The pair of files for a CSV's path.
    pub fn new(csv: PathBuf) -> Self {
        Self { rows: rows_path(&csv), csv }
    }

    /// Path of the CSV.
    pub fn csv(&self) -> &Path {
        &self.csv
    }

    /// Path of the rows file.
    pub fn rows(&self) -> &Path {
        &self.rows
    }
}

/// Writes rows as they come; both files appear only in [`DataSetWriter::finish`].
pub struct DataSetWriter<'a> {
    header: Header,
    csv: BufWriter<AtomicFile<'a>>,
    rows: csv::Writer<AtomicFile<'a>>,
    row_count: u64,
    line: Vec<u8>,
}

impl<'a> DataSetWriter<'a> {
    /// Begins a data set of pictures of `pixels` pixels; the folder must exist.
    pub fn create(paths: &'a DataSetPaths, labels: &LabelSet, pixels: usize) -> anyhow::Result<Self> {
        let header = Header { pixels, labels: labels.clone() };
        let mut csv = BufWriter::with_capacity(1 << 16, AtomicFile::create(&paths.csv)?);
        writeln!(csv, "{}", header.line()).with_context(|| format!("cannot write {}", paths.csv.display()))?;
        let mut rows = csv::Writer::from_writer(AtomicFile::create(&paths.rows)?);
        rows.write_record(rows::COLUMNS).with_context(|| format!("cannot write {}", paths.rows.display()))?;
        Ok(Self { header, csv, rows, row_count: 0, line: Vec::new() })
    }

    /// Adds a row: `pixels` of a picture row by row, 0..=255, as many as were announced.
    ///
    /// # Errors
    /// A refusal when the number of pixels or the label does not fit; otherwise the disk's.
    pub fn row(&mut self, info: &RowInfo, pixels: &[u8]) -> anyhow::Result<()> {
        let Some(class) = self.header.labels.class_of(info.label) else {
            refuse!("{}: expected a label of {}, found {}", info.source, self.header.labels, info.label);
        };
        if pixels.len() != self.header.pixels {
            refuse!("{}: expected {} pixels, found {}", info.source, self.header.pixels, pixels.len());
        }
        self.line.clear();
        for &value in pixels {
            push_decimal(&mut self.line, value);
            self.line.push(b',');
        }
        for other in 0..self.header.labels.len() {
            self.line.push(if other == usize::from(class) { b'1' } else { b'0' });
            self.line.push(b',');
        }
        if let Some(end) = self.line.last_mut() {
            *end = b'\n';
        }
        self.csv.write_all(&self.line).context("cannot write the data set")?;
        let cells = [
            self.row_count.to_string(),
            info.source.clone(),
            info.label.to_string(),
            info.size.to_string(),
            info.group.clone().unwrap_or_default(),
        ];
        self.rows.write_record(cells).context("cannot write the rows file")?;
        self.row_count += 1;
        Ok(())
    }

    /// Gives both files their names and returns the number of rows.
    pub fn finish(self, durability: Durability) -> anyhow::Result<u64> {
        // The rows file first: a CSV is never seen beside the rows of an older one that is shorter than it.
        let rows = self.rows.into_inner().map_err(|error| anyhow::anyhow!("cannot write the rows file: {error}"))?;
        rows.commit(durability)?;
        let csv = self.csv.into_inner().map_err(|error| anyhow::anyhow!("cannot write the data set: {error}"))?;
        csv.commit(durability)?;
        Ok(self.row_count)
    }
}

fn push_decimal(line: &mut Vec<u8>, value: u8) {
    if value >= 100 {
        line.push(b'0' + value / 100);
    }
    if value >= 10 {
        line.push(b'0' + value / 10 % 10);
    }
    line.push(b'0' + value % 10);
}
