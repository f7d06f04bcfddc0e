//! From data set and config to the matrix that the network sees.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use ndarray::Array2;
use stage_files::config::{Config, Scale, SplitBy};
use stage_files::dataset::DataSet;
use stage_files::scaling::Scaling;

use crate::data::balance::Balance;
use crate::data::source::Source;
use crate::data::split::DataSplit;

/// The scaling that a config asks for. `standard` measures the training rows.
fn fit_scaling(config: &Config, pixels: &Array2<u8>, train: &[u32]) -> Scaling {
    let mut scaling = Scaling { scale: config.scale, invert: config.invert, standard: None };
    if config.scale == Scale::Standard {
        // Whole numbers up to 255: sums in f64 are exact, so their order does not matter.
        let (mut sum, mut squares) = (vec![0.0f64; pixels.ncols()], vec![0.0f64; pixels.ncols()]);
        for &row in train {
            for (i, value) in pixels.row(row as usize).iter().enumerate() {
                let value = f64::from(if config.invert { u8::MAX - value } else { *value });
                sum[i] += value;
                squares[i] += value * value;
            }
        }
        let n = train.len() as f64;
        let mean: Vec<f32> = sum.iter().map(|s| (s / n) as f32).collect();
        let variance = sum.iter().zip(&squares).map(|(s, q)| (q / n - (s / n) * (s / n)).max(0.0));
        let std = variance.map(|v| if v > 0.0 { v.sqrt() as f32 } else { 1.0 }).collect();
        scaling.standard = Some((mean, std));
    }
    scaling
}

/// The rows that train, validate and test. Rows of a test file are counted on from all that may train; those of
/// `extra_data` train after the others.
pub(crate) fn split_rows(config: &Config, source: &Source, seed: u64) -> anyhow::Result<DataSplit> {
    let batch = config.batch.get() as usize;
    let (n, info) = (source.own_rows(), source.first.rows.as_deref());
    let mut split = match &source.test {
        None => DataSplit::new(&config.split, n, batch, info, seed)?,
        Some(test) => {
            let before = source.first.classes.len() as u32;
            let test = (before..before + test.classes.len() as u32).collect();
            DataSplit { train: (0..n as u32).collect(), validation: Vec::new(), test }
        }
    };
    if let Some(share) = config.validation {
        split.hold_back(share, config.split.by, info, seed)?;
    }
    let held_out = if config.split.by == SplitBy::Group { held_out_writers(&split, source) } else { BTreeSet::new() };
    let trains = |writer: Option<&str>| writer.is_none_or(|writer| !held_out.contains(writer));
    split.train.extend(source.extra_rows().filter(|(_, writer)| trains(*writer)).map(|(row, _)| row));
    split.check_batch(batch)?;
    Ok(split)
}

/// The writers of the validation and test rows.
fn held_out_writers<'a>(split: &DataSplit, source: &'a Source) -> BTreeSet<&'a str> {
    let writer = |data: &'a DataSet, row: u32| data.rows.as_ref().and_then(|rows| rows[row as usize].writer.as_deref());
    let (first, before) = (&source.first, source.first.classes.len() as u32);
    let of_row = |&row: &u32| match &source.test {
        Some(test) if row >= before => writer(test, row - before),
        _ => writer(first, row),
    };
    split.validation.iter().chain(&split.test).filter_map(of_row).collect()
}

/// Everything that one run needs of its data.
pub(crate) struct Prepared<'a> {
    /// Inputs of all rows, training and test (N, I).
    pub(crate) inputs: Arc<Vec<f32>>,
    /// Class of each row (N).
    pub(crate) classes: Cow<'a, [u8]>,
    /// Values in a row (I).
    pub(crate) width: usize,
    /// Which rows train, validate and test.
    pub(crate) split: DataSplit,
    /// Row of its own file for each test row: `split.test` less this.
    pub(crate) first_test_row: u32,
    /// How pixel values became inputs.
    pub(crate) scaling: Scaling,
    /// How often each training row is drawn; `None` for once an epoch.
    pub(crate) balance: Option<Balance>,
}

impl<'a> Prepared<'a> {
    /// Splits and scales the data for a seed. Runs that scale the same data in the same way share the inputs.
    pub(crate) fn new(config: &Config, source: &'a Arc<Source>, seed: u64) -> anyhow::Result<Self> {
        let split = split_rows(config, source, seed)?;
        let first = &source.first;
        let (classes, first_test_row) = match &source.test {
            None => (Cow::Borrowed(first.classes.as_slice()), 0),
            Some(test) => (Cow::Owned([first.classes.as_slice(), &test.classes].concat()), first.classes.len() as u32),
        };
        let scaling = fit_scaling(config, &first.pixels, &split.train);
        let inputs = source.scaled(&scaling);
        let balance = config.balance.map(|rule| Balance::new(rule, first, &split.train, seed)).transpose()?;
        Ok(Self { inputs, classes, width: first.pixels.ncols(), split, first_test_row, scaling, balance })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    fn scaled(scale: &str, invert: bool, train: &[u32]) -> (Scaling, Array2<f32>) {
        let config: Config = serde_json::from_value(serde_json::json!({
            "hidden": [], "epochs": 1, "optimizer": {"sgd": {"lr": 1}}, "scale": scale, "invert": invert
        }))
        .unwrap();
        let pixels = array![[0, 255, 7], [51, 255, 9], [255, 0, 100]];
        let scaling = fit_scaling(&config, &pixels, train);
        let inputs = scaling.inputs(pixels.as_slice().unwrap(), 3);
        (scaling, Array2::from_shape_vec((3, 3), inputs).unwrap())
    }

    #[test]
    fn scales_by_hand() {
        assert_eq!(scaled("raw", true, &[]).1, array![[255.0, 0.0, 248.0], [204.0, 0.0, 246.0], [0.0, 255.0, 155.0]]);
        assert_eq!(scaled("unit", false, &[]).1.row(1).to_vec(), [0.2, 1.0, 9.0 / 255.0]);
        // Training rows 0 and 1: means 25.5, 255, 8; deviations 25.5, 0 (taken as 1), 1.
        let (scaling, pixels) = scaled("standard", false, &[0, 1]);
        assert_eq!(scaling.standard, Some((vec![25.5, 255.0, 8.0], vec![25.5, 1.0, 1.0])));
        assert_eq!(pixels, array![[-1.0, 0.0, -1.0], [1.0, 0.0, 1.0], [9.0, -255.0, 92.0]]);
    }
}
