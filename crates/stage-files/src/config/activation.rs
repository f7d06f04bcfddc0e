//! `activation`: one for all hidden layers, or one for each.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Activation of the hidden layers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(
    untagged,
    expecting = "expected identity, sigmoid, tanh, relu, leaky_relu, selu or gelu, or a list of these, one a layer"
)]
pub enum Activations {
    /// The same in all.
    All(ActivationName),
    /// One for each.
    Each(Vec<ActivationName>),
}

impl Default for Activations {
    fn default() -> Self {
        Self::All(ActivationName::Relu)
    }
}

/// Name of an activation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it; mlp-core defines them")]
pub enum ActivationName {
    Identity,
    Sigmoid,
    Tanh,
    Relu,
    LeakyRelu,
    Selu,
    Gelu,
}

impl ActivationName {
    /// As it is written in a config.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Sigmoid => "sigmoid",
            Self::Tanh => "tanh",
            Self::Relu => "relu",
            Self::LeakyRelu => "leaky_relu",
            Self::Selu => "selu",
            Self::Gelu => "gelu",
        }
    }
}
