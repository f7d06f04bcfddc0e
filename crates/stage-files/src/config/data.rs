//! The keys `data` and `scale`: where rows come from and how their values become inputs.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Where the rows come from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "expected the path of a CSV, or {\"train\": path, \"test\": path}")]
pub enum Data {
    /// One CSV, divided by `split`.
    One(String),
    /// A CSV for training and one for testing; `split` has no effect.
    Two(TwoFiles),
}

impl Data {
    /// The files, the one that trains first.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        let (first, second) = match self {
            Self::One(path) => (path, None),
            Self::Two(files) => (&files.train, Some(&files.test)),
        };
        [first].into_iter().chain(second).map(String::as_str)
    }
}

/// A CSV for training and one for testing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TwoFiles {
    /// Training rows.
    pub train: String,
    /// Test rows.
    pub test: String,
}

/// How pixel values 0..255 become inputs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Scale {
    /// As they are.
    #[default]
    Raw,
    /// Divided by 255.
    Unit,
    /// For each pixel, the mean of the training rows is subtracted and the result divided by their standard deviation
    /// (by 1 if all are equal).
    Standard,
}
