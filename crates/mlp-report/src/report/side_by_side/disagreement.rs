//! The pictures of rows on which runs disagree.

use std::collections::BTreeMap;

use anyhow::Context;
use stage_files::run::TestPictures;
use stage_page::live::{Sheet, SideBySide};

use crate::pictures;
use crate::run::Run;

/// Pictures on the page: about 300 kB.
const MOST_PICTURES: usize = 1000;

/// The pictures of the rows on which runs disagree, those with most disagreement first where there are too many. `None`
/// without such rows, and for runs of versions that stored no pictures.
///
/// # Errors
/// When a stored file is damaged or cannot be read.
pub(super) fn sheet(data: &SideBySide, runs: &[&Run]) -> anyhow::Result<Option<Sheet>> {
    let chosen = rows(runs);
    let mut found: BTreeMap<u32, Vec<u8>> = BTreeMap::new();
    let mut canvas = None;
    for (test, rows) in data.tests.iter().enumerate() {
        if chosen.iter().all(|row| found.contains_key(row) || rows.rows.binary_search(row).is_err()) {
            continue;
        }
        let Some((run, _)) = runs.iter().zip(&data.runs).find(|(_, column)| column.test == test) else { continue };
        let read = pictures::TestRows::of_run(run).with_context(|| run.name.clone())?;
        let Some((predictions, pictures)) = read else { continue };
        if *canvas.get_or_insert(pictures.canvas()) != pictures.canvas() {
            continue;
        }
        for (row, pixels) in predictions.iter().zip(pictures.iter()) {
            let row = u32::try_from(row.row).unwrap_or(u32::MAX);
            if chosen.binary_search(&row).is_ok() {
                found.entry(row).or_insert_with(|| pixels.to_vec());
            }
        }
    }
    let Some(canvas) = canvas else { return Ok(None) };
    let mut sheet = TestPictures::new(canvas.pixels(), Some(canvas));
    found.values().for_each(|pixels| sheet.push(pixels.iter().copied()));
    let rows = found.into_keys().collect();
    let size_px = (canvas.width_px, canvas.height_px);
    Ok(sheet.encode()?.map(|png| Sheet { png, columns: TestPictures::COLUMNS, size_px, rows }))
}

/// The rows for which not all runs predict the same digit, rising.
fn rows(runs: &[&Run]) -> Vec<u32> {
    let mut predicted: BTreeMap<u32, [usize; 10]> = BTreeMap::new();
    for prediction in runs.iter().flat_map(|run| &run.predictions) {
        predicted.entry(prediction.row).or_default()[usize::from(prediction.predicted % 10)] += 1;
    }
    let against_most = |counts: [usize; 10]| counts.iter().sum::<usize>() - counts.iter().max().unwrap_or(&0);
    let mut rows: Vec<(usize, u32)> = predicted.into_iter().map(|(row, counts)| (against_most(counts), row)).collect();
    rows.retain(|(against, _)| *against > 0);
    rows.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    rows.truncate(MOST_PICTURES);
    let mut rows: Vec<u32> = rows.into_iter().map(|(_, row)| row).collect();
    rows.sort_unstable();
    rows
}
