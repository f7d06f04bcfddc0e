//! The test rows that an experiment misclassifies in most runs and with the highest probability. They are badly
//! written, or wrongly labelled, or of a kind that the training rows lack.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::experiment::Experiment;
use crate::run::Prediction;
use crate::words::pictures as said;
use stage_page::{Block, Lang, Table};

/// Rows that the table lists.
const MOST: usize = 15;

/// A test row with the wrong predictions of all runs.
struct MisclassifiedRow<'a> {
    row: u32,
    /// The source picture, as far as known.
    path: Option<&'a str>,
    label: u8,
    /// Runs that were tested on it.
    tested: usize,
    wrong: Vec<Prediction>,
}

impl MisclassifiedRow<'_> {
    fn share_wrong(&self) -> f64 {
        self.wrong.len() as f64 / self.tested as f64
    }

    /// Mean probability of the wrong predictions.
    fn mean_probability(&self) -> f64 {
        self.wrong.iter().map(|wrong| f64::from(wrong.probability)).sum::<f64>() / self.wrong.len() as f64
    }

    /// The wrongly predicted digits, the most frequent first.
    fn predicted(&self) -> String {
        let mut counts: BTreeMap<u8, usize> = BTreeMap::new();
        self.wrong.iter().for_each(|wrong| *counts.entry(wrong.predicted).or_default() += 1);
        let mut counts: Vec<(u8, usize)> = counts.into_iter().collect();
        counts.sort_by_key(|&(digit, count)| (Reverse(count), digit));
        counts.iter().map(|(digit, _)| digit.to_string()).collect::<Vec<_>>().join(", ")
    }
}

/// The misclassified rows of all runs, the most often misclassified first.
fn find<'a>(experiment: &Experiment<'a>) -> Vec<MisclassifiedRow<'a>> {
    let mut rows: BTreeMap<u32, MisclassifiedRow> = BTreeMap::new();
    let predictions = experiment.runs.iter().flat_map(|run| run.predictions.iter().map(move |row| (run, row)));
    for (run, prediction) in predictions {
        let row = rows.entry(prediction.row).or_insert_with(|| MisclassifiedRow {
            row: prediction.row,
            path: None,
            label: prediction.label,
            tested: 0,
            wrong: Vec::new(),
        });
        row.tested += 1;
        if !prediction.is_correct() {
            row.wrong.push(*prediction);
            row.path = run.misclassified_paths.get(&prediction.row).map(String::as_str);
        }
    }
    let mut misclassified: Vec<_> = rows.into_values().filter(|row| !row.wrong.is_empty()).collect();
    misclassified.sort_by(|a, b| {
        let by_share = b.share_wrong().total_cmp(&a.share_wrong());
        // Of two rows that every run misclassified, the one that more runs were tested on is more surely odd.
        let by_count = || b.wrong.len().cmp(&a.wrong.len());
        let by_probability = || b.mean_probability().total_cmp(&a.mean_probability());
        by_share.then_with(by_count).then_with(by_probability).then(a.row.cmp(&b.row))
    });
    misclassified
}

/// The table of misclassified rows; nothing when all predictions are correct.
pub(crate) fn rows(lang: Lang, experiment: &Experiment<'_>) -> Vec<Block> {
    let misclassified = find(experiment);
    if misclassified.is_empty() {
        return Vec::new();
    }
    let caption = said::misclassified_rows(lang, misclassified.len().min(MOST), misclassified.len());
    let columns = said::misclassified_columns(lang);
    let has_paths = misclassified.iter().any(|row| row.path.is_some());
    let mut table = Table::new(caption, &columns[..columns.len() - usize::from(!has_paths)]);
    table.rows.extend(misclassified.iter().take(MOST).map(|row| {
        let mut cells = vec![
            row.row.to_string(),
            row.label.to_string(),
            row.predicted(),
            said::of_runs(lang, row.wrong.len(), row.tested),
            format!("{:.3}", row.mean_probability()),
        ];
        cells.extend(has_paths.then(|| row.path.unwrap_or_default().to_owned()));
        cells
    }));
    vec![Block::Table(table)]
}
