//! `seeds`: a count or a list.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Count;

/// Several seeds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "expected a count of 1 or more or a list of whole numbers")]
pub enum Seeds {
    /// 1, 2, .. count.
    Count(Count),
    /// These.
    List(Vec<u64>),
}

impl Seeds {
    /// The seeds in order.
    pub fn list(&self) -> Vec<u64> {
        match self {
            Self::Count(count) => (1..=u64::from(count.get())).collect(),
            Self::List(seeds) => seeds.clone(),
        }
    }

    /// Their number.
    pub fn len(&self) -> u64 {
        match self {
            Self::Count(count) => u64::from(count.get()),
            Self::List(seeds) => seeds.len() as u64,
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
