//! Each label at a glance: the mean picture of its test rows, the rows nearest to it and the rows farthest from it. The
//! distance is that of pixels: the root of the mean squared difference of gray values.

use super::{Page, picture};
use crate::experiment::Experiment;
use crate::pictures::{TestRow, TestRows};
use crate::words::pictures as said;
use stage_page::{Block, Picture, Strip};

/// Typical and unusual pictures of a label.
const MOST: usize = 12;

/// The strips of all labels, and what the distance is.
pub(super) fn strips(page: &Page<'_>, experiment: &Experiment<'_>, rows: &TestRows) -> Vec<Block> {
    let labels = experiment.runs[0].summary.labels.as_slice();
    let strip = |&label: &u8| {
        let of_label: Vec<&TestRow> = rows.rows.iter().filter(|row| row.label == label).collect();
        (!of_label.is_empty()).then(|| strip(page, label, rows, &of_label))
    };
    let strips: Vec<Strip> = labels.iter().filter_map(strip).collect();
    if strips.is_empty() {
        return Vec::new();
    }
    vec![Block::Paragraph(said::strips_rule(page.lang)), Block::Strips(strips)]
}

fn strip(page: &Page<'_>, label: u8, rows: &TestRows, of_label: &[&TestRow]) -> Strip {
    let lang = page.lang;
    let mean = mean(of_label);
    let mut by_distance: Vec<(f64, &TestRow)> = of_label.iter().map(|row| (distance(row, &mean), *row)).collect();
    by_distance.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.row.cmp(&b.1.row)));
    // Of few rows, each is either typical or unusual.
    let typical = MOST.min(by_distance.len().div_ceil(2));
    let unusual = MOST.min(by_distance.len() - typical);
    let shown = |&(distance, row): &(f64, &TestRow)| {
        let mut caption = said::row_distance(lang, row.row, distance);
        for text in row.writer.iter().chain(&row.path) {
            caption += &format!(", {text}");
        }
        picture(rows, row, caption, page.originals)
    };
    let mean_picture = Picture {
        width_px: rows.canvas.width_px as usize,
        pixels: mean.iter().map(|value| value.round() as u8).collect(),
        caption: said::mean_of(lang, of_label.len()),
        link: None,
    };
    let [mean, most_typical, most_unusual] = said::groups(lang);
    Strip {
        title: said::strip_title(lang, label, of_label.len()),
        groups: vec![
            (mean, vec![mean_picture]),
            (most_typical, by_distance.iter().take(typical).map(shown).collect()),
            (most_unusual, by_distance.iter().rev().take(unusual).map(shown).collect()),
        ],
    }
}

/// The mean gray value of each pixel.
fn mean(rows: &[&TestRow]) -> Vec<f64> {
    let mut sums = vec![0.0; rows.first().map_or(0, |row| row.pixels.len())];
    for row in rows {
        sums.iter_mut().zip(&row.pixels).for_each(|(sum, &value)| *sum += f64::from(value));
    }
    sums.iter().map(|sum| sum / rows.len() as f64).collect()
}

fn distance(row: &TestRow, mean: &[f64]) -> f64 {
    let squares = row.pixels.iter().zip(mean).map(|(&value, mean)| (f64::from(value) - mean).powi(2));
    (squares.sum::<f64>() / mean.len().max(1) as f64).sqrt()
}
