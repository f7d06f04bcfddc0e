//! Schedules: how the learning rate changes over the steps of a training.
//!
//! Each is a pure function of the step, so nothing has to be kept between steps. Cosines are `libm`'s, which give the
//! same bits on every machine.

use core::f64::consts::PI;

/// Where a step stands in its training.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Steps done before it.
    pub step: u64,
    /// Steps of an epoch.
    pub epoch_steps: u64,
    /// Steps of the whole training.
    pub total_steps: u64,
}

/// How the learning rate changes. `warmup_epochs` is the time in which the rate rises in equal parts: step k of n
/// warm-up steps, from 1, has k/n of the rate that the schedule begins with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Schedule {
    /// It does not, after the warm-up.
    Constant {
        /// Length of the warm-up.
        warmup_epochs: f64,
    },
    /// It is multiplied by a factor at the end of every so many epochs, counted from the beginning.
    Step {
        /// Epochs between two changes, 1 or more.
        every_epochs: u32,
        /// What the rate is multiplied by.
        factor: f64,
        /// Length of the warm-up.
        warmup_epochs: f64,
    },
    /// After the warm-up half a cosine wave down to a share of the rate (I. Loshchilov, F. Hutter 2017, without
    /// restarts): `floor + (1 - floor) (1 + cos(pi t / T)) / 2` for step t of the T that remain.
    Cosine {
        /// Share of the rate that is approached.
        floor: f64,
        /// Length of the warm-up.
        warmup_epochs: f64,
    },
    /// One rise and one fall, both half cosine waves (L. N. Smith, N. Topin 2018, as PyTorch's `OneCycleLR` with its
    /// two phases; the momentum is left alone). The rise is the warm-up.
    OneCycle {
        /// Share of the steps in which the rate rises.
        rise: f64,
        /// The first step has the rate divided by this.
        start_divisor: f64,
        /// The last step has the first one's rate divided by this.
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
    /// The learning rate of a step, where `rate` is the full one.
    pub fn learning_rate(&self, rate: f64, place: Place) -> f64 {
        let step = place.step as f64;
        match *self {
            Self::Constant { warmup_epochs } => rate * warm(warmup_epochs, place).unwrap_or(1.0),
            Self::Step { every_epochs, factor, warmup_epochs } => {
                let epochs = place.step / place.epoch_steps.max(1);
                // A repeated product, which is the same everywhere; a power function is not.
                let changes = epochs / u64::from(every_epochs.max(1));
                let rate = (0..changes.min(10_000)).fold(rate, |rate, _| rate * factor);
                rate * warm(warmup_epochs, place).unwrap_or(1.0)
            }
            Self::Cosine { floor, warmup_epochs } => {
                if let Some(share) = warm(warmup_epochs, place) {
                    return rate * share;
                }
                let warmup_steps = warmup_steps(warmup_epochs, place);
                let remaining = place.total_steps as f64 - warmup_steps;
                half_wave(rate, floor * rate, ((step - warmup_steps) / remaining.max(1.0)).min(1.0))
            }
            Self::OneCycle { rise, start_divisor, end_divisor } => {
                let last = (place.total_steps as f64 - 1.0).max(0.0);
                let peak = (rise * place.total_steps as f64 - 1.0).clamp(0.0, last);
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

/// Whole steps of a warm-up.
fn warmup_steps(warmup_epochs: f64, place: Place) -> f64 {
    libm::round(warmup_epochs * place.epoch_steps as f64)
}

/// Share of the rate while the warm-up lasts, `None` after it.
fn warm(warmup_epochs: f64, place: Place) -> Option<f64> {
    let steps = warmup_steps(warmup_epochs, place);
    ((place.step as f64) < steps).then(|| (place.step as f64 + 1.0) / steps)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    fn rates(schedule: Schedule, epoch_steps: u64, total_steps: u64) -> Vec<f64> {
        let place = |step| Place { step, epoch_steps, total_steps };
        (0..total_steps).map(|step| schedule.learning_rate(2.0, place(step))).collect()
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
