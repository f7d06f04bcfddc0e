//! What a checkpoint saves of a trainer, so that training continues to the bit.

use alloc::vec::Vec;

use super::trainer::Trainer;
use crate::model::dropout::Dropout;
use crate::model::parameters::Parameters;
use crate::random::StreamPosition;

/// The numbers of a [`Trainer`] that change from step to step, besides its [`blocks`](Trainer::blocks). A second
/// trainer that is made in the same way and given the same state and blocks continues with the same bits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TrainerState {
    /// AdamW's beta1^t and beta2^t after step t; 1 under other optimisers.
    pub beta_powers: [f64; 2],
    /// How often weights were added to the average.
    pub averaged: u64,
    /// Position of the stream of dropout, if there is dropout.
    pub dropout: Option<StreamPosition>,
}

impl Trainer {
    /// The numbers that change from step to step.
    pub fn state(&self) -> TrainerState {
        TrainerState {
            beta_powers: self.optimizer_state.as_ref().map_or([1.0; 2], |state| state.beta_powers),
            averaged: self.averaging.as_ref().map_or(0, |averaging| averaging.count),
            dropout: self.dropout.as_ref().map(Dropout::position),
        }
    }

    /// The blocks of f32 that change from step to step, with their names: the parameters, the optimiser's blocks, the
    /// average. Which there are, and their order, depends only on how the trainer was made.
    pub fn blocks(&self) -> Vec<(&'static str, &[f32])> {
        let mut blocks = alloc::vec![("parameters", self.network.parameters().as_slice())];
        if let Some(state) = &self.optimizer_state {
            let kept = state.blocks.iter().map(Parameters::as_slice);
            blocks.extend(self.optimizer.block_names().iter().copied().zip(kept));
        }
        if let Some(averaging) = &self.averaging {
            blocks.push(("average", averaging.network.parameters().as_slice()));
        }
        blocks
    }

    /// The same blocks, for a caller that restores them.
    pub fn blocks_mut(&mut self) -> Vec<(&'static str, &mut [f32])> {
        let mut blocks = alloc::vec![("parameters", self.network.parameters_mut().as_mut_slice())];
        if let Some(state) = &mut self.optimizer_state {
            let kept = state.blocks.iter_mut().map(Parameters::as_mut_slice);
            blocks.extend(self.optimizer.block_names().iter().copied().zip(kept));
        }
        if let Some(averaging) = &mut self.averaging {
            blocks.push(("average", averaging.network.parameters_mut().as_mut_slice()));
        }
        blocks
    }

    /// Continues from a state. The caller restores the blocks too, by [`blocks_mut`](Self::blocks_mut).
    pub fn restore(&mut self, state: TrainerState) {
        if let Some(optimizer) = &mut self.optimizer_state {
            optimizer.beta_powers = state.beta_powers;
        }
        if let Some(averaging) = &mut self.averaging {
            averaging.count = state.averaged;
        }
        if let (Some(dropout), Some(position)) = (&mut self.dropout, state.dropout) {
            dropout.restore(position);
        }
    }
}
