//! What the built-in network says of pictures that are prepared as it takes them. It has seen none of them, and no
//! label of theirs: labels that are wrong in the whole set do not mislead it.

use digit_model::built_in::DRAWN;
use digit_model::network_of;
use mlp_core::calibration::softmax_at;
use mlp_core::kernels::KernelPath;
use mlp_core::network::{CHUNK_ROWS, Workspace};
use rayon::prelude::*;
use stage_files::picture::PictureSettings;

use crate::ink::Inks;
use crate::pictures::Pictures;
use crate::probabilities::Probabilities;

/// Its probabilities among the labels of the set; `None` if there is only one label, or if the pictures were prepared
/// in another way, or nobody knows how.
pub(crate) fn built_in(pictures: &Pictures, inks: &Inks) -> anyhow::Result<Option<Probabilities>> {
    let model = DRAWN.model()?;
    let is_alike = |(ours, theirs): (&PictureSettings, &PictureSettings)| {
        ours.canvas == theirs.canvas && ours.preprocess == theirs.preprocess
    };
    if pictures.labels.len() < 2 || !pictures.settings.as_ref().zip(model.picture.as_ref()).is_some_and(is_alike) {
        return Ok(None);
    }
    let known: Option<Vec<usize>> =
        pictures.labels.as_slice().iter().map(|&label| model.labels.class_of(label).map(usize::from)).collect();
    let Some(known) = known else { return Ok(None) };
    let network = network_of(&model)?;
    let (width, outputs) = (network.architecture().inputs(), network.architecture().outputs());
    let rows: Vec<u32> = (0..pictures.own as u32).filter(|&row| !inks.blank[row as usize]).collect();
    let of_chunk = |rows: &[u32]| {
        let pixels: Vec<u8> = rows.iter().flat_map(|&row| pictures.row(row as usize)).copied().collect();
        let mut logits = vec![0.0; rows.len() * outputs];
        let mut workspace = Workspace::new(network.architecture(), rows.len(), KernelPath::detect());
        workspace.logits(&network, &model.scaling.inputs(&pixels, width), &mut logits);
        let of_set = |logits: &[f32]| {
            let mut of_set: Vec<f32> = known.iter().map(|&class| logits[class]).collect();
            softmax_at(&mut of_set, model.temperature);
            of_set
        };
        logits.chunks_exact(outputs).map(of_set).collect::<Vec<_>>()
    };
    let said: Vec<Vec<f32>> = rows.par_chunks(CHUNK_ROWS).flat_map_iter(of_chunk).collect();
    let mut all = Probabilities::none(pictures.own, pictures.labels.len());
    rows.iter().zip(&said).for_each(|(&row, said)| all.say(row as usize, said));
    Ok(Some(all))
}
