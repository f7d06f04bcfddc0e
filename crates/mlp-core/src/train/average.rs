//! Weight averaging: the final network is an average of the weights of several steps.

use crate::kernels::Elementwise;
use crate::math::fma;
use crate::model::network::Network;

/// How weights are averaged. The caller says which steps' weights are, by `Trainer::average`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Average {
    /// Exponential moving average (after B. T. Polyak, A. B. Juditsky 1992): starts as the first weights, then
    /// `a += (1 - decay) (w - a)`. Usually updated after every step.
    Ema {
        /// Factor of the average in each update, at least 0 and below 1.
        decay: f64,
    },
    /// Stochastic weight averaging (P. Izmailov et al. 2018): the mean of all weights added, `a += (w - a) / n` for the
    /// n-th. Usually updated at the end of each of the last epochs.
    Swa,
}

/// A running average.
#[derive(Clone, Debug)]
pub(crate) struct Averaging {
    pub rule: Average,
    /// The average; meaningless while `count` is 0.
    pub network: Network,
    /// How often weights were added.
    pub count: u64,
}

impl Averaging {
    /// The work of adding the weights `w`.
    pub(super) fn add<'a>(&'a mut self, w: &'a [f32]) -> impl Elementwise + 'a {
        self.count += 1;
        let share = match self.rule {
            _ if self.count == 1 => 1.0,
            Average::Ema { decay } => 1.0 - decay,
            Average::Swa => 1.0 / self.count as f64,
        };
        AverageUpdate { share: share as f32, w, a: self.network.parameters_mut().as_mut_slice() }
    }
}

struct AverageUpdate<'a> {
    share: f32,
    w: &'a [f32],
    a: &'a mut [f32],
}

impl Elementwise for AverageUpdate<'_> {
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
    use crate::kernels::KernelPath;
    use crate::model::architecture::Architecture;

    fn averages(rule: Average, weights: &[f32]) -> f32 {
        let network = Network::zeros(Architecture::new(1, &[], &[], 1).unwrap());
        let mut averaging = Averaging { rule, network, count: 0 };
        for w in weights {
            let mut block = Network::zeros(averaging.network.architecture().clone());
            block.parameters_mut().layer_mut(0).0[0] = *w;
            KernelPath::detect().elementwise(averaging.add(block.parameters().as_slice()));
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
