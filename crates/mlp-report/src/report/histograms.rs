//! Histograms of weights and activations over the epochs: whether a signal gets through, and whether weights move.

use stage_files::run::{HistogramKind, HistogramRow};

use crate::run::{Run, slug};
use stage_page::chart::{self, Chart, Histogram};
use stage_page::format::listed;

/// A chart of the weights and one of the activations of a run; none where its folder has no histograms.
pub(crate) fn charts(run: &Run) -> Vec<Chart> {
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
    let title = format!("Histograms of the {what}: {}", run.name);
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
