//! A reference network in f64 with plain loops. Its backward pass can be given a fault, to test the tests.

use mlp_core::activation::Activation;
use mlp_core::network::Network;
use std::path::PathBuf;

/// A deliberate fault in the backward pass.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Fault {
    None,
    /// The activation's derivative is left out.
    MissingDerivative,
    /// No gradient reaches the hidden layers.
    HiddenGradientsDropped,
    /// The input gradient is computed with W read as if it were its transpose.
    TransposedWeights,
    /// The bias is not trained.
    BiasForgotten,
    /// The gradient is that of the sum over the batch, not of the mean.
    NotAveraged,
}

impl Fault {
    pub(crate) const ALL: [Self; 5] = [
        Self::MissingDerivative,
        Self::HiddenGradientsDropped,
        Self::TransposedWeights,
        Self::BiasForgotten,
        Self::NotAveraged,
    ];
}

/// Dense layers in f64; weights (inputs, outputs) row by row.
#[derive(Clone)]
pub(crate) struct Plain {
    pub widths: Vec<usize>,
    pub activations: Vec<Activation>,
    pub weights: Vec<Vec<f64>>,
    pub biases: Vec<Vec<f64>>,
}

/// One value per parameter, and per input value.
pub(crate) struct Gradients {
    pub weights: Vec<Vec<f64>>,
    pub biases: Vec<Vec<f64>>,
    pub inputs: Vec<f64>,
}

fn function(activation: Activation, z: f64) -> f64 {
    match activation {
        Activation::Identity => z,
        Activation::Sigmoid => 1.0 / (1.0 + libm::exp(-z)),
        Activation::Tanh => libm::tanh(z),
        Activation::Relu => z.max(0.0),
        Activation::LeakyRelu => z.max(0.01 * z),
        Activation::Selu if z > 0.0 => 1.050_700_987_355_480_5 * z,
        Activation::Selu => 1.050_700_987_355_480_5 * 1.673_263_242_354_377_2 * libm::expm1(z),
        Activation::Gelu => 0.5 * z * libm::erfc(-z / std::f64::consts::SQRT_2),
    }
}

fn derivative(activation: Activation, z: f64) -> f64 {
    match activation {
        Activation::Identity => 1.0,
        Activation::Sigmoid => function(activation, z) * function(activation, -z),
        Activation::Tanh => 1.0 - libm::tanh(z) * libm::tanh(z),
        Activation::Relu => f64::from(u8::from(z > 0.0)),
        Activation::LeakyRelu if z > 0.0 => 1.0,
        Activation::LeakyRelu => 0.01,
        Activation::Selu if z > 0.0 => 1.050_700_987_355_480_5,
        Activation::Selu => 1.050_700_987_355_480_5 * 1.673_263_242_354_377_2 * libm::exp(z),
        Activation::Gelu => {
            let density = libm::exp(-z * z / 2.0) / (2.0 * std::f64::consts::PI).sqrt();
            0.5 * libm::erfc(-z / std::f64::consts::SQRT_2) + z * density
        }
    }
}

impl Plain {
    /// The same parameters in f64.
    pub(crate) fn of(network: &Network) -> Self {
        let (shape, parameters) = (network.architecture(), network.parameters());
        let wide = |values: &[f32]| values.iter().map(|v| f64::from(*v)).collect::<Vec<_>>();
        let mut widths = vec![shape.inputs()];
        widths.extend(shape.hidden());
        widths.push(shape.outputs());
        Self {
            widths,
            activations: shape.activations().to_vec(),
            weights: (0..shape.depth()).map(|i| wide(parameters.weight(i))).collect(),
            biases: (0..shape.depth()).map(|i| wide(parameters.bias(i))).collect(),
        }
    }

    /// The sums of every layer for one row; those of the last are the logits.
    fn sums(&self, row: &[f64]) -> Vec<Vec<f64>> {
        let mut all: Vec<Vec<f64>> = Vec::new();
        let mut values = row.to_vec();
        for (i, weight) in self.weights.iter().enumerate() {
            let outputs = self.widths[i + 1];
            let z: Vec<f64> = (0..outputs)
                .map(|o| {
                    self.biases[i][o] + values.iter().enumerate().map(|(k, v)| v * weight[k * outputs + o]).sum::<f64>()
                })
                .collect();
            if let Some(activation) = self.activations.get(i) {
                values = z.iter().map(|z| function(*activation, *z)).collect();
            }
            all.push(z);
        }
        all
    }

    /// Whether each hidden sum is above 0. A difference between inputs where that changes crosses a kink and is
    /// useless.
    pub(crate) fn sides(&self, inputs: &[f64]) -> Vec<bool> {
        let mut sides = Vec::new();
        for row in inputs.chunks(self.widths[0]) {
            let sums = self.sums(row);
            sides.extend(sums[..sums.len() - 1].iter().flatten().map(|z| *z > 0.0));
        }
        sides
    }

