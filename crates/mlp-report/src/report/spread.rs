//! How weights and activations are spread while a run goes on: whether a signal gets through, and whether weights move.

use stage_files::run::{HistogramKind, HistogramRow};

use crate::chart::{self, Chart, Histogram};
use crate::run::{Run, slug};
use crate::sentence::listed;

/// Epochs that are shown: start, early, middle, end.
const SHOWN: usize = 4;

/// Epochs to show out of those there are: the first, the last, and what lies evenly between.
pub fn shown_epochs(rows: &[HistogramRow]) -> Vec<u32> {
    let mut epochs: Vec<u32> = rows.iter().map(|row| row.epoch).collect();
    epochs.sort_unstable();
    epochs.dedup();
    let last = epochs.len().saturating_sub(1);
    let mut places: Vec<usize> = (0..SHOWN).map(|i| i * last / (SHOWN - 1)).collect();
    places.dedup();
    places.into_iter().filter_map(|place| epochs.get(place).copied()).collect()
}

/// A chart of the weights and one of the activations of a run; none where its folder does not tell.
pub fn charts(run: &Run) -> Vec<Chart> {
    [(HistogramKind::Weight, "weights"), (HistogramKind::Activation, "activations")]
        .into_iter()
        .filter_map(|(kind, what)| chart(run, kind, what))
        .collect()
}

fn chart(run: &Run, kind: HistogramKind, what: &str) -> Option<Chart> {
    let mut rows: Vec<&HistogramRow> = run.histograms.iter().filter(|row| row.kind == kind).collect();
    rows.sort_by_key(|row| (row.layer, row.epoch));
    let first = rows.first()?;
    let columns = rows.iter().filter(|row| row.layer == first.layer).count();
    let panels: Vec<Histogram> = rows.iter().map(|row| panel(row)).collect();
    let last = rows.iter().map(|row| row.epoch).max();
    let ends: Vec<String> = rows
        .iter()
        .filter(|row| Some(row.epoch) == last)
        .map(|row| format!("layer {}: std {:.2e}, {} % zero", row.layer, row.std, percent_zero(row)))
        .collect();
    let description = format!(
        "A row for each layer, a column for each epoch, each with its own range. At the end: {}.",
        listed(&ends)
    );
    let title = format!("Spread of the {what}: {}", run.name);
    Some(chart::histograms(format!("{}-{what}", slug(&run.name)), &title, description, &panels, columns))
}

fn panel(row: &HistogramRow) -> Histogram {
    Histogram {
        name: format!("layer {}, epoch {}: std {:.2e}", row.layer, row.epoch, row.std),
        note: if row.zeros > 0 { format!("{} % zero", percent_zero(row)) } else { String::new() },
        low: f64::from(row.min),
        high: f64::from(row.max),
        counts: row.bins.clone(),
    }
}

fn percent_zero(row: &HistogramRow) -> u64 {
    (100 * row.zeros + row.values / 2).checked_div(row.values).unwrap_or(0)
}
