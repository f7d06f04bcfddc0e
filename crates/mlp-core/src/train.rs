//! Training: one step of gradient descent at a time, and measuring a network on rows with labels.

#[cfg(feature = "std")]
use alloc::sync::Arc;
use alloc::vec::Vec;

mod activations;
mod health;
mod progress;

use crate::average::{Average, Averaging};
use crate::batch_loss::BatchLoss;
use crate::dropout::Dropout;
#[cfg(feature = "std")]
use crate::kernels::Team;
use crate::kernels::{Activated, KernelPath, Rows};
use crate::network::{Buffer, CHUNK_ROWS, Network, Workspace};
use crate::optimizer::{Optimizer, State};
use crate::random::Stream;

pub use crate::optimizer::Sgd;
pub use progress::Progress;

/// What a step saw before it changed the weights.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StepResult {
    /// Mean loss over the batch.
    pub loss: f32,
    /// Rows whose largest logit is that of their class.
    pub correct: usize,
}

/// How a network does on some rows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Evaluation {
    /// Mean loss; the sum is kept in f64. NaN for no rows.
    pub loss: f64,
    /// Rows whose largest logit is that of their class.
    pub correct: usize,
    /// Rows looked at.
    pub rows: usize,
}

impl Evaluation {
    /// `correct / rows`. NaN for no rows.
    pub fn accuracy(&self) -> f64 {
        self.correct as f64 / self.rows as f64
    }
}

/// Trains one network. Everything it needs is allocated when it is made.
#[derive(Clone, Debug)]
pub struct Trainer {
    network: Network,
    optimizer: Optimizer,
    /// What the optimiser remembers; nothing under plain SGD.
    state: Option<State>,
    dropout: Option<Dropout>,
    label_smoothing: f32,
    averaging: Option<Averaging>,
    step: Workspace,
    evaluation: Workspace,
    /// Gradient with respect to each layer's sums (rows, outputs).
    gradients: Vec<Buffer>,
}

impl Trainer {
    /// A trainer for batches of at most `batch_rows` rows.
    pub fn new(network: Network, optimizer: impl Into<Optimizer>, batch_rows: usize, path: KernelPath) -> Self {
        let optimizer = optimizer.into();
        let shape = network.architecture();
        let state = State::new(&optimizer, shape);
        let step = Workspace::new(shape, batch_rows, path);
        let evaluation = Workspace::new(shape, CHUNK_ROWS, path);
        let gradients = (0..shape.depth()).map(|i| Buffer::zeros(step.rows() * shape.layer(i).outputs)).collect();
        Self {
            network,
            optimizer,
            state,
            dropout: None,
            label_smoothing: 0.0,
            averaging: None,
            step,
            evaluation,
            gradients,
        }
    }

    /// Leaves out units of the hidden layers in training, with one rate in 0..1 for each hidden layer. The stream is
    /// one for [`Purpose::Dropout`](crate::random::Purpose::Dropout).
    ///
    /// # Panics
    /// When there is not one rate for each hidden layer, or one is not in 0..1.
    #[must_use]
    pub fn with_dropout(mut self, rates: &[f64], stream: Stream) -> Self {
        self.dropout = Some(Dropout::new(self.network.architecture(), rates, self.step.rows(), stream));
        self
    }

    /// Trains towards smoothed targets; see [`crate::loss::smoothed_cross_entropy`]. Steps then tell that loss, evaluations
    /// the plain one.
    ///
    /// # Panics
    /// When the smoothing is not in 0..1.
    #[must_use]
    pub fn with_label_smoothing(mut self, smoothing: f64) -> Self {
        assert!((0.0..1.0).contains(&smoothing), "label smoothing lies in 0..1");
        self.label_smoothing = smoothing as f32;
        self
    }

    /// Keeps an average of the weights that [`average`](Self::average) takes in.
    #[must_use]
    pub fn with_average(mut self, rule: Average) -> Self {
        let network = Network::zeros(self.network.architecture().clone());
        self.averaging = Some(Averaging { rule, network, taken: 0 });
        self
    }

