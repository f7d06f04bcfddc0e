//! The optimiser, the schedule of the learning rate, and regularisation.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::numbers::{Count, NonNegative, Portion, Positive, Share};
use crate::refuse;

/// The optimiser.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Optimizer {
    /// Stochastic gradient descent.
    Sgd(Sgd),
    /// Adam with decoupled weight decay.
    AdamW(AdamW),
}

/// Stochastic gradient descent; plain unless momentum or weight decay is above 0.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Sgd {
    /// Learning rate.
    pub lr: Positive,
    /// Share of the momentum that stays in a step.
    #[serde(default)]
    pub momentum: Portion,
    /// Whether a step looks ahead along the momentum, as in Nesterov's method.
    #[serde(default)]
    pub nesterov: bool,
    /// Strength of the penalty weight_decay / 2 * |w|^2 on the loss.
    #[serde(default)]
    pub weight_decay: NonNegative,
    /// How the learning rate changes.
    #[serde(default)]
    pub schedule: Schedule,
}

/// Adam with decoupled weight decay.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AdamW {
    /// Learning rate.
    pub lr: Positive,
    /// Share of the first moment that stays in a step.
    #[serde(default = "beta1")]
    pub beta1: Portion,
    /// Share of the second moment that stays in a step.
    #[serde(default = "beta2")]
    pub beta2: Portion,
    /// Added to the divisor.
    #[serde(default = "epsilon")]
    pub epsilon: Positive,
    /// Share of a weight that decays in a step, in units of the learning rate.
    #[serde(default = "weight_decay")]
    pub weight_decay: NonNegative,
    /// How the learning rate changes.
    #[serde(default)]
    pub schedule: Schedule,
}

fn beta1() -> Portion {
    Portion::of(0.9)
}

fn beta2() -> Portion {
    Portion::of(0.999)
}

fn epsilon() -> Positive {
    Positive::of(1e-8)
}

fn weight_decay() -> NonNegative {
    NonNegative::of(0.01)
}

/// How the learning rate changes over the steps of a training; `lr` is its largest value. A warm-up is a number of
/// epochs, whole or not, in which the rate rises in equal parts.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Schedule {
    /// It does not change.
    Constant(Constant),
    /// It is multiplied by a factor every so many epochs.
    Step(StepWise),
    /// It falls along half a cosine wave.
    Cosine(Cosine),
    /// It rises and falls once, along half cosine waves.
    OneCycle(OneCycle),
}

impl Default for Schedule {
    fn default() -> Self {
        Self::Constant(Constant { warmup: NonNegative::default() })
    }
}

/// A learning rate that does not change.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Constant {
    /// Epochs of warm-up.
    #[serde(default)]
    pub warmup: NonNegative,
}

/// A learning rate that is multiplied by a factor every so many epochs.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StepWise {
    /// Epochs between two changes.
    pub every: Count,
    /// What the rate is multiplied by.
    #[serde(default = "tenth")]
    pub factor: Share,
    /// Epochs of warm-up.
    #[serde(default)]
    pub warmup: NonNegative,
}

/// A learning rate that falls along half a cosine wave after the warm-up.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Cosine {
    /// Share of the rate that is approached at the end.
    #[serde(default)]
    pub floor: Portion,
    /// Epochs of warm-up.
    #[serde(default)]
    pub warmup: NonNegative,
}

/// A learning rate that rises and falls once.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OneCycle {
    /// Share of the training in which it rises.
    #[serde(default = "rise")]
    pub rise: Share,
    /// It begins at lr divided by this.
    #[serde(default = "start_divisor")]
    pub start_divisor: Positive,
    /// It ends at its beginning divided by this.
    #[serde(default = "end_divisor")]
    pub end_divisor: Positive,
}

fn tenth() -> Share {
    Share::of(0.1)
}

fn rise() -> Share {
    Share::of(0.3)
}

fn start_divisor() -> Positive {
    Positive::of(25.0)
}

fn end_divisor() -> Positive {
    Positive::of(1e4)
}

/// Share of the units of each hidden layer that is left out in training.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "expected a rate of 0 or more and below 1, or a list with one for each hidden layer")]
pub enum Dropout {
    /// The same in all.
    All(Portion),
    /// One for each.
    Each(Vec<Portion>),
}

