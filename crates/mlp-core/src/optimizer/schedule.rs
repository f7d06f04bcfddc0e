//! Learning-rate schedules.
//!
//! Each is a pure function of the step, so there is no state between steps. Cosines are `libm`'s, which gives the same
//! bits on every machine.

use core::f64::consts::PI;

/// The position of a step in the training.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StepPosition {
    /// Steps done before this one.
    pub step: u64,
    /// Steps of an epoch.
    pub steps_per_epoch: u64,
    /// Steps of the whole training.
    pub total_steps: u64,
}

/// How the learning rate changes over the steps of a training.
///
/// ```
/// use mlp_core::optimizer::{Schedule, StepPosition};
///
/// let schedule = Schedule::Step { every_epochs: 2, factor: 0.5, warmup_epochs: 0.0 };
/// let third_epoch = StepPosition { step: 20, steps_per_epoch: 10, total_steps: 100 };
/// assert_eq!(schedule.learning_rate(0.1, third_epoch), 0.05);
/// ```
///
/// In a warm-up of n steps the learning rate rises linearly: step k (from 1) has k/n of the rate that the schedule
/// starts with. `warmup_epochs` is its length in epochs; a share of an epoch is rounded to whole steps.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Schedule {
    /// Constant after the warm-up.
    Constant {
        /// Length of the warm-up in epochs.
        warmup_epochs: f64,
    },
    /// Multiplied by `factor` after every `every_epochs` epochs, counted from the start of the training.
    Step {
        /// Epochs between two changes, at least 1.
        every_epochs: u32,
        /// Factor of each change.
        factor: f64,
        /// Length of the warm-up in epochs.
        warmup_epochs: f64,
    },
    /// Cosine annealing without restarts (I. Loshchilov, F. Hutter 2017): step t of the T steps after the warm-up has
    /// `floor + (1 - floor) (1 + cos(pi t / T)) / 2` of the full rate.
    Cosine {
        /// Share of the full rate at the end.
        floor: f64,
        /// Length of the warm-up in epochs.
        warmup_epochs: f64,
    },
    /// One rise and one fall, each half a cosine wave (L. N. Smith, N. Topin 2018), as in PyTorch's `OneCycleLR` with
    /// two phases and `cycle_momentum=False`.
    OneCycle {
        /// Share of the steps in which the rate rises.
        rise: f64,
        /// The first step has the full rate divided by this.
        start_divisor: f64,
        /// The last step has the rate of the first divided by this.
        end_divisor: f64,
    },
}

impl Default for Schedule {
    fn default() -> Self {
        Self::Constant { warmup_epochs: 0.0 }
    }
}

/// From `from` to `to` along half a cosine wave, `share` from 0 to 1.
fn half_wave(from: f64, to: f64, share: f64) -> f64 {
    to + (from - to) * (1.0 + libm::cos(PI * share)) / 2.0
}

impl Schedule {
    /// The learning rate of a step, where `rate` is the full rate.
    pub fn learning_rate(&self, rate: f64, at: StepPosition) -> f64 {
        let step = at.step as f64;
        match *self {
            Self::Constant { warmup_epochs } => rate * warmup_share(warmup_epochs, at).unwrap_or(1.0),
            Self::Step { every_epochs, factor, warmup_epochs } => {
                let epochs = at.step / at.steps_per_epoch.max(1);
                // A repeated product gives the same bits on every machine; a power function need not.
                let changes = epochs / u64::from(every_epochs.max(1));
                let rate = (0..changes.min(10_000)).fold(rate, |rate, _| rate * factor);
                rate * warmup_share(warmup_epochs, at).unwrap_or(1.0)
            }
            Self::Cosine { floor, warmup_epochs } => {
                if let Some(share) = warmup_share(warmup_epochs, at) {
                    return rate * share;
                }
                let warmup_steps = warmup_steps(warmup_epochs, at);
                let remaining = at.total_steps as f64 - warmup_steps;
                half_wave(rate, floor * rate, ((step - warmup_steps) / remaining.max(1.0)).min(1.0))
            }
            Self::OneCycle { rise, start_divisor, end_divisor } => {
                let last = (at.total_steps as f64 - 1.0).max(0.0);
                let peak = (rise * at.total_steps as f64 - 1.0).clamp(0.0, last);
                let start = rate / start_divisor;
                if step < peak {
                    half_wave(start, rate, step / peak)
                } else {
                    half_wave(rate, start / end_divisor, ((step - peak) / (last - peak).max(1.0)).min(1.0))
                }
            }
        }
    }
}

/// Steps of a warm-up.
fn warmup_steps(warmup_epochs: f64, at: StepPosition) -> f64 {
    libm::round(warmup_epochs * at.steps_per_epoch as f64)
}

/// Share of the rate during the warm-up; `None` after it.
fn warmup_share(warmup_epochs: f64, at: StepPosition) -> Option<f64> {
    let steps = warmup_steps(warmup_epochs, at);
    ((at.step as f64) < steps).then(|| (at.step as f64 + 1.0) / steps)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    fn rates(schedule: Schedule, steps_per_epoch: u64, total_steps: u64) -> Vec<f64> {
        let at = |step| StepPosition { step, steps_per_epoch, total_steps };
        (0..total_steps).map(|step| schedule.learning_rate(2.0, at(step))).collect()
    }

    #[test]
    fn rates_by_hand() {
        assert_eq!(rates(Schedule::default(), 2, 4), [2.0; 4]);
        assert_eq!(rates(Schedule::Constant { warmup_epochs: 2.0 }, 2, 6), [0.5, 1.0, 1.5, 2.0, 2.0, 2.0]);
        let step = Schedule::Step { every_epochs: 2, factor: 0.5, warmup_epochs: 0.0 };
        assert_eq!(rates(step, 1, 6), [2.0, 2.0, 1.0, 1.0, 0.5, 0.5]);
        let cosine = rates(Schedule::Cosine { floor: 0.5, warmup_epochs: 1.0 }, 1, 5);
        // After one step of warm-up a quarter of the wave a step: cosines 1, sqrt 1/2, 0, -sqrt 1/2.
        for (found, cosine) in cosine[1..].iter().zip([1.0, 0.5_f64.sqrt(), 0.0, -(0.5_f64.sqrt())]) {
            assert!((found - (1.5 + 0.5 * cosine)).abs() < 1e-15, "{found}");
        }
        assert_eq!(cosine[0], 2.0);
        let cycle = rates(Schedule::OneCycle { rise: 0.5, start_divisor: 4.0, end_divisor: 10.0 }, 1, 10);
        assert!((cycle[0] - 0.5).abs() < 1e-15 && (cycle[4] - 2.0).abs() < 1e-15 && (cycle[9] - 0.05).abs() < 1e-15);
        assert!(cycle[..5].is_sorted() && cycle[4..].is_sorted_by(|a, b| a >= b));
    }

    #[test]
    fn short_trainings_have_finite_rates() {
        for schedule in [
            Schedule::Constant { warmup_epochs: 9.0 },
            Schedule::Cosine { floor: 0.0, warmup_epochs: 9.0 },
            Schedule::Cosine { floor: 0.0, warmup_epochs: 0.0 },
            Schedule::OneCycle { rise: 0.3, start_divisor: 25.0, end_divisor: 1e4 },
            Schedule::OneCycle { rise: 1.0, start_divisor: 25.0, end_divisor: 1e4 },
        ] {
            for total in 1..5 {
                let rates = rates(schedule, 1, total);
                assert!(rates.iter().all(|rate| (0.0..=2.0).contains(rate)), "{schedule:?} {rates:?}");
            }
        }
    }
}
