//! Writing a data set CSV and its rows file, row by row.

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;

use super::{RowInfo, rows, rows_file};
use crate::atomic::{AtomicFile, Durability};
use crate::labels::LabelSet;
use crate::refuse;

/// Writes the two files; nothing appears under their names until [`finish`](Self::finish).
pub struct DataSetWriter<'a> {
    csv: BufWriter<AtomicFile<'a>>,
    rows: csv::Writer<AtomicFile<'a>>,
    labels: &'a LabelSet,
    pixels: usize,
    count: u64,
    line: Vec<u8>,
    /// The text of each gray value with its comma.
    cells: Vec<Vec<u8>>,
}

impl<'a> DataSetWriter<'a> {
    /// Begins the CSV at `path` and the rows file at `rows_path`, for pictures of `pixels` pixels.
    pub fn create(path: &'a Path, rows_path: &'a Path, labels: &'a LabelSet, pixels: usize) -> anyhow::Result<Self> {
        let mut csv = BufWriter::with_capacity(1 << 16, AtomicFile::create(path)?);
        let header: Vec<String> = (1..=pixels).map(|i| format!("pixel{i}")).chain(labels.columns()).collect();
        writeln!(csv, "{}", header.join(","))?;
        let mut rows = csv::Writer::from_writer(AtomicFile::create(rows_path)?);
        rows.write_record(rows::HEADER)?;
        let cells = (0..=255).map(|value| format!("{value},").into_bytes()).collect();
        Ok(Self { csv, rows, labels, pixels, count: 0, line: Vec::new(), cells })
    }

    /// Path of the rows file for a CSV.
    pub fn rows_path(path: &Path) -> PathBuf {
        rows_file(path)
    }

    /// Adds a picture (row by row, as many pixels as the header says).
    pub fn push(&mut self, pixels: &[u8], row: &RowInfo) -> anyhow::Result<()> {
        let Some(class) = self.labels.class_of(row.label) else {
            refuse!("{}: label {} is not in the label set {}", row.source, row.label, self.labels);
        };
        if pixels.len() != self.pixels {
            refuse!("{}: expected {} pixels, found {}", row.source, self.pixels, pixels.len());
        }
        self.line.clear();
        for pixel in pixels {
            self.line.extend_from_slice(&self.cells[usize::from(*pixel)]);
        }
        for i in 0..self.labels.len() {
            self.line.extend_from_slice(if i == usize::from(class) { b"1," } else { b"0," });
        }
        self.line.pop();
        self.line.push(b'\n');
        self.csv.write_all(&self.line).context("cannot write the CSV")?;
        let (number, label, size) = (self.count.to_string(), row.label.to_string(), row.size.to_string());
        let group = row.group.as_deref().unwrap_or("");
        self.rows.write_record([&number, &row.source, &label, &size, group])?;
        self.count += 1;
        Ok(())
    }

    /// Gives both files their names; tells how many rows they hold.
    pub fn finish(self) -> anyhow::Result<u64> {
        let csv = self.csv.into_inner().map_err(std::io::IntoInnerError::into_error).context("cannot write the CSV")?;
        let rows = self.rows.into_inner().map_err(csv::IntoInnerError::into_error).context("cannot write the rows file")?;
        // The rows file first: a CSV must never stand beside the rows file of an older one for longer than need be.
        rows.commit(Durability::Process)?;
        csv.commit(Durability::Process)?;
        Ok(self.count)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{DataSet, RowInfo, rows_file};
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("20x20_info.csv");
        let rows = rows_file(&path);
        assert_eq!(rows.file_name().unwrap(), "20x20_info.rows.csv");
        let labels: LabelSet = "0,7".parse().unwrap();
        let mut writer = DataSetWriter::create(&path, &rows, &labels, 4).unwrap();
        let info = |label, group: Option<&str>| RowInfo {
            source: format!("{label}_20_\"x\", y.png"),
            label,
            size: 20,
            group: group.map(str::to_owned),
        };
        writer.push(&[0, 1, 99, 255], &info(7, Some("kim"))).unwrap();
        writer.push(&[10, 20, 30, 40], &info(0, None)).unwrap();
        assert!(writer.push(&[0; 4], &info(3, None)).is_err());
        assert!(writer.push(&[0; 3], &info(7, None)).is_err());
        assert!(!path.exists());
        assert_eq!(writer.finish().unwrap(), 2);
        let text = std::fs::read_to_string(&path).unwrap();
        assert_eq!(text, "pixel1,pixel2,pixel3,pixel4,isZero,isSeven\n0,1,99,255,0,1\n10,20,30,40,1,0\n");
        let data = DataSet::read(&path).unwrap();
        assert_eq!((data.classes.as_slice(), data.name.as_str()), ([1, 0].as_slice(), "20x20_info.csv"));
        assert_eq!(data.rows.unwrap(), [info(7, Some("kim")), info(0, None)]);
        assert_eq!(data.sha256, crate::digest::sha256_hex(text.as_bytes()));
    }
}
