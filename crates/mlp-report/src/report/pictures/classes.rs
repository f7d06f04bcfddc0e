//! Each label at a glance: the mean picture of its test rows, the rows nearest to it and the rows farthest from it. The
//! distance is that of pixels: the root of the mean squared difference of gray values.

use super::picture;
use crate::experiment::Experiment;
use crate::pictures::{Originals, TestRow, TestRows};
use stage_page::format::counted;
use stage_page::{Block, Picture, Strip};

/// Typical and unusual pictures of a label.
const MOST: usize = 12;

/// The strips of all labels, and what the distance is.
pub(super) fn strips(experiment: &Experiment<'_>, rows: &TestRows, originals: Option<&Originals>) -> Vec<Block> {
    let labels = experiment.runs[0].summary.labels.as_slice();
    let strip = |&label: &u8| {
        let of_label: Vec<&TestRow> = rows.rows.iter().filter(|row| row.label == label).collect();
        (!of_label.is_empty()).then(|| strip(label, rows, &of_label, originals))
    };
    let strips: Vec<Strip> = labels.iter().filter_map(strip).collect();
    if strips.is_empty() {
        return Vec::new();
    }
    let rule = "Each label at a glance, of the test rows that the run folders keep: the mean of its pictures, those \
                nearest to the mean and those farthest from it. The distance is the root of the mean squared \
                difference of gray values, 0 to 255.";
    vec![Block::Paragraph(rule.into()), Block::Strips(strips)]
}

fn strip(label: u8, rows: &TestRows, of_label: &[&TestRow], originals: Option<&Originals>) -> Strip {
    let mean = mean(of_label);
    let mut by_distance: Vec<(f64, &TestRow)> = of_label.iter().map(|row| (distance(row, &mean), *row)).collect();
    by_distance.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.row.cmp(&b.1.row)));
    // Of few rows, each is either typical or unusual.
    let typical = MOST.min(by_distance.len().div_ceil(2));
    let unusual = MOST.min(by_distance.len() - typical);
    let shown = |&(distance, row): &(f64, &TestRow)| {
        let mut caption = format!("row {}, distance {distance:.0}", row.row);
        for text in row.writer.iter().chain(&row.path) {
            caption += &format!(", {text}");
        }
        picture(rows, row, caption, originals)
    };
    let mean_picture = Picture {
        width_px: rows.canvas.width_px as usize,
        pixels: mean.iter().map(|value| value.round() as u8).collect(),
        caption: format!("mean of {}", counted(of_label.len(), "picture")),
        link: None,
    };
    Strip {
        title: format!("Label {label}: {}", counted(of_label.len(), "test row")),
        groups: vec![
            ("mean".into(), vec![mean_picture]),
            ("most typical".into(), by_distance.iter().take(typical).map(shown).collect()),
            ("most unusual".into(), by_distance.iter().rev().take(unusual).map(shown).collect()),
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
