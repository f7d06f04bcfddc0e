//! A model in use.

use std::path::Path;

use anyhow::Context;
use digit_labeler::decode::DEFAULT_MAX_PIXELS;
use mlp_core::activation::Activation;
use mlp_core::architecture::Architecture;
use mlp_core::calibration::softmax_at;
use mlp_core::kernels::KernelPath;
use mlp_core::loss::arg_max;
use mlp_core::network::{CHUNK_ROWS, Network, Workspace};
use stage_files::model::Model;
use stage_files::picture::{Alpha, Canvas, PictureSettings};
use stage_files::run::model_file;
use stage_files::scaling::Scaling;
use stage_files::{LabelSet, refuse, refused};

use crate::picture::Preparation;

/// What a model says about a picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Prediction {
    /// The most probable digit.
    pub label: u8,
    /// Probability of each label, in the order of [`Predictor::labels`].
    pub probabilities: Vec<f32>,
    /// How far the label can be trusted, 0 to 1.
    pub confidence: f32,
}

/// A trained network and how to feed it. It can be shared by threads; equal pictures give equal predictions whatever
/// else is predicted with them.
#[derive(Clone, Debug)]
pub struct Predictor {
    network: Network,
    labels: LabelSet,
    scaling: Scaling,
    temperature: f32,
    settings: PictureSettings,
    preparation: Preparation,
    knows_picture: bool,
    max_pixels: u64,
    path: KernelPath,
}

impl Predictor {
    /// Loads a model file, that of a run folder, or that of the only run below a folder.
    ///
    /// # Errors
    /// Refusals that say what is wrong with the file or why there is none; faults while reading.
    pub fn load(path: &Path) -> anyhow::Result<Self> {
        let file = model_file(path)?;
        Self::from_model(Model::read(&file)?).with_context(|| file.display().to_string())
    }

    /// Takes a model that has been read.
    ///
    /// # Errors
    /// Refusals: a shape that no network has, a canvas that does not fit the inputs, steps of preprocessing that are
    /// not known here.
    pub fn from_model(model: Model) -> anyhow::Result<Self> {
        let network = network(&model)?;
        let inputs = network.architecture().inputs();
        let knows_picture = model.picture.is_some();
        let Some(settings) = model.picture.or_else(|| square(inputs)) else {
            refuse!("the model does not say which canvas its {inputs} inputs are, and they are no square");
        };
        if settings.canvas.pixels() != inputs {
            refuse!("metadata `picture`: canvas {} does not fit {inputs} inputs", settings.canvas);
        }
        let preparation = Preparation::new(&settings)?;
        Ok(Self {
            network,
            labels: model.labels,
            scaling: model.scaling,
            temperature: model.temperature,
            settings,
            preparation,
            knows_picture,
            max_pixels: DEFAULT_MAX_PIXELS,
            path: KernelPath::detect(),
        })
    }

    /// The same with another limit for the size of pictures.
    #[must_use]
    pub fn with_max_pixels(self, max_pixels: u64) -> Self {
        Self { max_pixels, ..self }
    }

    /// The same on another kernel path; the results are equal.
    #[must_use]
    pub fn with_kernel_path(self, path: KernelPath) -> Self {
        Self { path, ..self }
    }

    /// The digits it can answer.
    pub fn labels(&self) -> &LabelSet {
        &self.labels
    }

    /// How it makes pixels out of a picture.
    pub fn picture_settings(&self) -> &PictureSettings {
        &self.settings
    }

    /// Whether the model file said how pictures are prepared. When it did not (its data set came from elsewhere), a
    /// square canvas without preprocessing is taken.
    pub fn knows_picture(&self) -> bool {
        self.knows_picture
    }

    /// The pixels (P) of a picture file as the model takes them, row by row, 255 being white.
    ///
    /// # Errors
    /// A refusal that says what is wrong with the picture.
    pub fn prepare(&self, bytes: &[u8]) -> anyhow::Result<Vec<u8>> {
        self.preparation.pixels(bytes, self.max_pixels).map_err(refused)
    }

    /// Reads, prepares and predicts one picture file.
    ///
    /// # Errors
    /// A refusal that says what is wrong with the picture.
    pub fn predict_bytes(&self, bytes: &[u8]) -> anyhow::Result<Prediction> {
        let mut predictions = self.predict_pixels(&self.prepare(bytes)?)?;
        predictions.pop().context("one row gives one prediction")
    }

    /// Predicts rows of pixels (N, P), as [`prepare`](Self::prepare) gives them and a data set's CSV holds them.
    ///
    /// # Errors
    /// A refusal when the number of pixels is no multiple of the model's inputs.
    pub fn predict_pixels(&self, pixels: &[u8]) -> anyhow::Result<Vec<Prediction>> {
        let shape = self.network.architecture();
        let (width, outputs) = (shape.inputs(), shape.outputs());
        if !pixels.len().is_multiple_of(width) {
            refuse!("expected rows of {width} pixels, found {} pixels in all", pixels.len());
        }
        let rows = pixels.len() / width;
        let mut inputs: Vec<f32> = pixels.iter().map(|&value| f32::from(value)).collect();
        inputs.chunks_exact_mut(width).for_each(|row| self.scaling.apply(row));
        let mut probabilities = vec![0.0; rows * outputs];
        let mut workspace = Workspace::new(shape, rows.min(CHUNK_ROWS), self.path);
        workspace.logits(&self.network, &inputs, &mut probabilities);
        probabilities.chunks_exact_mut(outputs).for_each(|row| softmax_at(row, self.temperature));
        Ok(probabilities.chunks_exact(outputs).map(|row| self.prediction(row)).collect())
    }

    fn prediction(&self, probabilities: &[f32]) -> Prediction {
        let class = arg_max(probabilities);
        Prediction {
            // A class index below the number of outputs, which is that of the labels.
            label: self.labels.as_slice()[usize::from(class)],
            probabilities: probabilities.to_vec(),
            confidence: probabilities[usize::from(class)],
        }
    }
}

/// The network of a model file.
fn network(model: &Model) -> anyhow::Result<Network> {
    let activations: Result<Vec<Activation>, _> = model.activation.iter().map(|name| name.as_str().parse()).collect();
    let activations = activations?;
    let hidden: Vec<usize> = model.layers.iter().skip(1).map(|layer| layer.inputs).collect();
    let inputs = model.layers.first().map_or(0, |layer| layer.inputs);
    let architecture = Architecture::new(inputs, &hidden, &activations, model.labels.len())
        .map_err(|error| refused(error.to_string()))?;
    let mut network = Network::zeros(architecture);
    for (i, layer) in model.layers.iter().enumerate() {
        let (weight, bias) = network.parameters_mut().layer_mut(i);
        weight.copy_from_slice(&layer.weight);
        bias.copy_from_slice(&layer.bias);
    }
    Ok(network)
}

/// A square canvas of this many pixels.
fn square(pixels: usize) -> Option<PictureSettings> {
    let side = pixels.isqrt();
    let fits = side * side == pixels && (2..=Canvas::MAX_SIDE_PX as usize).contains(&side);
    fits.then_some(PictureSettings {
        canvas: Canvas { width_px: side as u32, height_px: side as u32 },
        alpha: Alpha::White,
        preprocess: Vec::new(),
    })
}
