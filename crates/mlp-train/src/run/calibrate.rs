//! How far the predictions of a trained network can be trusted: learned from its rows, stored in the model file.

use digit_model::{MIN_ROWS, Rows, canvas_for, canvas_of, learn_confidence};
use mlp_core::kernels::KernelPath;
use stage_files::model::Model;

use crate::data::prepare::Prepared;
use crate::data::source::Source;

/// Why a model is left without a detector although its config asks for one; `None` if it gets one.
pub(crate) fn lack(source: &Source, train_rows: u64) -> Option<String> {
    if train_rows < MIN_ROWS as u64 {
        return Some(format!("fewer than {MIN_ROWS} training rows"));
    }
    let inputs = source.first.pixels.ncols();
    let canvas = canvas_for(source.first.picture(), inputs);
    canvas.is_none().then(|| format!("{inputs} pixels of unknown width and height"))
}

/// Learns a detector of digits from the training rows, and temperatures from the validation rows. With too few of these
/// the temperature comes from varied copies of the training rows. Test rows teach nothing.
pub(crate) fn learn(model: &mut Model, source: &Source, data: &Prepared<'_>) -> anyhow::Result<()> {
    if lack(source, data.split.train.len() as u64).is_some() {
        return Ok(());
    }
    let Some(canvas) = canvas_of(model) else { return Ok(()) };
    // Training and validation rows are all in the first matrix.
    let of_rows = |rows: &[u32]| -> (Vec<u8>, Vec<u8>) {
        let pixels = rows.iter().flat_map(|&row| source.first.pixels.row(row as usize)).copied().collect();
        (pixels, rows.iter().map(|&row| data.classes[row as usize]).collect())
    };
    let (training, held_out) = (of_rows(&data.split.train), of_rows(&data.split.validation));
    let [training, held_out] = [&training, &held_out].map(|(pixels, classes)| Rows { pixels, classes });
    // All kernel paths give the same bits.
    learn_confidence(model, training, held_out, canvas, KernelPath::detect())
}
