//! Dropout: in training, units of the hidden layers are left out at random (N. Srivastava et al. 2014).
//!
//! Inverted scaling: what is kept is divided by the share that is kept, so that the network is used as it is once it
//! is trained. Which units are left out is drawn anew for every row of every batch, from a stream of its own.

use alloc::vec::Vec;

use crate::architecture::Architecture;
use crate::network::Buffer;
use crate::random::{Stream, StreamPosition};

/// The masks and what they leave of the values, for each hidden layer.
#[derive(Clone, Debug)]
pub(crate) struct Dropout {
    stream: Stream,
    layers: Vec<Option<Layer>>,
}

#[derive(Clone, Debug)]
struct Layer {
    /// A unit is left out when 32 random bits are below this.
    threshold: u32,
    /// 1 / (1 - rate)
    scale: f32,
    /// 0 or `scale` for each value of the batch.
    mask: Buffer,
    /// The values times the mask.
    values: Buffer,
}

impl Dropout {
    /// Room for batches of `rows` rows. A rate of 0 leaves a layer as it is and draws nothing for it.
    ///
    /// # Panics
    /// When there is not one rate for each hidden layer, or one is not in 0..1.
    pub fn new(architecture: &Architecture, rates: &[f64], rows: usize, stream: Stream) -> Self {
        assert_eq!(rates.len(), architecture.hidden().len(), "one dropout rate for each hidden layer");
        let layer = |(&rate, &width): (&f64, &usize)| {
            assert!((0.0..1.0).contains(&rate), "a dropout rate lies in 0..1");
            (rate > 0.0).then(|| Layer {
                threshold: (rate * 4_294_967_296.0) as u32,
                scale: (1.0 / (1.0 - rate)) as f32,
                mask: Buffer::zeros(rows * width),
                values: Buffer::zeros(rows * width),
            })
        };
        let layers = rates.iter().zip(architecture.hidden()).map(layer).collect();
        Self { stream, layers }
    }

    /// Draws the mask of hidden layer `i` for these values and applies it.
    pub fn apply(&mut self, i: usize, values: &[f32]) {
        let Some(layer) = self.layers.get_mut(i).and_then(Option::as_mut) else { return };
        let mask = layer.mask.get_mut(values.len());
        // One draw serves two units, its low half first.
        for pair in mask.chunks_mut(2) {
            let bits = self.stream.bits();
            for (k, kept) in pair.iter_mut().enumerate() {
                let dropped = ((bits >> (32 * k)) as u32) < layer.threshold;
                *kept = if dropped { 0.0 } else { layer.scale };
            }
        }
        let kept = layer.values.get_mut(values.len());
        // By multiplication, so that a value that is not finite is not hidden.
        for ((kept, value), mask) in kept.iter_mut().zip(values).zip(mask) {
            *kept = value * *mask;
        }
    }

    /// What the mask left of the values of hidden layer `i`; `None` where nothing is dropped.
    pub fn values(&self, i: usize, floats: usize) -> Option<&[f32]> {
        self.layers.get(i)?.as_ref().map(|layer| layer.values.get(floats))
    }

    /// The gradient with respect to what was left becomes that with respect to the values of hidden layer `i`.
    pub fn scale_gradient(&self, i: usize, gradients: &mut [f32]) {
        let Some(layer) = self.layers.get(i).and_then(Option::as_ref) else { return };
        let mask = layer.mask.get(gradients.len());
        gradients.iter_mut().zip(mask).for_each(|(g, mask)| *g *= mask);
    }

    /// Where the stream stands.
    pub fn position(&self) -> StreamPosition {
        self.stream.position()
    }

    /// Goes on from there.
    pub fn go_to(&mut self, position: StreamPosition) {
        self.stream = Stream::at(position);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::activation::Activation;
    use crate::random::Purpose;
    use alloc::vec;

    #[test]
    fn the_share_left_out_is_the_rate_and_the_sum_is_kept() {
        let shape = Architecture::new(2, &[1000, 3], &[Activation::Relu; 2], 2).unwrap();
        let mut dropout = Dropout::new(&shape, &[0.2, 0.0], 50, Stream::new(1, Purpose::Dropout));
        let values = vec![2.0; 50_000];
        dropout.apply(0, &values);
        let left = dropout.values(0, 50_000).unwrap();
        assert!(left.iter().all(|v| *v == 0.0 || *v == 2.5));
        let dropped = left.iter().filter(|v| **v == 0.0).count() as f64;
        // Five standard deviations of a binomial count: 5 sqrt(50000 * 0.2 * 0.8).
        assert!((dropped - 10_000.0).abs() < 448.0, "{dropped}");
        let mut gradients = vec![1.0; 50_000];
        dropout.scale_gradient(0, &mut gradients);
        assert!(gradients.iter().zip(left).all(|(g, v)| *g == v / 2.0));
        // The layer without dropout has no values of its own and draws nothing.
        let position = dropout.position();
        dropout.apply(1, &[1.0; 3]);
        assert!(dropout.values(1, 3).is_none() && dropout.position() == position);
    }

    #[test]
    fn a_value_that_is_not_finite_is_not_hidden() {
        let shape = Architecture::new(1, &[64], &[Activation::Relu], 2).unwrap();
        let mut dropout = Dropout::new(&shape, &[0.9], 1, Stream::new(1, Purpose::Dropout));
        dropout.apply(0, &[f32::NAN; 64]);
        assert!(dropout.values(0, 64).unwrap().iter().all(|v| v.is_nan()));
    }
}
