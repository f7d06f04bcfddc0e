//! The answer for a picture, with the keys of `digit-predict --json`.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use stage_files::labels::LabelSet;

use crate::model::Prediction;

/// Probabilities with the digits as keys, in the order of the labels.
pub(crate) struct ByDigit(Vec<(u8, f32)>);

impl Serialize for ByDigit {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (digit, probability) in &self.0 {
            map.serialize_entry(&digit.to_string(), probability)?;
        }
        map.end()
    }
}

/// What is said of a picture. Every answer has all keys.
#[derive(Serialize)]
pub(crate) struct Answer {
    label: Option<u8>,
    probabilities: Option<ByDigit>,
    confidence: f32,
    refused: bool,
    error: Option<String>,
}

impl Answer {
    /// The answer for a prediction; below `min_confidence` it has no label.
    pub(crate) fn new(predicted: Result<Prediction, String>, labels: &LabelSet, min_confidence: f32) -> Self {
        match predicted {
            Ok(prediction) => {
                let refused = prediction.confidence < min_confidence;
                let by_digit = labels.as_slice().iter().copied().zip(prediction.probabilities).collect();
                Self {
                    label: (!refused).then_some(prediction.label),
                    probabilities: Some(ByDigit(by_digit)),
                    confidence: prediction.confidence,
                    refused,
                    error: None,
                }
            }
            Err(error) => {
                Self { label: None, probabilities: None, confidence: 0.0, refused: false, error: Some(error) }
            }
        }
    }
}
