//! `histograms.csv`: the distribution of weights and activations during a run. It shows why a network does not learn:
//! signals that shrink from layer to layer, units that are always 0, weights that never change.
//!
//! Columns: `epoch,kind,layer,values,zeros,min,max,mean,std,bins`. Epoch 0 is the start. `kind` is `weight` (biases
//! left out) or `activation` (of the hidden layers, on the first test rows). Layers count from 1, the one next to the
//! inputs. `values` counts the finite values, `zeros` those that are exactly 0, `std` is over all values. `bins` are
//! counts between `min` and `max`, all of one width, separated by spaces; one count alone where all values are equal.
//! The file is optional: run folders of programs that do not write it are whole without.

use std::path::Path;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::tables::{read_table_if_there, table_csv};

/// Name of the file.
pub const HISTOGRAMS_FILE: &str = "histograms.csv";

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum HistogramKind {
    /// Weights of a layer.
    Weight,
    /// Outputs of a hidden layer's units.
    Activation,
}

/// A row: one histogram.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HistogramRow {
    /// Epochs done.
    pub epoch: u32,
    /// What is counted.
    pub kind: HistogramKind,
    /// From 1.
    pub layer: u32,
    /// Finite values.
    pub values: u64,
    /// Values that are exactly 0.
    pub zeros: u64,
    /// Smallest value.
    pub min: f32,
    /// Largest value.
    pub max: f32,
    /// Their mean.
    pub mean: f64,
    /// Their standard deviation, over all values.
    pub std: f64,
    /// Counts between `min` and `max`.
    #[serde(serialize_with = "write_bins", deserialize_with = "read_bins")]
    pub bins: Vec<u64>,
}

fn write_bins<S: Serializer>(bins: &[u64], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&bins.iter().map(u64::to_string).collect::<Vec<_>>().join(" "))
}

fn read_bins<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u64>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let bins: Result<Vec<u64>, _> = text.split_ascii_whitespace().map(str::parse).collect();
    bins.map_err(|_| serde::de::Error::custom(format!("expected counts separated by spaces, found `{text}`")))
}

/// The bytes of `histograms.csv`.
pub fn histograms_csv(rows: &[HistogramRow]) -> anyhow::Result<Vec<u8>> {
    table_csv(rows)
}

/// Reads `histograms.csv`; no rows where there is no such file.
pub fn read_histograms(folder: &Path) -> anyhow::Result<Vec<HistogramRow>> {
    read_table_if_there(&folder.join(HISTOGRAMS_FILE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn histograms_round_trip_and_may_be_missing() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(read_histograms(folder.path()).unwrap(), []);
        let row = HistogramRow {
            epoch: 10,
            kind: HistogramKind::Activation,
            layer: 2,
            values: 7,
            zeros: 3,
            min: 0.0,
            max: 0.1,
            mean: 0.01,
            std: 1.0 / 3.0,
            bins: vec![3, 0, 4],
        };
        let bytes = histograms_csv(std::slice::from_ref(&row)).unwrap();
        std::fs::write(folder.path().join(HISTOGRAMS_FILE), bytes).unwrap();
        assert_eq!(read_histograms(folder.path()).unwrap(), [row]);
        let path = folder.path().join(HISTOGRAMS_FILE);
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(
            text.starts_with("epoch,kind,layer,values,zeros,min,max,mean,std,bins\n10,activation,2,7,3,0.0,0.1,"),
            "{text}"
        );
        assert!(text.ends_with(",3 0 4\n"), "{text}");
        std::fs::write(&path, text.replace("3 0 4", "3 x 4")).unwrap();
        let error = read_histograms(folder.path()).unwrap_err();
        assert!(crate::is_refused(&error) && format!("{error:#}").contains("found `3 x 4`"), "{error:#}");
    }
}
