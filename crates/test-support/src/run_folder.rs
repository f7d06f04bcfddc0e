//! Run folders as mlp-train leaves them, with results of the test's choosing.

use std::path::Path;

use serde_json::{Value, json};
use stage_files::LabelSet;
use stage_files::json::to_bytes;
use stage_files::output::{Layout, OutputFolder, Reuse};
use stage_files::picture::PictureSettings;
use stage_files::run::{DATA_FOLDER, MetricsRow, PredictionRow, Summary, metrics_csv, predictions_csv};
use stage_files::stage::{Input, StageInfo};

use crate::Test;

const LAYOUT: Layout = Layout { owns: |_| true, private: &[] };

/// A run folder to be written; every field can be changed before.
#[derive(Clone, Debug)]
pub struct RunFolder {
    /// The run's name in its config.
    pub name: String,
    /// The random seed.
    pub seed: u64,
    /// The fold that tests, of five.
    pub fold: Option<u64>,
    /// Widths of the hidden layers.
    pub hidden: Vec<usize>,
    /// Epochs in `metrics.csv`; 0 for a run that diverged in its first.
    pub epochs: u32,
    /// First epoch with a mini-batch near zero loss.
    pub zero_loss_epoch: Option<u32>,
    /// Whether training diverged in epoch 21: there are then no predictions and no accuracy.
    pub has_diverged: bool,
    /// Test rows: row of the data set, label, predicted.
    pub rows: Vec<(u64, u8, u8)>,
    /// Writers of the test rows, who wrote every n-th row each and did not train; 0 if they are not known.
    pub writers: u64,
    /// Test rows that are also training rows, and contradictory rows; `None` as in folders of older versions.
    pub copies: Option<(u64, u64)>,
    /// Name of the folder that the data lay in.
    pub data_folder: Option<&'static str>,
    /// How the pictures of the data were prepared.
    pub picture: Option<PictureSettings>,
    /// SHA-256 of the data: runs on other data are not compared.
    pub data_sha256: String,
    /// Changes to the config: dotted path and value.
    pub config: Vec<(&'static str, Value)>,
}

impl RunFolder {
    /// A run on `rows` test rows with the labels 1, 2, 3 in turn, of which the last `wrong` are misclassified.
    pub fn new(name: &str, seed: u64, rows: u64, wrong: u64) -> Self {
        let row = |row: u64| {
            let label = (row % 3 + 1) as u8;
            let predicted = if row < rows - wrong { label } else { label % 3 + 1 };
            (row, label, predicted)
        };
        Self {
            name: name.into(),
            seed,
            fold: None,
            hidden: vec![32, 32],
            epochs: 20,
            zero_loss_epoch: Some(7),
            has_diverged: false,
            rows: (0..rows).map(row).collect(),
            writers: 0,
            copies: None,
            data_folder: None,
            picture: None,
            data_sha256: "0".repeat(64),
            config: Vec::new(),
        }
    }

    /// Writes the run folder `name` of the test's folder.
    pub fn write(&self, test: &Test, name: &str) {
        test.make_folder(name);
        self.write_to(&test.at(name)).unwrap_or_else(|error| panic!("cannot write the run folder {name}: {error:#}"));
    }

    fn write_to(&self, folder: &Path) -> anyhow::Result<()> {
        let labels: LabelSet = "1-3".parse().expect("three labels");
        let config = self.config_json();
        let metrics: Vec<MetricsRow> = (1..=self.epochs).map(|epoch| self.metrics_row(epoch)).collect();
        let summary = self.summary(&config, metrics.last())?;
        let mut info = StageInfo::new("mlp-train", "0.1.0", config, labels.clone());
        info.inputs.push(Input { name: "20x20_info.csv".into(), sha256: self.data_sha256.clone(), files: 1 });
        info.found.extend(self.data_folder.map(|folder| (DATA_FOLDER.to_owned(), folder.to_owned())));
        info.picture.clone_from(&self.picture);
        let writer = OutputFolder::new(folder, LAYOUT, info.clone(), &[], Reuse::default())?.begin()?;
        writer.write("config.json", &to_bytes(&info.settings)?)?;
        writer.write("metrics.csv", &metrics_csv(&metrics)?)?;
        if !self.has_diverged {
            let predictions: Vec<PredictionRow> = self.rows.iter().map(|row| self.prediction(row)).collect();
            writer.write("predictions.csv", &predictions_csv(&labels, &predictions)?)?;
        }
        writer.write("summary.json", &to_bytes(&summary)?)?;
        writer.finish(&info)?;
        Ok(())
    }

