//! How long a training step takes on each kernel path of this machine:
//! `cargo run --release -p mlp-bench --bin step-time`.
#![allow(clippy::print_stdout, reason = "the program prints its results")]

use mlp_bench::{fma_peak, step_operations};
use mlp_core::activation::Activation;
use mlp_core::architecture::Architecture;
use mlp_core::init::Init;
use mlp_core::kernels::{KernelPath, Team};
use mlp_core::network::Network;
use mlp_core::random::{Purpose, Stream};
use mlp_core::train::{Sgd, Trainer};
use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;

const ROWS: usize = 900;
const EPOCHS: usize = 9;

/// Inputs, hidden layers, classes and rows of a batch.
type Case = (usize, &'static [usize], Activation, usize, usize);

const CASES: [Case; 7] = [
    (400, &[256, 256], Activation::Relu, 5, 10),
    (400, &[256, 256], Activation::Tanh, 5, 10),
    (400, &[256, 256], Activation::Gelu, 5, 10),
    (400, &[32], Activation::Relu, 5, 10),
    (400, &[32, 32], Activation::Relu, 5, 10),
    (400, &[512, 128], Activation::Relu, 5, 10),
    (784, &[1024, 512], Activation::Relu, 10, 50),
];

fn main() {
    let mut stream = Stream::new(1, Purpose::Init);
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get);
    println!("plain gradient descent, {EPOCHS} epochs of {ROWS} rows; one thread and all threads take turns");
    for case in CASES {
        let (width, hidden, activation, classes, batch) = case;
        let inputs: Vec<f32> = (0..ROWS * width).map(|_| stream.uniform() as f32).collect();
        let labels: Vec<u8> = (0..ROWS).map(|_| stream.below(classes as u64) as u8).collect();
        let rows: Vec<u32> = (0..ROWS as u32).collect();
        let shape = Architecture::new(width, hidden, &vec![activation; hidden.len()], classes);
        let shape = shape.expect("the shape is valid");
        let operations = step_operations(&shape, batch);
        let network = Network::new(shape, Init::He, &mut stream);
        for path in KernelPath::ALL.into_iter().filter(|path| path.is_available()) {
            let mut trainers: Vec<(usize, Trainer, Vec<f64>)> = [1, threads]
                .into_iter()
                .take(threads)
                .map(|threads| {
                    let mut trainer = Trainer::new(network.clone(), Sgd { learning_rate: 1e-3 }, batch, path);
                    let team = Team::new(threads).expect("the system gives threads");
                    trainer.set_team(Some(Arc::new(team)));
                    (threads, trainer, Vec::new())
                })
                .collect();
            for epoch in 0..=EPOCHS {
                for (_, trainer, times) in &mut trainers {
                    for batch in rows.chunks(batch) {
                        let start = Instant::now();
                        black_box(trainer.step(&inputs, &labels, batch));
                        // The first epoch warms up.
                        if epoch > 0 {
                            times.push(start.elapsed().as_secs_f64());
                        }
                    }
                }
            }
            for (threads, _, times) in &mut trainers {
                times.sort_by(f64::total_cmp);
                let (median, tenth) = (times[times.len() / 2], times[times.len() / 10]);
                let speed = operations / tenth / 1e9;
                let share = fma_peak(path).map_or(String::new(), |peak| {
                    format!(", {:3.0} % of the peak of {peak:.0}", 100.0 * speed / peak / *threads as f64)
                });
                println!(
                    "{width}-{hidden:?}-{classes} batch {batch} {:<5} {:<8} {threads} thr. median {:8.1} us, \
                     a tenth of the steps within {:8.1} us: {speed:6.1} GFLOP/s{share}",
                    activation.name(),
                    path.name(),
                    median * 1e6,
                    tenth * 1e6,
                );
            }
        }
    }
}
