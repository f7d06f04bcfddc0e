//! The shape of a network. An [`Architecture`] is checked when it is made, so it is always valid.

use alloc::vec::Vec;
use core::fmt;

use crate::activation::Activation;

/// Largest width of a layer.
const MAX_WIDTH: usize = 1 << 20;
/// Most classes, because labels are `u8`.
const MAX_OUTPUTS: usize = 256;
/// Most weights and biases together: 2 GiB of f32. A larger network is a mistake and would end in a failed allocation.
const MAX_PARAMETERS: usize = 1 << 29;

/// Inputs, hidden layers and outputs of a network. Without hidden layers it is softmax regression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Architecture {
    widths: Vec<usize>,
    activations: Vec<Activation>,
}

/// Inputs and outputs of one dense layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LayerShape {
    /// Fan-in: rows of the weight matrix.
    pub inputs: usize,
    /// Fan-out: columns of the weight matrix.
    pub outputs: usize,
}

impl Architecture {
    /// `inputs` values, hidden layers of these widths with one activation each, and `outputs` classes.
    ///
    /// # Errors
    /// When a width is 0 or too large, when the network has too many outputs or parameters, or when the number of
    /// activations is not the number of hidden layers.
    pub fn new(
        inputs: usize,
        hidden: &[usize],
        activations: &[Activation],
        outputs: usize,
    ) -> Result<Self, ShapeError> {
        if hidden.len() != activations.len() {
            return Err(ShapeError::Activations { layers: hidden.len(), found: activations.len() });
        }
        let mut widths = Vec::with_capacity(hidden.len() + 2);
        widths.push(inputs);
        widths.extend_from_slice(hidden);
        widths.push(outputs);
        if let Some(at) = widths.iter().position(|width| !(1..=MAX_WIDTH).contains(width)) {
            return Err(ShapeError::Width { at, found: widths[at] });
        }
        if outputs > MAX_OUTPUTS {
            return Err(ShapeError::Outputs { found: outputs });
        }
        // u128: with these widths no list that fits in memory overflows it.
        let found = widths.windows(2).map(|pair| (pair[0] as u128 + 1) * pair[1] as u128).sum();
        if found > MAX_PARAMETERS as u128 {
            return Err(ShapeError::Parameters { found });
        }
        Ok(Self { widths, activations: activations.to_vec() })
    }

    /// Values of an input row.
    pub fn inputs(&self) -> usize {
        self.widths[0]
    }

    /// Logits of a row: the number of classes.
    pub fn outputs(&self) -> usize {
        self.widths[self.widths.len() - 1]
    }

    /// Widths of the hidden layers.
    pub fn hidden(&self) -> &[usize] {
        &self.widths[1..self.widths.len() - 1]
    }

    /// Activations of the hidden layers.
    pub fn activations(&self) -> &[Activation] {
        &self.activations
    }

    /// Number of dense layers: hidden layers and the output layer.
    pub fn depth(&self) -> usize {
        self.widths.len() - 1
    }

    /// Shape of dense layer `i`; layer 0 is the one after the inputs.
    pub fn layer(&self, i: usize) -> LayerShape {
        LayerShape { inputs: self.widths[i], outputs: self.widths[i + 1] }
    }

    /// Activation after layer `i`; the identity after the output layer.
    pub fn activation(&self, i: usize) -> Activation {
        self.activations.get(i).copied().unwrap_or(Activation::Identity)
    }

    /// Number of weights and biases.
    pub fn parameter_count(&self) -> usize {
        (0..self.depth()).map(|i| self.layer(i)).map(|l| (l.inputs + 1) * l.outputs).sum()
    }
}

/// Why a shape is invalid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShapeError {
    /// A width is 0 or too large.
    Width {
        /// Its position: 0 for the inputs, then the hidden layers, then the outputs.
        at: usize,
        /// The width.
        found: usize,
    },
    /// More classes than a `u8` label can name.
    Outputs {
        /// The number of classes.
        found: usize,
    },
    /// More weights and biases than are accepted.
    Parameters {
        /// Their number.
        found: u128,
    },
    /// The number of activations is not the number of hidden layers.
    Activations {
        /// Number of hidden layers.
        layers: usize,
        /// Number of activations.
        found: usize,
    },
}

impl fmt::Display for ShapeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Width { at, found } => {
                write!(f, "width {at} (0 being the inputs): expected 1 to {MAX_WIDTH}, found {found}")
            }
            Self::Outputs { found } => write!(f, "expected at most {MAX_OUTPUTS} classes, found {found}"),
            Self::Parameters { found } => {
                write!(
                    f,
                    "expected at most {MAX_PARAMETERS} weights and biases together, found {found}; use narrower layers"
                )
            }
            Self::Activations { layers, found } => {
                write!(f, "expected one activation for each of the {layers} hidden layers, found {found}")
            }
        }
    }
}

impl core::error::Error for ShapeError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_follow_the_widths() {
        let a = Architecture::new(400, &[32, 16], &[Activation::Relu, Activation::Tanh], 5).unwrap();
        assert_eq!((a.depth(), a.layer(1)), (3, LayerShape { inputs: 32, outputs: 16 }));
        assert_eq!((a.activation(1), a.activation(2)), (Activation::Tanh, Activation::Identity));
        assert_eq!(a.parameter_count(), 401 * 32 + 33 * 16 + 17 * 5);
        assert_eq!(Architecture::new(4, &[], &[], 2).unwrap().parameter_count(), 10);
    }

    #[test]
    fn invalid_shapes_are_refused() {
        assert_eq!(Architecture::new(4, &[0], &[Activation::Relu], 2), Err(ShapeError::Width { at: 1, found: 0 }));
        assert_eq!(Architecture::new(4, &[3], &[], 2), Err(ShapeError::Activations { layers: 1, found: 0 }));
        assert_eq!(Architecture::new(4, &[], &[], 257), Err(ShapeError::Outputs { found: 257 }));
        assert!(Architecture::new(MAX_WIDTH + 1, &[], &[], 2).is_err());
        let found = (1 << 20) * ((1 << 20) + 1) + 2 * ((1 << 20) + 1);
        let shape = Architecture::new(MAX_WIDTH, &[MAX_WIDTH], &[Activation::Relu], 2);
        assert_eq!(shape, Err(ShapeError::Parameters { found }));
    }
}
