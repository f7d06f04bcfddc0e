//! `init`: the rule of the starting weights.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Positive;

/// Starting weights; all rules draw from a normal distribution with mean 0.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub enum Init {
    /// Standard deviation gain / sqrt(fan_in), the gain being that of the activation.
    #[default]
    #[serde(rename = "he")]
    He,
    /// sqrt(2 / (fan_in + fan_out)).
    #[serde(rename = "xavier")]
    Xavier,
    /// 1 / sqrt(fan_in).
    #[serde(rename = "lecun")]
    LeCun,
    /// 2 / fan_in, as in the 2022 experiments.
    #[serde(rename = "he-2022")]
    He2022,
    /// The same in all layers.
    #[serde(rename = "normal")]
    Normal(NormalInit),
    /// Weights and biases from a file of tensors layers.{i}.weight and layers.{i}.bias.
    #[serde(rename = "file")]
    File(String),
}

/// One standard deviation for all layers.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NormalInit {
    /// Standard deviation.
    pub std: Positive,
}
