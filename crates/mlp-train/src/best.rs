//! The best epoch so far, as rows see it that neither train nor test.

use mlp_core::network::Network;
use mlp_core::train::Evaluation;

/// Keeps the network of the best epoch.
#[derive(Clone, Debug, Default)]
pub struct BestEpoch {
    best: Option<Chosen>,
}

/// The network of an epoch, with what the validation rows said of it.
#[derive(Clone, Debug)]
pub struct Chosen {
    /// From 1.
    pub epoch: u32,
    pub validation: Evaluation,
    pub network: Network,
}

impl BestEpoch {
    /// Takes in an epoch. The best has the most rows right, among equals the smallest loss, among equals it came first.
    pub fn note(&mut self, epoch: u32, validation: Evaluation, network: &Network) {
        let better = match &self.best {
            None => true,
            Some(best) => match validation.correct.cmp(&best.validation.correct) {
                std::cmp::Ordering::Equal => validation.loss < best.validation.loss,
                order => order.is_gt(),
            },
        };
        if better {
            self.best = Some(Chosen { epoch, validation, network: network.clone() });
        }
    }

    /// Whether `patience` epochs have gone by since the best one.
    pub fn is_exhausted(&self, epoch: u32, patience: u32) -> bool {
        self.best.as_ref().is_some_and(|best| epoch - best.epoch >= patience)
    }

    /// The best epoch so far.
    pub fn chosen(&self) -> Option<&Chosen> {
        self.best.as_ref()
    }

    /// The best epoch; none when no epoch was taken in.
    pub fn into_chosen(self) -> Option<Chosen> {
        self.best
    }
}

impl From<Chosen> for BestEpoch {
    /// Goes on from there.
    fn from(best: Chosen) -> Self {
        Self { best: Some(best) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mlp_core::architecture::Architecture;

    #[test]
    fn the_best_has_most_rows_right_then_the_smallest_loss_then_came_first() {
        let mut best = BestEpoch::default();
        assert!(!best.is_exhausted(5, 1));
        let mut network = Network::zeros(Architecture::new(1, &[], &[], 2).unwrap());
        let epochs = [(7, 0.5), (8, 0.9), (8, 0.8), (8, 0.8), (7, 0.1)];
        for (epoch, (correct, loss)) in (1..).zip(epochs) {
            network.parameters_mut().layer_mut(0).1[0] = epoch as f32;
            best.note(epoch, Evaluation { loss, correct, rows: 10 }, &network);
        }
        assert!(best.is_exhausted(5, 2) && !best.is_exhausted(5, 3));
        let chosen = best.into_chosen().unwrap();
        assert_eq!((chosen.epoch, chosen.network.parameters().bias(0)[0]), (3, 3.0));
        assert!(BestEpoch::default().into_chosen().is_none());
    }
}
