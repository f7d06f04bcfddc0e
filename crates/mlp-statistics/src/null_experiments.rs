//! How often two equally good experiments are called different, by simulation: 5 of 100 at the level of the tests.

use mlp_core::random::{Purpose, Stream};

use crate::crossed::Crossed;
use crate::mcnemar::mcnemar_exact;
use crate::{ALPHA, Difference};

const COMPARISONS: usize = 2000;

/// Which rows each seed of an experiment gets right. Rows are easy or hard for all, and seeds are good or bad on all.
fn correct(seeds: usize, ease: &[f64], spread: f64, stream: &mut Stream) -> Vec<Vec<f32>> {
    let of_seed = |stream: &mut Stream| {
        let seed = spread * stream.normal();
        ease.iter().map(|ease| f32::from(u8::from(stream.uniform() < 1.0 / (1.0 + (-ease - seed).exp())))).collect()
    };
    (0..seeds).map(|_| of_seed(stream)).collect()
}

/// The share of comparisons of an experiment with itself, on other seeds, that are significant.
fn called_different(
    (seeds, rows, spread): (usize, usize, f64),
    compare: impl Fn(&[Vec<f32>], &[Vec<f32>]) -> Option<f64>,
) -> f64 {
    let mut stream = Stream::new(5, Purpose::Resampling);
    let mut different = 0;
    for _ in 0..COMPARISONS {
        let ease: Vec<f64> = (0..rows).map(|_| 2.5 + 2.0 * stream.normal()).collect();
        let [a, b] = [(); 2].map(|()| correct(seeds, &ease, spread, &mut stream));
        different += usize::from(compare(&a, &b).is_some_and(|p| p <= ALPHA));
    }
    different as f64 / COMPARISONS as f64
}

#[test]
fn equal_experiments_on_the_same_rows_are_called_different_in_5_of_100_comparisons() {
    let crossed = |a: &[Vec<f32>], b: &[Vec<f32>]| {
        let differences = a.iter().zip(b).map(|(a, b)| a.iter().zip(b).map(|(a, b)| a - b).collect());
        Crossed::of(&differences.collect::<Vec<_>>()).map(|crossed| crossed.difference()).map(|Difference { p, .. }| p)
    };
    for case in [(5, 185, 0.1), (10, 185, 0.0), (10, 185, 0.3), (3, 185, 0.1)] {
        let share = called_different(case, crossed);
        println!("{case:?}: {share}");
        assert!((0.04..=0.06).contains(&share), "{case:?}: {share}");
    }
}

/// The exact test errs less often than its level says, as p values of counts come in steps.
#[test]
fn equal_runs_are_called_different_in_at_most_5_of_100_comparisons() {
    let exact = |a: &[Vec<f32>], b: &[Vec<f32>]| {
        let only = |a: &[f32], b: &[f32]| a.iter().zip(b).filter(|(a, b)| a > b).count() as u64;
        Some(mcnemar_exact(only(&a[0], &b[0]), only(&b[0], &a[0])))
    };
    let share = called_different((1, 185, 0.0), exact);
    println!("one run each: {share}");
    assert!(share <= 0.06, "{share}");
}
