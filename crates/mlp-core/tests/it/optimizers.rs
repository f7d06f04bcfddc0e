//! Optimisers, schedules, dropout, label smoothing and averaging against 50 steps of PyTorch in f64, stored by
//! `reference/make_optimizers.py`.

use std::collections::BTreeMap;

use crate::plain::{self, PIXELS, TRAIN_ROWS};
use mlp_core::activation::Activation;
use mlp_core::architecture::Architecture;
use mlp_core::kernels::KernelPath;
use mlp_core::network::Network;
use mlp_core::optimizer::{AdamW, Optimizer, Schedule, Sgd, SgdMomentum, StepPosition};
use mlp_core::random::{Purpose, Stream};
use mlp_core::train::{Average, Trainer};

const BATCH: usize = 10;
const STEPS: u64 = 50;
const EPOCH: u64 = 16;
/// Largest relative error of a loss: ten times what rounding causes in PyTorch, whose f32 losses differ by up to 3e-7
/// from its f64 losses (last column of the stored table).
const LOSS_TOLERANCE: f64 = 3e-6;
/// Largest error of a weight. Weights are up to 0.5, and AdamW divides by roots of moments near 0, which amplifies
/// rounding.
const WEIGHT_TOLERANCE: f64 = 2e-5;

/// How a case of the stored table is trained.
struct Case {
    optimizer: Optimizer,
    /// The full learning rate, which a schedule multiplies.
    rate: f64,
    schedule: Schedule,
    dropout: Option<[f64; 2]>,
    smoothing: f64,
    average: Option<Average>,
}

fn case(name: &str) -> Case {
    let sgd =
        |momentum, nesterov, weight_decay| SgdMomentum { learning_rate: 0.05, momentum, nesterov, weight_decay }.into();
    let adamw = |learning_rate, weight_decay| AdamW { learning_rate, weight_decay, ..AdamW::default() }.into();
    let plain: Optimizer = Sgd { learning_rate: 0.05 }.into();
    let still = Schedule::default();
    let (optimizer, schedule) = match name {
        "sgd" | "smoothing" | "dropout" | "swa" => (plain, still),
        "momentum" | "ema" => (sgd(0.9, false, 0.0), still),
        "nesterov" => (sgd(0.9, true, 0.0), still),
        "decay" => (sgd(0.0, false, 0.01), still),
        "momentum-decay" => (sgd(0.9, false, 0.01), still),
        "nesterov-decay" => (sgd(0.8, true, 0.02), still),
        "adamw" | "dropout-adamw" => (adamw(0.003, 0.0), still),
        "adamw-decay" => {
            let own = AdamW { learning_rate: 0.003, beta1: 0.85, beta2: 0.99, epsilon: 1e-6, weight_decay: 0.1 };
            (own.into(), still)
        }
        "step" => (sgd(0.9, false, 0.0), Schedule::Step { every_epochs: 2, factor: 0.5, warmup_epochs: 0.0 }),
        "cosine" => (adamw(0.005, 0.01), Schedule::Cosine { floor: 0.0, warmup_epochs: 0.0 }),
        "warm-cosine" => (sgd(0.9, false, 0.0), Schedule::Cosine { floor: 0.1, warmup_epochs: 0.5 }),
        "one-cycle" => (adamw(0.01, 0.01), Schedule::OneCycle { rise: 0.3, start_divisor: 25.0, end_divisor: 1e4 }),
        _ => panic!("the stored table has an unknown case {name}"),
    };
    Case {
        rate: (f64::from(optimizer.learning_rate()) * 1e6).round() / 1e6,
        optimizer,
        schedule,
        dropout: match name {
            "dropout" => Some([0.25, 0.5]),
            "dropout-adamw" => Some([0.5, 0.125]),
            _ => None,
        },
        smoothing: if name == "smoothing" { 0.1 } else { 0.0 },
        average: match name {
            "ema" => Some(Average::Ema { decay: 0.9 }),
            "swa" => Some(Average::Swa),
            _ => None,
        },
    }
}

fn start() -> Network {
    let bytes = plain::stored("start-48-24.bin");
    let mut values = bytes.as_chunks::<4>().0.iter().map(|b| f32::from_le_bytes(*b));
    let shape = Architecture::new(PIXELS, &[48, 24], &[Activation::Relu; 2], 5).unwrap();
    let mut network = Network::zeros(shape);
    for i in 0..3 {
        network.parameters_mut().layer_mut(i).0.iter_mut().for_each(|w| *w = values.next().unwrap());
    }
    network
}

/// The trainer of a case before the first step.
fn trainer(case: &Case, path: KernelPath) -> Trainer {
    let mut trainer = Trainer::new(start(), case.optimizer, BATCH, path).with_label_smoothing(case.smoothing);
    if let Some(rates) = case.dropout {
        trainer = trainer.with_dropout(&rates, Stream::new(7, Purpose::Dropout));
    }
    if let Some(average) = case.average {
        trainer = trainer.with_average(average);
    }
    trainer
}

/// Trains a step; returns its learning rate and loss.
fn step(trainer: &mut Trainer, case: &Case, step: u64, inputs: &[f32], labels: &[u8]) -> (f64, f64) {
    let rows: Vec<u32> = (0..TRAIN_ROWS as u32).collect();
    let batch = rows.chunks(BATCH).nth((step % EPOCH) as usize).unwrap();
    let position = StepPosition { step, steps_per_epoch: EPOCH, total_steps: STEPS };
    let rate = case.schedule.learning_rate(case.rate, position);
    trainer.set_learning_rate(rate as f32);
    let loss = trainer.step(inputs, labels, batch).loss;
    let takes = match case.average {
        Some(Average::Swa) => (step + 1).is_multiple_of(EPOCH),
        _ => true,
    };
    if takes {
        trainer.average();
    }
    (rate, f64::from(loss))
}

