//! Probabilities from networks that did not see a picture.
//!
//! The pictures are divided into folds, and those of each fold get their probabilities from a network that trains on
//! the other folds: on other writers, where most are known, otherwise on other pictures. Copies and near copies by one
//! writer are in one fold, or a copy with a wrong label would confirm it.

use mlp_core::activation::Activation;
use mlp_core::architecture::Architecture;
use mlp_core::init::Init;
use mlp_core::kernels::KernelPath;
use mlp_core::network::Network;
use mlp_core::optimizer::AdamW;
use mlp_core::random::{Purpose, Stream};
use mlp_core::train::Trainer;
use rayon::prelude::*;
use std::collections::BTreeMap;

use crate::ink::Inks;
use crate::pictures::Pictures;
use crate::probabilities::Probabilities;
use crate::reason::Note;

/// Most folds: each network trains on four fifths.
const FOLDS: usize = 5;
/// Pictures of a label that have to train; with fewer its pictures are not judged.
pub(crate) const MIN_OF_LABEL: usize = 10;
const HIDDEN: [usize; 2] = [128, 64];
const DROPOUT: [f64; 2] = [0.1, 0.1];
const BATCH: usize = 32;
/// The learning rate falls linearly to 0.
const LEARNING_RATE: f32 = 2e-3;
/// How often a picture is shown, and bounds on the pictures that a network is shown in all.
const EPOCHS: usize = 30;
const SHOWN: (usize, usize) = (20_000, 300_000);
/// Steps between two looks for signals.
const STEPS: usize = 256;
const SEED: u64 = 0xD0C7_0001;

/// Trains the networks. `groups` are the copies that stay together. The error says why this data has none.
pub(crate) fn out_of_fold(
    pictures: &Pictures,
    inks: &Inks,
    groups: &[u32],
    is_stopped: &(dyn Fn() -> bool + Sync),
) -> Result<Probabilities, Note> {
    let rows: Vec<u32> = (0..pictures.own as u32).filter(|&row| !inks.blank[row as usize]).collect();
    let mut counts = vec![0; pictures.labels.len()];
    rows.iter().for_each(|&row| counts[usize::from(pictures.class(row as usize))] += 1);
    if counts.iter().filter(|&&count| count >= MIN_OF_LABEL).count() < 2 {
        return Err(Note::NoWrongLabels(MIN_OF_LABEL));
    }
    let by_writer = has_writers(pictures, &rows);
    let folds = folds(pictures, &rows, groups, by_writer);
    let count = folds.iter().copied().max().map_or(0, |last| usize::from(last) + 1);
    let classes = pictures.labels.len();
    let all: Vec<u8> = (0..pictures.own).map(|row| pictures.class(row)).collect();
    let trained: Vec<(Vec<u32>, Vec<f32>, Vec<usize>)> = (0..count)
        .into_par_iter()
        .map(|fold| {
            let (out, train): (Vec<u32>, Vec<u32>) =
                (0..rows.len() as u32).partition(|&at| usize::from(folds[at as usize]) == fold);
            let [out, train] = [out, train].map(|ats| ats.iter().map(|&at| rows[at as usize]).collect::<Vec<u32>>());
            let mut of_label = vec![0; classes];
            train.iter().for_each(|&row| of_label[usize::from(all[row as usize])] += 1);
            let said = probabilities(pictures, inks, &all, &train, &out, fold as u64, is_stopped);
            (out, said, of_label)
        })
        .collect();
    let mut found = Probabilities::none(pictures.own, classes);
    for (out, said, of_label) in trained {
        for (&row, said) in out.iter().zip(said.chunks_exact(classes)) {
            if of_label[usize::from(all[row as usize])] >= MIN_OF_LABEL {
                found.say(row as usize, said);
            }
        }
    }
    Ok(found)
}

/// Whether two or more writers are known who wrote most of the pictures.
fn has_writers(pictures: &Pictures, rows: &[u32]) -> bool {
    let known: Vec<&str> = rows.iter().filter_map(|&row| pictures.items[row as usize].writer.as_deref()).collect();
    known.len() * 2 > rows.len() && known.iter().any(|writer| *writer != known[0])
}