    /// Shares the work of steps and evaluations with a team of threads, where there is enough of it, or no longer. Bits
    /// do not depend on it.
    #[cfg(feature = "std")]
    pub fn set_team(&mut self, team: Option<Arc<Team>>) {
        self.step.set_team(team.clone());
        self.evaluation.set_team(team);
    }

    /// The network that the steps change.
    pub fn network(&self) -> &Network {
        &self.network
    }

    /// The network to use: the average, once weights were taken into one, otherwise [`network`](Self::network).
    pub fn model(&self) -> &Network {
        model(&self.network, self.averaging.as_ref())
    }

    /// Ends the training with the [`model`](Self::model).
    pub fn into_network(self) -> Network {
        self.averaging.filter(|averaging| averaging.taken > 0).map_or(self.network, |averaging| averaging.network)
    }

    /// The optimiser.
    pub fn optimizer(&self) -> &Optimizer {
        &self.optimizer
    }

    /// Changes the learning rate, as a [`Schedule`](crate::schedule::Schedule) does before each step.
    pub fn set_learning_rate(&mut self, learning_rate: f32) {
        self.optimizer.set_learning_rate(learning_rate);
    }

    /// Takes the present weights into the average, if one is kept: after each step for
    /// [`Average::Ema`], after each of the last epochs for [`Average::Swa`].
    pub fn average(&mut self) {
        if let Some(averaging) = &mut self.averaging {
            self.step.path().elementwise(averaging.step(self.network.parameters().as_slice()));
        }
    }

    /// One step on a batch: forward, loss, backward, update. Loss and accuracy are those before the update. A batch
    /// shorter than others is averaged over its true rows.
    ///
    /// `inputs` is the whole data matrix (N, I), `labels` the class of each of its rows, `rows` the batch: indices
    /// into both. Nothing is copied and nothing allocated.
    ///
    /// # Panics
    /// When the batch is empty or longer than the trainer was made for, an index is not below N, or a label not below
    /// the number of classes.
    pub fn step(&mut self, inputs: &[f32], labels: &[u8], rows: &[u32]) -> StepResult {
        assert!((1..=self.step.rows()).contains(&rows.len()), "a batch has 1 to {} rows", self.step.rows());
        let x = Rows { data: inputs, width: self.network.architecture().inputs(), index: Some(rows) };
        self.step.forward(&self.network, x, rows.len(), self.dropout.as_mut());
        let result = self.loss_and_gradient(labels, rows);
        self.backward(x, rows.len());
        result
    }

    /// Turns the logits into the gradient of the last layer's sums.
    fn loss_and_gradient(&mut self, labels: &[u8], rows: &[u32]) -> StepResult {
        let (path, outputs) = (self.step.path(), self.network.architecture().outputs());
        let last = self.gradients.len() - 1;
        let gradient = self.gradients[last].get_mut(rows.len() * outputs);
        let (logits, losses) = self.step.logits_and_losses_mut(rows.len(), outputs);
        gradient.copy_from_slice(logits);
        let mut correct = 0;
        path.elementwise(BatchLoss {
            logits: gradient,
            outputs,
            labels,
            rows,
            smoothing: self.label_smoothing,
            gradient: true,
            losses,
            correct: &mut correct,
        });
        let mut sum = 0.0;
        for loss in losses {
            sum += *loss;
        }
        StepResult { loss: sum / rows.len() as f32, correct }
    }