    fn probabilities(logits: &[f64]) -> Vec<f64> {
        let largest = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let e: Vec<f64> = logits.iter().map(|z| libm::exp(z - largest)).collect();
        let sum: f64 = e.iter().sum();
        e.iter().map(|e| e / sum).collect()
    }

    /// Mean of -ln(p + 1e-10) over the rows of `inputs`: the loss that is reported.
    pub(crate) fn loss(&self, inputs: &[f64], labels: &[u8]) -> f64 {
        self.mean_loss(inputs, labels, 1e-10)
    }

    /// Mean of -ln p, whose gradient is (p - y).
    pub(crate) fn cross_entropy(&self, inputs: &[f64], labels: &[u8]) -> f64 {
        self.mean_loss(inputs, labels, 0.0)
    }

    fn mean_loss(&self, inputs: &[f64], labels: &[u8], floor: f64) -> f64 {
        let rows = inputs.chunks(self.widths[0]).zip(labels);
        let loss = |(row, label): (&[f64], &u8)| {
            let sums = self.sums(row);
            -libm::log(Self::probabilities(&sums[sums.len() - 1])[usize::from(*label)] + floor)
        };
        rows.map(loss).sum::<f64>() / labels.len() as f64
    }

    /// The gradient of the mean loss, by the chain rule, row by row.
    pub(crate) fn backward(&self, inputs: &[f64], labels: &[u8], fault: Fault) -> Gradients {
        let zeros = |like: &[Vec<f64>]| like.iter().map(|v| vec![0.0; v.len()]).collect::<Vec<_>>();
        let mut gradients =
            Gradients { weights: zeros(&self.weights), biases: zeros(&self.biases), inputs: Vec::new() };
        let share = if fault == Fault::NotAveraged { 1.0 } else { 1.0 / labels.len() as f64 };
        for (row, label) in inputs.chunks(self.widths[0]).zip(labels) {
            let sums = self.sums(row);
            let mut g = Self::probabilities(&sums[sums.len() - 1]);
            g[usize::from(*label)] -= 1.0;
            for g in &mut g {
                *g *= share;
            }
            for i in (0..self.weights.len()).rev() {
                let (width, outputs) = (self.widths[i], self.widths[i + 1]);
                let mut input_gradient = vec![0.0; width];
                for k in 0..width {
                    let value = if i == 0 { row[k] } else { function(self.activations[i - 1], sums[i - 1][k]) };
                    for (o, g) in g.iter().enumerate() {
                        gradients.weights[i][k * outputs + o] += value * g;
                        let at = if fault == Fault::TransposedWeights { o * width + k } else { k * outputs + o };
                        input_gradient[k] += g * self.weights[i][at];
                    }
                    if i > 0 && fault != Fault::MissingDerivative {
                        input_gradient[k] *= derivative(self.activations[i - 1], sums[i - 1][k]);
                    }
                    if i > 0 && fault == Fault::HiddenGradientsDropped {
                        input_gradient[k] = 0.0;
                    }
                }
                if fault != Fault::BiasForgotten {
                    gradients.biases[i].iter_mut().zip(&g).for_each(|(b, g)| *b += g);
                }
                g = input_gradient;
            }
            gradients.inputs.extend(g);
        }
        gradients
    }

    /// One step of gradient descent; returns the loss before it.
    pub(crate) fn step(&mut self, inputs: &[f64], labels: &[u8], rate: f64, fault: Fault) -> f64 {
        let loss = self.loss(inputs, labels);
        let gradients = self.backward(inputs, labels, fault);
        let pairs = self.weights.iter_mut().zip(gradients.weights);
        for (parameters, gradient) in pairs.chain(self.biases.iter_mut().zip(gradients.biases)) {
            parameters.iter_mut().zip(gradient).for_each(|(p, g)| *p -= rate * g);
        }
        loss
    }
}

/// A file of `tests/reference`.
pub(crate) fn stored(name: &str) -> Vec<u8> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/reference").join(name);
    std::fs::read(&path)
        .unwrap_or_else(|e| panic!("{}: {e}; tests/reference/make_trajectories.py makes it", path.display()))
}

pub(crate) const PIXELS: usize = 64;
pub(crate) const TRAIN_ROWS: usize = 160;

/// The stored data set: inputs divided by 255, and classes.
pub(crate) fn data() -> (Vec<f32>, Vec<u8>) {
    let bytes = stored("data.bin");
    assert_eq!(bytes.len(), 200 * (PIXELS + 1));
    let rows = bytes.chunks(PIXELS + 1);
    let inputs = rows.clone().flat_map(|row| &row[..PIXELS]).map(|v| f32::from(*v) / 255.0).collect();
    (inputs, rows.map(|row| row[PIXELS]).collect())
}
