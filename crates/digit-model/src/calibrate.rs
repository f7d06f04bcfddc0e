//! Calibration: fits temperature and detector of a model.

use mlp_core::calibration::{expected_calibration_error, fit_temperature, softmax_at};
use mlp_core::kernels::KernelPath;
use mlp_core::network::{CHUNK_ROWS, Workspace};
use stage_files::model::Model;
use stage_files::picture::Canvas;

use crate::detector::{Detector, MIN_ROWS, Pictures};
use crate::network::network_of;

/// Bins of the calibration error, as many as in Guo 2017.
const BINS: usize = 15;

/// One in so many rows does not train a new detector but calibrates it.
const NEW_DETECTOR_ROWS: usize = 4;

/// From so many rows on, [`calibrate`] gives a detector to a model that has none.
pub const MIN_ROWS_FOR_DETECTOR: usize = MIN_ROWS.div_ceil(NEW_DETECTOR_ROWS - 1) * NEW_DETECTOR_ROWS;

/// Rows of a data set.
#[derive(Clone, Copy, Debug)]
pub struct Rows<'a> {
    /// Pixels (N, P), 255 white.
    pub pixels: &'a [u8],
    /// Class of each row (N).
    pub classes: &'a [u8],
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

/// Trains a detector on the digits of rows, which may be the training rows. With too few rows the model gets none.
///
/// # Errors
/// If the rows do not have as many pixels as the canvas.
pub fn learn_detector(model: &mut Model, digits: &[u8], canvas: Canvas, path: KernelPath) -> anyhow::Result<()> {
    let pictures = Pictures { pixels: digits, canvas, scaling: &model.scaling };
    let detector = Detector::learn(pictures, path)?;
    model.detector = detector.map(|detector| detector.to_stored());
    Ok(())
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
    let (width, outputs) = (network.architecture().inputs(), network.architecture().outputs());
    let inputs = model.scaling.inputs(held_out.pixels, width);
    let mut logits = vec![0.0; held_out.classes.len() * outputs];
    Workspace::new(network.architecture(), CHUNK_ROWS, path).logits(&network, &inputs, &mut logits);
    model.detector = detector(model, held_out.pixels, canvas, path)?.map(|detector| detector.to_stored());
    model.temperature = fit_temperature(&logits, held_out.classes, outputs);
    Ok(Calibrated {
        temperature: model.temperature,
        error_before: error_at(&logits, held_out.classes, outputs, |_| 1.0),
        error_after: crossed_error(&logits, held_out.classes, outputs),
    })
}

/// The model's detector or a new one, calibrated.
fn detector(model: &Model, pixels: &[u8], canvas: Canvas, path: KernelPath) -> anyhow::Result<Option<Detector>> {
    let pictures = |pixels| Pictures { pixels, canvas, scaling: &model.scaling };
    if let Some(stored) = &model.detector {
        let mut detector = Detector::from_stored(stored, canvas.pixels())?;
        detector.calibrate(pictures(pixels), path);
        return Ok(Some(detector));
    }
    let rows = pixels.chunks_exact(canvas.pixels()).enumerate();
    let (kept, learned): (Vec<_>, Vec<_>) = rows.partition(|(at, _)| at % NEW_DETECTOR_ROWS == 0);
    let pixels_of = |rows: Vec<(usize, &[u8])>| rows.into_iter().flat_map(|(_, row)| row).copied().collect::<Vec<u8>>();
    let (kept, learned) = (pixels_of(kept), pixels_of(learned));
    let mut detector = Detector::learn(pictures(&learned), path)?;
    if let Some(detector) = &mut detector {
        detector.calibrate(pictures(&kept), path);
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