/// The fold of each of `rows`: what belongs together goes to the fold that has fewest pictures, the largest first.
fn folds(pictures: &Pictures, rows: &[u32], groups: &[u32], by_writer: bool) -> Vec<u8> {
    let mut members: BTreeMap<(&str, u32), Vec<usize>> = BTreeMap::new();
    for (at, &row) in rows.iter().enumerate() {
        let writer = pictures.items[row as usize].writer.as_deref().filter(|_| by_writer);
        let key = writer.map_or_else(|| ("", groups[row as usize]), |writer| (writer, 0));
        members.entry(key).or_default().push(at);
    }
    let mut together: Vec<Vec<usize>> = members.into_values().collect();
    Stream::new(SEED, Purpose::Split).shuffle(&mut together);
    together.sort_by_key(|members| std::cmp::Reverse(members.len()));
    let mut sizes = vec![0; FOLDS.min(together.len())];
    let mut folds = vec![0; rows.len()];
    for members in together {
        let smallest = (0..sizes.len()).min_by_key(|&fold| sizes[fold]).unwrap_or_default();
        sizes[smallest] += members.len();
        members.into_iter().for_each(|at| folds[at] = smallest as u8);
    }
    folds
}

/// Trains on `train`, and returns the probabilities of `out` (rows, classes).
fn probabilities(
    pictures: &Pictures,
    inks: &Inks,
    classes: &[u8],
    train: &[u32],
    out: &[u32],
    fold: u64,
    is_stopped: &(dyn Fn() -> bool + Sync),
) -> Vec<f32> {
    let (width, outputs) = (inks.width, pictures.labels.len());
    let Ok(shape) = Architecture::new(width, &HIDDEN, &[Activation::Relu; HIDDEN.len()], outputs) else {
        unreachable!("no width is 0");
    };
    let stream = |purpose| Stream::of_item(SEED, purpose, [fold, 0]);
    let network = Network::new(shape, Init::He, &mut stream(Purpose::Init));
    let optimizer = AdamW { learning_rate: LEARNING_RATE, ..AdamW::default() };
    let mut trainer =
        Trainer::new(network, optimizer, BATCH, KernelPath::detect()).with_dropout(&DROPOUT, stream(Purpose::Dropout));
    let (mut shuffle, mut shifts) = (stream(Purpose::Shuffle), stream(Purpose::Augmentation));
    let scale = libm::sqrtf(width as f32) / 2.0;
    let size = (pictures.canvas.width_px as usize, pictures.canvas.height_px as usize);
    let steps = (EPOCHS * train.len()).clamp(SHOWN.0, SHOWN.1).div_ceil(BATCH);
    let (mut inputs, mut labels) = (vec![0.0; BATCH * width], vec![0; BATCH]);
    let batch: Vec<u32> = (0..BATCH as u32).collect();
    let mut order: Vec<u32> = Vec::new();
    for step in 0..steps {
        if step % STEPS == 0 && is_stopped() {
            break;
        }
        for (input, label) in inputs.chunks_exact_mut(width).zip(&mut labels) {
            if order.is_empty() {
                order = train.to_vec();
                shuffle.shuffle(&mut order);
            }
            let row = order.pop().unwrap_or_default() as usize;
            *label = classes[row];
            let mut shift = || shifts.below(3) as i32 - 1;
            shifted(inks.row(row), size, (shift(), shift()), scale, input);
        }
        trainer.set_learning_rate(LEARNING_RATE * (steps - step) as f32 / steps as f32);
        trainer.step(&inputs, &labels, &batch);
    }
    let network = trainer.into_network();
    let mut said = vec![0.0; out.len() * outputs];
    for (rows, said) in out.chunks(BATCH).zip(said.chunks_mut(BATCH * outputs)) {
        let inputs: Vec<f32> = rows.iter().flat_map(|&row| inks.row(row as usize)).map(|ink| ink * scale).collect();
        network.probabilities(&inputs, said);
    }
    said
}

/// Writes ink that is shifted to the right and down, times `scale`.
fn shifted(ink: &[f32], (width, height): (usize, usize), (right, down): (i32, i32), scale: f32, into: &mut [f32]) {
    into.fill(0.0);
    for y in 0..height {
        let Some(from_y) = y.checked_add_signed(-down as isize).filter(|&from| from < height) else { continue };
        for x in 0..width {
            if let Some(from_x) = x.checked_add_signed(-right as isize).filter(|&from| from < width) {
                into[y * width + x] = ink[from_y * width + from_x] * scale;
            }
        }
    }
}
