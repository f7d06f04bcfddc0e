//! Writing a data set CSV and its rows file row by row.

use std::io::{BufWriter, Write};
use std::path::Path;

use anyhow::Context;

use super::header::Header;
use super::{RowInfo, rows, rows_path};
use crate::labels::LabelSet;
use crate::output::{FolderWriter, NewFile};
use crate::refuse;
use crate::text_name::text_path;

/// Writes rows as they come; both files appear only in [`DataSetWriter::finish`].
pub struct DataSetWriter<'a> {
    header: Header,
    csv: BufWriter<NewFile<'a>>,
    rows: csv::Writer<NewFile<'a>>,
    /// Columns of the rows file.
    columns: usize,
    row_count: u64,
    line: Vec<u8>,
}

impl<'a> DataSetWriter<'a> {
    /// Begins a data set of pictures of `pixels` pixels: the CSV `name` in a folder, and its rows file, which has the
    /// column `path` if `has_paths`.
    pub fn create(
        folder: &'a FolderWriter,
        name: &str,
        labels: &LabelSet,
        pixels: usize,
        has_paths: bool,
    ) -> anyhow::Result<Self> {
        let columns = if has_paths { rows::COLUMNS.len() } else { rows::WITHOUT_PATH };
        let header = Header { pixels, labels: labels.clone() };
        let mut csv = BufWriter::with_capacity(1 << 16, folder.create(name)?);
        writeln!(csv, "{}", header.line()).with_context(|| format!("cannot write {name}"))?;
        let mut rows = csv::Writer::from_writer(folder.create(&text_path(&rows_path(Path::new(name))))?);
        rows.write_record(&rows::COLUMNS[..columns])
            .with_context(|| format!("cannot write the rows file of {name}"))?;
        Ok(Self { header, csv, rows, columns, row_count: 0, line: Vec::new() })
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
        push_cells(&mut self.line, pixels);
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
            info.writer.clone().unwrap_or_default(),
            info.path.clone().unwrap_or_default(),
        ];
        self.rows.write_record(&cells[..self.columns]).context("cannot write the rows file")?;
        self.row_count += 1;
        Ok(())
    }

    /// Gives both files their names and returns the number of rows.
    pub fn finish(self) -> anyhow::Result<u64> {
        // The rows file first: a CSV is never seen beside the rows of an older one that is shorter than it.
        let rows = self.rows.into_inner().map_err(|error| anyhow::anyhow!("cannot write the rows file: {error}"))?;
        rows.finish()?;
        let csv = self.csv.into_inner().map_err(|error| anyhow::anyhow!("cannot write the data set: {error}"))?;
        csv.finish()?;
        Ok(self.row_count)
    }
}

/// Each value in decimal with a comma behind it, and its length; what is behind that is never read.
static CELLS: [([u8; 4], u8); 256] = {
    let mut cells = [([0; 4], 0); 256];
    let mut value = 0;
    while value < 256 {
        let digits = [b'0' + (value / 100) as u8, b'0' + (value / 10 % 10) as u8, b'0' + (value % 10) as u8];
        let [hundreds, tens, ones] = digits;
        cells[value] = match value {
            0..10 => ([ones, b',', 0, 0], 2),
            10..100 => ([tens, ones, b',', 0], 3),
            _ => ([hundreds, tens, ones, b','], 4),
        };
        value += 1;
    }
    cells
};

/// Appends values in decimal, a comma behind each.
fn push_cells(line: &mut Vec<u8>, values: &[u8]) {
    let mut end = line.len();
    // Room for the longest cells, so that four bytes can be written whatever the length.
    line.resize(end + 4 * values.len(), 0);
    for &value in values {
        let (cell, length) = CELLS[usize::from(value)];
        line[end..end + 4].copy_from_slice(&cell);
        end += usize::from(length);
    }
    line.truncate(end);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_is_written_in_decimal() {
        let values: Vec<u8> = (0..=255).collect();
        let mut line = b"x".to_vec();
        push_cells(&mut line, &values);
        let expected = values.iter().map(u8::to_string).collect::<Vec<_>>().join(",") + ",";
        assert_eq!(line, format!("x{expected}").as_bytes());
        push_cells(&mut line, &[]);
        assert_eq!(line.len(), 1 + expected.len());
    }
}
