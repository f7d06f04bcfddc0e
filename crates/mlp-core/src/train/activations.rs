//! The values of hidden layers, for whoever wants to see how a signal fares on its way.

use super::Trainer;
use crate::kernels::Rows;

impl Trainer {
    /// Tells `each` the outputs of every hidden layer, by its number from 0, for rows of a data matrix (N, I): a chunk of
    /// rows at a time (rows, outputs), in the order of `rows`. It is the [`model`](Self::model) that is looked into, without
    /// dropout. Allocates nothing.
    ///
    /// # Panics
    /// As [`evaluate`](Self::evaluate).
    pub fn activations(&mut self, inputs: &[f32], rows: &[u32], mut each: impl FnMut(usize, &[f32])) {
        let network = super::model(&self.network, self.averaging.as_ref());
        let shape = network.architecture();
        for chunk in rows.chunks(self.evaluation.rows()) {
            let x = Rows { data: inputs, width: shape.inputs(), index: Some(chunk) };
            self.evaluation.forward(network, x, chunk.len(), None);
            for i in 0..shape.hidden().len() {
                each(i, self.evaluation.values(i, chunk.len() * shape.layer(i).outputs));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::*;
    use crate::activation::Activation;
    use crate::architecture::Architecture;
    use crate::kernels::KernelPath;
    use crate::network::Network;
    use crate::train::Sgd;

    #[test]
    fn hidden_values_are_those_worked_by_hand() {
        let shape = Architecture::new(1, &[2, 1], &[Activation::Relu, Activation::Identity], 2).unwrap();
        let mut network = Network::zeros(shape);
        network.parameters_mut().layer_mut(0).0.copy_from_slice(&[1.0, -1.0]);
        network.parameters_mut().layer_mut(1).0.copy_from_slice(&[2.0, 3.0]);
        let mut trainer = Trainer::new(network, Sgd { learning_rate: 0.1 }, 1, KernelPath::Portable);
        let mut seen: Vec<(usize, Vec<f32>)> = Vec::new();
        trainer.activations(&[5.0, -4.0], &[1, 0], |layer, values| seen.push((layer, values.to_vec())));
        assert_eq!(seen, [(0, alloc::vec![0.0, 4.0, 5.0, 0.0]), (1, alloc::vec![12.0, 10.0])]);
    }
}
