//! Adam with decoupled weight decay.

use crate::kernels::Elementwise;
use crate::math::{fma, sqrt};

/// Adam (D. P. Kingma, J. Ba 2015) with decoupled weight decay (I. Loshchilov, F. Hutter 2019).
///
/// The formula is that of PyTorch's `torch.optim.AdamW`. Moments m and v start at 0; in step t = 1, 2, .. for gradient
/// g and weight w:
/// ```text
/// w = w - learning_rate * weight_decay * w
/// m = m + (1 - beta1) * (g - m)
/// v = beta2 * v + (1 - beta2) * g^2
/// w = w - learning_rate / (1 - beta1^t) * m / (sqrt(v) / sqrt(1 - beta2^t) + epsilon)
/// ```
/// Factors that are the same for all weights are computed in f64 and rounded once, because `1 - beta2` would lose
/// digits in f32. The powers of the betas are repeated products, one multiplication a step, so they are the same on
/// every machine.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AdamW {
    /// Learning rate.
    pub learning_rate: f32,
    /// Decay of the first moment, at least 0 and below 1.
    pub beta1: f64,
    /// Decay of the second moment, at least 0 and below 1.
    pub beta2: f64,
    /// Added to the divisor, above 0.
    pub epsilon: f32,
    /// Weight decay, multiplied by the learning rate; 0 for none.
    pub weight_decay: f64,
}

impl Default for AdamW {
    /// The paper's constants (learning rate 0.001, betas 0.9 and 0.999, epsilon 1e-8) and PyTorch's weight decay of
    /// 0.01.
    fn default() -> Self {
        Self { learning_rate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weight_decay: 0.01 }
    }
}

impl AdamW {
    /// The work of one step over all parameters; `powers` are beta1^t and beta2^t.
    pub(super) fn step<'a>(
        self,
        w: &'a mut [f32],
        g: &'a [f32],
        m: &'a mut [f32],
        v: &'a mut [f32],
        powers: [f64; 2],
    ) -> impl Elementwise + 'a {
        let rate = f64::from(self.learning_rate);
        AdamWStep {
            keep: (1.0 - rate * self.weight_decay) as f32,
            first: (1.0 - self.beta1) as f32,
            beta2: self.beta2 as f32,
            second: (1.0 - self.beta2) as f32,
            size: (rate / (1.0 - powers[0])) as f32,
            root: (1.0 / libm::sqrt(1.0 - powers[1])) as f32,
            epsilon: self.epsilon,
            w,
            g,
            m,
            v,
        }
    }
}

struct AdamWStep<'a> {
    /// 1 - learning_rate * weight_decay
    keep: f32,
    /// 1 - beta1
    first: f32,
    beta2: f32,
    /// 1 - beta2
    second: f32,
    /// learning_rate / (1 - beta1^t)
    size: f32,
    /// 1 / sqrt(1 - beta2^t)
    root: f32,
    epsilon: f32,
    w: &'a mut [f32],
    g: &'a [f32],
    m: &'a mut [f32],
    v: &'a mut [f32],
}

impl Elementwise for AdamWStep<'_> {
    #[inline(always)]
    fn run(self) {
        for (((w, g), m), v) in self.w.iter_mut().zip(self.g).zip(self.m).zip(self.v) {
            *m = fma(self.first, *g - *m, *m);
            *v = fma(self.second * *g, *g, self.beta2 * *v);
            let step = *m / fma(sqrt(*v), self.root, self.epsilon);
            *w = fma(-self.size, step, self.keep * *w);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::KernelPath;

    /// In the first step m / (1 - beta1) = g and v / (1 - beta2) = g^2, so a weight moves by the learning rate against
    /// the sign of its gradient, whatever its size; and a padding element, which is 0 with gradient 0, stays.
    #[test]
    fn the_first_step_has_the_size_of_the_learning_rate() {
        let adamw = AdamW { learning_rate: 0.5, weight_decay: 0.1, ..AdamW::default() };
        let (mut w, mut m, mut v) = ([2.0_f32, 2.0, 0.0], [0.0; 3], [0.0; 3]);
        let g = [1e-3, -400.0, 0.0];
        KernelPath::detect().elementwise(adamw.step(&mut w, &g, &mut m, &mut v, [adamw.beta1, adamw.beta2]));
        for (w, expected) in w.into_iter().zip([2.0 * 0.95 - 0.5, 2.0 * 0.95 + 0.5, 0.0]) {
            assert!((w - expected).abs() < 1e-5, "{w} {expected}");
        }
        assert_eq!((w[2], m[2], v[2]), (0.0, 0.0, 0.0));
    }
}
