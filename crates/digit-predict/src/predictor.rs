//! A model in use.

use std::path::Path;

use anyhow::Context;
use digit_image::decode::DEFAULT_MAX_PIXELS;
use digit_image::preprocess::{Pipeline, STANDARD};
use digit_model::{Detector, built_in, canvas_of, network_of};
use mlp_core::calibration::softmax_at;
use mlp_core::kernels::KernelPath;
use mlp_core::loss::arg_max;
use mlp_core::network::{CHUNK_ROWS, Network, Workspace};
use stage_files::answer::Prediction;
use stage_files::guarantee::Guarantee;
use stage_files::model::Model;
use stage_files::picture::{Alpha, PictureSettings};
use stage_files::run::model_file;
use stage_files::scaling::Scaling;
use stage_files::{LabelSet, refuse, refused};

use crate::picture::Preparation;

/// A trained model, ready to predict. Threads can share it. The prediction of a picture does not depend on the pictures
/// that are predicted with it.
#[derive(Clone, Debug)]
pub struct Predictor {
    network: Network,
    detector: Option<Detector>,
    labels: LabelSet,
    scaling: Scaling,
    temperature: f32,
    guarantee: Option<Guarantee>,
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

    /// The built-in network, which was trained on drawn digits. It reads no file.
    ///
    /// # Errors
    /// None, as tests of the built-in file show; those of [`Self::from_bytes`] are passed on.
    pub fn built_in() -> anyhow::Result<Self> {
        Self::from_model(built_in::DRAWN.model()?).context("the built-in network")
    }

    /// Loads the model that a user named, or takes the built-in network.
    pub(crate) fn load_or_built_in(path: Option<&Path>) -> anyhow::Result<Self> {
        path.map_or_else(Self::built_in, Self::load)
    }

    /// Takes the bytes of a model file, wherever they come from. It reads no file.
    ///
    /// # Errors
    /// Refusals that say what is wrong with them.
    pub fn from_bytes(bytes: &[u8]) -> anyhow::Result<Self> {
        Self::from_model(Model::from_bytes(bytes)?)
    }

