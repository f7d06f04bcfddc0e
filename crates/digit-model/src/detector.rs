//! The detector: a small network that tells the digits of a label set from anything else.

mod digits;
mod examples;
mod letters;
mod outliers;
mod style;
mod vary;

use mlp_core::activation::Activation;
use mlp_core::architecture::Architecture;
use mlp_core::calibration::{fit_temperature, softmax_at};
use mlp_core::init::Init;
use mlp_core::kernels::KernelPath;
use mlp_core::network::{CHUNK_ROWS, Network, Workspace};
use mlp_core::optimizer::AdamW;
use mlp_core::random::{Purpose, Stream};
use mlp_core::train::Trainer;
use stage_files::model::Detector as Stored;
use stage_files::picture::Canvas;
use stage_files::scaling::Scaling;
use stage_files::{LabelSet, refuse};

use crate::network::{from_layers, to_layers};
use examples::Examples;
pub(crate) use vary::vary;

/// Fewest rows for fitting a temperature or training a detector. With fewer, both would be guesses.
pub const MIN_ROWS: usize = 200;
/// Widths of its hidden layers, which use ReLU.
const HIDDEN: [usize; 2] = [128, 64];
/// Share of the units of each hidden layer that a step leaves out.
const DROPOUT: [f64; 2] = [0.1, 0.1];
/// How often each digit is shown.
const EPOCHS: usize = 15;
/// Fewest and most digits that are shown in all: half a second to three seconds.
const SHOWN: (usize, usize) = (16_000, 120_000);
/// Digits in a batch, which also has as many outliers.
const BATCH_DIGITS: usize = 32;
/// The learning rate falls linearly to 0.
const LEARNING_RATE: f32 = 3e-3;
/// The random seed of every detector. It is independent of the seed of the network, so equal data give equal detectors.
const SEED: u64 = 0xD161_7AB0;
/// Most digits for fitting its temperature.
const FIT_ROWS: usize = 4000;
/// Class of an outlier, and of a digit.
const CLASSES: [u8; 2] = [0, 1];
/// How many digits there are for each other picture among those that people hand in. A detector is trained and
/// calibrated on as many outliers as digits.
const DIGITS_TO_OTHERS: f32 = 1.25;

/// Pictures of digits, as a data set holds them.
#[derive(Clone, Copy, Debug)]
pub struct Digits<'a> {
    /// Pixels (N, P), 255 white.
    pub pixels: &'a [u8],
    /// Class of each picture (N): the position of its label in `known`.
    pub classes: &'a [u8],
    /// The label set. Other digits are outliers.
    pub known: &'a LabelSet,
    /// Width and height: P together.
    pub canvas: Canvas,
}

impl<'a> Digits<'a> {
    /// Their number.
    pub fn rows(&self) -> usize {
        self.classes.len()
    }

    fn row(&self, at: usize) -> &'a [u8] {
        let width = self.canvas.pixels();
        &self.pixels[at * width..][..width]
    }

    fn label(&self, at: usize) -> u8 {
        self.known.digit_of(self.classes[at]).unwrap_or_default()
    }
}

/// A trained detector.
#[derive(Clone, Debug)]
pub struct Detector {
    network: Network,
    temperature: f32,
}

impl Detector {
    /// Trains on digits, and on outliers that are drawn like them, for inputs that are scaled by `scaling`; `None` with
    /// fewer than [`MIN_ROWS`] digits.
    pub fn learn(digits: Digits<'_>, scaling: &Scaling, path: KernelPath) -> anyhow::Result<Option<Self>> {
        let (rows, width) = (digits.rows(), digits.canvas.pixels());
        if rows < MIN_ROWS {
            return Ok(None);
        }
        let shape = Architecture::new(width, &HIDDEN, &[Activation::Relu; HIDDEN.len()], CLASSES.len())?;
        let network = Network::new(shape, Init::He, &mut Stream::new(SEED, Purpose::Init));
        let optimizer = AdamW { learning_rate: LEARNING_RATE, ..AdamW::default() };
        let mut trainer = Trainer::new(network, optimizer, 2 * BATCH_DIGITS, path)
            .with_dropout(&DROPOUT, Stream::new(SEED, Purpose::Dropout));
        let mut examples = Examples::new(digits, SEED, Purpose::Augmentation);
        let mut ink = vec![0.0; 2 * BATCH_DIGITS * width];
        let classes: Vec<u8> = (0..2 * BATCH_DIGITS).map(|at| CLASSES[1 - at % 2]).collect();
        let batch: Vec<u32> = (0..2 * BATCH_DIGITS as u32).collect();
        let steps = (EPOCHS * rows).clamp(SHOWN.0, SHOWN.1).div_ceil(BATCH_DIGITS);
        for step in 0..steps {
            for pair in ink.chunks_exact_mut(2 * width) {
                let pixels = examples.next_pair().concat();
                pair.iter_mut().zip(pixels).for_each(|(ink, pixel)| *ink = f32::from(255 - pixel) / 255.0);
            }
            trainer.set_learning_rate(LEARNING_RATE * (steps - step) as f32 / steps as f32);
            trainer.step(&ink, &classes, &batch);
        }
        let mut network = trainer.into_network();
        take_scaled(&mut network, scaling);
        Ok(Some(Self { network, temperature: 1.0 }))
    }

