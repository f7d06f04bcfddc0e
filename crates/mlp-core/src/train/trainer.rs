//! One step of gradient descent at a time.

#[cfg(feature = "std")]
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::average::{Average, Averaging};
use crate::batch_loss::BatchLoss;
#[cfg(feature = "std")]
use crate::kernels::Team;
use crate::kernels::{Activated, KernelPath, Rows};
use crate::model::buffer::Buffer;
use crate::model::dropout::Dropout;
use crate::model::network::{CHUNK_ROWS, Network, Workspace};
use crate::optimizer::{Optimizer, OptimizerState};
use crate::random::Stream;

/// Loss and accuracy of a batch, before the step that they belong to changed the weights.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StepResult {
    /// Mean loss over the batch.
    pub loss: f32,
    /// Rows that were predicted right: the largest logit is that of the label.
    pub correct: usize,
}

/// Trains one network. All memory is allocated when the trainer is made.
///
/// Shapes in the methods: N rows of the data, I inputs, O outputs (classes).
#[derive(Clone, Debug)]
pub struct Trainer {
    pub(super) network: Network,
    pub(super) optimizer: Optimizer,
    /// `None` under plain SGD.
    pub(super) optimizer_state: Option<OptimizerState>,
    pub(super) dropout: Option<Dropout>,
    label_smoothing: f32,
    pub(super) averaging: Option<Averaging>,
    pub(super) step: Workspace,
    pub(super) evaluation: Workspace,
    /// Gradient with respect to each layer's sums before the activation (rows, outputs).
    gradients: Vec<Buffer>,
}

impl Trainer {
    /// A trainer for batches of at most `batch_rows` rows, without dropout, label smoothing or averaging.
    pub fn new(network: Network, optimizer: impl Into<Optimizer>, batch_rows: usize, path: KernelPath) -> Self {
        let optimizer = optimizer.into();
        let shape = network.architecture();
        let optimizer_state = OptimizerState::new(&optimizer, shape);
        let step = Workspace::new(shape, batch_rows, path);
        let evaluation = Workspace::new(shape, CHUNK_ROWS, path);
        let gradients = (0..shape.depth()).map(|i| Buffer::zeros(step.rows() * shape.layer(i).outputs)).collect();
        Self {
            network,
            optimizer,
            optimizer_state,
            dropout: None,
            label_smoothing: 0.0,
            averaging: None,
            step,
            evaluation,
            gradients,
        }
    }

    /// Dropout in the hidden layers (N. Srivastava et al. 2014), with one rate in 0..1 for each. The stream is usually
    /// one for [`Purpose::Dropout`](crate::random::Purpose::Dropout).
    ///
    /// # Panics
    /// When there is not one rate for each hidden layer, or one is not in 0..1.
    #[must_use]
    pub fn with_dropout(mut self, rates: &[f64], stream: Stream) -> Self {
        self.dropout = Some(Dropout::new(self.network.architecture(), rates, self.step.rows(), stream));
        self
    }

    /// Label smoothing (C. Szegedy et al. 2016): the target is `1 - smoothing` for the label, and `smoothing` spread
    /// evenly over all classes. [`step`](Self::step) then returns the loss against that target, `evaluate` the plain
    /// loss.
    ///
    /// # Panics
    /// When `smoothing` is not in 0..1.
    #[must_use]
    pub fn with_label_smoothing(mut self, smoothing: f64) -> Self {
        assert!((0.0..1.0).contains(&smoothing), "label smoothing is in 0..1");
        self.label_smoothing = smoothing as f32;
        self
    }

    /// Keeps an average of the weights; [`average`](Self::average) adds to it.
    #[must_use]
    pub fn with_average(mut self, rule: Average) -> Self {
        let network = Network::zeros(self.network.architecture().clone());
        self.averaging = Some(Averaging { rule, network, count: 0 });
        self
    }

    /// Shares large enough work with a team of threads; `None` for one thread. The results are the same bits.
    #[cfg(feature = "std")]
    pub fn set_team(&mut self, team: Option<Arc<Team>>) {
        self.step.set_team(team.clone());
        self.evaluation.set_team(team);
    }

    /// The network that the steps update.
    pub fn network(&self) -> &Network {
        &self.network
    }

    /// The network to use: the average, if weights were added to one, otherwise [`network`](Self::network).
    pub fn model(&self) -> &Network {
        model(&self.network, self.averaging.as_ref())
    }

    /// The [`model`](Self::model), without a copy.
    pub fn into_network(self) -> Network {
        self.averaging.filter(|averaging| averaging.count > 0).map_or(self.network, |averaging| averaging.network)
    }

    /// Sets the learning rate of the next steps, usually to that of a [`Schedule`](crate::optimizer::Schedule).
    pub fn set_learning_rate(&mut self, learning_rate: f32) {
        self.optimizer.set_learning_rate(learning_rate);
    }

    /// Adds the current weights to the average, if there is one. Call it after each step for [`Average::Ema`], and
    /// after each of the last epochs for [`Average::Swa`].
    pub fn average(&mut self) {
        if let Some(averaging) = &mut self.averaging {
            self.step.path().elementwise(averaging.add(self.network.parameters().as_slice()));
        }
    }

    /// One step on a batch: forward, loss, backward, update.
    ///
    /// `inputs` is the data matrix (N, I), `labels` the class of each of its rows, and `rows` the batch: indices into
    /// both. The loss is the mean over the rows of this batch, however many it has. Copies and allocates nothing.
    ///
    /// # Panics
    /// When the batch is empty or larger than the trainer was made for, an index is not below N, or a label is not
    /// below O.
    pub fn step(&mut self, inputs: &[f32], labels: &[u8], rows: &[u32]) -> StepResult {
        assert!((1..=self.step.rows()).contains(&rows.len()), "a batch has 1 to {} rows", self.step.rows());
        let x = Rows { data: inputs, width: self.network.architecture().inputs(), index: Some(rows) };
        self.step.forward(&self.network, x, rows.len(), self.dropout.as_mut());
        let result = self.loss_and_gradient(labels, rows);
        self.backward(x, rows.len());
        result
    }

    /// Loss of the batch, and the gradient with respect to the logits.
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

    /// Backward pass and update, from the last layer to the first. A layer's input gradient is computed from its
    /// weights before their update. Plain SGD updates layer by layer, other optimisers once all gradients are known.
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
                    let mut masked = values;
                    if let Some(dropout) = &self.dropout {
                        dropout.scale_gradient(i - 1, dx);
                        masked = dropout.values(i - 1, input_floats).unwrap_or(values);
                    }
                    Rows { data: masked, width: shape.inputs, index: None }
                }
                _ => x,
            };
            if let Some(state) = &mut self.optimizer_state {
                let (weight, bias) = state.gradient.layer_mut(i);
                kernels.gradient(x, g, weight, bias);
            } else {
                let (weight, bias) = self.network.parameters_mut().layer_mut(i);
                kernels.update(x, g, learning_rate, weight, bias);
            }
        }
        if let Some(state) = &mut self.optimizer_state {
            state.apply(&self.optimizer, self.network.parameters_mut(), kernels);
        }
    }
}

/// The average if weights were added to it, otherwise the network. A function of the two fields, so that callers can
/// borrow the others mutably.
pub(super) fn model<'a>(network: &'a Network, averaging: Option<&'a Averaging>) -> &'a Network {
    averaging.filter(|averaging| averaging.count > 0).map_or(network, |averaging| &averaging.network)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::activation::Activation;
    use crate::model::architecture::Architecture;
    use crate::optimizer::Sgd;

    /// One input, one hidden unit, two classes, by hand:
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
}
