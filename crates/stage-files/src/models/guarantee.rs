//! What `digit-predict calibrate --error` finds out about a model: from which confidence on its answers may be
//! accepted. It is stored in the metadata `guarantee` of the model file.

use serde::{Deserialize, Serialize};

use crate::refuse;

/// A promise: with `level`, at most a share `error` of the accepted answers is wrong, on pictures like those that it
/// was measured on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Guarantee {
    /// The share of errors, above 0 and below 1.
    pub error: f64,
    /// The probability that the promise is kept, 0.95.
    pub level: f64,
    /// Answers with at least this confidence are accepted.
    pub threshold: f32,
    /// Pictures that it was measured on.
    pub pictures: u64,
    /// Those whose answers are accepted.
    pub accepted: u64,
    /// Accepted answers that are wrong.
    pub wrong: u64,
    /// Writers whose pictures they are, if the promise is over writers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub writers: Option<u64>,
    /// The same promise for programs that have no detector, such as the exported ones: answers whose label has at least
    /// this probability are accepted. Absent where no threshold keeps it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub probability_threshold: Option<f32>,
}

impl Guarantee {
    /// Refuses numbers that mean nothing.
    pub(super) fn check(&self) -> anyhow::Result<()> {
        let is_share = |share: f64| share > 0.0 && share < 1.0;
        let thresholds = [Some(self.threshold), self.probability_threshold];
        let are_known = thresholds.into_iter().flatten().all(|threshold| (0.0..=1.0).contains(&threshold));
        if !is_share(self.error) || !is_share(self.level) || !are_known {
            refuse!("metadata `guarantee`: expected shares between 0 and 1, found {self:?}");
        }
        Ok(())
    }
}
