//! Tables of what the runs that `experiments/` made reach.
//!
//! A row of the list is a line: title, preprocessing, what is to be reached, folder of runs, `rejected.csv` of the
//! pictures that test, separated by tabs.

mod recipes;
mod row;
mod steps;

use std::path::Path;

use stage_files::atomic::{self, Durability};

/// What a table compares.
#[derive(Clone, Copy, clap::ValueEnum)]
pub(crate) enum Kind {
    /// A line for each row of the list
    Recipes,
    /// A line for each preprocessing, a column for each title, and how each preprocessing differs from the first
    Steps,
}

/// Reads the list `rows` and writes `table`, with the Markdown file `below` under it.
pub(crate) fn write(kind: Kind, rows: &Path, table: &Path, below: Option<&Path>) -> anyhow::Result<()> {
    let rows = row::read(rows)?;
    let mut text = match kind {
        Kind::Recipes => recipes::table(&rows),
        Kind::Steps => steps::table(&rows)?,
    };
    if let Some(below) = below {
        text += "\n";
        text += &fs_err::read_to_string(below)?;
    }
    atomic::write(table, text.as_bytes(), Durability::Process)
}
