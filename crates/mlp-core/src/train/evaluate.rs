//! Loss, accuracy and hidden activations of a network on some rows.

use super::trainer::{Trainer, model};
use crate::batch_loss::BatchLoss;
use crate::kernels::Rows;

/// Loss and accuracy on some rows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Evaluation {
    /// Mean loss, added up in f64. NaN for no rows.
    pub loss: f64,
    /// Rows that were predicted right: the largest logit is that of the label.
    pub correct: usize,
    /// Number of rows.
    pub rows: usize,
}

impl Evaluation {
    /// `correct / rows`. NaN for no rows.
    pub fn accuracy(&self) -> f64 {
        self.correct as f64 / self.rows as f64
    }
}

impl Trainer {
    /// Evaluates the [`model`](Self::model) on rows of the data matrix `inputs` (N, I). Calls `each` for every row,
    /// with its position in `rows` and its probabilities (O). Allocates nothing.
    ///
    /// # Panics
    /// As [`step`](Self::step), but for any number of rows.
    pub fn evaluate(
        &mut self,
        inputs: &[f32],
        labels: &[u8],
        rows: &[u32],
        mut each: impl FnMut(usize, &[f32]),
    ) -> Evaluation {
        let network = model(&self.network, self.averaging.as_ref());
        let (width, outputs) = (network.architecture().inputs(), network.architecture().outputs());
        let (mut sum, mut correct, mut at) = (0.0, 0, 0);
        for chunk in rows.chunks(self.evaluation.rows()) {
            let x = Rows { data: inputs, width, index: Some(chunk) };
            self.evaluation.forward(network, x, chunk.len(), None);
            let path = self.evaluation.path();
            let (logits, losses) = self.evaluation.logits_and_losses_mut(chunk.len(), outputs);
            let mut chunk_correct = 0;
            path.elementwise(BatchLoss {
                logits,
                outputs,
                labels,
                rows: chunk,
                smoothing: 0.0,
                gradient: false,
                losses,
                correct: &mut chunk_correct,
            });
            correct += chunk_correct;
            for (row, loss) in logits.chunks_exact(outputs).zip(losses) {
                sum += f64::from(*loss);
                each(at, row);
                at += 1;
            }
        }
        Evaluation { loss: sum / rows.len() as f64, correct, rows: rows.len() }
    }

    /// The outputs of every hidden layer of the [`model`](Self::model), without dropout, on rows of the data matrix
    /// `inputs` (N, I). Calls `each` for every hidden layer, from 0, of every chunk of rows in order, with the layer's
    /// outputs (chunk rows, layer outputs). Allocates nothing.
    ///
    /// # Panics
    /// As [`evaluate`](Self::evaluate).
    pub fn activations(&mut self, inputs: &[f32], rows: &[u32], mut each: impl FnMut(usize, &[f32])) {
        let network = model(&self.network, self.averaging.as_ref());
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
    use crate::kernels::KernelPath;
    use crate::model::architecture::Architecture;
    use crate::model::network::Network;
    use crate::optimizer::Sgd;

    #[test]
    fn evaluation_sees_every_row_in_order() {
        let mut network = Network::zeros(Architecture::new(1, &[], &[], 2).unwrap());
        network.parameters_mut().layer_mut(0).0.copy_from_slice(&[1.0, -1.0]);
        let mut trainer = Trainer::new(network, Sgd { learning_rate: 0.1 }, 1, KernelPath::detect());
        let inputs: Vec<f32> = (0..150).map(|i| if i % 3 == 0 { 1.0 } else { -1.0 }).collect();
        let labels: Vec<u8> = (0..150).map(|i| u8::from(i % 3 != 0)).collect();
        let rows: Vec<u32> = (0..150).rev().collect();
        let mut seen = Vec::new();
        let result = trainer.evaluate(&inputs, &labels, &rows, |at, p| seen.push((at, p[0] > 0.5)));
        assert_eq!((result.correct, result.rows), (150, 150));
        assert!((result.loss - 0.126_928).abs() < 1e-6);
        assert!(seen.iter().enumerate().all(|(i, s)| *s == (i, rows[i].is_multiple_of(3))));
    }

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