    fn config_json(&self) -> Value {
        let mut config = json!({
            "name": self.name, "data": "20x20_info.csv", "split": {"by": "row", "train": 0.8}, "scale": "raw",
            "invert": false, "hidden": self.hidden, "activation": "relu", "init": "he-2022",
            "optimizer": {"sgd": {"lr": 0.001}}, "batch": 10, "epochs": self.epochs.max(1), "shuffle": true, "report": 10,
            "zero_loss": 0.005, "stop_loss": null, "seed": self.seed
        });
        if let Some(fold) = self.fold {
            config["split"] = json!({"by": "row", "folds": 5, "fold": fold});
        }
        for (path, value) in &self.config {
            let key = config.pointer_mut(&format!("/{}", path.replace('.', "/")));
            *key.unwrap_or_else(|| panic!("the config has no `{path}`")) = value.clone();
        }
        config
    }

    fn summary(&self, config: &Value, last: Option<&MetricsRow>) -> serde_json::Result<Summary> {
        let mut summary = json!({
            "name": self.name, "seed": self.seed, "outcome": if self.zero_loss_epoch.is_some() { "learned" } else { "unreached" }, "epochs": self.epochs, "hidden": self.hidden,
            "activation": vec!["relu"; self.hidden.len()], "parameters": 14_021, "data": config["data"],
            "labels": [1, 2, 3], "train_rows": 4 * self.rows.len(), "test_rows": self.rows.len(),
            "train_loss": last.map(|row| row.train_loss), "train_accuracy": last.map(|row| row.train_accuracy),
            "test_loss": last.and_then(|row| row.test_loss),
            "test_correct": self.correct(), "test_accuracy": self.accuracy(), "zero_loss_epoch": self.zero_loss_epoch
        });
        if let Some(fold) = self.fold {
            summary["fold"] = fold.into();
        }
        if let Some((in_training, contradictory)) = self.copies {
            summary["test_rows_in_training"] = in_training.into();
            summary["contradictory_rows"] = contradictory.into();
        }
        if self.writers > 0 && !self.has_diverged {
            summary["test_writers"] = json!({"count": self.writers, "in_training": 0});
        }
        if self.has_diverged {
            for key in ["test_correct", "test_accuracy", "test_loss", "train_loss", "train_accuracy"] {
                summary[key] = Value::Null;
            }
            let diverged = json!({"epoch": 21, "learning_rate": 0.5, "largest_weight": 1e30, "layer": 2});
            summary["outcome"] = json!({ "diverged": diverged });
        }
        serde_json::from_value(summary)
    }

    fn prediction(&self, &(row, label, predicted): &(u64, u8, u8)) -> PredictionRow {
        let probabilities = (1..=3).map(|digit| if digit == predicted { 0.75 } else { 0.125 }).collect();
        let writer = row.checked_rem(self.writers).map(|writer| format!("writer {writer}"));
        PredictionRow { row, label, predicted, probabilities, writer, path: None }
    }

    fn correct(&self) -> usize {
        self.rows.iter().filter(|row| row.1 == row.2).count()
    }

    fn accuracy(&self) -> f64 {
        self.correct() as f64 / self.rows.len() as f64
    }

    fn metrics_row(&self, epoch: u32) -> MetricsRow {
        let reports = epoch.is_multiple_of(10) || epoch == self.epochs;
        MetricsRow {
            epoch,
            train_loss: 1.5 / f64::from(epoch),
            train_accuracy: 1.0 - 0.5 / f64::from(epoch),
            test_loss: reports.then_some(0.5),
            test_accuracy: reports.then(|| self.accuracy()),
            learning_rate: 0.001,
            validation_loss: None,
            validation_accuracy: None,
        }
    }
}
