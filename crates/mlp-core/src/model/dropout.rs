//! Dropout: in training, random units of the hidden layers are set to 0 (N. Srivastava et al. 2014).
//!
//! Inverted scaling: kept values are divided by the share that is kept, so that the trained network needs no change.
//! The units are drawn for every row of every batch, from a stream that is used for nothing else.

use alloc::vec::Vec;

use super::architecture::Architecture;
use super::buffer::Buffer;
use crate::random::{Stream, StreamPosition};

/// The mask and the masked values of each hidden layer; `None` for a layer without dropout.
#[derive(Clone, Debug)]
pub(crate) struct Dropout {
    stream: Stream,
    layers: Vec<Option<Layer>>,
}

#[derive(Clone, Debug)]
struct Layer {
    /// A unit is dropped when 32 random bits are below this.
    threshold: u32,
    /// 1 / (1 - rate)
    scale: f32,
    /// 0 or `scale` for each value of the batch.
    mask: Buffer,
    /// The values times the mask.
    values: Buffer,
}

impl Dropout {
    /// For batches of at most `rows` rows. A layer with rate 0 has no dropout and draws no numbers.
    ///
    /// # Panics
    /// When there is not one rate for each hidden layer, or one is not in 0..1.
    pub(crate) fn new(architecture: &Architecture, rates: &[f64], rows: usize, stream: Stream) -> Self {
        assert_eq!(rates.len(), architecture.hidden().len(), "one dropout rate for each hidden layer");
        let layer = |(&rate, &width): (&f64, &usize)| {
            assert!((0.0..1.0).contains(&rate), "a dropout rate is in 0..1");
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

    /// Draws a mask for these values of hidden layer `i` and applies it.
    pub(crate) fn apply(&mut self, i: usize, values: &[f32]) {
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
        // Multiplication keeps NaN and infinity visible, even where the mask is 0.
        for ((kept, value), mask) in kept.iter_mut().zip(values).zip(mask) {
            *kept = value * *mask;
        }
    }

    /// The masked values of hidden layer `i`; `None` for a layer without dropout.
    pub(crate) fn values(&self, i: usize, floats: usize) -> Option<&[f32]> {
        self.layers.get(i)?.as_ref().map(|layer| layer.values.get(floats))
    }

    /// Turns the gradient with respect to the masked values of hidden layer `i` into that with respect to the values.
    pub(crate) fn scale_gradient(&self, i: usize, gradients: &mut [f32]) {
        let Some(layer) = self.layers.get(i).and_then(Option::as_ref) else { return };
        let mask = layer.mask.get(gradients.len());
        gradients.iter_mut().zip(mask).for_each(|(g, mask)| *g *= mask);
    }

    /// The position of the stream.
    pub(crate) fn position(&self) -> StreamPosition {
        self.stream.position()
    }

    /// Continues from a position.
    pub(crate) fn restore(&mut self, position: StreamPosition) {
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
    fn the_rate_is_the_share_of_dropped_units() {
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
        // The layer without dropout has no masked values and draws nothing.
        let position = dropout.position();
        dropout.apply(1, &[1.0; 3]);
        assert!(dropout.values(1, 3).is_none() && dropout.position() == position);
    }

    #[test]
    fn nan_stays_visible() {
        let shape = Architecture::new(1, &[64], &[Activation::Relu], 2).unwrap();
        let mut dropout = Dropout::new(&shape, &[0.9], 1, Stream::new(1, Purpose::Dropout));
        dropout.apply(0, &[f32::NAN; 64]);
        assert!(dropout.values(0, 64).unwrap().iter().all(|v| v.is_nan()));
    }
}
