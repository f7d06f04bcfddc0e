//! The answer for a picture, with the keys that `digit-predict --json` and `POST /predict` give it.
//!
//! ```text
//! {"label":7,"probabilities":{"1":0.13,"7":0.87},"confidence":0.75,"refused":false,"error":null}
//! ```

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::labels::LabelSet;

/// The prediction for a picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Prediction {
    /// The most probable digit.
    pub label: u8,
    /// Probability of each label, in the order of the model's label set.
    pub probabilities: Vec<f32>,
    /// 0 to 1: the probability of the label times the probability that the picture shows a digit at all. Without a
    /// detector, the probability of the label.
    pub confidence: f32,
}

impl Prediction {
    /// The probability of its label.
    pub fn probability(&self) -> f32 {
        self.probabilities.iter().copied().fold(0.0, f32::max)
    }
}

/// The answer for a picture.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// A label.
    Label(Prediction),
    /// The model's confidence is below what was asked for.
    Refused(Prediction),
    /// The picture cannot be used, for this reason.
    Unusable(String),
}

impl Answer {
    /// The answer that a prediction, or the reason why there is none, gives.
    pub fn of(predicted: Result<Prediction, String>, min_confidence: f32) -> Self {
        match predicted {
            Ok(prediction) if prediction.confidence < min_confidence => Self::Refused(prediction),
            Ok(prediction) => Self::Label(prediction),
            Err(reason) => Self::Unusable(reason),
        }
    }

    /// The digit that the picture is said to show.
    pub fn label(&self) -> Option<u8> {
        match self {
            Self::Label(prediction) => Some(prediction.label),
            Self::Refused(_) | Self::Unusable(_) => None,
        }
    }

    /// What the network predicts, also where it is refused.
    pub fn prediction(&self) -> Option<&Prediction> {
        match self {
            Self::Label(prediction) | Self::Refused(prediction) => Some(prediction),
            Self::Unusable(_) => None,
        }
    }

    /// The answer as JSON; `labels` is the model's label set.
    pub fn keys<'a>(&'a self, labels: &'a LabelSet) -> AnswerKeys<'a> {
        let prediction = self.prediction();
        let error = if let Self::Unusable(reason) = self { Some(reason.as_str()) } else { None };
        AnswerKeys {
            label: self.label(),
            probabilities: prediction.map(|prediction| ByDigit(labels, &prediction.probabilities)),
            confidence: prediction.map_or(0.0, |prediction| prediction.confidence),
            refused: matches!(self, Self::Refused(_)),
            error,
        }
    }
}

/// The keys of an answer. Every answer has all of them, so that it can be read as a row of a table.
#[derive(Serialize)]
pub struct AnswerKeys<'a> {
    label: Option<u8>,
    probabilities: Option<ByDigit<'a>>,
    confidence: f32,
    refused: bool,
    error: Option<&'a str>,
}

/// Probabilities with the digits as keys, in the order of the labels.
struct ByDigit<'a>(&'a LabelSet, &'a [f32]);

impl Serialize for ByDigit<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (digit, probability) in self.0.as_slice().iter().zip(self.1) {
            map.serialize_entry(&digit.to_string(), probability)?;
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_answer_has_all_keys() {
        let labels: LabelSet = "1,7".parse().unwrap();
        let seven = || Prediction { label: 7, probabilities: vec![0.125, 0.875], confidence: 0.75 };
        let json = |answer: &Answer| serde_json::to_string(&answer.keys(&labels)).unwrap();
        let probabilities = r#""probabilities":{"1":0.125,"7":0.875},"confidence":0.75"#;
        assert_eq!(
            json(&Answer::of(Ok(seven()), 0.75)),
            format!(r#"{{"label":7,{probabilities},"refused":false,"error":null}}"#)
        );
        assert_eq!(
            json(&Answer::of(Ok(seven()), 0.76)),
            format!(r#"{{"label":null,{probabilities},"refused":true,"error":null}}"#)
        );
        assert_eq!(
            json(&Answer::of(Err("no ink".into()), 0.0)),
            r#"{"label":null,"probabilities":null,"confidence":0.0,"refused":false,"error":"no ink"}"#
        );
    }
}
