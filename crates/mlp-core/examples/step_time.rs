//! How long a training step takes on each kernel path of this machine:
//! `cargo run --release -p mlp-core --example step_time`.
#![allow(clippy::print_stdout, reason = "printing is what this program is for")]

#[path = "../benches/common/mod.rs"]
mod common;

use common::{fma_peak, step_operations};
use mlp_core::activation::Activation;
use mlp_core::architecture::Architecture;
use mlp_core::init::Init;
use mlp_core::kernels::KernelPath;
use mlp_core::network::Network;
use mlp_core::random::{Purpose, Stream};
use mlp_core::train::{Sgd, Trainer};
use std::hint::black_box;
use std::time::Instant;

const ROWS: usize = 900;
const INPUTS: usize = 400;
const CLASSES: usize = 5;
const BATCH: usize = 10;
const EPOCHS: usize = 9;

fn main() {
    let mut stream = Stream::new(1, Purpose::Init);
    let inputs: Vec<f32> = (0..ROWS * INPUTS).map(|_| stream.uniform() as f32).collect();
    let labels: Vec<u8> = (0..ROWS).map(|_| stream.below(CLASSES as u64) as u8).collect();
    let rows: Vec<u32> = (0..ROWS as u32).collect();
    println!("{INPUTS} inputs, {CLASSES} classes, batch {BATCH}; {EPOCHS} epochs of {} steps", ROWS / BATCH);
    for (hidden, activation) in [
        (&[256, 256][..], Activation::Relu),
        (&[256, 256][..], Activation::Tanh),
        (&[256, 256][..], Activation::Gelu),
        (&[32][..], Activation::Relu),
        (&[32, 32][..], Activation::Relu),
        (&[512, 128][..], Activation::Relu),
    ] {
        for path in KernelPath::ALL.into_iter().filter(|path| path.is_available()) {
            let activations = vec![activation; hidden.len()];
            let shape = Architecture::new(INPUTS, hidden, &activations, CLASSES).expect("the shape is possible");
            let operations = step_operations(&shape, BATCH);
            let network = Network::new(shape, Init::He, &mut stream);
            let mut trainer = Trainer::new(network, Sgd { learning_rate: 1e-3 }, BATCH, path);
            let mut times: Vec<f64> = Vec::with_capacity(EPOCHS * ROWS / BATCH);
            for epoch in 0..=EPOCHS {
                for batch in rows.chunks(BATCH) {
                    let start = Instant::now();
                    black_box(trainer.step(&inputs, &labels, batch));
                    // The first epoch warms up.
                    if epoch > 0 {
                        times.push(start.elapsed().as_secs_f64());
                    }
                }
            }
            times.sort_by(f64::total_cmp);
            let (median, quick) = (times[times.len() / 2], times[times.len() / 10]);
            let speed = operations / quick / 1e9;
            let share = fma_peak(path)
                .map_or(String::new(), |peak| format!(", {:3.0} % of the peak of {peak:.0}", 100.0 * speed / peak));
            println!(
                "{hidden:?} {:<5} {:<8} median {:8.1} us, a tenth within {:8.1} us: {speed:6.1} GFLOP/s{share}",
                activation.name(),
                path.name(),
                median * 1e6,
                quick * 1e6,
            );
        }
    }
}
