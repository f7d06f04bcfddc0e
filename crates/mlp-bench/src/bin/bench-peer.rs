//! This project's side of `bench/`: trains or predicts on plain files and prints the losses and the seconds as a line
//! of JSON. Reading the files is not timed.
//!
//! ```text
//! bench-peer train   ROWS CLASSES WEIGHTS WIDTHS BATCH LEARNING_RATE EPOCHS
//! bench-peer predict ROWS WEIGHTS WIDTHS BATCH CALLS PROBABILITIES THREADS
//! ```
//! ROWS: file of f32, little endian, (N, I) row by row. CLASSES: file with a byte for each row. WEIGHTS: file of f32,
//! for each layer its matrix (inputs, outputs) row by row, then its bias. WIDTHS: those of the network, for example
//! 400,256,256,5; hidden layers are ReLU. Rows are used in the order of the file. PROBABILITIES: file to write, f32,
//! (BATCH, O), for the first BATCH rows.

#![allow(clippy::disallowed_methods, reason = "files that the benchmark itself has made")]
#![allow(clippy::print_stdout, reason = "the program prints its results")]

use std::error::Error;
use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;

use mlp_core::activation::Activation;
use mlp_core::architecture::Architecture;
use mlp_core::kernels::{KernelPath, Team};
use mlp_core::network::{CHUNK_ROWS, Network, Workspace};
use mlp_core::train::{Sgd, Trainer};

/// Batches of a copy of the network that are trained before the clock starts.
const WARM_UP_BATCHES: usize = 200;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["train", rows, classes, weights, widths, batch, learning_rate, epochs] => {
            let (rows, classes) = (floats(rows)?, std::fs::read(classes)?);
            let network = network(weights, widths)?;
            train(network, &rows, &classes, batch.parse()?, learning_rate.parse()?, epochs.parse()?);
            Ok(())
        }
        ["predict", rows, weights, widths, batch, calls, probabilities, threads] => {
            let team = Team::new(threads.parse()?)?;
            predict(&network(weights, widths)?, &floats(rows)?, batch.parse()?, calls.parse()?, probabilities, team)
        }
        _ => Err("expected `train` or `predict` and their arguments, as listed at the top of bench-peer.rs".into()),
    }
}

fn train(network: Network, rows: &[f32], classes: &[u8], batch: usize, learning_rate: f32, epochs: usize) {
    let path = KernelPath::detect();
    let order: Vec<u32> = (0..classes.len() as u32).collect();
    let mut trainer = Trainer::new(network, Sgd { learning_rate }, batch, path);
    let mut warm_up = trainer.clone();
    for rows_of_batch in order.chunks(batch).take(WARM_UP_BATCHES) {
        black_box(warm_up.step(rows, classes, rows_of_batch));
    }
    let mut losses = Vec::with_capacity(epochs);
    let clock = Clock::start();
    for _ in 0..epochs {
        let sum: f64 = order.chunks(batch).map(|batch| f64::from(trainer.step(rows, classes, batch).loss)).sum();
        losses.push(sum / order.len().div_ceil(batch) as f64);
    }
    let times = clock.stop();
    black_box(trainer.network());
    println!(r#"{{"losses": {losses:?}, {times}, "kernel": "{}"}}"#, path.name());
}

fn predict(
    network: &Network,
    rows: &[f32],
    batch: usize,
    calls: usize,
    probabilities: &str,
    team: Team,
) -> Result<(), Box<dyn Error>> {
    let path = KernelPath::detect();
    let shape = network.architecture();
    let mut workspace = Workspace::new(shape, batch.min(CHUNK_ROWS), path);
    workspace.set_team(Some(Arc::new(team)));
    let mut out = vec![0.0; batch * shape.outputs()];
    let batches: Vec<&[f32]> = rows.chunks_exact(batch * shape.inputs()).collect();
    if batches.is_empty() {
        return Err("fewer rows than one batch".into());
    }
    workspace.probabilities(network, batches[0], &mut out);
    std::fs::write(probabilities, out.iter().flat_map(|p| p.to_le_bytes()).collect::<Vec<u8>>())?;
    let clock = Clock::start();
    for call in 0..calls {
        workspace.probabilities(network, black_box(batches[call % batches.len()]), &mut out);
        black_box(&mut out);
    }
    let times = clock.stop();
    println!(r#"{{{times}, "kernel": "{}"}}"#, path.name());
    Ok(())
}

/// Wall-clock time, and the processor time of all threads where the system has it.
struct Clock {
    began: Instant,
    processor_ns: Option<u64>,
}

impl Clock {
    fn start() -> Self {
        Self { processor_ns: Self::processor_ns(), began: Instant::now() }
    }

    fn stop(&self) -> String {
        let seconds = self.began.elapsed().as_secs_f64();
        let both = self.processor_ns.zip(Self::processor_ns());
        let processor = both.map_or("null".to_owned(), |(began, ended)| format!("{:?}", (ended - began) as f64 / 1e9));
        format!(r#""seconds": {seconds:?}, "processor_seconds": {processor}"#)
    }

    /// On Linux the first number of these files is a thread's run time.
    fn processor_ns() -> Option<u64> {
        let of_thread = |thread: std::path::PathBuf| -> Option<u64> {
            std::fs::read_to_string(thread.join("schedstat")).ok()?.split_whitespace().next()?.parse().ok()
        };
        std::fs::read_dir("/proc/self/task").ok()?.map(|thread| of_thread(thread.ok()?.path())).sum()
    }
}

fn network(weights: &str, widths: &str) -> Result<Network, Box<dyn Error>> {
    let widths: Vec<usize> = widths.split(',').map(str::parse).collect::<Result<_, _>>()?;
    let [inputs, hidden @ .., outputs] = &widths[..] else { return Err("expected at least two widths".into()) };
    let shape = Architecture::new(*inputs, hidden, &vec![Activation::Relu; hidden.len()], *outputs)?;
    let mut network = Network::zeros(shape);
    let values = floats(weights)?;
    let mut rest = values.as_slice();
    for layer in 0..network.architecture().depth() {
        let (weight, bias) = network.parameters_mut().layer_mut(layer);
        for part in [weight, bias] {
            let (values, after) = rest.split_at_checked(part.len()).ok_or("fewer weights than the network has")?;
            part.copy_from_slice(values);
            rest = after;
        }
    }
    if rest.is_empty() { Ok(network) } else { Err("more weights than the network has".into()) }
}

fn floats(path: &str) -> Result<Vec<f32>, Box<dyn Error>> {
    let bytes = std::fs::read(path).map_err(|error| format!("{path}: {error}"))?;
    let (values, rest) = bytes.as_chunks::<4>();
    if rest.is_empty() { Ok(values.iter().map(|v| f32::from_le_bytes(*v)).collect()) } else { Err("not f32".into()) }
}
