//! The backward pass against central differences in f64; and backward passes with deliberate faults, which must fail.

use crate::plain::{Fault, Gradients, Plain};
use mlp_core::activation::Activation;
use mlp_core::architecture::Architecture;
use mlp_core::init::Init;
use mlp_core::kernels::KernelPath;
use mlp_core::network::Network;
use mlp_core::random::{Purpose, Stream};
use mlp_core::train::{Sgd, Trainer};

const INPUTS: usize = 7;
const CLASSES: usize = 3;
const LABELS: [u8; 5] = [0, 2, 1, 1, 2];
/// No hidden layer, one, two, three. Neighbouring widths differ, so that a transposed weight matrix fails.
const DEPTHS: [&[usize]; 4] = [&[], &[6], &[6, 5], &[6, 5, 4]];

/// A network with weights of a usual size and biases other than 0, and a batch.
fn case(hidden: &[usize], activation: Activation) -> (Network, Vec<f32>) {
    let shape = Architecture::new(INPUTS, hidden, &vec![activation; hidden.len()], CLASSES).unwrap();
    let mut stream = Stream::new(17, Purpose::Init);
    let mut network = Network::new(shape, Init::Normal { std: 0.6 }, &mut stream);
    for i in 0..=hidden.len() {
        network.parameters_mut().layer_mut(i).1.iter_mut().for_each(|b| *b = (0.3 * stream.normal()) as f32);
    }
    let inputs = (0..LABELS.len() * INPUTS).map(|_| stream.normal() as f32).collect();
    (network, inputs)
}

fn widen(values: &[f32]) -> Vec<f64> {
    values.iter().map(|v| f64::from(*v)).collect()
}

/// The largest error of `gradients` against central differences, relative to `1e-3 + |difference|`, over all weights,
/// biases and inputs; how many of them were skipped because the difference crosses a kink; and their number.
fn disagreement(network: &Plain, inputs: &[f64], gradients: &Gradients) -> (f64, usize, usize) {
    const STEP: f64 = 1e-5;
    let (mut worst, mut skipped, mut places) = (0.0_f64, 0, 0);
    let mut compare = |found: f64, at: &dyn Fn(f64) -> (Plain, Vec<f64>)| {
        let ((up, up_inputs), (down, down_inputs)) = (at(STEP), at(-STEP));
        places += 1;
        if up.sides(&up_inputs) != down.sides(&down_inputs) {
            skipped += 1;
            return;
        }
        let difference =
            (up.cross_entropy(&up_inputs, &LABELS) - down.cross_entropy(&down_inputs, &LABELS)) / (2.0 * STEP);
        worst = worst.max((found - difference).abs() / (1e-3 + difference.abs()));
    };
    for i in 0..network.weights.len() {
        for k in 0..network.weights[i].len() {
            compare(gradients.weights[i][k], &|step| {
                let mut moved = network.clone();
                moved.weights[i][k] += step;
                (moved, inputs.to_vec())
            });
        }
        for k in 0..network.biases[i].len() {
            compare(gradients.biases[i][k], &|step| {
                let mut moved = network.clone();
                moved.biases[i][k] += step;
                (moved, inputs.to_vec())
            });
        }
    }
    for k in 0..inputs.len() {
        compare(gradients.inputs[k], &|step| {
            let mut moved = inputs.to_vec();
            moved[k] += step;
            (network.clone(), moved)
        });
    }
    (worst, skipped, places)
}

/// Largest error of a correct backward pass: the differences themselves are accurate to about 1e-10 / 1e-3.
const TOLERANCE: f64 = 1e-6;

#[test]
fn the_plain_backward_pass_agrees_with_differences() {
    for activation in Activation::ALL {
        for hidden in DEPTHS {
            let (network, inputs) = case(hidden, activation);
            let (network, inputs) = (Plain::of(&network), widen(&inputs));
            let gradients = network.backward(&inputs, &LABELS, Fault::None);
            let (worst, skipped, places) = disagreement(&network, &inputs, &gradients);
            let name = activation.name();
            assert!(worst < TOLERANCE, "{name} {hidden:?}: off by {worst:e}");
            assert!(skipped * 50 <= places, "{name} {hidden:?}: {skipped} of {places} differences cross a kink");
            // Gradients near 0 would pass any check.
            for (i, layer) in gradients.weights.iter().enumerate() {
                let largest = layer.iter().fold(0.0_f64, |m, g| m.max(g.abs()));
                assert!(largest > 1e-3, "{name} {hidden:?}: the gradients of layer {i} are all near 0 ({largest:e})");
            }
        }
    }
}

#[test]
fn the_check_notices_every_broken_backward_pass() {
    for activation in Activation::ALL {
        for hidden in &DEPTHS[1..] {
            let (network, inputs) = case(hidden, activation);
            let (network, inputs) = (Plain::of(&network), widen(&inputs));
            for fault in Fault::ALL {
                if activation == Activation::Identity && fault == Fault::MissingDerivative {
                    continue; // The identity's derivative is 1, so leaving it out is no fault.
                }
                let (worst, _, _) = disagreement(&network, &inputs, &network.backward(&inputs, &LABELS, fault));
                assert!(
                    worst > 1e4 * TOLERANCE,
                    "{} {hidden:?}: {fault:?} passes, off by only {worst:e}",
                    activation.name()
                );
            }
        }
    }
}

/// The largest difference between `gradients` and the gradient of the f32 network, which is read from a step with
/// learning rate 1, exact but for the rounding of the weights.
fn f32_distance(network: &Network, inputs: &[f32], gradients: &Gradients, path: KernelPath) -> f64 {
    let mut trainer = Trainer::new(network.clone(), Sgd { learning_rate: 1.0 }, LABELS.len(), path);
    trainer.step(inputs, &LABELS, &[0, 1, 2, 3, 4]);
    let (before, after) = (network.parameters(), trainer.network().parameters());
    let mut worst = 0.0_f64;
    for i in 0..gradients.weights.len() {
        let weights = before.weight(i).iter().zip(after.weight(i)).zip(&gradients.weights[i]);
        let biases = before.bias(i).iter().zip(after.bias(i)).zip(&gradients.biases[i]);
        for ((before, after), gradient) in weights.chain(biases) {
            worst = worst.max((f64::from(*before) - f64::from(*after) - gradient).abs());
        }
    }
    worst
}

#[test]
fn the_f32_backward_pass_agrees_with_the_plain_one_and_with_no_broken_one() {
    for path in KernelPath::ALL.into_iter().filter(|path| path.is_available()) {
        for activation in Activation::ALL {
            for hidden in DEPTHS {
                let (network, inputs) = case(hidden, activation);
                let (plain, wide) = (Plain::of(&network), widen(&inputs));
                let name = format!("{} {} {hidden:?}", path.name(), activation.name());
                let right = plain.backward(&wide, &LABELS, Fault::None);
                let distance = f32_distance(&network, &inputs, &right, path);
                assert!(distance < 1e-6, "{name}: off by {distance:e}");
                for fault in Fault::ALL {
                    let hidden_only = !matches!(fault, Fault::BiasForgotten | Fault::NotAveraged);
                    let is_no_fault = activation == Activation::Identity && fault == Fault::MissingDerivative;
                    if is_no_fault || (hidden.is_empty() && hidden_only) {
                        continue;
                    }
                    let wrong = plain.backward(&wide, &LABELS, fault);
                    let distance = f32_distance(&network, &inputs, &wrong, path);
                    assert!(distance > 1e-4, "{name}: {fault:?} differs by only {distance:e}");
                }
            }
        }
    }
}
