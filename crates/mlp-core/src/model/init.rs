//! Initial weights. Biases start at 0.

use super::architecture::Architecture;
use super::parameters::Parameters;
use crate::activation::Activation;
use crate::random::Stream;

/// The standard deviation of a layer's initial weights, which are normal with mean 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Init {
    /// The same standard deviation in every layer.
    Normal {
        /// Standard deviation.
        std: f32,
    },
    /// 1 / sqrt(fan_in) (LeCun et al. 1998, "Efficient BackProp").
    LeCun,
    /// sqrt(2 / (fan_in + fan_out)) (Glorot, Bengio 2010).
    Xavier,
    /// gain / sqrt(fan_in) with the gain of the layer's activation (He et al. 2015). The gains are
    /// PyTorch's: 1 for identity and sigmoid, 5/3 for tanh, sqrt 2 for ReLU and GELU, sqrt(2 / (1 + 0.01^2)) for leaky
    /// ReLU, 3/4 for SELU. The output layer has the gain of the identity.
    He,
    /// 2 / fan_in: He's variance for ReLU used as the standard deviation, as in the 2022 experiments.
    He2022,
}

/// PyTorch's `torch.nn.init.calculate_gain`, and for GELU, which that does not list, the gain of ReLU.
fn gain(activation: Activation) -> f64 {
    let leaky = f64::from(crate::activation::LEAKY_SLOPE);
    match activation {
        Activation::Identity | Activation::Sigmoid => 1.0,
        Activation::Tanh => 5.0 / 3.0,
        Activation::Relu | Activation::Gelu => core::f64::consts::SQRT_2,
        Activation::LeakyRelu => libm::sqrt(2.0 / (1.0 + leaky * leaky)),
        Activation::Selu => 0.75,
    }
}

impl Init {
    /// Standard deviation of the weights of layer `i`.
    pub fn std(self, architecture: &Architecture, i: usize) -> f64 {
        let shape = architecture.layer(i);
        let (fan_in, fan_out) = (shape.inputs as f64, shape.outputs as f64);
        match self {
            Self::Normal { std } => f64::from(std),
            Self::LeCun => 1.0 / libm::sqrt(fan_in),
            Self::Xavier => libm::sqrt(2.0 / (fan_in + fan_out)),
            Self::He => gain(architecture.activation(i)) / libm::sqrt(fan_in),
            Self::He2022 => 2.0 / fan_in,
        }
    }

    /// Draws all weights, layer by layer, row by row.
    pub(super) fn draw(self, architecture: &Architecture, stream: &mut Stream) -> Parameters {
        let mut parameters = Parameters::zeros(architecture);
        for i in 0..architecture.depth() {
            let std = self.std(architecture, i);
            for weight in parameters.layer_mut(i).0 {
                *weight = (std * stream.normal()) as f32;
            }
        }
        parameters
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Purpose;

    #[test]
    fn deviations_follow_the_rules_and_biases_are_zero() {
        let shape = Architecture::new(400, &[100], &[Activation::Relu], 100).unwrap();
        for (init, expected) in [
            (Init::Normal { std: 0.003 }, [0.003, 0.003]),
            (Init::LeCun, [0.05, 0.1]),
            (Init::Xavier, [(2.0f64 / 500.0).sqrt(), 0.1]),
            (Init::He, [(2.0f64 / 400.0).sqrt(), 0.1]),
            (Init::He2022, [0.005, 0.02]),
        ] {
            let drawn = init.draw(&shape, &mut Stream::new(5, Purpose::Init));
            for (i, std) in expected.into_iter().enumerate() {
                assert!((init.std(&shape, i) - std).abs() < 1e-9, "{init:?} layer {i}");
                let n = drawn.weight(i).len() as f64;
                let measured = (drawn.weight(i).iter().map(|w| f64::from(*w).powi(2)).sum::<f64>() / n).sqrt();
                // Five standard errors of a standard deviation: std * 5 / sqrt(2 n).
                assert!((measured / std - 1.0).abs() < 5.0 / (2.0 * n).sqrt(), "{init:?} layer {i}: {measured}");
                assert!(drawn.bias(i).iter().all(|b| *b == 0.0));
            }
        }
    }
}
