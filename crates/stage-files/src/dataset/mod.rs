//! The data set CSV: one row a picture, `pixel1..pixelN` (0..255) and one-hot label columns `isOne,..`; beside it a
//! rows file that says where each row came from.

mod read;
mod rows;
mod write;

use std::path::{Path, PathBuf};

use ndarray::Array2;

use crate::labels::LabelSet;
use crate::stage::StageInfo;

pub use write::DataSetWriter;

/// Name of the CSV that holds all sizes.
pub const MIXED_FILE: &str = "mixed_info.csv";

/// Name of the CSV of one size: `20x20_info.csv` for 20.
pub fn size_file(size: u8) -> String {
    format!("{size}x{size}_info.csv")
}

/// The rows file beside a CSV: `20x20_info.rows.csv` for `20x20_info.csv`.
pub fn rows_file(csv: &Path) -> PathBuf {
    csv.with_extension("rows.csv")
}

/// What the rows file says of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowInfo {
    /// Name of the labelled picture.
    pub source: String,
    /// The digit.
    pub label: u8,
    /// The nominal size.
    pub size: u8,
    /// The hand that wrote it, if known.
    pub group: Option<String>,
}

/// A data set in memory.
#[derive(Clone, Debug)]
pub struct DataSet {
    /// Base name of the CSV.
    pub name: String,
    /// SHA-256 of the CSV's bytes.
    pub sha256: String,
    /// The digits that the one-hot columns stand for.
    pub labels: LabelSet,
    /// Gray values 0..=255 (N, P), a row a picture.
    pub pixels: Array2<f32>,
    /// Class index of each row: the position of its digit in `labels` (N).
    pub classes: Vec<u8>,
    /// From the rows file, if there is one (N).
    pub rows: Option<Vec<RowInfo>>,
    /// The `stage.json` of digit-csv beside the CSV, if there is one.
    pub stage: Option<StageInfo>,
}

impl DataSet {
    /// Reads a CSV and what lies beside it.
    ///
    /// # Errors
    /// A refusal that names file, line, column, what was expected and found, when the CSV or its rows file is not as
    /// this module describes.
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        read::read(path)
    }
}
