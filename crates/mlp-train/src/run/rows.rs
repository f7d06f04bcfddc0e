//! What a run folder keeps of its rows: the pictures of those that test, and counts of all.

use stage_files::dataset::{DataSet, RowInfo};
use stage_files::run::{Part, RowCount, TestPictures, count_rows};

use crate::data::prepare::Prepared;
use crate::data::source::Source;

/// The test rows as pictures, in the order of the predictions.
pub(crate) fn test_pictures(source: &Source, data: &Prepared<'_>) -> TestPictures {
    let set = test_set(source);
    let mut pictures = TestPictures::new(data.width, set.canvas);
    for &row in &data.split.test {
        pictures.push(set.pixels.row((row - data.first_test_row) as usize).iter().copied());
    }
    pictures
}

/// How many rows do what, by label, size and writer.
pub(crate) fn counts(source: &Source, data: &Prepared<'_>) -> Vec<RowCount> {
    let parts =
        [(Part::Train, &data.split.train), (Part::Validation, &data.split.validation), (Part::Test, &data.split.test)];
    let rows = parts.into_iter().flat_map(|(part, rows)| rows.iter().map(move |&row| (part, row)));
    count_rows(rows.map(|(part, row)| {
        let label = source.labels().digit_of(data.classes[row as usize]).unwrap_or_default();
        let is_extra = (source.own_rows()..source.first.classes.len()).contains(&(row as usize));
        let info = if is_extra { None } else { row_info(source, data, part, row) };
        let part = if is_extra { Part::Extra } else { part };
        (part, label, info.map(|info| info.size), info.and_then(|info| info.writer.as_deref()))
    }))
}

fn test_set(source: &Source) -> &DataSet {
    source.test.as_ref().unwrap_or(&source.first)
}

fn row_info<'a>(source: &'a Source, data: &Prepared<'_>, part: Part, row: u32) -> Option<&'a RowInfo> {
    let (set, before) = match part {
        Part::Test => (test_set(source), data.first_test_row),
        _ => (&source.first, 0),
    };
    set.rows.as_ref()?.get((row - before) as usize)
}
