//! Optimisers and learning-rate schedules.
//!
//! An optimiser changes the weights by the gradient of the batch's mean loss, biases in the same way as weights. Each
//! file states its formula; the order of the operations in it is part of the result. Plain [`Sgd`] is fused into the
//! gradient product. The others store the gradients of all layers first and then update the whole parameter block in
//! one loop.

mod adamw;
mod schedule;
mod sgd;

use alloc::vec::Vec;

pub use adamw::AdamW;
pub use schedule::{Schedule, StepPosition};
pub use sgd::{Sgd, SgdMomentum};

use crate::kernels::Kernels;
use crate::model::architecture::Architecture;
use crate::model::parameters::Parameters;

/// An optimiser with its constants.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Optimizer {
    /// Gradient descent.
    Sgd(Sgd),
    /// Gradient descent with momentum and weight decay.
    SgdMomentum(SgdMomentum),
    /// Adam with decoupled weight decay.
    AdamW(AdamW),
}

impl From<Sgd> for Optimizer {
    fn from(sgd: Sgd) -> Self {
        Self::Sgd(sgd)
    }
}

impl From<SgdMomentum> for Optimizer {
    fn from(sgd: SgdMomentum) -> Self {
        Self::SgdMomentum(sgd)
    }
}

impl From<AdamW> for Optimizer {
    fn from(adamw: AdamW) -> Self {
        Self::AdamW(adamw)
    }
}

impl Optimizer {
    /// The learning rate of the next step.
    pub fn learning_rate(&self) -> f32 {
        match self {
            Self::Sgd(sgd) => sgd.learning_rate,
            Self::SgdMomentum(sgd) => sgd.learning_rate,
            Self::AdamW(adamw) => adamw.learning_rate,
        }
    }

    /// Sets the learning rate of the next step.
    pub(crate) fn set_learning_rate(&mut self, learning_rate: f32) {
        match self {
            Self::Sgd(sgd) => sgd.learning_rate = learning_rate,
            Self::SgdMomentum(sgd) => sgd.learning_rate = learning_rate,
            Self::AdamW(adamw) => adamw.learning_rate = learning_rate,
        }
    }

    /// Names of the blocks that it keeps from step to step, each as large as the parameters.
    pub(crate) fn block_names(&self) -> &'static [&'static str] {
        match self {
            Self::Sgd(_) => &[],
            Self::SgdMomentum(_) => &["momentum"],
            Self::AdamW(_) => &["first_moment", "second_moment"],
        }
    }
}

/// What an optimiser keeps from step to step.
#[derive(Clone, Debug)]
pub(crate) struct OptimizerState {
    /// Gradient of the current step.
    pub gradient: Parameters,
    /// The blocks that [`Optimizer::block_names`] names.
    pub blocks: Vec<Parameters>,
    /// AdamW: beta1^t and beta2^t after step t.
    pub beta_powers: [f64; 2],
}

impl OptimizerState {
    /// `None` for plain SGD, which keeps nothing; otherwise zeros.
    pub(crate) fn new(optimizer: &Optimizer, architecture: &Architecture) -> Option<Self> {
        if matches!(optimizer, Optimizer::Sgd(_)) {
            return None;
        }
        let zeros = || Parameters::zeros(architecture);
        let blocks = optimizer.block_names().iter().map(|_| zeros()).collect();
        Some(Self { gradient: zeros(), blocks, beta_powers: [1.0; 2] })
    }

    /// Updates the parameters by the stored gradient.
    pub(crate) fn apply(&mut self, optimizer: &Optimizer, parameters: &mut Parameters, kernels: &Kernels) {
        let (w, g) = (parameters.as_mut_slice(), self.gradient.as_slice());
        match (optimizer, self.blocks.as_mut_slice()) {
            (Optimizer::SgdMomentum(sgd), [momentum]) => {
                kernels
                    .elementwise([w, momentum.as_mut_slice()], |range, [w, momentum]| sgd.step(w, &g[range], momentum));
            }
            (Optimizer::AdamW(adamw), [first, second]) => {
                self.beta_powers[0] *= adamw.beta1;
                self.beta_powers[1] *= adamw.beta2;
                let powers = self.beta_powers;
                kernels.elementwise([w, first.as_mut_slice(), second.as_mut_slice()], |range, [w, first, second]| {
                    adamw.step(w, &g[range], first, second, powers)
                });
            }
            // Not reached: plain SGD has no state, and `new` makes as many blocks as the optimiser names.
            _ => {}
        }
    }
}
