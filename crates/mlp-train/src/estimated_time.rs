//! How long runs will take, before they begin.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use mlp_core::kernels::KernelPath;

use crate::data::prepare::split_rows;
use crate::run::Run;
use crate::run::from_config;

/// Time for measuring a kind of network.
const MEASURED: Duration = Duration::from_millis(20);
/// Kinds of networks that are measured; the time of others is judged by the number of their weights.
const MOST_KINDS: usize = 40;

/// Seconds that each run will take on one thread, from a few steps of its network on its data. The estimate
/// leaves out other work on the machine, early stopping and augmentation.
pub(crate) fn seconds(runs: &[Run], path: KernelPath) -> anyhow::Result<Vec<f64>> {
    let mut kinds: BTreeMap<String, f64> = BTreeMap::new();
    let mut all = Vec::with_capacity(runs.len());
    for run in runs {
        let config = &run.config;
        let split = split_rows(config, &run.source, run.seed)?;
        let kind =
            (&run.config.data, run.source.first.pixels.ncols(), &config.hidden, &config.activation, config.batch);
        let kind = serde_json::to_string(&(kind, &config.optimizer, &config.dropout, &config.average))?;
        // Seconds for a row and a weight.
        let cost = match kinds.get(&kind) {
            Some(cost) => *cost,
            None if kinds.len() >= MOST_KINDS => kinds.values().sum::<f64>() / kinds.len() as f64,
            None => {
                let cost = measure(run, &split.train, path)?;
                kinds.insert(kind, cost);
                cost
            }
        };
        let epochs = f64::from(config.epochs.get());
        let measurements = if config.report == 0 { 1.0 } else { epochs / f64::from(config.report) + 1.0 };
        // Forward alone is a third of a step.
        let forward = measurements * split.test.len() as f64 + epochs * split.validation.len() as f64;
        let rows = epochs * split.train.len() as f64 + forward / 3.0;
        all.push(cost * rows * run.weights() as f64);
    }
    Ok(all)
}

fn measure(run: &Run, rows: &[u32], path: KernelPath) -> anyhow::Result<f64> {
    let (pixels, classes) = (&run.source.first.pixels, &run.source.first.classes);
    let network = from_config::network(&run.config, pixels.ncols(), run.source.labels().len(), run.seed, None)?;
    let mut trainer = from_config::trainer(&run.config, network, run.seed, path);
    // Without updates raw pixels cannot diverge; steps over NaN may take another time.
    trainer.set_learning_rate(0.0);
    let inputs: Vec<f32> = pixels.iter().map(|&value| f32::from(value)).collect();
    let mut batches = rows.chunks(run.config.batch.get() as usize).cycle();
    let mut seen = 0;
    let mut step = || {
        let batch = batches.next().unwrap_or_default();
        trainer.step(&inputs, classes, batch);
        seen += batch.len();
    };
    // The first fills the caches.
    step();
    let began = Instant::now();
    while began.elapsed() < MEASURED {
        step();
    }
    let rows = seen as f64 - run.config.batch.get() as f64;
    Ok(began.elapsed().as_secs_f64() / rows.max(1.0) / run.weights() as f64)
}
