//! What has to be kept of a trainer to go on with it later, to the bit.

use alloc::vec::Vec;

use super::Trainer;
use crate::dropout::Dropout;
use crate::parameters::Parameters;
use crate::random::StreamPosition;

/// The numbers of a [`Trainer`] that change from step to step, besides its [`blocks`](Trainer::blocks). A trainer made
/// in the same way, given the same numbers and blocks, goes on as this one would have.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Progress {
    /// Products of AdamW's betas, one factor a step; 1 under other optimisers.
    pub beta_powers: [f64; 2],
    /// Weights taken into the average.
    pub averaged: u64,
    /// Where the stream of dropout stands.
    pub dropout: Option<StreamPosition>,
}

impl Trainer {
    /// The numbers that change from step to step.
    pub fn progress(&self) -> Progress {
        Progress {
            beta_powers: self.state.as_ref().map_or([1.0; 2], |state| state.beta_powers),
            averaged: self.averaging.as_ref().map_or(0, |averaging| averaging.taken),
            dropout: self.dropout.as_ref().map(Dropout::position),
        }
    }

    /// Every block of f32 that changes from step to step, with its name, in an order that only depends on how the
    /// trainer was made: the weights, what the optimiser keeps, the average.
    pub fn blocks(&self) -> Vec<(&'static str, &[f32])> {
        let mut blocks = alloc::vec![("parameters", self.network.parameters().as_slice())];
        if let Some(state) = &self.state {
            let kept = state.blocks.iter().map(Parameters::as_slice);
            blocks.extend(self.optimizer.kept().iter().copied().zip(kept));
        }
        if let Some(averaging) = &self.averaging {
            blocks.push(("average", averaging.network.parameters().as_slice()));
        }
        blocks
    }

    /// The same blocks, to be filled.
    pub fn blocks_mut(&mut self) -> Vec<(&'static str, &mut [f32])> {
        let mut blocks = alloc::vec![("parameters", self.network.parameters_mut().as_mut_slice())];
        if let Some(state) = &mut self.state {
            let kept = state.blocks.iter_mut().map(Parameters::as_mut_slice);
            blocks.extend(self.optimizer.kept().iter().copied().zip(kept));
        }
        if let Some(averaging) = &mut self.averaging {
            blocks.push(("average", averaging.network.parameters_mut().as_mut_slice()));
        }
        blocks
    }

    /// Goes on from there; the blocks are filled by [`blocks_mut`](Self::blocks_mut).
    pub fn go_to(&mut self, progress: Progress) {
        if let Some(state) = &mut self.state {
            state.beta_powers = progress.beta_powers;
        }
        if let Some(averaging) = &mut self.averaging {
            averaging.taken = progress.averaged;
        }
        if let (Some(dropout), Some(position)) = (&mut self.dropout, progress.dropout) {
            dropout.go_to(position);
        }
    }
}
