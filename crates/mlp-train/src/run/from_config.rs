//! From a config to a network with its starting weights and the trainer that it asks for.

use std::path::Path;

use digit_model::from_layers;
use mlp_core::activation::Activation;
use mlp_core::architecture::Architecture;
use mlp_core::kernels::KernelPath;
use mlp_core::network::Network;
use mlp_core::optimizer::{AdamW, Schedule as CoreSchedule, Sgd, SgdMomentum};
use mlp_core::random::{Purpose, Stream};
use mlp_core::train::{Average as CoreAverage, Trainer};
use stage_files::config::{Average, Config, Init, Optimizer, Schedule};
use stage_files::model::layers;
use stage_files::refuse;
use stage_files::safetensors::Tensors;

/// The network that a config asks for, with its starting weights. `init_file` holds the bytes of the file that
/// `init.file` names, where they are in memory; otherwise it is read.
pub(crate) fn network(
    config: &Config,
    inputs: usize,
    outputs: usize,
    seed: u64,
    init_file: Option<&[u8]>,
) -> anyhow::Result<Network> {
    let rule = match &config.init {
        Init::He => mlp_core::init::Init::He,
        Init::Xavier => mlp_core::init::Init::Xavier,
        Init::LeCun => mlp_core::init::Init::LeCun,
        Init::He2022 => mlp_core::init::Init::He2022,
        Init::Normal(normal) => mlp_core::init::Init::Normal { std: normal.std.get() as f32 },
        Init::File(path) => {
            let widths: Vec<usize> = [inputs].into_iter().chain(config.widths()).chain([outputs]).collect();
            let tensors = init_file.map_or_else(|| Tensors::read(Path::new(path)), Tensors::from_bytes)?;
            return from_layers(&layers(&tensors, &widths)?, &activations(config)?);
        }
    };
    let architecture = architecture(config, inputs, outputs)?;
    Ok(Network::new(architecture, rule, &mut Stream::new(seed, Purpose::Init)))
}

/// The shape that a config asks for.
pub(crate) fn architecture(config: &Config, inputs: usize, outputs: usize) -> anyhow::Result<Architecture> {
    match Architecture::new(inputs, &config.widths(), &activations(config)?, outputs) {
        Ok(architecture) => Ok(architecture),
        Err(error) => refuse!("key `hidden`: {error}"),
    }
}

fn activations(config: &Config) -> anyhow::Result<Vec<Activation>> {
    config.activations().into_iter().map(|name| Ok(name.as_str().parse()?)).collect()
}

/// The trainer that a config asks for.
pub(crate) fn trainer(config: &Config, network: Network, seed: u64, path: KernelPath) -> Trainer {
    let hidden = config.hidden.len();
    let mut trainer = Trainer::new(network, optimizer(&config.optimizer), config.batch.get() as usize, path)
        .with_label_smoothing(config.label_smoothing.get());
    // The config was checked for having a rate for each layer.
    let rates = config.dropout.rates(hidden).unwrap_or_default();
    if rates.iter().any(|rate| *rate > 0.0) {
        trainer = trainer.with_dropout(&rates, Stream::new(seed, Purpose::Dropout));
    }
    match &config.average {
        None => trainer,
        Some(Average::Ema(ema)) => trainer.with_average(CoreAverage::Ema { decay: ema.decay.get() }),
        Some(Average::Swa(_)) => trainer.with_average(CoreAverage::Swa),
    }
}

/// SGD that needs neither momentum nor decay is the plain one, whose update is part of the gradient product.
fn optimizer(optimizer: &Optimizer) -> mlp_core::optimizer::Optimizer {
    let learning_rate = optimizer.lr() as f32;
    match optimizer {
        Optimizer::Sgd(sgd) if sgd.momentum.get() == 0.0 && sgd.weight_decay.get() == 0.0 => {
            Sgd { learning_rate }.into()
        }
        Optimizer::Sgd(sgd) => SgdMomentum {
            learning_rate,
            momentum: sgd.momentum.get() as f32,
            nesterov: sgd.nesterov,
            weight_decay: sgd.weight_decay.get() as f32,
        }
        .into(),
        Optimizer::AdamW(adamw) => AdamW {
            learning_rate,
            beta1: adamw.beta1.get(),
            beta2: adamw.beta2.get(),
            epsilon: adamw.epsilon.get() as f32,
            weight_decay: adamw.weight_decay.get(),
        }
        .into(),
    }
}

/// How the learning rate of a config changes.
pub(crate) fn schedule(optimizer: &Optimizer) -> CoreSchedule {
    match optimizer.schedule() {
        Schedule::Constant(constant) => CoreSchedule::Constant { warmup_epochs: constant.warmup.get() },
        Schedule::Step(step) => CoreSchedule::Step {
            every_epochs: step.every.get(),
            factor: step.factor.get(),
            warmup_epochs: step.warmup.get(),
        },
        Schedule::Cosine(cosine) => {
            CoreSchedule::Cosine { floor: cosine.floor.get(), warmup_epochs: cosine.warmup.get() }
        }
        Schedule::OneCycle(cycle) => CoreSchedule::OneCycle {
            rise: cycle.rise.get(),
            start_divisor: cycle.start_divisor.get(),
            end_divisor: cycle.end_divisor.get(),
        },
    }
}
