//! Calibration: learns temperature and detector of a model.

use mlp_core::calibration::{expected_calibration_error, fit_temperature, softmax_at};
use mlp_core::kernels::KernelPath;
use mlp_core::network::{CHUNK_ROWS, Network, Workspace};
use mlp_core::random::{Purpose, Stream};
use stage_files::model::Model;
use stage_files::picture::Canvas;

use crate::detector::{Detector, Digits, MIN_ROWS, vary};
use crate::network::network_of;

/// Bins of the calibration error, as many as in Guo 2017.
const BINS: usize = 15;

/// One in so many rows does not train a new detector but calibrates it.
const NEW_DETECTOR_ROWS: usize = 4;

/// From so many rows on, [`calibrate`] gives a detector to a model that has none.
pub const MIN_ROWS_FOR_DETECTOR: usize = MIN_ROWS.div_ceil(NEW_DETECTOR_ROWS - 1) * NEW_DETECTOR_ROWS;

/// How much training rows are varied for fitting a temperature, as a factor on what a detector learns from. At 0.8 the
/// temperatures of networks that trained on pictures as they are were nearest to those of writers who did not train.
const VARIED: f64 = 0.8;
/// Most training rows that are varied.
const VARIED_ROWS: usize = 4000;
/// The random seed of what is varied.
const SEED: u64 = 0x7E3B_A1D5;

/// Rows of a data set.
#[derive(Clone, Copy, Debug)]
pub struct Rows<'a> {
    /// Pixels (N, P), 255 white.
    pub pixels: &'a [u8],
    /// Class of each row (N).
    pub classes: &'a [u8],
}

impl<'a> Rows<'a> {
    /// The rows as digits of a model's label set.
    fn digits(self, model: &'a Model, canvas: Canvas) -> Digits<'a> {
        Digits { pixels: self.pixels, classes: self.classes, known: &model.labels, canvas }
    }
}

/// The result of a calibration.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Calibrated {
    /// The temperature: the divisor of the logits.
    pub temperature: f32,
    /// Expected calibration error before, and after with a temperature fitted to the other half of the rows.
    pub error_before: f64,
    /// See `error_before`.
    pub error_after: f64,
}

/// Learns detector and temperature of a trained network from the rows that trained it, and from rows that did not, if
/// there are enough. With fewer than [`MIN_ROWS`] training rows the model stays as it is.
///
/// Rows that trained a network are no measure of its confidence: it knows them. So without other rows the temperature
/// is fitted to varied copies of them, as other writers might have written them. Where the network is too sure of its
/// errors, the temperature rises above 1. It never falls below, because other writers differ by more.
///
/// # Errors
/// If the model cannot be used.
pub fn learn_confidence(
    model: &mut Model,
    training: Rows<'_>,
    held_out: Rows<'_>,
    canvas: Canvas,
    path: KernelPath,
) -> anyhow::Result<()> {
    let digits = training.digits(model, canvas);
    let Some(detector) = Detector::learn(digits, &model.scaling, path)? else { return Ok(()) };
    model.detector = Some(detector.to_stored());
    if held_out.classes.len() >= MIN_ROWS {
        calibrate(model, held_out, canvas, path)?;
    } else {
        model.temperature = varied_temperature(model, training, canvas, path)?;
    }
    Ok(())
}

/// The temperature on varied copies of rows, at least 1.
fn varied_temperature(model: &Model, rows: Rows<'_>, canvas: Canvas, path: KernelPath) -> anyhow::Result<f32> {
    let mut stream = Stream::new(SEED, Purpose::Augmentation);
    let count = rows.classes.len().min(VARIED_ROWS);
    let (mut pixels, mut classes) = (Vec::with_capacity(count * canvas.pixels()), Vec::with_capacity(count));
    for i in 0..count {
        // Spread over all rows: their order may follow the labels.
        let row = i * rows.classes.len() / count;
        pixels.extend(vary(&rows.pixels[row * canvas.pixels()..][..canvas.pixels()], canvas, VARIED, &mut stream));
        classes.push(rows.classes[row]);
    }
    let network = network_of(model)?;
    let logits = logits(model, &network, &pixels, count, path);
    Ok(fit_temperature(&logits, &classes, network.architecture().outputs()).max(1.0))
}

