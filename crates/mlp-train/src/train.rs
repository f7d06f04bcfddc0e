//! One run in memory: epochs, measurements, and how it ended.

use std::time::Instant;

use mlp_core::activation::Activation;
use mlp_core::architecture::Architecture;
use mlp_core::init::Init as CoreInit;
use mlp_core::kernels::KernelPath;
use mlp_core::loss::arg_max;
use mlp_core::network::Network;
use mlp_core::random::{Purpose, Stream};
use mlp_core::train::{Evaluation, Sgd, Trainer};
use stage_cli::{ExitStatus, Interrupts};
use stage_files::config::{ActivationName, Config, Init, Optimizer};
use stage_files::model::layers;
use stage_files::refuse;
use stage_files::run::{MetricsRow, Outcome, TimingRow};
use stage_files::safetensors::Tensors;

use crate::best::{BestEpoch, Chosen};
use crate::log::{self, Log};
use crate::prepare::Prepared;

/// What a run gives.
pub struct Trained {
    /// The network of the last epoch, or of the best one where validation rows choose.
    pub network: Network,
    /// That best one.
    pub best: Option<Chosen>,
    pub metrics: Vec<MetricsRow>,
    pub timing: Vec<TimingRow>,
    pub outcome: Outcome,
    pub zero_loss_epoch: Option<u32>,
    /// For each test row the class said and the probabilities.
    pub predictions: Vec<(u8, Vec<f32>)>,
    /// How the network does on the test rows; nothing when it diverged.
    pub test: Option<Evaluation>,
    pub log: String,
}

/// The end of a run: its result, or the signal that ended it early.
pub enum Ended {
    Trained(Box<Trained>),
    Interrupted(ExitStatus),
}

/// The network that a config asks for, with its starting weights.
pub fn start(config: &Config, inputs: usize, outputs: usize, seed: u64) -> anyhow::Result<Network> {
    let activations: Vec<Activation> = config.activations().into_iter().map(activation).collect();
    let widths = config.widths();
    let architecture = match Architecture::new(inputs, &widths, &activations, outputs) {
        Ok(architecture) => architecture,
        Err(error) => refuse!("key `hidden`: {error}"),
    };
    let rule = match &config.init {
        Init::He => CoreInit::He,
        Init::Xavier => CoreInit::Xavier,
        Init::LeCun => CoreInit::LeCun,
        Init::He2022 => CoreInit::He2022,
        Init::Normal(normal) => CoreInit::Normal { std: normal.std.get() as f32 },
        Init::File(path) => {
            let file = Tensors::read(std::path::Path::new(path))?;
            let all: Vec<usize> = [inputs].into_iter().chain(widths).chain([outputs]).collect();
            let mut network = Network::zeros(architecture);
            for (i, layer) in layers(&file, &all)?.into_iter().enumerate() {
                let (weight, bias) = network.parameters_mut().layer_mut(i);
                weight.copy_from_slice(&layer.weight);
                bias.copy_from_slice(&layer.bias);
            }
            return Ok(network);
        }
    };
    Ok(Network::new(architecture, rule, &mut Stream::new(seed, Purpose::Init)))
}

fn activation(name: ActivationName) -> Activation {
    match name {
        ActivationName::Identity => Activation::Identity,
        ActivationName::Sigmoid => Activation::Sigmoid,
        ActivationName::Tanh => Activation::Tanh,
        ActivationName::Relu => Activation::Relu,
        ActivationName::LeakyRelu => Activation::LeakyRelu,
        ActivationName::Selu => Activation::Selu,
        ActivationName::Gelu => Activation::Gelu,
    }
}

