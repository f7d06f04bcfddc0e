//! The key `balance`: how often rows of rare ways of writing train.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Count;

/// Rare ways of writing train as often as common ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Balance {
    /// Styles of writing that the training pictures of each class are parted into, by likeness.
    pub styles: Count,
}
