//! All weights and biases in one block, with a view of each layer.

use alloc::vec::Vec;

use crate::architecture::Architecture;

/// Floats in a cache line of 64 bytes: every tensor begins on one.
const LINE: usize = 16;

/// One contiguous block of f32, aligned to 64 bytes: for each layer its weight matrix (inputs, outputs) row by row,
/// then its bias (outputs). Each begins on a 64-byte boundary; what lies between them is 0 and stays 0, so copying or
/// comparing parameters is one loop over [`as_slice`](Self::as_slice).
#[derive(Debug)]
pub struct Parameters {
    // The block is the part of `storage` from `start` on; the vector never grows, so its address stays.
    storage: Vec<f32>,
    start: usize,
    layers: Vec<Place>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Place {
    weight: usize,
    bias: usize,
    inputs: usize,
    outputs: usize,
}

impl Parameters {
    /// Parameters of a network, all 0.
    pub fn zeros(architecture: &Architecture) -> Self {
        let mut layers = Vec::with_capacity(architecture.depth());
        let mut length = 0;
        let mut reserve = |floats: usize| {
            let at = length;
            length += floats.next_multiple_of(LINE);
            at
        };
        for i in 0..architecture.depth() {
            let shape = architecture.layer(i);
            let weight = reserve(shape.inputs * shape.outputs);
            let bias = reserve(shape.outputs);
            layers.push(Place { weight, bias, inputs: shape.inputs, outputs: shape.outputs });
        }
        let (storage, start) = aligned(length);
        Self { storage, start, layers }
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

    /// Weight matrix and bias of layer `i` to write to.
    pub fn layer_mut(&mut self, i: usize) -> (&mut [f32], &mut [f32]) {
        let p = self.layers[i];
        let (weights, rest) = self.as_mut_slice()[p.weight..].split_at_mut(p.bias - p.weight);
        (&mut weights[..p.inputs * p.outputs], &mut rest[..p.outputs])
    }

    /// The whole block, padding included.
    pub fn as_slice(&self) -> &[f32] {
        &self.storage[self.start..]
    }

    /// The whole block to write to. Padding must stay 0.
    pub fn as_mut_slice(&mut self) -> &mut [f32] {
        &mut self.storage[self.start..]
    }

    /// The largest absolute value; NaN if any value is NaN.
    pub fn largest(&self) -> f32 {
        // Without their sign, floats are ordered as their bits are, and NaN comes after infinity.
        let magnitude = |v: &f32| (v.to_bits() & 0x7fff_ffff) as i32;
        f32::from_bits(self.as_slice().iter().map(magnitude).fold(0, i32::max) as u32)
    }

    /// Whether every value is finite.
    pub fn is_finite(&self) -> bool {
        self.largest().is_finite()
    }
}

/// Zeros of which `floats` begin on a cache line at the returned index and end with the vector.
pub(crate) fn aligned(floats: usize) -> (Vec<f32>, usize) {
    let mut storage = alloc::vec![0.0f32; floats + LINE];
    let start = storage.as_ptr().align_offset(64).min(LINE);
    storage.truncate(start + floats);
    (storage, start)
}

impl Clone for Parameters {
    fn clone(&self) -> Self {
        // The copy lies at another address, so its block begins at another index.
        let (mut storage, start) = aligned(self.as_slice().len());
        storage[start..].copy_from_slice(self.as_slice());
        Self { storage, start, layers: self.layers.clone() }
    }
}

impl PartialEq for Parameters {
    fn eq(&self, other: &Self) -> bool {
        self.layers == other.layers && self.as_slice() == other.as_slice()
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
    fn views_have_the_layers_shapes_and_are_aligned() {
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
    fn what_is_not_finite_is_seen() {
        let mut p = parameters();
        assert!(p.is_finite());
        p.layer_mut(0).0[0] = f32::NAN;
        p.layer_mut(0).0[1] = 3.0;
        assert!(!p.is_finite() && p.largest().is_nan());
    }
}
