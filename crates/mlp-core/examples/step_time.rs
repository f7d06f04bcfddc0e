//! How long a training step takes on each kernel path of this machine:
//! `cargo run --release -p mlp-core --example step_time`.
#![allow(clippy::print_stdout, reason = "printing is what this program is for")]

use mlp_core::activation::Activation;
use mlp_core::architecture::Architecture;
use mlp_core::init::Init;
use mlp_core::kernels::KernelPath;
use mlp_core::network::Network;
use mlp_core::random::{Purpose, Stream};
use mlp_core::train::{Sgd, Trainer};
use std::time::Instant;

const ROWS: usize = 900;
const INPUTS: usize = 400;
const CLASSES: usize = 5;
const BATCH: usize = 10;

fn main() {
    let mut stream = Stream::new(1, Purpose::Init);
    let inputs: Vec<f32> = (0..ROWS * INPUTS).map(|_| stream.uniform() as f32).collect();
    let labels: Vec<u8> = (0..ROWS).map(|_| stream.below(CLASSES as u64) as u8).collect();
    let rows: Vec<u32> = (0..ROWS as u32).collect();
    println!("{INPUTS} inputs, {CLASSES} classes, batch {BATCH}; median of 9 epochs of {} steps", ROWS / BATCH);
    for (hidden, activation) in [
        (&[256, 256][..], Activation::Relu),
        (&[256, 256][..], Activation::Tanh),
        (&[256, 256][..], Activation::Gelu),
        (&[32][..], Activation::Relu),
        (&[512, 128][..], Activation::Relu),
    ] {
        for path in KernelPath::ALL.into_iter().filter(|path| path.is_available()) {
            let activations = vec![activation; hidden.len()];
            let shape = Architecture::new(INPUTS, hidden, &activations, CLASSES).expect("the shape is possible");
            // Forward and update of every layer, the transposed product of all but the first; two operations each.
            let weights = |i: usize| shape.layer(i).inputs * shape.layer(i).outputs;
            let products = (0..shape.depth()).map(|i| weights(i) * if i == 0 { 2 } else { 3 }).sum::<usize>();
            let flops = (2 * BATCH * products) as f64;
            let network = Network::new(shape, Init::He, &mut stream);
            let mut trainer = Trainer::new(network, Sgd { learning_rate: 1e-3 }, BATCH, path);
            let mut loss = 0.0;
            let mut epoch = || {
                let start = Instant::now();
                for batch in rows.chunks(BATCH) {
                    loss = trainer.step(&inputs, &labels, batch).loss;
                }
                start.elapsed().as_secs_f64() / (ROWS / BATCH) as f64
            };
            epoch();
            let mut times: Vec<f64> = (0..9).map(|_| epoch()).collect();
            times.sort_by(f64::total_cmp);
            let step = times[times.len() / 2];
            println!(
                "{hidden:?} {:<10} {:<8} {:9.1} us a step {:7.1} GFLOP/s   (last loss {loss})",
                activation.name(),
                path.name(),
                step * 1e6,
                flops / step / 1e9
            );
        }
    }
}
