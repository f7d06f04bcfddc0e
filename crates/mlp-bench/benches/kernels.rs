//! The three products, training steps and predictions at the shapes of the experiments, in GFLOP/s and in percent of
//! the peak that a loop of fused multiply-adds reaches in the same process: `cargo bench -p mlp-bench`.
#![allow(clippy::print_stdout, reason = "the benchmark prints its results")]
#![allow(missing_docs, reason = "criterion's macros make functions without docs")]

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use mlp_bench::{aligned, fma_peak, step_operations};
use mlp_core::activation::Activation;
use mlp_core::architecture::Architecture;
use mlp_core::init::Init;
use mlp_core::kernels::{KernelPath, Kernels, Rows};
use mlp_core::network::{Network, Workspace};
use mlp_core::random::{Purpose, Stream};
use mlp_core::train::{Sgd, Trainer};
use std::hint::black_box;
use std::time::{Duration, Instant};

const INPUTS: usize = 400;
const CLASSES: usize = 5;
const BATCH: usize = 10;
const ROWS: usize = 900;

/// Runs one benchmark. Criterion prints operations a second as elements; the line after it compares the best sample
/// with the peak.
fn measure(
    criterion: &mut Criterion,
    group: &str,
    name: &str,
    path: KernelPath,
    operations: f64,
    mut work: impl FnMut(),
) {
    let mut best = f64::INFINITY;
    let mut group = criterion.benchmark_group(group);
    group.throughput(Throughput::Elements(operations as u64));
    group.bench_function(BenchmarkId::new(name, path.name()), |bencher| {
        bencher.iter_custom(|times| {
            let start = Instant::now();
            for _ in 0..times {
                work();
            }
            let elapsed = start.elapsed();
            best = best.min(elapsed.as_secs_f64() / times as f64);
            elapsed
        });
    });
    group.finish();
    let reached = operations / best / 1e9;
    if let (Some(peak), true) = (fma_peak(path), best.is_finite()) {
        println!("  best {reached:.1} GFLOP/s, {:.0} % of the peak of {peak:.1} GFLOP/s\n", 100.0 * reached / peak);
    }
}

fn paths() -> impl Iterator<Item = KernelPath> {
    // The portable path is a specification, not meant to be fast.
    KernelPath::ALL.into_iter().filter(|path| *path != KernelPath::Portable && path.is_available())
}

fn products(criterion: &mut Criterion) {
    let mut stream = Stream::new(1, Purpose::Init);
    for path in paths() {
        let kernels = Kernels::new(path);
        for (rows, inputs, outputs) in [(10, 400, 256), (10, 256, 256), (10, 400, 32), (10, 256, 5), (64, 400, 256)] {
            let mut draw = |floats| aligned(floats, || stream.normal() as f32);
            let ((x, at_x), (mut w, at_w)) = (draw(rows * inputs), draw(inputs * outputs));
            let ((mut z, at_z), (mut dx, at_dx)) = (draw(rows * outputs), draw(rows * inputs));
            let mut bias = vec![0.0; outputs];
            let x = Rows { data: &x[at_x], width: inputs, index: None };
            let (w, z, dx) = (&mut w[at_w], &mut z[at_z], &mut dx[at_dx]);
            let operations = (2 * rows * inputs * outputs) as f64;
            let shape = format!("{rows}x{inputs}x{outputs}");
            measure(criterion, "forward", &shape, path, operations, || kernels.forward(x, w, &bias, black_box(z)));
            measure(criterion, "update", &shape, path, operations, || {
                kernels.update(x, z, 1e-9, black_box(w), &mut bias);
            });
            measure(criterion, "transposed", &shape, path, operations, || {
                kernels.transposed(z, w, outputs, black_box(dx));
            });
        }
    }
}

fn steps(criterion: &mut Criterion) {
    let mut stream = Stream::new(2, Purpose::Init);
    let inputs: Vec<f32> = (0..ROWS * INPUTS).map(|_| stream.uniform() as f32).collect();
    let labels: Vec<u8> = (0..ROWS).map(|_| stream.below(CLASSES as u64) as u8).collect();
    let rows: Vec<u32> = (0..ROWS as u32).collect();
    for path in paths() {
        for hidden in [&[256, 256][..], &[32], &[32, 32], &[512, 128]] {
            let shape = Architecture::new(INPUTS, hidden, &vec![Activation::Relu; hidden.len()], CLASSES)
                .expect("the shape is valid");
            let name = format!("{hidden:?}");
            let operations = step_operations(&shape, BATCH);
            let network = Network::new(shape.clone(), Init::He, &mut stream);
            let mut trainer = Trainer::new(network.clone(), Sgd { learning_rate: 1e-4 }, BATCH, path);
            let mut batches = rows.chunks(BATCH).cycle();
            measure(criterion, "training step", &name, path, operations, || {
                black_box(trainer.step(&inputs, &labels, batches.next().expect("the iterator is endless")));
            });
            let mut workspace = Workspace::new(&shape, 64, path);
            let weights = shape.parameter_count() - hidden.iter().sum::<usize>() - CLASSES;
            let mut probabilities = vec![0.0; ROWS * CLASSES];
            measure(criterion, "one prediction", &name, path, (2 * weights) as f64, || {
                workspace.probabilities(&network, &inputs[..INPUTS], black_box(&mut probabilities[..CLASSES]));
            });
            measure(criterion, "900 predictions", &name, path, (2 * ROWS * weights) as f64, || {
                workspace.probabilities(&network, &inputs, black_box(&mut probabilities));
            });
        }
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .sample_size(50)
        .warm_up_time(Duration::from_millis(200))
        .measurement_time(Duration::from_secs(1));
    targets = products, steps
}
criterion_main!(benches);