    /// Fits its temperature to digits that did not train it and to new outliers.
    pub fn calibrate(&mut self, digits: Digits<'_>, scaling: &Scaling, path: KernelPath) {
        let rows = digits.rows().min(FIT_ROWS);
        let mut examples = Examples::new(digits, SEED, Purpose::Validation);
        let pixels: Vec<u8> = (0..rows).flat_map(|_| examples.next_pair().concat()).collect();
        let inputs = scaling.inputs(&pixels, digits.canvas.pixels());
        let classes: Vec<u8> = (0..2 * rows).map(|at| CLASSES[1 - at % 2]).collect();
        self.temperature = fit_temperature(&self.logits(&inputs, 2 * rows, path), &classes, CLASSES.len());
    }

    /// Writes the probability that each row of `inputs` (N, P) is a digit to `out` (N), assuming five digits for four
    /// other pictures.
    pub fn probabilities(&self, inputs: &[f32], path: KernelPath, out: &mut [f32]) {
        let mut logits = self.logits(inputs, out.len(), path);
        for (row, out) in logits.chunks_exact_mut(CLASSES.len()).zip(out) {
            softmax_at(row, self.temperature);
            let [other, digit] = CLASSES.map(|class| row[usize::from(class)]);
            *out = DIGITS_TO_OTHERS * digit / (DIGITS_TO_OTHERS * digit + other);
        }
    }

    /// The logits (rows, 2) of inputs (rows, P).
    fn logits(&self, inputs: &[f32], rows: usize, path: KernelPath) -> Vec<f32> {
        let mut logits = vec![0.0; rows * CLASSES.len()];
        Workspace::new(self.network.architecture(), rows.min(CHUNK_ROWS), path).logits(
            &self.network,
            inputs,
            &mut logits,
        );
        logits
    }

    /// The detector as a model file stores it.
    pub fn to_stored(&self) -> Stored {
        Stored { layers: to_layers(&self.network), temperature: self.temperature }
    }

    /// A detector from a model file; `inputs` is the number of the model's inputs.
    ///
    /// # Errors
    /// A refusal if its layers are not those of a detector for these inputs.
    pub fn from_stored(stored: &Stored, inputs: usize) -> anyhow::Result<Self> {
        let ends = (stored.layers.first().map(|layer| layer.inputs), stored.layers.last().map(|layer| layer.outputs));
        if ends != (Some(inputs), Some(CLASSES.len())) {
            refuse!("the detector takes and gives {ends:?} values, expected {inputs} and {}", CLASSES.len());
        }
        let activations = vec![Activation::Relu; stored.layers.len() - 1];
        Ok(Self { network: from_layers(&stored.layers, &activations)?, temperature: stored.temperature })
    }
}

/// Turns a network for ink from 0 to 1 into one for a model's inputs. Every input is a linear function of the ink, and
/// the first layer takes its inverse in. So a detector learns equally well whatever the scaling.
fn take_scaled(network: &mut Network, scaling: &Scaling) {
    let (inputs, outputs) = (network.architecture().inputs(), network.architecture().layer(0).outputs);
    let (paper, full) = (scaling.inputs(&vec![255; inputs], inputs), scaling.inputs(&vec![0; inputs], inputs));
    let (weight, bias) = network.parameters_mut().layer_mut(0);
    let mut sums: Vec<f64> = bias.iter().map(|&bias| f64::from(bias)).collect();
    for ((row, paper), full) in weight.chunks_exact_mut(outputs).zip(paper).zip(full) {
        let range = f64::from(full) - f64::from(paper);
        for (weight, sum) in row.iter_mut().zip(&mut sums) {
            let scaled = f64::from(*weight) / range;
            *sum -= f64::from(paper) * scaled;
            *weight = scaled as f32;
        }
    }
    bias.iter_mut().zip(sums).for_each(|(bias, sum)| *bias = sum as f32);
}

#[cfg(test)]
mod tests;
