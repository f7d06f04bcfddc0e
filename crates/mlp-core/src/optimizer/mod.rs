//! Optimisers: how the gradient of the batch's mean loss changes the weights.
//!
//! All treat weights and biases alike. Each file states its formula; the order of operations in it is part of the
//! result. Plain [`Sgd`] is fused into the gradient product; the others first store the gradient of every layer and
//! then go through the whole parameter block once.

mod adamw;
mod sgd;

use alloc::vec::Vec;

pub use adamw::AdamW;
pub use sgd::{Sgd, SgdMomentum};

use crate::architecture::Architecture;
use crate::kernels::Kernels;
use crate::parameters::Parameters;

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
    /// Factor of each step.
    pub fn learning_rate(&self) -> f32 {
        match self {
            Self::Sgd(sgd) => sgd.learning_rate,
            Self::SgdMomentum(sgd) => sgd.learning_rate,
            Self::AdamW(adamw) => adamw.learning_rate,
        }
    }

    /// Changes the factor, as a [`Schedule`](crate::schedule::Schedule) does before each step.
    pub fn set_learning_rate(&mut self, learning_rate: f32) {
        match self {
            Self::Sgd(sgd) => sgd.learning_rate = learning_rate,
            Self::SgdMomentum(sgd) => sgd.learning_rate = learning_rate,
            Self::AdamW(adamw) => adamw.learning_rate = learning_rate,
        }
    }

    /// Names of the blocks that it keeps from step to step, each of the parameters' size.
    pub(crate) fn kept(&self) -> &'static [&'static str] {
        match self {
            Self::Sgd(_) => &[],
            Self::SgdMomentum(_) => &["momentum"],
            Self::AdamW(_) => &["first_moment", "second_moment"],
        }
    }
}

/// What an optimiser remembers from step to step.
#[derive(Clone, Debug)]
pub(crate) struct State {
    /// Gradient of the step in hand.
    pub gradient: Parameters,
    /// The blocks that [`Optimizer::kept`] names.
    pub blocks: Vec<Parameters>,
    /// AdamW: each beta multiplied with itself once a step.
    pub beta_powers: [f64; 2],
}

impl State {
    /// Nothing for plain SGD, which needs none; otherwise zeros.
    pub fn new(optimizer: &Optimizer, architecture: &Architecture) -> Option<Self> {
        if matches!(optimizer, Optimizer::Sgd(_)) {
            return None;
        }
        let zeros = || Parameters::zeros(architecture);
        let blocks = optimizer.kept().iter().map(|_| zeros()).collect();
        Some(Self { gradient: zeros(), blocks, beta_powers: [1.0; 2] })
    }

    /// Changes the weights by the stored gradient.
    pub fn apply(&mut self, optimizer: &Optimizer, parameters: &mut Parameters, kernels: &Kernels) {
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
            // Plain SGD has no state, and `new` made as many blocks as the optimiser keeps.
            _ => {}
        }
    }
}
