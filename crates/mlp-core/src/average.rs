//! Weight averaging: the network to use is an average of the weights that training went through.

use crate::kernels::Elementwise;
use crate::math::fma;
use crate::network::Network;

/// What is averaged. When a trainer's weights enter is said by [`Trainer::average`](crate::train::Trainer::average).
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Average {
    /// Exponential moving average (B. T. Polyak, A. B. Juditsky 1992, in the usual exponential form): the first
    /// weights are taken as they are, then `a += (1 - decay) (w - a)`. Meant to be taken after every step.
    Ema {
        /// Share of the average that stays, 0 to below 1.
        decay: f64,
    },
    /// Stochastic weight averaging (P. Izmailov et al. 2018): the mean of all weights taken, `a += (w - a) / n` for the
    /// n-th. Meant to be taken at the end of each epoch of the last part of a training.
    Swa,
}

/// An average as far as it has come.
#[derive(Clone, Debug)]
pub(crate) struct Averaging {
    pub rule: Average,
    /// The average; meaningless while `taken` is 0.
    pub network: Network,
    /// Weights taken so far.
    pub taken: u64,
}

impl Averaging {
    /// The work of taking the weights `w` in.
    pub fn step<'a>(&'a mut self, w: &'a [f32]) -> impl Elementwise + 'a {
        self.taken += 1;
        let share = match self.rule {
            _ if self.taken == 1 => 1.0,
            Average::Ema { decay } => 1.0 - decay,
            Average::Swa => 1.0 / self.taken as f64,
        };
        Step { share: share as f32, w, a: self.network.parameters_mut().as_mut_slice() }
    }
}

struct Step<'a> {
    share: f32,
    w: &'a [f32],
    a: &'a mut [f32],
}

impl Elementwise for Step<'_> {
    #[inline(always)]
    fn run(self) {
        for (a, w) in self.a.iter_mut().zip(self.w) {
            *a = fma(self.share, *w - *a, *a);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::architecture::Architecture;
    use crate::kernels::KernelPath;

    fn averages(rule: Average, weights: &[f32]) -> f32 {
        let network = Network::zeros(Architecture::new(1, &[], &[], 1).unwrap());
        let mut averaging = Averaging { rule, network, taken: 0 };
        for w in weights {
            let mut block = Network::zeros(averaging.network.architecture().clone());
            block.parameters_mut().layer_mut(0).0[0] = *w;
            KernelPath::detect().elementwise(averaging.step(block.parameters().as_slice()));
        }
        averaging.network.parameters().weight(0)[0]
    }

    #[test]
    fn averages_by_hand() {
        assert_eq!(averages(Average::Swa, &[8.0]), 8.0);
        assert_eq!(averages(Average::Swa, &[8.0, 4.0, 6.0, 2.0]), 5.0);
        // 8, then 8 + (4 - 8) / 4 = 7, then 7 + (3 - 7) / 4 = 6.
        assert_eq!(averages(Average::Ema { decay: 0.75 }, &[8.0, 4.0, 3.0]), 6.0);
    }
}
