//! Histograms of weights and activations while a run goes on, for `histograms.csv`.

use mlp_core::train::Trainer;
use stage_files::config::Config;
use stage_files::run::{HistogramKind, HistogramRow};

use crate::data::prepare::Prepared;

/// Bins of a histogram.
const BINS: usize = 32;
/// Test rows whose activations are counted: enough for the shape of a histogram, few enough to cost nothing.
const ROWS: usize = 256;
/// Epochs of a run with histograms at most, besides the first and the last.
const MOST_EPOCHS: u32 = 32;

/// Whether histograms are due after an epoch: at report epochs, thinned evenly to [`MOST_EPOCHS`], and at the last.
pub(crate) fn is_due(config: &Config, epoch: u32) -> bool {
    let epochs = config.epochs.get();
    let every = config.report.saturating_mul((epochs / config.report.max(1)).div_ceil(MOST_EPOCHS).max(1));
    epoch == epochs || (config.report > 0 && epoch.is_multiple_of(every))
}

/// The histograms after an epoch; layers without a finite value are left out.
pub(crate) fn take(trainer: &mut Trainer, data: &Prepared<'_>, epoch: u32) -> Vec<HistogramRow> {
    let parameters = trainer.model().parameters();
    let depth = trainer.model().architecture().depth();
    let mut rows: Vec<HistogramRow> =
        (0..depth).filter_map(|i| row(epoch, HistogramKind::Weight, i, parameters.weight(i))).collect();
    let tested = &data.split.test[..data.split.test.len().min(ROWS)];
    let mut values: Vec<Vec<f32>> = vec![Vec::new(); depth - 1];
    trainer.activations(&data.inputs, tested, |layer, chunk| values[layer].extend_from_slice(chunk));
    let of_layer = |(i, values): (usize, &Vec<f32>)| row(epoch, HistogramKind::Activation, i, values);
    rows.extend(values.iter().enumerate().filter_map(of_layer));
    rows
}

fn row(epoch: u32, kind: HistogramKind, layer: usize, values: &[f32]) -> Option<HistogramRow> {
    let finite = || values.iter().copied().filter(|value| value.is_finite());
    let count = finite().count();
    if count == 0 {
        return None;
    }
    let (min, max) = finite().fold((f32::INFINITY, f32::NEG_INFINITY), |(min, max), v| (min.min(v), max.max(v)));
    // + 0.0 turns -0.0, which a minimum may give, into 0.0.
    let (min, max) = (min + 0.0, max + 0.0);
    let mean = finite().map(f64::from).sum::<f64>() / count as f64;
    let variance = finite().map(|v| (f64::from(v) - mean) * (f64::from(v) - mean)).sum::<f64>() / count as f64;
    let mut bins = vec![0; if min < max { BINS } else { 1 }];
    let scale = bins.len() as f64 / (f64::from(max) - f64::from(min));
    for value in finite() {
        // Where all values are equal the product is not a number, which becomes bin 0.
        let bin = ((f64::from(value) - f64::from(min)) * scale) as usize;
        bins[bin.min(BINS - 1)] += 1;
    }
    Some(HistogramRow {
        epoch,
        kind,
        layer: layer as u32 + 1,
        values: count as u64,
        zeros: finite().filter(|value| *value == 0.0).count() as u64,
        min,
        max,
        mean,
        std: variance.sqrt(),
        bins,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(values: &[f32]) -> Option<HistogramRow> {
        row(3, HistogramKind::Weight, 0, values)
    }

    #[test]
    fn a_histogram_by_hand() {
        let found = of(&[0.0, 32.0, 16.0, f32::NAN, f32::INFINITY, 0.5]).unwrap();
        assert_eq!((found.values, found.zeros, found.min, found.max, found.layer), (4, 1, 0.0, 32.0, 1));
        assert_eq!((found.bins[0], found.bins[16], found.bins[31], found.bins.iter().sum::<u64>()), (2, 1, 1, 4));
        assert_eq!(found.mean, 12.125);
        let equal = of(&[-0.0, 0.0]).unwrap();
        assert_eq!((equal.bins, equal.zeros, equal.min.to_bits(), equal.std), (vec![2], 2, 0, 0.0));
        assert_eq!((of(&[f32::NAN]), of(&[])), (None, None));
    }

    #[test]
    fn histograms_are_few_and_the_last_epoch_is_among_them() {
        let config = |epochs: u32, report: u32| -> Config {
            serde_json::from_value(serde_json::json!({
                "hidden": [4], "optimizer": {"sgd": {"lr": 0.1}}, "epochs": epochs, "report": report
            }))
            .unwrap()
        };
        for (epochs, report, expected) in
            [(1000, 10, 25), (20, 10, 2), (25, 10, 3), (7, 0, 1), (5, 1, 5), (100_000, 1, 32)]
        {
            let config = config(epochs, report);
            let due: Vec<u32> = (1..=epochs).filter(|&epoch| is_due(&config, epoch)).collect();
            assert_eq!((due.len(), due.last()), (expected, Some(&epochs)), "{epochs} {report}");
        }
    }
}
