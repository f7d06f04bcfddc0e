//! Stochastic gradient descent, plain and with momentum.

use crate::kernels::Elementwise;
use crate::math::fma;

/// Stochastic gradient descent: `w -= learning_rate * gradient` of the batch's mean loss.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sgd {
    /// Learning rate.
    pub learning_rate: f32,
}

/// Stochastic gradient descent with momentum (B. T. Polyak 1964) or Nesterov's momentum in the form of I. Sutskever et
/// al. 2013, and with weight decay as a penalty `weight_decay / 2 * |w|^2` on the loss.
///
/// The formula is that of PyTorch's `torch.optim.SGD` with dampening 0. Momentum buffer b starts at 0; for gradient g
/// and weight w:
/// ```text
/// d = g + weight_decay * w
/// b = momentum * b + d
/// w = w - learning_rate * (nesterov ? d + momentum * b : b)
/// ```
/// The learning rate is not part of the buffer, so a schedule that changes it scales the whole next step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SgdMomentum {
    /// Learning rate.
    pub learning_rate: f32,
    /// Factor of the buffer in each step, at least 0 and below 1.
    pub momentum: f32,
    /// Whether to use Nesterov's momentum.
    pub nesterov: bool,
    /// Factor of the penalty; 0 for none.
    pub weight_decay: f32,
}

impl SgdMomentum {
    /// The work of one step over all parameters.
    pub(super) fn step<'a>(self, w: &'a mut [f32], g: &'a [f32], b: &'a mut [f32]) -> impl Elementwise + 'a {
        MomentumStep { sgd: self, w, g, b }
    }
}

struct MomentumStep<'a> {
    sgd: SgdMomentum,
    w: &'a mut [f32],
    g: &'a [f32],
    b: &'a mut [f32],
}

impl Elementwise for MomentumStep<'_> {
    #[inline(always)]
    fn run(self) {
        let SgdMomentum { learning_rate, momentum, nesterov, weight_decay } = self.sgd;
        for ((w, g), b) in self.w.iter_mut().zip(self.g).zip(self.b) {
            let d = fma(weight_decay, *w, *g);
            *b = fma(momentum, *b, d);
            let ahead = if nesterov { fma(momentum, *b, d) } else { *b };
            *w = fma(-learning_rate, ahead, *w);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::KernelPath;

    fn run(sgd: SgdMomentum, gradients: &[f32]) -> f32 {
        let (mut w, mut b) = ([1.0_f32], [0.0_f32]);
        for g in gradients {
            KernelPath::detect().elementwise(sgd.step(&mut w, &[*g], &mut b));
        }
        w[0]
    }

    /// Powers of two, so that every line is exact. Rate 1/4, momentum 1/2, decay 1/8, w = 1, gradients 1 and 2. Plain:
    /// d = 1.125, b = 1.125, w = 0.71875; d = 2.08984375, b = 2.65234375, w = 57/1024. Nesterov: b = 1.125, step
    /// 1.6875, w = 0.578125; d = 2.072265625, b = 2.634765625, step 3.3896484375, w = -0.269287109375.
    #[test]
    fn two_steps_by_hand() {
        let sgd = SgdMomentum { learning_rate: 0.25, momentum: 0.5, nesterov: false, weight_decay: 0.125 };
        assert_eq!(run(sgd, &[1.0, 2.0]), 57.0 / 1024.0);
        assert_eq!(run(SgdMomentum { nesterov: true, ..sgd }, &[1.0, 2.0]), -0.269_287_1);
    }

    #[test]
    fn a_rate_of_zero_moves_nothing_but_fills_the_buffer() {
        let still = SgdMomentum { learning_rate: 0.0, momentum: 0.5, nesterov: false, weight_decay: 0.0 };
        let (mut w, mut b) = ([1.0_f32], [0.0_f32]);
        KernelPath::Portable.elementwise(still.step(&mut w, &[4.0], &mut b));
        assert_eq!((w, b), ([1.0], [4.0]));
    }
}
