//! Activation functions and their derivatives.

use core::fmt;
use core::str::FromStr;

use crate::math::{erf, exp, exp_m1, fma, sigmoid, tanh};

/// Slope of the leaky ReLU below 0.
pub const LEAKY_SLOPE: f32 = 0.01;
/// The scale of SELU (Klambauer et al. 2017, "Self-normalizing neural networks", section 2).
pub const SELU_SCALE: f32 = 1.050_701;
/// The alpha of SELU, from the same place.
pub const SELU_ALPHA: f32 = 1.673_263_2;

/// The function that a hidden layer applies to each of its sums `z`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Activation {
    /// `z`
    Identity,
    /// `1 / (1 + e^-z)`
    Sigmoid,
    /// `tanh z`
    Tanh,
    /// `max(z, 0)`; NaN stays NaN, and the result is never -0
    Relu,
    /// `z` above 0, `0.01 z` below (A. L. Maas, A. Y. Hannun, A. Y. Ng 2013)
    LeakyRelu,
    /// `1.0507 z` above 0, `1.0507 * 1.6733 (e^z - 1)` below (G. Klambauer et al. 2017)
    Selu,
    /// `z Phi(z)`, with the standard normal distribution function Phi computed by `erf`, not approximated by `tanh`
    /// (D. Hendrycks, K. Gimpel 2016)
    Gelu,
}

impl Activation {
    /// All activations.
    pub const ALL: [Self; 7] =
        [Self::Identity, Self::Sigmoid, Self::Tanh, Self::Relu, Self::LeakyRelu, Self::Selu, Self::Gelu];

    /// The name in configs and model files, such as `leaky_relu`: what [`FromStr`] parses.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Sigmoid => "sigmoid",
            Self::Tanh => "tanh",
            Self::Relu => "relu",
            Self::LeakyRelu => "leaky_relu",
            Self::Selu => "selu",
            Self::Gelu => "gelu",
        }
    }

    /// Whether the derivative is computed from the sum `z` instead of the output `a`.
    pub(crate) const fn needs_sum(self) -> bool {
        matches!(self, Self::Gelu)
    }

    /// Replaces each sum by the output.
    #[inline(always)]
    pub(crate) fn apply(self, values: &mut [f32]) {
        // A macro with a loop, not a closure: a closure that is not inlined is not compiled for the caller's
        // instructions.
        macro_rules! each {
            ($v:ident => $value:expr) => {
                for value in values {
                    let $v = *value;
                    *value = $value;
                }
            };
        }
        match self {
            Self::Identity => {}
            Self::Sigmoid => each!(v => sigmoid(v)),
            Self::Tanh => each!(v => tanh(v)),
            // NaN fails the comparison and so stays NaN.
            Self::Relu => each!(v => if v <= 0.0 { 0.0 } else { v }),
            Self::LeakyRelu => each!(v => if v > 0.0 { v } else { LEAKY_SLOPE * v }),
            Self::Selu => each!(v => selu(v)),
            Self::Gelu => each!(v => v * normal_distribution(v)),
        }
    }

    /// Multiplies each gradient by the derivative at the same index.
    ///
    /// `values` are the outputs of [`apply`](Self::apply). `sums` are its inputs, read only where
    /// [`needs_sum`](Self::needs_sum), and then of the same length.
    #[inline(always)]
    pub(crate) fn scale_gradient(self, gradients: &mut [f32], values: &[f32], sums: &[f32]) {
        macro_rules! each {
            ($a:ident in $from:expr => $derivative:expr) => {
                for (g, a) in gradients.iter_mut().zip($from) {
                    let $a = *a;
                    *g *= $derivative;
                }
            };
        }
        match self {
            Self::Identity => {}
            Self::Sigmoid => each!(a in values => a * (1.0 - a)),
            Self::Tanh => each!(a in values => fma(-a, a, 1.0)),
            // Multiplication keeps infinite and NaN gradients visible.
            Self::Relu => each!(a in values => if a > 0.0 { 1.0 } else { 0.0 }),
            Self::LeakyRelu => each!(a in values => if a > 0.0 { 1.0 } else { LEAKY_SLOPE }),
            // Below 0: scale * alpha * e^z = a + scale * alpha.
            Self::Selu => each!(a in values => if a > 0.0 { SELU_SCALE } else { a + SELU_SCALE * SELU_ALPHA }),
            Self::Gelu => each!(z in sums => gelu_slope(z)),
        }
    }
}

/// d/dz z Phi(z) = Phi(z) + z phi(z), phi the normal density.
#[inline(always)]
fn gelu_slope(z: f32) -> f32 {
    let density = exp(-0.5 * z * z) * 0.398_942_3;
    fma(z, density, normal_distribution(z))
}

#[inline(always)]
fn selu(z: f32) -> f32 {
    // The exponential is used only below 0; the bound keeps the unused branch finite.
    let below = SELU_ALPHA * exp_m1(if z > 0.0 { 0.0 } else { z });
    SELU_SCALE * if z > 0.0 { z } else { below }
}

/// The standard normal distribution function.
#[inline(always)]
fn normal_distribution(z: f32) -> f32 {
    0.5 * (1.0 + erf(z * core::f32::consts::FRAC_1_SQRT_2))
}

/// A name that no [`Activation`] has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownActivation;

impl fmt::Display for UnknownActivation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected an activation: identity, sigmoid, tanh, relu, leaky_relu, selu or gelu")
    }
}

impl core::error::Error for UnknownActivation {}

impl FromStr for Activation {
    type Err = UnknownActivation;
    fn from_str(name: &str) -> Result<Self, UnknownActivation> {
        Self::ALL.into_iter().find(|activation| activation.name() == name).ok_or(UnknownActivation)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_round_trip() {
        for activation in Activation::ALL {
            assert_eq!(activation.name().parse(), Ok(activation));
        }
        assert_eq!("swish".parse::<Activation>(), Err(UnknownActivation));
    }

    #[test]
    fn derivatives_match_differences() {
        for activation in Activation::ALL {
            for z in [-6.0f32, -1.5, -0.3, 0.2, 1.1, 4.0] {
                let value = |z: f32| {
                    let mut v = [z];
                    activation.apply(&mut v);
                    f64::from(v[0])
                };
                let h = 1e-2;
                let difference = (value(z + h) - value(z - h)) / f64::from((z + h) - (z - h));
                let mut gradient = [1.0];
                activation.scale_gradient(&mut gradient, &[value(z) as f32], &[z]);
                let error = (f64::from(gradient[0]) - difference).abs();
                assert!(error < 1e-3, "{} at {z}: {} against {difference}", activation.name(), gradient[0]);
            }
        }
    }

    #[test]
    fn nan_passes_and_zero_is_positive() {
        for activation in Activation::ALL {
            let mut v = [f32::NAN];
            activation.apply(&mut v);
            assert!(v[0].is_nan(), "{}", activation.name());
        }
        let mut v = [-0.0f32, -3.0];
        Activation::Relu.apply(&mut v);
        assert!(v.iter().all(|v| v.to_bits() == 0));
    }

    #[test]
    fn no_activation_overflows_where_its_value_is_finite() {
        for activation in [Activation::Sigmoid, Activation::Tanh, Activation::Gelu, Activation::Selu] {
            let mut v = [-1e30f32, -200.0, 200.0];
            activation.apply(&mut v);
            assert!(v.iter().all(|v| v.is_finite()), "{}: {v:?}", activation.name());
        }
    }
}
