//! The key `balance`: rare forms of a digit train as often as common ones.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Count;

/// Rare forms of a digit train as often as common ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Balance {
    /// Number of clusters of each class: k-means divides its training pictures into so many forms.
    pub styles: Count,
}
