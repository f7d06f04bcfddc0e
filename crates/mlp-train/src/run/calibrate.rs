//! How far the answers of a trained network can be trusted: learned from its rows, stored in the model file.

use digit_model::{MIN_ROWS, Rows, calibrate, canvas_of, learn_detector};
use mlp_core::kernels::KernelPath;
use stage_files::model::Model;

use crate::data::prepare::Prepared;
use crate::data::source::Source;

/// Trains a detector of digits on the training rows, and fits the temperatures on the validation rows. Without
/// validation rows neither is learned: the probabilities stay as they are, and `digit-predict calibrate` can learn both
/// later.
pub(crate) fn learn(model: &mut Model, source: &Source, data: &Prepared<'_>) -> anyhow::Result<()> {
    let validation = &data.split.validation;
    if validation.is_empty() {
        return Ok(());
    }
    let Some(canvas) = canvas_of(model) else { return Ok(()) };
    // All kernel paths give the same bits.
    let path = KernelPath::detect();
    // Training and validation rows are all in the first matrix.
    let pixels_of = |rows: &[u32]| -> Vec<u8> {
        rows.iter().flat_map(|&row| source.first.pixels.row(row as usize)).copied().collect()
    };
    learn_detector(model, &pixels_of(&data.split.train), canvas, path)?;
    if validation.len() >= MIN_ROWS {
        let classes: Vec<u8> = validation.iter().map(|&row| data.classes[row as usize]).collect();
        calibrate(model, Rows { pixels: &pixels_of(validation), classes: &classes }, canvas, path)?;
    }
    Ok(())
}
