//! Reads a data set: the CSV, its rows file and `stage.json`.

use std::path::Path;

use anyhow::Context;
use ndarray::Array2;

use super::header::Header;
use super::table::{FastRow, Table};
use super::{DATA_SET_TOOL, DataSet, RowInfo, blocks, fast_path, rows, rows_count_key};
use crate::refuse;
use crate::stage::{STAGE_FILE, StageInfo};
use crate::text_name::base_name;

pub(super) fn read(path: &Path) -> anyhow::Result<DataSet> {
    let table = Table::read(path, blocks::BLOCK_BYTES, fast_path::row)?;
    let name = base_name(path);
    let stage = stage_beside(path, &name, &table.header, table.classes.len())?;
    let rows = rows::read(path, &table.header.labels, &table.classes)?;
    data_set(name, table, rows, stage)
}

/// The data set of a CSV without files beside it. `fast_row` is the fast path, or a way that always gives up.
pub(super) fn of_bytes(name: &str, bytes: &[u8], fast_row: FastRow) -> anyhow::Result<DataSet> {
    data_set(name.to_owned(), Table::of_bytes(name, bytes, fast_row)?, None, None)
}

fn data_set(
    name: String,
    table: Table,
    rows: Option<Vec<RowInfo>>,
    stage: Option<StageInfo>,
) -> anyhow::Result<DataSet> {
    let Table { header, pixels, classes, sha256 } = table;
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

/// The `stage.json` of the CSV's folder, if it describes this CSV.
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
