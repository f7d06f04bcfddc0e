//! Histograms of weights and activations over the epochs: whether a signal gets through, and whether weights move.

use stage_files::run::{HistogramKind, HistogramRow};

use crate::run::{Run, slug};
use crate::words::{self, curves as said};
use stage_page::Lang;
use stage_page::chart::{self, Chart, Histogram};

/// A chart of the weights and one of the activations of a run; none where its folder has no histograms.
pub(crate) fn charts(lang: Lang, run: &Run) -> Vec<Chart> {
    [(HistogramKind::Weight, "weights"), (HistogramKind::Activation, "activations")]
        .into_iter()
        .filter_map(|(kind, what)| chart(lang, run, kind, what))
        .collect()
}

fn chart(lang: Lang, run: &Run, kind: HistogramKind, what: &str) -> Option<Chart> {
    let mut rows: Vec<&HistogramRow> = run.histograms.iter().filter(|row| row.kind == kind).collect();
    rows.sort_by_key(|row| (row.layer, row.epoch));
    let first = rows.first()?;
    let columns = rows.iter().filter(|row| row.layer == first.layer).count();
    let panels: Vec<Histogram> = rows.iter().map(|row| panel(lang, row)).collect();
    let last = rows.iter().map(|row| row.epoch).max();
    let ends: Vec<String> = rows
        .iter()
        .filter(|row| Some(row.epoch) == last)
        .map(|row| said::layer_end(lang, row.layer, row.std, percent_zero(row)))
        .collect();
    let description = said::histograms_description(lang, &words::listed(lang, &ends));
    let title = said::histograms_of(lang, kind == HistogramKind::Weight, &run.name);
    Some(chart::histograms(format!("{}-{what}", slug(&run.name)), &title, description, &panels, columns))
}

fn panel(lang: Lang, row: &HistogramRow) -> Histogram {
    Histogram {
        name: said::layer_at(lang, row.layer, row.epoch, row.std),
        note: if row.zeros > 0 { said::percent_zero(lang, percent_zero(row)) } else { String::new() },
        low: f64::from(row.min),
        high: f64::from(row.max),
        counts: row.bins.clone(),
    }
}

fn percent_zero(row: &HistogramRow) -> u64 {
    (100 * row.zeros + row.values / 2).checked_div(row.values).unwrap_or(0)
}