/// The logits (rows, O) of pixels (rows, P).
fn logits(model: &Model, network: &Network, pixels: &[u8], rows: usize, path: KernelPath) -> Vec<f32> {
    let (width, outputs) = (network.architecture().inputs(), network.architecture().outputs());
    let mut logits = vec![0.0; rows * outputs];
    let inputs = model.scaling.inputs(pixels, width);
    Workspace::new(network.architecture(), CHUNK_ROWS, path).logits(network, &inputs, &mut logits);
    logits
}

/// Fits the temperatures of a model and of its detector to rows that trained neither. A model without a detector gets
/// one: three rows of four train it, the fourth calibrates it.
///
/// # Errors
/// If the model cannot be used.
pub fn calibrate(
    model: &mut Model,
    held_out: Rows<'_>,
    canvas: Canvas,
    path: KernelPath,
) -> anyhow::Result<Calibrated> {
    let network = network_of(model)?;
    let outputs = network.architecture().outputs();
    let logits = logits(model, &network, held_out.pixels, held_out.classes.len(), path);
    model.detector = detector(model, held_out, canvas, path)?.map(|detector| detector.to_stored());
    model.temperature = fit_temperature(&logits, held_out.classes, outputs);
    // Its threshold belongs to the confidences as they were.
    model.guarantee = None;
    Ok(Calibrated {
        temperature: model.temperature,
        error_before: error_at(&logits, held_out.classes, outputs, |_| 1.0),
        error_after: crossed_error(&logits, held_out.classes, outputs),
    })
}

/// The model's detector or a new one, calibrated.
fn detector(model: &Model, rows: Rows<'_>, canvas: Canvas, path: KernelPath) -> anyhow::Result<Option<Detector>> {
    if let Some(stored) = &model.detector {
        let mut detector = Detector::from_stored(stored, canvas.pixels())?;
        detector.calibrate(rows.digits(model, canvas), &model.scaling, path);
        return Ok(Some(detector));
    }
    let (mut kept, mut learned) = ((Vec::new(), Vec::new()), (Vec::new(), Vec::new()));
    for (at, (pixels, &class)) in rows.pixels.chunks_exact(canvas.pixels()).zip(rows.classes).enumerate() {
        let to = if at % NEW_DETECTOR_ROWS == 0 { &mut kept } else { &mut learned };
        to.0.extend_from_slice(pixels);
        to.1.push(class);
    }
    let [kept, learned] = [&kept, &learned].map(|(pixels, classes)| Rows { pixels, classes });
    let mut detector = Detector::learn(learned.digits(model, canvas), &model.scaling, path)?;
    if let Some(detector) = &mut detector {
        detector.calibrate(kept.digits(model, canvas), &model.scaling, path);
    }
    Ok(detector)
}

/// The error on each half of the rows with the temperature of the other half.
fn crossed_error(logits: &[f32], classes: &[u8], outputs: usize) -> f64 {
    let of_half = |half: usize| {
        let rows = logits.chunks_exact(outputs).zip(classes).skip(half).step_by(2);
        let (rows, classes): (Vec<&[f32]>, Vec<u8>) = rows.map(|(row, &class)| (row, class)).unzip();
        fit_temperature(&rows.concat(), &classes, outputs)
    };
    let temperatures = [of_half(1), of_half(0)];
    error_at(logits, classes, outputs, |row| temperatures[row % 2])
}

fn error_at(logits: &[f32], classes: &[u8], outputs: usize, temperature: impl Fn(usize) -> f32) -> f64 {
    let mut probabilities = logits.to_vec();
    for (at, row) in probabilities.chunks_exact_mut(outputs).enumerate() {
        softmax_at(row, temperature(at));
    }
    expected_calibration_error(&probabilities, classes, outputs, BINS)
}
