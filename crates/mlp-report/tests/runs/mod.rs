//! Run folders as a trainer leaves them, with results of the test's choosing.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use stage_files::LabelSet;
use stage_files::run::{MetricsRow, PredictionRow, Summary, write_metrics, write_predictions};
use stage_files::stage::StageInfo;

/// A run to be written; every field can be changed before.
#[derive(Clone)]
pub struct Run {
    pub name: String,
    pub seed: u64,
    pub hidden: Vec<usize>,
    pub epochs: u32,
    /// First epoch with a mini-batch near zero loss.
    pub zero_loss_epoch: Option<u32>,
    /// Test rows: row of the data set, label, predicted.
    pub rows: Vec<(u64, u8, u8)>,
    /// Changes to the resolved config: dotted path and value.
    pub config: Vec<(&'static str, Value)>,
}

impl Run {
    /// A run on `rows` test rows with the labels 1, 2, 3 in turn, of which the last `wrong` are called 1 (or 2).
    pub fn new(name: &str, seed: u64, rows: u64, wrong: u64) -> Self {
        let row = |row: u64| {
            let label = (row % 3 + 1) as u8;
            let said = if row < rows - wrong { label } else { label % 3 + 1 };
            (row, label, said)
        };
        Self {
            name: name.into(),
            seed,
            hidden: vec![32, 32],
            epochs: 20,
            zero_loss_epoch: Some(7),
            rows: (0..rows).map(row).collect(),
            config: Vec::new(),
        }
    }

    /// Writes the run folder `root/path`.
    pub fn write(&self, root: &Path, path: &str) -> PathBuf {
        let folder = root.join(path);
        std::fs::create_dir_all(&folder).unwrap();
        let labels: LabelSet = "1-3".parse().unwrap();
        let correct = self.rows.iter().filter(|row| row.1 == row.2).count();
        let accuracy = correct as f64 / self.rows.len() as f64;
        let metrics: Vec<MetricsRow> = (1..=self.epochs).map(|epoch| self.metrics_row(epoch, accuracy)).collect();
        let last = &metrics[metrics.len() - 1];
        let mut config = json!({
            "name": self.name, "data": "20x20_info.csv", "split": {"by": "row", "train": 0.8}, "scale": "raw",
            "invert": false, "hidden": self.hidden, "activation": "relu", "init": "he-2022",
            "optimizer": {"sgd": {"lr": 0.001}}, "batch": 10, "epochs": self.epochs, "shuffle": true, "report": 10,
            "zero_loss": 0.005, "stop_loss": null, "seed": self.seed
        });
        for (path, value) in &self.config {
            let pointer = format!("/{}", path.replace('.', "/"));
            *config.pointer_mut(&pointer).unwrap() = value.clone();
        }
        let summary: Summary = serde_json::from_value(json!({
            "name": self.name, "seed": self.seed, "outcome": "learned", "epochs": self.epochs, "hidden": self.hidden,
            "activation": vec!["relu"; self.hidden.len()], "parameters": 14_021, "data": "20x20_info.csv",
            "labels": labels, "train_rows": 4 * self.rows.len(), "test_rows": self.rows.len(),
            "train_loss": last.train_loss, "train_accuracy": last.train_accuracy, "test_loss": last.test_loss,
            "test_correct": correct, "test_accuracy": accuracy, "zero_loss_epoch": self.zero_loss_epoch
        }))
        .unwrap();
        let predictions: Vec<PredictionRow> = self
            .rows
            .iter()
            .map(|&(row, label, predicted)| {
                let probabilities = (1..=3).map(|digit| if digit == predicted { 0.75 } else { 0.125 }).collect();
                PredictionRow { row, label, predicted, probabilities }
            })
            .collect();
        stage_files::json::write(&folder.join("config.json"), &config).unwrap();
        write_metrics(&folder, &metrics).unwrap();
        write_predictions(&folder, &labels, &predictions).unwrap();
        stage_files::json::write(&folder.join("summary.json"), &summary).unwrap();
        let mut info = StageInfo::new("mlp-train", "0.1.0", config, labels);
        info.inputs.push(stage_files::stage::Input { name: "20x20_info.csv".into(), sha256: "0".repeat(64), files: 1 });
        info.finish(&folder).unwrap();
        folder
    }

    fn metrics_row(&self, epoch: u32, accuracy: f64) -> MetricsRow {
        let reports = epoch.is_multiple_of(10) || epoch == self.epochs;
        MetricsRow {
            epoch,
            train_loss: 1.5 / f64::from(epoch),
            train_accuracy: 1.0 - 0.5 / f64::from(epoch),
            test_loss: reports.then_some(0.5),
            test_accuracy: reports.then_some(accuracy),
            learning_rate: 0.001,
            validation_loss: None,
            validation_accuracy: None,
        }
    }
}

/// Makes a written run one that diverged: no answers, no accuracy.
#[allow(dead_code, reason = "not every test program needs it")]
pub fn diverge(folder: &Path) {
    std::fs::remove_file(folder.join("predictions.csv")).unwrap();
    let path = folder.join("summary.json");
    let mut summary: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    for key in ["test_correct", "test_accuracy", "test_loss", "train_loss", "train_accuracy"] {
        summary[key] = Value::Null;
    }
    summary["outcome"] = json!({"diverged": {"epoch": 21, "learning_rate": 0.5, "largest_weight": 1e30, "layer": 2}});
    stage_files::json::write(&path, &summary).unwrap();
}
