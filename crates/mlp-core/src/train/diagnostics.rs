//! Where a training went wrong.

use super::trainer::{Trainer, model};
use crate::activation::Activation;
use crate::kernels::Rows;

impl Trainer {
    /// The first layer (from 0) whose outputs for the last batch are not all finite or, if there is none, the first
    /// layer whose parameters are not. The outputs of the last layer are the logits. For use after a step whose loss
    /// or weights are not finite.
    pub fn first_unfinite_layer(&self) -> Option<usize> {
        let shape = self.network.architecture();
        let finite = |values: &[f32]| values.iter().all(|v| v.is_finite());
        let all = 0..shape.depth();
        let by_values = all.clone().find(|&i| !finite(self.step.values(i, self.step.rows() * shape.layer(i).outputs)));
        let parameters = self.network.parameters();
        by_values.or_else(|| all.into_iter().find(|&i| !finite(parameters.weight(i)) || !finite(parameters.bias(i))))
    }

    /// The first ReLU layer (from 0) whose outputs are 0 for all of these rows of the data matrix `inputs` (N, I). The
    /// network's output then no longer depends on its input, and the weights before that layer get no gradient. `None`
    /// for no rows.
    pub fn dead_layer(&mut self, inputs: &[f32], rows: &[u32]) -> Option<usize> {
        let network = model(&self.network, self.averaging.as_ref());
        let shape = network.architecture();
        let mut dead = alloc::vec![!rows.is_empty(); shape.hidden().len()];
        for (i, dead) in dead.iter_mut().enumerate() {
            *dead &= shape.activation(i) == Activation::Relu;
        }
        for chunk in rows.chunks(self.evaluation.rows()) {
            if !dead.contains(&true) {
                return None;
            }
            let x = Rows { data: inputs, width: shape.inputs(), index: Some(chunk) };
            self.evaluation.forward(network, x, chunk.len(), None);
            for (i, dead) in dead.iter_mut().enumerate() {
                let floats = chunk.len() * shape.layer(i).outputs;
                *dead = *dead && self.evaluation.values(i, floats).iter().all(|v| *v == 0.0);
            }
        }
        dead.into_iter().position(|dead| dead)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::KernelPath;
    use crate::model::architecture::Architecture;
    use crate::model::network::Network;
    use crate::optimizer::Sgd;
    use alloc::vec::Vec;

    /// Two inputs, hidden layers of 2 and 1, two classes, all weights 1.
    fn trainer(learning_rate: f32) -> Trainer {
        let shape = Architecture::new(2, &[2, 1], &[Activation::Relu; 2], 2).unwrap();
        let mut network = Network::zeros(shape);
        (0..3).for_each(|i| network.parameters_mut().layer_mut(i).0.fill(1.0));
        Trainer::new(network, Sgd { learning_rate }, 4, KernelPath::detect())
    }

    #[test]
    fn a_dead_layer_is_0_for_every_row() {
        let mut trainer = trainer(0.1);
        let inputs = [[-1.0_f32, -2.0]; 99].into_iter().chain([[3.0, 4.0]]).flatten().collect::<Vec<_>>();
        let rows: Vec<u32> = (0..100).collect();
        assert_eq!(trainer.dead_layer(&inputs, &rows), None);
        assert_eq!(trainer.dead_layer(&inputs, &rows[..99]), Some(0));
        assert_eq!(trainer.dead_layer(&inputs, &[]), None);
        trainer.network.parameters_mut().layer_mut(1).0.fill(-1.0);
        assert_eq!(trainer.dead_layer(&inputs, &rows), Some(1));
    }

    #[test]
    fn the_first_layer_that_is_not_finite_is_found() {
        let mut trainer = trainer(0.1);
        trainer.step(&[1.0, 2.0], &[0], &[0]);
        assert_eq!(trainer.first_unfinite_layer(), None);
        trainer.network.parameters_mut().layer_mut(1).0[0] = f32::MAX;
        assert!(!trainer.step(&[4.0, 2.0], &[0], &[0]).loss.is_finite());
        assert_eq!(trainer.first_unfinite_layer(), Some(1));
    }
}