    /// Takes a model that has been read.
    ///
    /// # Errors
    /// Refusals: a shape that no network has, a canvas that does not fit the inputs, steps of preprocessing that are
    /// not known here.
    pub fn from_model(model: Model) -> anyhow::Result<Self> {
        let network = network_of(&model)?;
        let inputs = network.architecture().inputs();
        let detector = model.detector.as_ref().map(|stored| Detector::from_stored(stored, inputs)).transpose()?;
        let knows_picture = model.picture.is_some();
        let Some(canvas) = canvas_of(&model) else {
            refuse!("the model does not say which canvas its {inputs} inputs are, and they are no square");
        };
        let plain = || PictureSettings { canvas, alpha: Alpha::White, preprocess: Vec::new() };
        let settings = model.picture.unwrap_or_else(plain);
        if settings.canvas.pixels() != inputs {
            refuse!("metadata `picture`: canvas {} does not fit {inputs} inputs", settings.canvas);
        }
        let preparation = Preparation::new(&settings)?;
        Ok(Self {
            network,
            detector,
            labels: model.labels,
            scaling: model.scaling,
            temperature: model.temperature,
            guarantee: model.guarantee,
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

    /// The digits that it can predict.
    pub fn labels(&self) -> &LabelSet {
        &self.labels
    }

    /// How pictures become pixels.
    pub fn picture_settings(&self) -> &PictureSettings {
        &self.settings
    }

    /// The steps of preprocessing: `none`, `standard`, or their list.
    pub fn preprocessing(&self) -> String {
        // The steps were read when the model was.
        let steps = Pipeline::from_json(&self.settings.preprocess).map(|steps| steps.to_string()).unwrap_or_default();
        let is_standard =
            Pipeline::parse(STANDARD).is_ok_and(|standard| standard.to_json() == self.settings.preprocess);
        if is_standard { "standard".to_owned() } else { steps }
    }

    /// From which confidence on its answers may be accepted, if that has been measured.
    pub fn guarantee(&self) -> Option<&Guarantee> {
        self.guarantee.as_ref()
    }

    /// Whether it tells digits from anything else.
    pub fn has_detector(&self) -> bool {
        self.detector.is_some()
    }

    /// Whether the model file says how pictures are prepared. If it does not (its data set came from elsewhere), a
    /// square canvas without preprocessing is used.
    pub fn knows_picture(&self) -> bool {
        self.knows_picture
    }

    /// The pixels (P) of a picture file as the model takes them, row by row, 255 being white.
    ///
    /// # Errors
    /// A refusal that says what is wrong with the picture.
    pub fn prepare(&self, bytes: &[u8]) -> anyhow::Result<Vec<u8>> {
        self.prepare_page(bytes, 0)
    }

    /// As [`Self::prepare`], of a page of a TIFF file or a frame of an animation, from 0.
    ///
    /// # Errors
    /// As [`Self::prepare`].
    pub fn prepare_page(&self, bytes: &[u8], page: usize) -> anyhow::Result<Vec<u8>> {
        self.preparation.pixels(bytes, page, self.max_pixels).map_err(refused)
    }

    /// Reads, prepares and predicts one picture file.
    ///
    /// # Errors
    /// A refusal that says what is wrong with the picture, or that the outputs of the network are not finite.
    pub fn predict_bytes(&self, bytes: &[u8]) -> anyhow::Result<Prediction> {
        let mut predictions = self.predict_pixels(&self.prepare(bytes)?)?;
        predictions.pop().context("one row gives one prediction")?.map_err(refused)
    }

    /// Predicts rows of pixels (N, P), as [`prepare`](Self::prepare) gives them and a data set's CSV holds them. A row
    /// whose sums overflow gets a reason instead of a prediction, because NaN passes every limit.
    ///
    /// # Errors
    /// A refusal when the number of pixels is no multiple of the model's inputs.
    pub fn predict_pixels(&self, pixels: &[u8]) -> anyhow::Result<Vec<Result<Prediction, String>>> {
        let shape = self.network.architecture();
        let (width, outputs) = (shape.inputs(), shape.outputs());
        if !pixels.len().is_multiple_of(width) {
            refuse!("expected rows of {width} pixels, found {} pixels in all", pixels.len());
        }
        let rows = pixels.len() / width;
        let inputs = self.scaling.inputs(pixels, width);
        let mut probabilities = vec![0.0; rows * outputs];
        let mut workspace = Workspace::new(shape, rows.min(CHUNK_ROWS), self.path);
        workspace.logits(&self.network, &inputs, &mut probabilities);
        let are_finite: Vec<bool> =
            probabilities.chunks_exact(outputs).map(|row| row.iter().all(|logit| logit.is_finite())).collect();
        probabilities.chunks_exact_mut(outputs).for_each(|row| softmax_at(row, self.temperature));
        let mut is_digit = vec![1.0; rows];
        if let Some(detector) = &self.detector {
            detector.probabilities(&inputs, self.path, &mut is_digit);
        }
        let answers = probabilities.chunks_exact(outputs).zip(is_digit).zip(are_finite);
        Ok(answers.map(|((row, is_digit), is_finite)| self.prediction(row, is_digit, is_finite)).collect())
    }

    fn prediction(&self, probabilities: &[f32], is_digit: f32, is_finite: bool) -> Result<Prediction, String> {
        let class = arg_max(probabilities);
        let confidence = probabilities[usize::from(class)] * is_digit;
        if !is_finite || !confidence.is_finite() {
            return Err("the model gives no finite number for a picture; its weights are too large, train it again \
                        with a smaller learning rate"
                .to_owned());
        }
        Ok(Prediction {
            // A class index below the number of outputs, which is that of the labels.
            label: self.labels.as_slice()[usize::from(class)],
            probabilities: probabilities.to_vec(),
            confidence,
        })
    }
}
