//! From a config to a network with its starting weights and the trainer that it asks for.

use std::path::Path;

use mlp_core::activation::Activation;
use mlp_core::architecture::Architecture;
use mlp_core::train::Average as CoreAverage;
use mlp_core::init::Init as CoreInit;
use mlp_core::kernels::KernelPath;
use mlp_core::network::Network;
use mlp_core::optimizer::{AdamW, Optimizer as CoreOptimizer, Sgd, SgdMomentum};
use mlp_core::random::{Purpose, Stream};
use mlp_core::optimizer::Schedule as CoreSchedule;
use mlp_core::train::Trainer;
use stage_files::config::{ActivationName, Average, Config, Init, Optimizer, Schedule};
use stage_files::model::layers;
use stage_files::refuse;
use stage_files::safetensors::Tensors;

/// The network that a config asks for, with its starting weights.
pub fn start(config: &Config, inputs: usize, outputs: usize, seed: u64) -> anyhow::Result<Network> {
    let architecture = architecture(config, inputs, outputs)?;
    let rule = match &config.init {
        Init::He => CoreInit::He,
        Init::Xavier => CoreInit::Xavier,
        Init::LeCun => CoreInit::LeCun,
        Init::He2022 => CoreInit::He2022,
        Init::Normal(normal) => CoreInit::Normal { std: normal.std.get() as f32 },
        Init::File(path) => {
            let file = Tensors::read(Path::new(path))?;
            let all: Vec<usize> = [inputs].into_iter().chain(config.widths()).chain([outputs]).collect();
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

/// The shape that a config asks for.
pub fn architecture(config: &Config, inputs: usize, outputs: usize) -> anyhow::Result<Architecture> {
    let activations: Vec<Activation> = config.activations().into_iter().map(activation).collect();
    match Architecture::new(inputs, &config.widths(), &activations, outputs) {
        Ok(architecture) => Ok(architecture),
        Err(error) => refuse!("key `hidden`: {error}"),
    }
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

/// The trainer that a config asks for.
pub fn trainer(config: &Config, network: Network, seed: u64, path: KernelPath) -> Trainer {
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
fn optimizer(optimizer: &Optimizer) -> CoreOptimizer {
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
pub fn schedule(optimizer: &Optimizer) -> CoreSchedule {
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
