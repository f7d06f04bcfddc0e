//! Whole runs against losses from an independent f64 program, `reference/make_trajectories.py`.

use crate::plain::{self, Fault, PIXELS, Plain, TRAIN_ROWS};
use mlp_core::activation::Activation;
use mlp_core::architecture::Architecture;
use mlp_core::kernels::KernelPath;
use mlp_core::network::Network;
use mlp_core::train::{Sgd, Trainer};

const BATCH: usize = 10;
const RATE: f32 = 0.05;
/// Largest relative error of an epoch's loss: 30 times what rounding causes, since the reference's losses change by up
/// to 7e-8 when it runs in f32 (last column of the stored table).
const TOLERANCE: f64 = 2e-6;

/// One epoch of the stored table.
struct StoredEpoch {
    hidden: Vec<usize>,
    activation: Activation,
    epoch: usize,
    train_loss: f64,
    train_accuracy: f64,
    test_loss: f64,
    test_accuracy: f64,
    drift_of_f32: f64,
}

fn stored_epochs() -> Vec<StoredEpoch> {
    let text = String::from_utf8(plain::stored("trajectories.csv")).unwrap();
    let line = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        let number = |i: usize| cells[i].parse::<f64>().unwrap();
        StoredEpoch {
            hidden: cells[0].split('-').map(|w| w.parse().unwrap()).collect(),
            activation: cells[1].parse().unwrap(),
            epoch: cells[2].parse().unwrap(),
            train_loss: number(3),
            train_accuracy: number(4),
            test_loss: number(5),
            test_accuracy: number(6),
            drift_of_f32: number(7),
        }
    };
    text.lines().skip(1).map(line).collect()
}

/// The network with the stored initial weights.
fn start(hidden: &[usize], activation: Activation) -> Network {
    let name: Vec<String> = hidden.iter().map(ToString::to_string).collect();
    let bytes = plain::stored(&format!("start-{}.bin", name.join("-")));
    let mut values = bytes.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]]));
    let shape = Architecture::new(PIXELS, hidden, &vec![activation; hidden.len()], 5).unwrap();
    let mut network = Network::zeros(shape);
    for i in 0..=hidden.len() {
        network.parameters_mut().layer_mut(i).0.iter_mut().for_each(|w| *w = values.next().unwrap());
    }
    assert_eq!(values.next(), None, "the stored weights fill the network exactly");
    network
}

#[test]
fn every_epoch_of_every_run_has_the_stored_loss() {
    let (inputs, labels) = plain::data();
    let lines = stored_epochs();
    assert_eq!(lines.len(), 3 * 7 * 8);
    let train_rows: Vec<u32> = (0..TRAIN_ROWS as u32).collect();
    let test_rows: Vec<u32> = (TRAIN_ROWS as u32..labels.len() as u32).collect();
    let mut widest = 0.0_f64;
    for run in lines.chunk_by(|a, b| (&a.hidden, a.activation) == (&b.hidden, b.activation)) {
        let network = start(&run[0].hidden, run[0].activation);
        let mut trainer = Trainer::new(network, Sgd { learning_rate: RATE }, BATCH, KernelPath::detect());
        for line in run {
            let (mut loss, mut correct) = (0.0, 0);
            for batch in train_rows.chunks(BATCH) {
                let result = trainer.step(&inputs, &labels, batch);
                loss += f64::from(result.loss) / (TRAIN_ROWS / BATCH) as f64;
                correct += result.correct;
            }
            let test = trainer.evaluate(&inputs, &labels, &test_rows, |_, _| {});
            let name = format!("{:?} {} epoch {}", line.hidden, line.activation.name(), line.epoch);
            for (what, found, expected) in [("training", loss, line.train_loss), ("test", test.loss, line.test_loss)] {
                let off = (found / expected - 1.0).abs();
                widest = widest.max(off);
                assert!(off < TOLERANCE, "{name}: {what} loss {found:.9}, stored {expected:.9}, off by {off:e}");
            }
            // Rounding can change the prediction of a row whose two largest logits are nearly equal; one such row is
            // allowed.
            assert!(
                (correct as f64 - line.train_accuracy * TRAIN_ROWS as f64).abs() < 1.5,
                "{name}: {correct} correct"
            );
            let test_rows = test.rows as f64;
            assert!(
                (test.correct as f64 - line.test_accuracy * test_rows).abs() < 1.5,
                "{name}: {} correct",
                test.correct
            );
            assert!(
                line.drift_of_f32 < TOLERANCE / 10.0,
                "{name}: the reference itself drifts by {}",
                line.drift_of_f32
            );
        }
    }
    assert!(widest > 0.0, "an f32 run cannot agree with an f64 run in every digit");
}

/// Runs with a broken backward pass miss the stored losses. They run in f64, so that only the fault differs.
#[test]
fn a_run_with_a_broken_backward_pass_leaves_the_stored_losses() {
    let (inputs, labels) = plain::data();
    let inputs: Vec<f64> = inputs.iter().map(|v| f64::from(*v)).collect();
    let lines = stored_epochs();
    for run in lines.chunk_by(|a, b| (&a.hidden, a.activation) == (&b.hidden, b.activation)) {
        if run[0].hidden.len() != 2 {
            continue; // One depth is enough; three take three times as long.
        }
        for fault in [Fault::None, Fault::HiddenGradientsDropped, Fault::TransposedWeights, Fault::MissingDerivative] {
            let mut network = Plain::of(&start(&run[0].hidden, run[0].activation));
            let mut off = 0.0_f64;
            for line in &run[..4] {
                let batches = inputs[..TRAIN_ROWS * PIXELS].chunks(BATCH * PIXELS).zip(labels.chunks(BATCH));
                let losses = batches.map(|(x, y)| network.step(x, y, f64::from(RATE), fault));
                let loss = losses.sum::<f64>() / (TRAIN_ROWS / BATCH) as f64;
                off = off.max((loss / line.train_loss - 1.0).abs());
            }
            let name = format!("{:?} {} {fault:?}", run[0].hidden, run[0].activation.name());
            let is_no_fault = run[0].activation == Activation::Identity && fault == Fault::MissingDerivative;
            if fault == Fault::None || is_no_fault {
                // The remaining error is the rounding of the inputs and of the learning rate to f32.
                assert!(off < TOLERANCE, "{name}: off by {off:e}");
            } else {
                assert!(off > 5.0 * TOLERANCE, "{name}: reaches the stored losses within {off:e}");
            }
        }
    }
}
