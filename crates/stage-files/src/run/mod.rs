//! The run folder: the files of one training run.
//!
//! `config.json` is written first and `stage.json` last, so a folder with a `stage.json` is finished. Only `timing.csv`
//! and `log.txt` hold times. All other files depend on config and data alone.

mod find;
mod histograms;
mod model_file;
mod row_counts;
mod tables;
mod test_pictures;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use find::{FoundRun, RunState, find_runs};
pub use histograms::{HISTOGRAMS_FILE, HistogramKind, HistogramRow, histograms_csv, read_histograms};
pub use model_file::model_file;
pub use row_counts::{Part, ROW_COUNTS_FILE, RowCount, count_rows, read_row_counts, row_counts_csv};
pub use tables::{
    MetricsRow, PredictionRow, TimingRow, metrics_csv, predictions_csv, read_metrics, read_predictions, read_timing,
    timing_csv,
};
pub use test_pictures::{TEST_PICTURES_FILE, TestPictures};

use crate::labels::LabelSet;

/// The complete, resolved config.
pub const CONFIG_FILE: &str = "config.json";
/// One row an epoch.
pub const METRICS_FILE: &str = "metrics.csv";
/// One row a test row.
pub const PREDICTIONS_FILE: &str = "predictions.csv";
/// Weights, and all that is needed to use them.
pub const MODEL_FILE: &str = "model.safetensors";
/// The results.
pub const SUMMARY_FILE: &str = "summary.json";
/// Seconds at each epoch.
pub const TIMING_FILE: &str = "timing.csv";
/// The lines that a person reads while it runs.
pub const LOG_FILE: &str = "log.txt";

/// Key in `found` of a run's `stage.json`: the name of the folder that the data set lay in, for people. It decides
/// nothing about the run.
pub const DATA_FOLDER: &str = "data_folder";

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub enum Outcome {
    /// It went through all its epochs, and in one of them some mini-batch's loss was below `zero_loss`.
    Learned,
    /// It went through all its epochs, and no mini-batch's loss was ever below `zero_loss`.
    Unreached,
    /// It went through all its epochs, and at the end every output of a ReLU layer is 0 for every test row, so no
    /// gradient passes it.
    Dead {
        /// The first such hidden layer, from 1.
        layer: u32,
    },
    /// Its mean training loss fell below `stop_loss`, or its validation rows were no better for `patience` epochs.
    Stopped {
        /// The last epoch.
        epoch: u32,
    },
    /// Loss or weights were no longer finite; training ended there.
    Diverged {
        /// The epoch in which it happened.
        epoch: u32,
        /// Learning rate of the step in which it happened.
        learning_rate: f64,
        /// Largest absolute weight when the epoch before ended, or at the start.
        largest_weight: f64,
        /// The first layer, from 1, whose values or weights were no longer finite; the output layer comes last.
        layer: u32,
    },
}

impl Outcome {
    /// One word for a table.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Learned => "learned",
            Self::Unreached => "unreached",
            Self::Dead { .. } => "dead",
            Self::Stopped { .. } => "stopped",
            Self::Diverged { .. } => "diverged",
        }
    }
}

/// The content of `summary.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// Name of the experiment.
    pub name: String,
    /// Seed of the run.
    pub seed: u64,
    /// The fold that tests, from 1, when the split has folds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fold: Option<u32>,
    /// How it ended.
    pub outcome: Outcome,
    /// Epochs done.
    pub epochs: u32,
    /// Widths of the hidden layers.
    pub hidden: Vec<usize>,
    /// Activation of each hidden layer.
    pub activation: Vec<String>,
    /// Weights and biases.
    pub parameters: u64,
    /// Base name of the data set.
    pub data: String,
    /// Digits it knows.
    pub labels: LabelSet,
    /// Rows that trained.
    pub train_rows: u64,
    /// Rows that chose the best epoch, when the config asks for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub validation_rows: Option<u64>,
    /// Rows that tested.
    pub test_rows: u64,
    /// Test rows with the same pixels as a training row; absent in folders of versions that did not count them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub test_rows_in_training: Option<u64>,
    /// Rows of the data, whether they train or test, with the same pixels as a row with another label; absent as above.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contradictory_rows: Option<u64>,
    /// Labels of which hardly any row trains, each with its training rows; absent as above, and where there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub labels_with_few_rows: Option<BTreeMap<u8, u64>>,
    /// Mean training loss of the last epoch; absent when it diverged.
    pub train_loss: Option<f64>,
    /// Share of training rows that were right in the last epoch.
    pub train_accuracy: Option<f64>,
    /// The epoch whose network is kept, when validation rows chose it; without them the last one is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub best_epoch: Option<u32>,
    /// Mean loss of that network on the validation rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub validation_loss: Option<f64>,
    /// Share of the validation rows that it gets right.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub validation_accuracy: Option<f64>,
    /// Mean loss on the test rows of the network that is kept.
    pub test_loss: Option<f64>,
    /// Test rows that it gets right.
    pub test_correct: Option<u64>,
    /// `test_correct / test_rows`.
    pub test_accuracy: Option<f64>,
    /// Who wrote the test rows; absent where the writer of one is not known, and in folders of versions that did not
    /// count them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub test_writers: Option<TestWriters>,
    /// First epoch in which some mini-batch's loss was below `zero_loss`.
    pub zero_loss_epoch: Option<u32>,
}

/// The writers of the test rows.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct TestWriters {
    /// How many there are.
    pub count: u64,
    /// How many of them wrote training rows, too.
    pub in_training: u64,
    /// Limits of the 95 % interval of `test_accuracy` over writers; absent for fewer than five writers, or if some
    /// wrote training rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub low: Option<f64>,
    /// See `low`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub high: Option<f64>,
    /// How many more writers would halve the interval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub more_to_halve: Option<u64>,
}
