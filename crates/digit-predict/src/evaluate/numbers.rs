//! The numbers of an evaluation: for the page, for `evaluation.json` and for the sentence.

use mlp_statistics::confusion::Confusion;
use mlp_statistics::reliability::{Bin, bins, expected_calibration_error};
use mlp_statistics::wilson::wilson;
use mlp_statistics::writers::Writers;
use serde_json::{Value, json};
use stage_files::run::PredictionRow;

use crate::Predictor;
use crate::labelled_pictures::{Judged, LabelledFolder};

/// A model on the pictures whose labels it knows.
pub(super) struct Evaluation {
    pub(super) model: String,
    pub(super) folder: String,
    /// A row a picture, in the order of their names.
    pub(super) rows: Vec<PredictionRow>,
    pub(super) confusion: Confusion,
    pub(super) writers: Writers,
    /// By the probability of the predicted label.
    pub(super) bins: Vec<Bin>,
    /// Answers below this confidence are refused.
    pub(super) least_confidence: f32,
    /// Accepted answers, and those of them that are wrong.
    pub(super) accepted: (u64, u64),
    /// Pictures that could not be read or have no label.
    pub(super) rejected: u64,
    /// Pictures of labels that the model does not know, and how many of their answers are refused.
    pub(super) unknown: (u64, u64),
}

impl Evaluation {
    pub(super) fn of(
        pictures: &LabelledFolder,
        predictor: &Predictor,
        model: &str,
        folder: &str,
        least_confidence: f32,
    ) -> Self {
        let row = |(at, of): (usize, &Judged)| PredictionRow {
            row: at as u64,
            label: of.label,
            predicted: of.prediction.label,
            probabilities: of.prediction.probabilities.clone(),
            writer: of.writer.clone(),
            path: Some(of.path.clone()),
        };
        let known = &pictures.known;
        let rows: Vec<PredictionRow> = known.iter().enumerate().map(row).collect();
        let is_accepted = |of: &&Judged| of.prediction.confidence >= least_confidence;
        let accepted = known.iter().filter(is_accepted);
        let wrong = accepted.clone().filter(|of| !of.is_correct()).count() as u64;
        Self {
            model: model.to_owned(),
            folder: folder.to_owned(),
            confusion: Confusion::count(predictor.labels(), &rows),
            writers: Writers::count(known.iter().map(|of| (of.writer.as_deref(), of.is_correct()))),
            bins: bins(known.iter().map(|of| (f64::from(of.prediction.probability()), of.is_correct()))),
            rows,
            least_confidence,
            accepted: (accepted.count() as u64, wrong),
            rejected: pictures.rejected.len() as u64,
            unknown: (
                pictures.unknown.len() as u64,
                pictures.unknown.iter().filter(|of| !is_accepted(of)).count() as u64,
            ),
        }
    }

    /// Correct answers, refused or not.
    pub(super) fn correct(&self) -> u64 {
        self.confusion.correct()
    }

    pub(super) fn pictures(&self) -> u64 {
        self.confusion.total()
    }

    pub(super) fn accuracy(&self) -> f64 {
        self.correct() as f64 / self.pictures() as f64
    }

    /// The 95 % interval over pictures, which allows for other pictures of these writers.
    pub(super) fn interval_over_pictures(&self) -> (f64, f64) {
        wilson(self.correct(), self.pictures()).unwrap_or((0.0, 1.0))
    }

    pub(super) fn refused(&self) -> u64 {
        self.pictures() - self.accepted.0
    }

    /// `accuracy 0.910: 273 of 300 pictures; 95 % interval ..`.
    pub(super) fn sentence(&self) -> String {
        let (low, high) = self.interval_over_pictures();
        let refused = match self.refused() {
            0 if self.least_confidence == 0.0 => String::new(),
            refused => format!(
                "; {refused} refused below confidence {}, {} of the other {} wrong",
                self.least_confidence, self.accepted.1, self.accepted.0
            ),
        };
        format!(
            "accuracy {:.3}: {} of {} pictures, 95 % interval {low:.3} .. {high:.3} over pictures; {}{refused}",
            self.accuracy(),
            self.correct(),
            self.pictures(),
            self.writers.sentence()
        )
    }

    /// The content of `evaluation.json`.
    pub(super) fn json(&self) -> Value {
        let labels = self.confusion.labels();
        let counts: Vec<Vec<u64>> =
            (0..labels.len()).map(|i| (0..labels.len()).map(|j| self.confusion.at(i, j)).collect()).collect();
        let classes = self.confusion.scores().into_iter().map(|score| {
            json!({"label": score.label, "pictures": score.rows, "precision": score.precision, "recall": score.recall,
                   "f1": score.f1})
        });
        let by_writer = self
            .writers
            .by_writer()
            .map(|(writer, correct, pictures)| json!({"writer": writer, "pictures": pictures, "correct": correct}));
        let bins = self.bins.iter().map(|bin| {
            json!({"low": bin.low, "high": bin.high, "pictures": bin.rows, "correct": bin.correct,
                   "mean_probability": (bin.rows > 0).then_some(bin.mean_probability)})
        });
        let (low, high) = self.interval_over_pictures();
        json!({
            "model": self.model,
            "folder": self.folder,
            "labels": labels,
            "pictures": self.pictures(),
            "correct": self.correct(),
            "accuracy": self.accuracy(),
            "interval_over_pictures": [low, high],
            "interval_over_writers": self.writers.interval().map(|(low, high)| [low, high]),
            "writers": self.writers.known(),
            "writers_to_halve_interval": self.writers.more_to_halve(),
            "speaks_of": self.writers.sentence(),
            "by_writer": by_writer.collect::<Vec<_>>(),
            "classes": classes.collect::<Vec<_>>(),
            "confusion": counts,
            "calibration": {
                "expected_calibration_error": expected_calibration_error(&self.bins),
                "bins": bins.collect::<Vec<_>>(),
            },
            "least_confidence": self.least_confidence,
            "refused": self.refused(),
            "accepted": self.accepted.0,
            "accepted_wrong": self.accepted.1,
            "rejected": self.rejected,
            "unknown_labels": {"pictures": self.unknown.0, "refused": self.unknown.1},
        })
    }
}
