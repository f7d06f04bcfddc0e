//! Products on several threads give the bits of one thread; a team runs each task once.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use super::*;
use crate::kernels::{Elementwise, Team};

struct Doubled<'a>(&'a mut [f32]);

impl Elementwise for Doubled<'_> {
    fn run(self) {
        self.0.iter_mut().for_each(|value| *value *= 2.0);
    }
}

/// Every path with teams of 2, 3 and 8 on products of these shapes, activations included.
fn check(rows: usize, inputs: usize, outputs: usize, stream: &mut Stream, teams: &[Arc<Team>]) {
    let case = Case::new(rows, inputs, outputs, stream, normal);
    let plain = case.expected();
    let below = Case::new(rows, inputs, 1, stream, normal);
    let (below_values, below_sums) = (&below.data[..rows * inputs], &below.data[inputs..][..rows * inputs]);
    for path in KernelPath::ALL.into_iter().filter(|path| path.is_available()) {
        for team in teams {
            let kernels = Kernels::sharing_all(path, team);
            for activation in Activation::ALL {
                let name = format!("{} {rows}x{inputs}x{outputs} {}", path.name(), activation.name());
                let mut values = plain.forward.clone();
                activation.apply(&mut values);
                let (mut found, mut sums) = (vec![f32::NAN; values.len()], vec![f32::NAN; values.len()]);
                kernels.layer(case.x(), &case.w, &case.bias, activation, &mut sums, &mut found);
                assert!(same(&found, &values), "layer {name}");
                assert!(!activation.needs_sum() || same(&sums, &plain.forward), "sums {name}");
                let mut dx = plain.transposed.clone();
                activation.scale_gradient(&mut dx, below_values, below_sums);
                let mut found = vec![f32::NAN; dx.len()];
                let below = Activated { activation, values: below_values, sums: below_sums };
                kernels.backward(&case.g, &case.w, outputs, below, &mut found);
                assert!(same(&found, &dx), "backward {name}");
            }
            let (mut w, mut bias) = (case.w.clone(), case.bias.clone());
            kernels.update(case.x(), &case.g, LEARNING_RATE, &mut w, &mut bias);
            assert!(same(&w, &plain.update.0) && same(&bias, &plain.update.1), "update {}", path.name());
            kernels.gradient(case.x(), &case.g, &mut w, &mut bias);
            assert!(same(&w, &plain.gradient.0) && same(&bias, &plain.gradient.1), "gradient {}", path.name());
            let mut doubled = case.w.clone();
            kernels.elementwise([&mut doubled[..]], |_, [elements]| Doubled(elements));
            assert!(doubled.iter().zip(&case.w).all(|(d, w)| *d == 2.0 * w), "elementwise {}", path.name());
        }
    }
}

#[test]
fn shared_products_give_the_bits_of_one_thread() {
    let teams: Vec<_> = [2, 3, 8].map(|threads| Arc::new(Team::new(threads).unwrap())).into();
    let mut stream = Stream::new(21, Purpose::Init);
    for (rows, inputs, outputs) in [(10, 64, 96), (1, 33, 65), (7, 100, 31), (13, 401, 257), (50, 70, 129), (2, 5, 1)] {
        check(rows, inputs, outputs, &mut stream, &teams);
    }
}

#[test]
fn each_task_runs_once_before_run_returns() {
    let team = Team::new(4).unwrap();
    for round in 0..2_000 {
        let counts: Vec<AtomicUsize> = (0..round % 9).map(|_| AtomicUsize::new(0)).collect();
        team.run(counts.len(), &|task| {
            counts[task].fetch_add(1, Ordering::Relaxed);
        });
        assert!(counts.iter().all(|count| count.load(Ordering::Relaxed) == 1), "round {round}");
        if round % 500 == 0 {
            // Long enough for the helpers to sleep.
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

/// A helper that was interrupted between reading that all tasks are taken and reading how many there are once took a
/// task of the next, larger work before that was published.
#[test]
fn a_late_helper_takes_no_task_of_the_next_work() {
    let team = Team::new(3).unwrap();
    for round in 0..200_000 {
        let tasks = if round % 2 == 0 { 2 } else { 5 };
        let counts: [AtomicUsize; 5] = Default::default();
        team.run(tasks, &|task| {
            counts[task].fetch_add(1, Ordering::Relaxed);
        });
        let done = counts.map(AtomicUsize::into_inner);
        assert!((0..5).all(|task| done[task] == usize::from(task < tasks)), "round {round}: {done:?}");
    }
}

#[test]
fn a_team_serves_several_threads_and_work_within_work() {
    let team = Team::new(3).unwrap();
    let sum = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..200 {
                    team.run(5, &|task| {
                        team.run(2, &|inner| {
                            sum.fetch_add(task + inner, Ordering::Relaxed);
                        });
                    });
                }
            });
        }
    });
    // A round adds 2 * (0 + 1 + 2 + 3 + 4) + 5.
    assert_eq!(sum.load(Ordering::Relaxed), 4 * 200 * 25);
}

#[test]
fn a_panic_in_a_task_reaches_the_caller_and_the_team_stays_usable() {
    let team = Team::new(2).unwrap();
    for panics in [0, 1, 5] {
        let done = AtomicUsize::new(0);
        let work = AssertUnwindSafe(|| {
            team.run(6, &|task| {
                assert!(task != panics, "a panic for the test");
                done.fetch_add(1, Ordering::Relaxed);
            });
        });
        assert!(catch_unwind(work).is_err());
        assert_eq!(done.load(Ordering::Relaxed), 5);
    }
}
