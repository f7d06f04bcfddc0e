//! The detector: a small network that tells digits from anything else.

mod letters;
mod outliers;
mod style;

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
use stage_files::refuse;
use stage_files::scaling::Scaling;

use crate::network::{from_layers, to_layers};
use outliers::outlier;

/// Fewest rows for fitting a temperature or training a detector. With fewer, both would be guesses.
pub const MIN_ROWS: usize = 200;
/// Widths of its hidden layers, which use ReLU.
const HIDDEN: [usize; 2] = [128, 64];
/// Share of the units of each hidden layer that a step leaves out.
const DROPOUT: [f64; 2] = [0.2, 0.2];
const EPOCHS: usize = 20;
/// Most digits in an epoch.
const EPOCH_ROWS: usize = 8000;
/// Digits in a batch, which also has as many outliers.
const BATCH_DIGITS: usize = 16;
/// The learning rate falls linearly to 0.
const LEARNING_RATE: f32 = 1e-3;
/// The random seed of every detector. It is independent of the seed of the network, so equal data give equal detectors.
const SEED: u64 = 0xD161_7AB0;
/// Most digits for fitting its temperature.
const FIT_ROWS: usize = 4000;
/// Class of an outlier, and of a digit.
const CLASSES: [u8; 2] = [0, 1];

/// Pictures as a model takes them.
#[derive(Clone, Copy, Debug)]
pub struct Pictures<'a> {
    /// Pixels (N, P), 255 white.
    pub pixels: &'a [u8],
    /// Width and height: P together.
    pub canvas: Canvas,
    /// From pixels to inputs.
    pub scaling: &'a Scaling,
}

impl<'a> Pictures<'a> {
    /// Their number.
    pub fn rows(&self) -> usize {
        self.pixels.len() / self.canvas.pixels()
    }

    fn row(&self, at: usize) -> &'a [u8] {
        let width = self.canvas.pixels();
        &self.pixels[at * width..][..width]
    }

    fn write_inputs(&self, pixels: &[u8], inputs: &mut [f32]) {
        self.scaling.to_inputs(pixels, inputs);
    }
}

/// A trained detector.
#[derive(Clone, Debug)]
pub struct Detector {
    network: Network,
    temperature: f32,
}

impl Detector {
    /// Trains on digits, and on outliers that are drawn like them; `None` with fewer than [`MIN_ROWS`] digits.
    pub fn learn(digits: Pictures<'_>, path: KernelPath) -> anyhow::Result<Option<Self>> {
        let (rows, width) = (digits.rows(), digits.canvas.pixels());
        if rows < MIN_ROWS {
            return Ok(None);
        }
        let shape = Architecture::new(width, &HIDDEN, &[Activation::Relu; HIDDEN.len()], CLASSES.len())?;
        let network = Network::new(shape, Init::He, &mut Stream::new(SEED, Purpose::Init));
        let optimizer = AdamW { learning_rate: LEARNING_RATE, ..AdamW::default() };
        let mut trainer = Trainer::new(network, optimizer, 2 * BATCH_DIGITS, path)
            .with_dropout(&DROPOUT, Stream::new(SEED, Purpose::Dropout));
        let mut order: Vec<usize> = (0..rows).collect();
        let (mut shuffle, mut draw) = (Stream::new(SEED, Purpose::Shuffle), Stream::new(SEED, Purpose::Augmentation));
        let epoch_rows = rows.min(EPOCH_ROWS);
        let steps = EPOCHS * epoch_rows.div_ceil(BATCH_DIGITS);
        let mut inputs = vec![0.0; 2 * BATCH_DIGITS * width];
        let labels: Vec<u8> = (0..2 * BATCH_DIGITS).map(|i| CLASSES[1 - i % 2]).collect();
        let batch: Vec<u32> = (0..2 * BATCH_DIGITS as u32).collect();
        let mut step = 0;
        for _ in 0..EPOCHS {
            shuffle.shuffle(&mut order);
            for chunk in order[..epoch_rows].chunks(BATCH_DIGITS) {
                for (pair, &at) in inputs.chunks_exact_mut(2 * width).zip(chunk) {
                    let (digit, other) = pair.split_at_mut(width);
                    digits.write_inputs(digits.row(at), digit);
                    digits.write_inputs(&outlier(digits.row(at), digits.canvas, &mut draw), other);
                }
                trainer.set_learning_rate(LEARNING_RATE * (steps - step) as f32 / steps as f32);
                trainer.step(&inputs, &labels, &batch[..2 * chunk.len()]);
                step += 1;
            }
        }
        Ok(Some(Self { network: trainer.into_network(), temperature: 1.0 }))
    }

    /// Fits its temperature to digits that did not train it and to new outliers.
    pub fn calibrate(&mut self, digits: Pictures<'_>, path: KernelPath) {
        let width = digits.canvas.pixels();
        let rows = digits.rows().min(FIT_ROWS);
        let mut draw = Stream::new(SEED, Purpose::Validation);
        let mut inputs = vec![0.0; 2 * rows * width];
        for (i, pair) in inputs.chunks_exact_mut(2 * width).enumerate() {
            // Spread over all rows: their order may follow the labels.
            let digit = digits.row(i * digits.rows() / rows);
            let (first, second) = pair.split_at_mut(width);
            digits.write_inputs(digit, first);
            digits.write_inputs(&outlier(digit, digits.canvas, &mut draw), second);
        }
        let mut logits = vec![0.0; 2 * rows * CLASSES.len()];
        Workspace::new(self.network.architecture(), CHUNK_ROWS, path).logits(&self.network, &inputs, &mut logits);
        let classes: Vec<u8> = (0..2 * rows).map(|i| CLASSES[1 - i % 2]).collect();
        self.temperature = fit_temperature(&logits, &classes, CLASSES.len());
    }

    /// Writes the probability that each row of `inputs` (N, P) is a digit to `out` (N), assuming as many outliers as
    /// digits.
    pub fn probabilities(&self, inputs: &[f32], path: KernelPath, out: &mut [f32]) {
        let mut logits = vec![0.0; out.len() * CLASSES.len()];
        let rows = out.len().min(CHUNK_ROWS);
        Workspace::new(self.network.architecture(), rows, path).logits(&self.network, inputs, &mut logits);
        for (row, out) in logits.chunks_exact_mut(CLASSES.len()).zip(out) {
            softmax_at(row, self.temperature);
            *out = row[usize::from(CLASSES[1])];
        }
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
