//! All weights and biases in one block, and the slices of each layer.

use alloc::vec::Vec;

use super::architecture::Architecture;
use super::buffer::{Buffer, CACHE_LINE};

/// The weights and biases of a network, in one block of f32.
///
/// For each layer the block has the weight matrix (inputs, outputs) row by row, then the bias (outputs). Each starts
/// on a 64-byte boundary. The padding between them is 0 and stays 0, so copying, comparing or updating all parameters
/// is one loop over [`as_slice`](Self::as_slice).
#[derive(Clone, Debug, PartialEq)]
pub struct Parameters {
    block: Buffer,
    layers: Vec<LayerOffsets>,
}

/// Where a layer starts in the block, and its shape.
#[derive(Clone, Copy, Debug, PartialEq)]
struct LayerOffsets {
    weight: usize,
    bias: usize,
    inputs: usize,
    outputs: usize,
}

impl Parameters {
    /// All parameters 0.
    pub(crate) fn zeros(architecture: &Architecture) -> Self {
        let mut layers = Vec::with_capacity(architecture.depth());
        let mut length = 0;
        let mut reserve = |floats: usize| {
            let at = length;
            length += floats.next_multiple_of(CACHE_LINE);
            at
        };
        for i in 0..architecture.depth() {
            let shape = architecture.layer(i);
            let weight = reserve(shape.inputs * shape.outputs);
            let bias = reserve(shape.outputs);
            layers.push(LayerOffsets { weight, bias, inputs: shape.inputs, outputs: shape.outputs });
        }
        Self { block: Buffer::zeros(length), layers }
    }

    /// Weight matrix of layer `i`, (inputs, outputs) row by row.
    pub fn weight(&self, i: usize) -> &[f32] {
        let p = self.layers[i];
        &self.as_slice()[p.weight..p.weight + p.inputs * p.outputs]
    }

    /// Bias of layer `i`, (outputs).
    pub fn bias(&self, i: usize) -> &[f32] {
        let p = self.layers[i];
        &self.as_slice()[p.bias..p.bias + p.outputs]
    }

    /// Weight matrix (inputs, outputs) and bias (outputs) of layer `i`.
    pub fn layer_mut(&mut self, i: usize) -> (&mut [f32], &mut [f32]) {
        let p = self.layers[i];
        let (weights, rest) = self.as_mut_slice()[p.weight..].split_at_mut(p.bias - p.weight);
        (&mut weights[..p.inputs * p.outputs], &mut rest[..p.outputs])
    }

    /// The whole block, padding included.
    pub fn as_slice(&self) -> &[f32] {
        self.block.as_slice()
    }

    /// The whole block. Padding must stay 0.
    pub fn as_mut_slice(&mut self) -> &mut [f32] {
        self.block.as_mut_slice()
    }

    /// The largest absolute value; NaN if any value is NaN.
    pub fn largest(&self) -> f32 {
        // Without the sign bit, floats have the order of their bits, and NaN comes after infinity.
        let magnitude = |v: &f32| (v.to_bits() & 0x7fff_ffff) as i32;
        f32::from_bits(self.as_slice().iter().map(magnitude).fold(0, i32::max) as u32)
    }

    /// Whether every value is finite.
    pub fn is_finite(&self) -> bool {
        self.largest().is_finite()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::activation::Activation;

    fn parameters() -> Parameters {
        Parameters::zeros(&Architecture::new(3, &[5], &[Activation::Relu], 2).unwrap())
    }

    #[test]
    fn slices_have_the_layers_shapes_and_are_aligned() {
        let mut p = parameters();
        assert_eq!((p.weight(0).len(), p.bias(0).len(), p.weight(1).len(), p.bias(1).len()), (15, 5, 10, 2));
        for copy in [p.clone(), p.clone(), parameters()] {
            for slice in [copy.weight(0), copy.bias(0), copy.weight(1), copy.bias(1)] {
                assert_eq!(slice.as_ptr().align_offset(64), 0);
            }
        }
        p.layer_mut(1).0[9] = 4.0;
        p.layer_mut(1).1[1] = -7.0;
        assert_eq!((p.weight(1)[9], p.bias(1)[1], p.largest()), (4.0, -7.0, 7.0));
        assert_eq!(p.clone(), p);
        assert_ne!(parameters(), p);
    }

    #[test]
    fn a_value_that_is_not_finite_is_found() {
        let mut p = parameters();
        assert!(p.is_finite());
        p.layer_mut(0).0[0] = f32::NAN;
        p.layer_mut(0).0[1] = 3.0;
        assert!(!p.is_finite() && p.largest().is_nan());
    }
}
