//! The test rows that an experiment gets wrong most often and most surely: either they are badly written, or wrongly
//! labelled, or a kind that the training rows lack.

use std::collections::BTreeMap;

use crate::document::{Block, Table};
use crate::experiment::Experiment;
use crate::run::Answer;
use crate::sentence::counted;

/// Rows that the table lists.
const MOST: usize = 15;

/// What all runs said of one row.
struct Misread {
    row: u32,
    label: u8,
    tested: usize,
    wrong: Vec<Answer>,
}

impl Misread {
    fn share_wrong(&self) -> f64 {
        self.wrong.len() as f64 / self.tested as f64
    }

    /// Mean probability given to what was wrongly said.
    fn sureness(&self) -> f64 {
        self.wrong.iter().map(|answer| f64::from(answer.probability)).sum::<f64>() / self.wrong.len() as f64
    }

    /// What was wrongly said, the most frequent first.
    fn said(&self) -> String {
        let mut counts: BTreeMap<u8, usize> = BTreeMap::new();
        self.wrong.iter().for_each(|answer| *counts.entry(answer.said).or_default() += 1);
        let mut counts: Vec<(u8, usize)> = counts.into_iter().collect();
        counts.sort_by_key(|&(said, count)| (std::cmp::Reverse(count), said));
        counts.iter().map(|(said, _)| said.to_string()).collect::<Vec<_>>().join(", ")
    }
}

/// The table of misread rows; nothing when all are right.
pub fn rows(experiment: &Experiment<'_>) -> Vec<Block> {
    let mut rows: BTreeMap<u32, Misread> = BTreeMap::new();
    for answer in experiment.runs.iter().flat_map(|run| &run.answers) {
        let row = rows.entry(answer.row).or_insert_with(|| Misread {
            row: answer.row,
            label: answer.label,
            tested: 0,
            wrong: Vec::new(),
        });
        row.tested += 1;
        if !answer.is_right() {
            row.wrong.push(*answer);
        }
    }
    let mut misread: Vec<Misread> = rows.into_values().filter(|row| !row.wrong.is_empty()).collect();
    if misread.is_empty() {
        return Vec::new();
    }
    misread.sort_by(|a, b| {
        let by_share = b.share_wrong().total_cmp(&a.share_wrong());
        // A row that more runs saw and misread is surer to be odd.
        let by_count = || b.wrong.len().cmp(&a.wrong.len());
        by_share.then_with(by_count).then_with(|| b.sureness().total_cmp(&a.sureness())).then(a.row.cmp(&b.row))
    });
    let caption = format!(
        "Misread rows: {} of {} in all. Rows count from 0, as in the rows file beside the data set",
        misread.len().min(MOST),
        counted(misread.len(), "row")
    );
    let mut table =
        Table::new(caption, &["#row", "#shows", "said", "#misread in", "#probability given to what was said"]);
    table.rows.extend(misread.iter().take(MOST).map(|row| {
        vec![
            row.row.to_string(),
            row.label.to_string(),
            row.said(),
            format!("{} of {}", row.wrong.len(), counted(row.tested, "run")),
            format!("{:.3}", row.sureness()),
        ]
    }));
    vec![Block::Table(table)]
}