    /// From the last layer to the first: the gradient that goes on is computed from the weights before their update.
    /// Plain SGD updates layer by layer; other optimisers once all gradients are known.
    fn backward(&mut self, x: Rows<'_>, rows: usize) {
        let kernels = self.step.kernels();
        let learning_rate = self.optimizer.learning_rate();
        let depth = self.gradients.len();
        for i in (0..depth).rev() {
            let shape = self.network.architecture().layer(i);
            let below = i.checked_sub(1).map(|j| self.network.architecture().activation(j));
            let (before, this) = self.gradients.split_at_mut(i);
            let g = this[0].get(rows * shape.outputs);
            let input_floats = rows * shape.inputs;
            let x = match (before.last_mut(), below) {
                (Some(dx), Some(activation)) => {
                    let values = self.step.values(i - 1, input_floats);
                    let sums = if activation.needs_sum() { self.step.sums(i - 1, input_floats) } else { &[] };
                    let dx = dx.get_mut(input_floats);
                    let weight = self.network.parameters().weight(i);
                    kernels.backward(g, weight, shape.outputs, Activated { activation, values, sums }, dx);
                    let mut kept = values;
                    if let Some(dropout) = &self.dropout {
                        dropout.scale_gradient(i - 1, dx);
                        kept = dropout.values(i - 1, input_floats).unwrap_or(values);
                    }
                    Rows { data: kept, width: shape.inputs, index: None }
                }
                _ => x,
            };
            if let Some(state) = &mut self.state {
                let (weight, bias) = state.gradient.layer_mut(i);
                kernels.gradient(x, g, weight, bias);
            } else {
                let (weight, bias) = self.network.parameters_mut().layer_mut(i);
                kernels.update(x, g, learning_rate, weight, bias);
            }
        }
        if let Some(state) = &mut self.state {
            state.apply(&self.optimizer, self.network.parameters_mut(), kernels);
        }
    }

    /// Measures the [`model`](Self::model) on rows of a data matrix (N, I); `each` is told the place in `rows` and the probabilities
    /// (O) of every row. Allocates nothing.
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
}

/// The average once there is one, otherwise the network.
fn model<'a>(network: &'a Network, averaging: Option<&'a Averaging>) -> &'a Network {
    averaging.filter(|averaging| averaging.taken > 0).map_or(network, |averaging| &averaging.network)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::activation::Activation;
    use crate::architecture::Architecture;

    /// One input, one hidden unit, two classes; everything below is worked out on paper.
    ///
    /// x = 2, w0 = 0.5, b0 = 0: z = 1, h = relu(1) = 1. w1 = (1, -1), b1 = 0: logits (1, -1).
    /// p0 = e / (e + 1/e) = 1 / (1 + e^-2) = 0.880797; class 1, so loss = -ln 0.119203 = 2.126928.
    /// g1 = (0.880797, -0.880797). dh = 0.880797 * 1 + (-0.880797) * (-1) = 1.761594, times relu' = 1.
    /// With lr 0.1: w1 = (1 - 0.0880797, -1 + 0.0880797), b1 = (-0.0880797, 0.0880797),
    /// w0 = 0.5 - 0.1 * 2 * 1.761594 = 0.147681, b0 = -0.1761594.
    #[test]
    fn one_step_by_hand() {
        let mut network = Network::zeros(Architecture::new(1, &[1], &[Activation::Relu], 2).unwrap());
        network.parameters_mut().layer_mut(0).0[0] = 0.5;
        network.parameters_mut().layer_mut(1).0.copy_from_slice(&[1.0, -1.0]);
        let mut trainer = Trainer::new(network, Sgd { learning_rate: 0.1 }, 4, KernelPath::Portable);
        let result = trainer.step(&[2.0], &[1], &[0]);
        let near = |a: f32, b: f32| assert!((a - b).abs() < 1e-6, "{a} {b}");
        near(result.loss, 2.126_928);
        assert_eq!(result.correct, 0);
        let p = trainer.network().parameters();
        near(p.weight(0)[0], 0.147_681);
        near(p.bias(0)[0], -0.176_159_4);
        near(p.weight(1)[0], 0.911_920_3);
        near(p.weight(1)[1], -0.911_920_3);
        near(p.bias(1)[0], -0.088_079_7);
    }

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
}
