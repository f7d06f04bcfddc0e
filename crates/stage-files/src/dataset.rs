//! The data set CSV, its rows file and how both are read into a matrix.
//!
//! `20x20_info.csv` has the header `pixel1..pixelN,isOne,...`: the pixels of a picture row by row as integers 0..=255,
//! then one 1 and zeros. Beside it `20x20_info.rows.csv` (`row,source,label,size,group,path`) says where each row
//! came from; `path` is absent where no source picture is known. `stage.json` in the same folder says how the pixels
//! were made. A CSV from elsewhere may lack both.

mod blocks;
mod fast_path;
mod header;
mod made_of;
mod read;
mod rows;
mod same_pixels;
mod strict;
mod table;
#[cfg(test)]
mod tests;
mod write;

use std::path::{Path, PathBuf};

use ndarray::Array2;

use crate::labels::LabelSet;
use crate::picture::{Canvas, PictureSettings};
use crate::stage::StageInfo;

pub use made_of::{LabelledFolder, changed_since, source_changed_since};
pub use same_pixels::first_with_same_pixels;
pub use write::DataSetWriter;

/// The command whose `stage.json` describes data set files.
pub const DATA_SET_TOOL: &str = "digit-csv";
/// Name of the CSV that holds pictures of all sizes.
pub const MIXED_FILE: &str = "mixed_info.csv";

/// The CSV of the pictures of one nominal size: `20x20_info.csv` for 20.
pub fn file_name_of_size(size: u8) -> String {
    format!("{size}x{size}_info.csv")
}

/// The rows file that belongs to a CSV: `a/20x20_info.csv` has `a/20x20_info.rows.csv`.
pub fn rows_path(csv: &Path) -> PathBuf {
    csv.with_extension("rows.csv")
}

/// The key for the rows of a CSV in the `counts` of `stage.json`: `rows_20x20` for `20x20_info.csv`.
pub fn rows_count_key(file_name: &str) -> String {
    let stem = file_name.strip_suffix(".csv").unwrap_or(file_name);
    format!("rows_{}", stem.strip_suffix("_info").unwrap_or(stem))
}

/// Where a row of a data set came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowInfo {
    /// Name of the picture, without its folder.
    pub source: String,
    /// The digit shown, 0..=9.
    pub label: u8,
    /// Nominal size of the digit, 1..=255.
    pub size: u8,
    /// Who wrote it, as far as known; the column `group` of the rows file.
    pub writer: Option<String>,
    /// The source picture: its path relative to the folder of source pictures, as far as known. The column `path` of
    /// the rows file, which older files lack.
    pub path: Option<String>,
}

/// A data set in memory: N rows of P pixels.
#[derive(Clone, Debug)]
pub struct DataSet {
    /// Base name of the CSV.
    pub name: String,
    /// SHA-256 of the CSV's bytes, 64 hex digits.
    pub sha256: String,
    /// The label set; a class index is a position in it.
    pub labels: LabelSet,
    /// Shape of the pictures, when `stage.json` tells it; `pixels` are its rows one after another.
    pub canvas: Option<Canvas>,
    /// Pixel values, shape (N, P), rows contiguous. Bytes, a quarter of the f32 that networks take:
    /// [`Scaling::to_inputs`](crate::scaling::Scaling::to_inputs) makes those.
    pub pixels: Array2<u8>,
    /// Class index of each row, length N.
    pub classes: Vec<u8>,
    /// Where the rows came from, length N, when there is a rows file.
    pub rows: Option<Vec<RowInfo>>,
    /// What `stage.json` says, when it is that of this CSV.
    pub stage: Option<StageInfo>,
}

impl DataSet {
    /// Reads a CSV, its rows file and its `stage.json`, the latter two if they are there. N is at least 1.
    ///
    /// # Errors
    /// A refusal that names file, line, column, what was expected, what was found and what to do, when the CSV or one
    /// of the files beside it is not as it should be; a fault from outside when a file cannot be read.
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        read::read(path)
    }

    /// Reads the bytes of a CSV that has no files beside it; `name` names it, also in messages.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn from_bytes(name: &str, bytes: &[u8]) -> anyhow::Result<Self> {
        read::of_bytes(name, bytes, fast_path::row)
    }

    /// As [`Self::from_bytes`], each row by the strict reader and none on the fast path. The result is the same. Tests
    /// compare the two.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn from_bytes_strictly(name: &str, bytes: &[u8]) -> anyhow::Result<Self> {
        read::of_bytes(name, bytes, |_, _, _| None)
    }

    /// How its pictures were made into pixels, as far as known.
    pub fn picture(&self) -> Option<&PictureSettings> {
        self.stage.as_ref()?.picture.as_ref()
    }
}
