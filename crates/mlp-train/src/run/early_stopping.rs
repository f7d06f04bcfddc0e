//! Early stopping: the network of the best epoch is kept, as validation rows measure it.

use mlp_core::network::Network;
use mlp_core::train::Evaluation;

/// Keeps the network of the best epoch, and knows when there has been no better one for long enough.
#[derive(Clone, Debug, Default)]
pub(crate) struct EarlyStopping {
    best: Option<BestEpoch>,
}

/// The network of an epoch, with its loss and accuracy on the validation rows.
#[derive(Clone, Debug)]
pub(crate) struct BestEpoch {
    /// From 1.
    pub(crate) epoch: u32,
    pub(crate) validation: Evaluation,
    pub(crate) network: Network,
}

impl EarlyStopping {
    /// Takes in an epoch. The best epoch has the most rows right, among equals the smallest loss, among equals it came
    /// first.
    pub(crate) fn note(&mut self, epoch: u32, validation: Evaluation, network: &Network) {
        let is_better = match &self.best {
            None => true,
            Some(best) => match validation.correct.cmp(&best.validation.correct) {
                std::cmp::Ordering::Equal => validation.loss < best.validation.loss,
                order => order.is_gt(),
            },
        };
        if is_better {
            self.best = Some(BestEpoch { epoch, validation, network: network.clone() });
        }
    }

    /// Whether `patience` epochs have gone by since the best one.
    pub(crate) fn is_exhausted(&self, epoch: u32, patience: u32) -> bool {
        self.best.as_ref().is_some_and(|best| epoch - best.epoch >= patience)
    }

    /// The best epoch so far.
    pub(crate) fn best(&self) -> Option<&BestEpoch> {
        self.best.as_ref()
    }

    /// The best epoch; `None` when no epoch was taken in.
    pub(crate) fn into_best(self) -> Option<BestEpoch> {
        self.best
    }
}

impl From<BestEpoch> for EarlyStopping {
    /// Continues from there.
    fn from(best: BestEpoch) -> Self {
        Self { best: Some(best) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mlp_core::architecture::Architecture;

    #[test]
    fn the_best_epoch_has_most_rows_right_then_the_smallest_loss_then_came_first() {
        let mut stopping = EarlyStopping::default();
        assert!(!stopping.is_exhausted(5, 1));
        let mut network = Network::zeros(Architecture::new(1, &[], &[], 2).unwrap());
        let epochs = [(7, 0.5), (8, 0.9), (8, 0.8), (8, 0.8), (7, 0.1)];
        for (epoch, (correct, loss)) in (1..).zip(epochs) {
            network.parameters_mut().layer_mut(0).1[0] = epoch as f32;
            stopping.note(epoch, Evaluation { loss, correct, rows: 10 }, &network);
        }
        assert!(stopping.is_exhausted(5, 2) && !stopping.is_exhausted(5, 3));
        let best = stopping.into_best().unwrap();
        assert_eq!((best.epoch, best.network.parameters().bias(0)[0]), (3, 3.0));
        assert!(EarlyStopping::default().into_best().is_none());
    }
}
