//! `summary.json`: a run in one record. It is written last, so a folder that has one is whole.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::SUMMARY_FILE;
use crate::json;
use crate::labels::LabelSet;

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Outcome {
    /// All epochs were trained.
    Finished,
    /// The stopping rule ended it early.
    Stopped {
        /// Last epoch trained.
        epoch: u64,
    },
    /// Numbers left the finite range.
    Diverged {
        /// Epoch in which it happened.
        epoch: u64,
        /// Learning rate of that epoch.
        learning_rate: f64,
        /// Largest absolute finite weight then.
        largest_weight: f64,
    },
}

/// A data set, named so that its place on the disk does not matter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DataName {
    /// Base name of the file.
    pub name: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
}

/// The record. Losses and accuracies are those of the last epoch; `None` where a diverged run has no finite one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Summary {
    /// Name of the config.
    pub name: String,
    /// Seed of the run.
    pub seed: u64,
    /// How it ended.
    pub outcome: Outcome,
    /// Epochs trained.
    pub epochs: u64,
    /// Widths of the hidden layers.
    pub hidden: Vec<usize>,
    /// Activation as text; several are joined with commas.
    pub activation: String,
    /// Number of weights and biases.
    pub parameters: u64,
    /// Rows trained on.
    pub train_rows: u64,
    /// Rows tested on.
    pub test_rows: u64,
    /// Mean training loss.
    pub train_loss: Option<f64>,
    /// Training accuracy, 0..1.
    pub train_accuracy: Option<f64>,
    /// Test loss.
    pub test_loss: Option<f64>,
    /// Test accuracy, 0..1.
    pub test_accuracy: Option<f64>,
    /// First epoch in which some mini-batch's loss fell below the config's `zero_loss`.
    pub zero_loss_epoch: Option<u64>,
    /// The digits.
    pub labels: LabelSet,
    /// The data set or sets.
    pub data: Vec<DataName>,
}

impl Summary {
    /// Writes the file into a run folder, atomically.
    pub fn write(&self, folder: &Path) -> anyhow::Result<()> {
        json::write(&folder.join(SUMMARY_FILE), self)
    }

    /// Reads the file of a run folder.
    pub fn read(folder: &Path) -> anyhow::Result<Self> {
        json::read(&folder.join(SUMMARY_FILE))
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in crate::run) fn example() -> Summary {
        Summary {
            name: "a".into(),
            seed: 1,
            outcome: Outcome::Diverged { epoch: 3, learning_rate: 0.1, largest_weight: 1e30 },
            epochs: 3,
            hidden: vec![32, 16],
            activation: "relu".into(),
            parameters: 100,
            train_rows: 740,
            test_rows: 185,
            train_loss: Some(0.1 + 0.2),
            train_accuracy: Some(0.5),
            test_loss: None,
            test_accuracy: None,
            zero_loss_epoch: None,
            labels: "1-5".parse().unwrap(),
            data: vec![DataName { name: "20x20_info.csv".into(), sha256: "00".into() }],
        }
    }

    #[test]
    fn the_record_round_trips() {
        let folder = tempfile::tempdir().unwrap();
        for outcome in [example().outcome, Outcome::Finished, Outcome::Stopped { epoch: 9 }] {
            let summary = Summary { outcome, ..example() };
            summary.write(folder.path()).unwrap();
            assert_eq!(Summary::read(folder.path()).unwrap(), summary);
        }
    }
}