/// The parameters of a network in the order of the stored table.
fn numbers(network: &Network) -> Vec<f32> {
    (0..network.architecture().depth())
        .flat_map(|i| [network.parameters().weight(i), network.parameters().bias(i)].concat())
        .collect()
}

#[test]
fn every_case_has_pytorchs_losses_and_weights() {
    let (inputs, labels) = plain::data();
    let test: Vec<u32> = (TRAIN_ROWS as u32..labels.len() as u32).collect();
    let table = String::from_utf8(plain::stored("optimizers.csv")).unwrap();
    let mut stored: BTreeMap<&str, Vec<Vec<&str>>> = BTreeMap::new();
    for line in table.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        stored.entry(cells[0]).or_default().push(cells);
    }
    let table = String::from_utf8(plain::stored("optimizers-weights.csv")).unwrap();
    let weights: Vec<Vec<&str>> = table.lines().skip(1).map(|line| line.split(',').collect()).collect();
    assert_eq!(stored.len(), 17);
    let number = |cell: &str| cell.parse::<f64>().unwrap();
    for (name, lines) in stored {
        let case = case(name);
        let mut trainer = trainer(&case, KernelPath::detect());
        let near = |what: &str, found: f64, expected: f64| {
            let off = (found / expected - 1.0).abs();
            assert!(off < LOSS_TOLERANCE, "{name} {what}: {found:.9}, stored {expected:.9}, off by {off:.1e}");
        };
        assert_eq!(lines.len() as u64, STEPS + 1);
        for (at, line) in lines.iter().enumerate() {
            assert!(number(line[4]) < LOSS_TOLERANCE / 8.0, "{name}: the reference itself drifts by {}", line[4]);
            if line[1] == "end" {
                let end = trainer.evaluate(&inputs, &labels, &test, |_, _| {});
                near("end", end.loss, number(line[3]));
            } else {
                let (rate, loss) = step(&mut trainer, &case, at as u64, &inputs, &labels);
                assert!((rate / number(line[2]) - 1.0).abs() < 1e-9, "{name} step {at}: rate {rate}, {}", line[2]);
                near(&format!("step {at}"), loss, number(line[3]));
            }
        }
        let found = numbers(trainer.model());
        let expected: Vec<_> = weights.iter().filter(|line| line[0] == name).collect();
        assert!(expected.len() > 40);
        for line in expected {
            let (place, weight) = (line[1].parse::<usize>().unwrap(), number(line[2]));
            let off = (f64::from(found[place]) - weight).abs();
            assert!(
                off < WEIGHT_TOLERANCE,
                "{name} number {place}: {}, stored {weight}, off by {off:.1e}",
                found[place]
            );
        }
    }
}

const NAMES: [&str; 8] =
    ["sgd", "nesterov-decay", "adamw-decay", "one-cycle", "smoothing", "dropout-adamw", "ema", "swa"];

#[test]
fn every_kernel_path_gives_the_same_bits() {
    let (inputs, labels) = plain::data();
    for name in NAMES {
        let case = case(name);
        let runs = KernelPath::ALL.into_iter().filter(|path| path.is_available()).map(|path| {
            let mut trainer = trainer(&case, path);
            let losses: Vec<_> = (0..20).map(|k| step(&mut trainer, &case, k, &inputs, &labels).1.to_bits()).collect();
            (losses, trainer.into_network())
        });
        let runs: Vec<_> = runs.collect();
        assert!(runs.iter().all(|run| *run == runs[0]), "{name}");
    }
}

#[test]
fn a_trainer_continues_from_its_state_to_the_bit() {
    let (inputs, labels) = plain::data();
    for name in NAMES {
        let case = case(name);
        let mut first = trainer(&case, KernelPath::detect());
        for k in 0..23 {
            step(&mut first, &case, k, &inputs, &labels);
        }
        let state = first.state();
        let blocks: Vec<(&str, Vec<f32>)> = first.blocks().into_iter().map(|(name, b)| (name, b.to_vec())).collect();
        let mut second = trainer(&case, KernelPath::detect());
        second.restore(state);
        for ((to, block), (from, values)) in second.blocks_mut().into_iter().zip(&blocks) {
            assert_eq!(to, *from);
            block.copy_from_slice(values);
        }
        for k in 23..STEPS {
            let (a, b) = (step(&mut first, &case, k, &inputs, &labels), step(&mut second, &case, k, &inputs, &labels));
            assert_eq!(a.1.to_bits(), b.1.to_bits(), "{name} step {k}");
        }
        assert_eq!(first.model(), second.model(), "{name}");
        assert_eq!(first.state(), second.state(), "{name}");
    }
}

/// Under SGD, weight decay is a penalty on the loss: `d(decay / 2 |w|^2) = decay w`.
#[test]
fn weight_decay_is_a_penalty_on_the_loss() {
    let (inputs, labels) = plain::data();
    let rows: Vec<u32> = (0..BATCH as u32).collect();
    let after = |weight_decay| {
        let sgd = SgdMomentum { learning_rate: 0.5, momentum: 0.0, nesterov: false, weight_decay };
        let mut trainer = Trainer::new(start(), sgd, BATCH, KernelPath::detect());
        trainer.step(&inputs, &labels, &rows);
        numbers(&trainer.into_network())
    };
    let begin = numbers(&start());
    for ((with, without), w) in after(0.25).into_iter().zip(after(0.0)).zip(begin) {
        assert!((without - with - 0.125 * w).abs() < 1e-6, "{with} {without} {w}");
    }
}