/// Trains a network. `order` of the training rows is taken over by the run.
pub fn train(
    config: &Config,
    data: &Prepared<'_>,
    network: Network,
    seed: u64,
    path: KernelPath,
    interrupts: &Interrupts,
    mut log: Log<'_>,
) -> Ended {
    let began = Instant::now();
    let Optimizer::Sgd(sgd) = config.optimizer;
    let learning_rate = sgd.lr.get();
    let batch = config.batch.get() as usize;
    let epochs = config.epochs.get();
    log.line(&log::opening(config.hidden.len()));
    let mut trainer = Trainer::new(network, Sgd { learning_rate: learning_rate as f32 }, batch, path);
    let mut order = data.parts.train.clone();
    let mut shuffle = Stream::new(seed, Purpose::Shuffle);
    let mut metrics: Vec<MetricsRow> = Vec::new();
    let mut timing = Vec::new();
    let mut zero: Option<(u32, f64)> = None;
    let mut outcome = Outcome::Finished;
    let mut best = config.validation.map(|_| BestEpoch::default());
    for epoch in 1..=epochs {
        if let Some(status) = interrupts.pending() {
            return Ended::Interrupted(status);
        }
        if config.shuffle {
            shuffle.shuffle(&mut order);
        }
        let (mut loss_sum, mut accuracy_sum, mut batches) = (0.0, 0.0, 0.0);
        for rows in order.chunks(batch) {
            let step = trainer.step(&data.inputs, &data.classes, rows);
            loss_sum += f64::from(step.loss);
            accuracy_sum += step.correct as f64 / rows.len() as f64;
            batches += 1.0;
            if f64::from(step.loss) < config.zero_loss && zero.is_none() {
                zero = Some((epoch, began.elapsed().as_secs_f64()));
            }
        }
        let train_loss: f64 = loss_sum / batches;
        let largest_weight = trainer.network().parameters().largest();
        if !train_loss.is_finite() || !largest_weight.is_finite() {
            let largest_weight = Some(f64::from(largest_weight)).filter(|w| w.is_finite());
            outcome = Outcome::Diverged { epoch, learning_rate, largest_weight };
            log.line(&log::diverged(epoch));
            break;
        }
        let mut stops = config.stop_loss.is_some_and(|stop| train_loss < stop.get());
        let validation = best.as_mut().map(|best| {
            let validation = trainer.evaluate(&data.inputs, &data.classes, &data.parts.validation, |_, _| {});
            best.note(epoch, validation, trainer.model());
            stops |= config.patience.is_some_and(|patience| best.is_exhausted(epoch, patience.get()));
            validation
        });
        let reports = config.report > 0 && epoch % config.report == 0;
        let mut row = MetricsRow {
            epoch,
            train_loss,
            train_accuracy: accuracy_sum / batches,
            test_loss: None,
            test_accuracy: None,
            learning_rate,
            validation_loss: validation.map(|measured| measured.loss),
            validation_accuracy: validation.map(|measured| measured.accuracy()),
        };
        if reports || stops || epoch == epochs {
            let test = trainer.evaluate(&data.inputs, &data.classes, &data.parts.test, |_, _| {});
            row.test_loss = Some(test.loss);
            row.test_accuracy = Some(test.accuracy());
            if reports {
                log.line(&log::epoch(epoch, train_loss, row.train_accuracy, row.test_accuracy.unwrap_or(0.0)));
            }
        }
        metrics.push(row);
        timing.push(TimingRow { epoch, elapsed_s: began.elapsed().as_secs_f64() });
        if stops {
            outcome = Outcome::Stopped { epoch };
            break;
        }
    }
    let diverged = matches!(outcome, Outcome::Diverged { .. });
    let best = best.filter(|_| !diverged).and_then(BestEpoch::into_chosen);
    let mut kept = match &best {
        Some(best) => Trainer::new(best.network.clone(), Sgd { learning_rate: 0.0 }, 1, path),
        None => trainer,
    };
    let mut predictions = Vec::with_capacity(data.parts.test.len());
    let mut test = None;
    if !diverged {
        let note = |_, p: &[f32]| predictions.push((arg_max(p), p.to_vec()));
        let measured = kept.evaluate(&data.inputs, &data.classes, &data.parts.test, note);
        let done = metrics.last().map_or(0, |row| row.epoch);
        for line in log::closing(best.as_ref(), measured, done, began.elapsed().as_secs_f64(), zero) {
            log.line(&line);
        }
        test = Some(measured);
    }
    Ended::Trained(Box::new(Trained {
        network: kept.into_network(),
        best,
        metrics,
        timing,
        outcome,
        zero_loss_epoch: zero.map(|(epoch, _)| epoch),
        predictions,
        test,
        log: log.text().to_owned(),
    }))
}