impl Default for Dropout {
    fn default() -> Self {
        Self::All(Portion::default())
    }
}

/// Which average of the weights becomes the network.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Average {
    /// Exponential moving average, taken after every step.
    Ema(Ema),
    /// Stochastic weight averaging: the mean of the weights at the end of each of the last epochs.
    Swa(Swa),
}

/// Exponential moving average.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Ema {
    /// Share of the average that stays in a step.
    pub decay: Portion,
}

/// Stochastic weight averaging.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Swa {
    /// Share of the epochs after which averaging begins.
    #[serde(default = "three_quarters")]
    pub start: Portion,
}

fn three_quarters() -> Portion {
    Portion::of(0.75)
}

/// The optimiser of the recommended configs.
impl Default for Optimizer {
    fn default() -> Self {
        let cosine = Cosine { floor: Portion::of(0.01), warmup: NonNegative::of(1.0) };
        Self::Sgd(Sgd {
            lr: Positive::of(0.02),
            momentum: Portion::of(0.9),
            nesterov: true,
            weight_decay: NonNegative::of(1e-4),
            schedule: Schedule::Cosine(cosine),
        })
    }
}

impl Optimizer {
    /// The full learning rate.
    pub fn lr(&self) -> f64 {
        match self {
            Self::Sgd(sgd) => sgd.lr.get(),
            Self::AdamW(adamw) => adamw.lr.get(),
        }
    }

    /// How the learning rate changes.
    pub fn schedule(&self) -> Schedule {
        match self {
            Self::Sgd(sgd) => sgd.schedule,
            Self::AdamW(adamw) => adamw.schedule,
        }
    }

    /// Checks what no single value shows.
    pub(super) fn check(&self, epochs: u32) -> anyhow::Result<()> {
        let name = match self {
            Self::Sgd(_) => "sgd",
            Self::AdamW(_) => "adamw",
        };
        // Training runs in f32.
        let lr = self.lr() as f32;
        if lr == 0.0 || !lr.is_finite() {
            refuse!("key `optimizer.{name}.lr`: expected a number that f32 can hold, found {:e}", self.lr());
        }
        match self {
            Self::Sgd(sgd) if sgd.nesterov && sgd.momentum.get() == 0.0 => {
                refuse!("key `optimizer.sgd.nesterov`: expected `momentum` above 0 beside it, found 0");
            }
            Self::AdamW(adamw) if adamw.epsilon.get() as f32 == 0.0 => {
                let found = adamw.epsilon.get();
                refuse!("key `optimizer.adamw.epsilon`: expected a number that f32 can hold, found {found:e}");
            }
            _ => {}
        }
        let (schedule, warmup) = match self.schedule() {
            Schedule::Constant(Constant { warmup }) => ("constant", warmup),
            Schedule::Step(StepWise { warmup, .. }) => ("step", warmup),
            Schedule::Cosine(Cosine { warmup, .. }) => ("cosine", warmup),
            Schedule::OneCycle(_) => return Ok(()),
        };
        if warmup.get() >= f64::from(epochs) {
            refuse!(
                "key `optimizer.{name}.schedule.{schedule}.warmup`: expected less than the {epochs} epochs, found {}",
                warmup.get()
            );
        }
        Ok(())
    }
}

impl Dropout {
    /// A rate for each of so many hidden layers; `None` when a list has another length.
    pub fn rates(&self, hidden: usize) -> Option<Vec<f64>> {
        match self {
            Self::All(rate) => Some(vec![rate.get(); hidden]),
            Self::Each(rates) if rates.len() == hidden => Some(rates.iter().map(|rate| rate.get()).collect()),
            Self::Each(_) => None,
        }
    }

    /// Checks that a list has a rate for each hidden layer.
    pub(super) fn check(&self, hidden: usize) -> anyhow::Result<()> {
        match self {
            Self::Each(rates) if rates.len() != hidden => {
                let found = rates.len();
                refuse!("key `dropout`: expected a rate, or a list of {hidden} as in `hidden`, found {found}");
            }
            _ => Ok(()),
        }
    }
}
