//! The learning curve over writers: what the pictures of more writers would bring.
//!
//! `about 0.4 points more with 24 writers instead of 14`: networks are trained on the pictures of 1, 2, 4, .. writers
//! and tested on writers who did not train. The error falls about as a power of the number of training writers. The
//! fitted law is read at the numbers in question. It knows no lowest error, so far beyond the data it promises too
//! much.

use super::distributions::student;
use super::writers::Writers;
use super::{ALPHA, average, variance};

/// Predictions on tested writers, for numbers of training writers and for seeds.
#[derive(Clone, Debug)]
pub struct LearningCurve {
    /// Numbers of training writers, rising.
    counts: Vec<u32>,
    /// For each seed and each number of training writers, the correct and all pictures of every tested writer.
    seeds: Vec<Vec<Writers>>,
}

/// The accuracy measured with some number of training writers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// Training writers.
    pub writers: u32,
    /// Mean accuracy over seeds.
    pub accuracy: f64,
    /// Its 95 % interval over the tested writers, as [`Writers::interval`] gives it.
    pub interval: Option<(f64, f64)>,
}

/// What more training writers would bring, by the fitted law.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gain {
    /// Accuracy with the writers there are.
    pub accuracy: f64,
    /// The accuracy with more writers less that.
    pub gain: f64,
    /// 95 % interval of `gain`; `None` for fewer than five tested writers.
    pub interval: Option<(f64, f64)>,
}

impl LearningCurve {
    /// `seeds` holds, for each seed, what was predicted with each of the `counts` of training writers, which rise.
    /// `None` for fewer than two counts, without a seed, or where the tested writers are not known or not the same.
    pub fn new(counts: Vec<u32>, seeds: Vec<Vec<Writers>>) -> Option<Self> {
        let names = |of: &Writers| of.by_writer().map(|(name, ..)| name.to_owned()).collect::<Vec<_>>();
        let all: Vec<&Writers> = seeds.iter().flatten().collect();
        let first = names(all.first()?);
        let is_sound = counts.len() > 1
            && counts.first() > Some(&0)
            && counts.windows(2).all(|pair| pair[0] < pair[1])
            && seeds.iter().all(|of| of.len() == counts.len())
            && all.iter().all(|of| of.known().is_some() && names(of) == first);
        is_sound.then_some(Self { counts, seeds })
    }

    /// What was measured.
    pub fn points(&self) -> Vec<Point> {
        (0..self.counts.len()).map(|place| self.point(place)).collect()
    }

    fn point(&self, place: usize) -> Point {
        let mut all = Writers::default();
        let mut accuracies = Vec::new();
        let mut pictures = 0.0;
        for of in self.seeds.iter().map(|seed| &seed[place]) {
            let (wrong, rows) = sums(of, None);
            accuracies.push(1.0 - wrong / rows);
            pictures = rows;
            all.add(of);
        }
        let of_seeds = variance(&accuracies) / accuracies.len() as f64;
        let interval = all.over_runs(pictures as usize, of_seeds).interval();
        Point { writers: self.counts[place], accuracy: average(&accuracies), interval }
    }

    /// What `more` writers beside `writers` would bring.
    ///
    /// The error is taken as b n^-c with n training writers (C. Cortes, L. D. Jackel, S. A. Solla, V. Vapnik,
    /// J. S. Denker 1993, "Learning curves: asymptotic values and rate of convergence"; J. Hestness et al. 2017, "Deep
    /// learning scaling is predictable, empirically"), fitted by least squares to the logarithms, each weighted by its
    /// number of errors, the inverse of its variance. The interval is Student's, with one degree of freedom less than
    /// there are tested writers, and the variance of the jackknife that leaves out one writer at a time (B. Efron,
    /// C. Stein 1981, "The jackknife estimate of variance") plus that of the mean over seeds.
    pub fn gain(&self, writers: u32, more: u32) -> Gain {
        let (from, to) = (f64::from(writers), f64::from(writers) + f64::from(more));
        let every: Vec<&Vec<Writers>> = self.seeds.iter().collect();
        let law = self.law(&every, None);
        let (accuracy, gain) = (1.0 - law.error(from), law.error(from) - law.error(to));
        let gain_of = |law: Law| law.error(from) - law.error(to);
        let tested: Vec<&str> = self.seeds[0][0].by_writer().map(|(name, ..)| name).collect();
        let n = tested.len() as f64;
        let left: Vec<f64> = tested.iter().map(|writer| gain_of(self.law(&every, Some(writer)))).collect();
        // (n - 1) / n times the sum of squares, which is n - 1 times the sample variance.
        let of_writers = (n - 1.0) / n * variance(&left) * (n - 1.0);
        let by_seed: Vec<f64> = self.seeds.iter().map(|seed| gain_of(self.law(&[seed], None))).collect();
        let of_seeds = variance(&by_seed) / by_seed.len() as f64;
        let half = student::quantile(1.0 - ALPHA / 2.0, n - 1.0) * (of_writers + of_seeds).sqrt();
        let interval = (tested.len() >= super::writers::LEAST_WRITERS).then_some((gain - half, gain + half));
        Gain { accuracy, gain, interval }
    }

    /// The law of some seeds together, perhaps without one of the tested writers.
    fn law(&self, seeds: &[&Vec<Writers>], without: Option<&str>) -> Law {
        let mut points = Vec::new();
        for (place, count) in self.counts.iter().enumerate() {
            let of_seeds = seeds.iter().map(|seed| sums(&seed[place], without));
            let (wrong, rows) = of_seeds.fold((0.0, 0.0), |sum, of| (sum.0 + of.0, sum.1 + of.1));
            // Half an error more, so that none at all has a logarithm.
            let wrong = wrong + 0.5;
            points.push((libm::log(f64::from(*count)), libm::log(wrong / (rows + 1.0)), wrong));
        }
        Law::fitted(&points)
    }
}

/// Misclassified and all pictures of all writers but one.
fn sums(of: &Writers, without: Option<&str>) -> (f64, f64) {
    let others = of.by_writer().filter(|(name, ..)| Some(*name) != without);
    others.fold((0.0, 0.0), |sum, (_, correct, rows)| (sum.0 + (rows - correct) as f64, sum.1 + rows as f64))
}

/// ln error = intercept + slope ln n.
#[derive(Clone, Copy)]
struct Law {
    intercept: f64,
    slope: f64,
}

impl Law {
    /// Weighted least squares over points of x, y and weight, of which at least two differ in x.
    fn fitted(points: &[(f64, f64, f64)]) -> Self {
        let mean = |of: fn(&(f64, f64, f64)) -> f64| {
            points.iter().map(|point| point.2 * of(point)).sum::<f64>()
                / points.iter().map(|point| point.2).sum::<f64>()
        };
        let (x, y) = (mean(|point| point.0), mean(|point| point.1));
        let products: f64 = points.iter().map(|point| point.2 * (point.0 - x) * (point.1 - y)).sum();
        let squares: f64 = points.iter().map(|point| point.2 * (point.0 - x) * (point.0 - x)).sum();
        let slope = products / squares;
        Self { intercept: y - slope * x, slope }
    }

    /// The error with `writers` training writers.
    fn error(self, writers: f64) -> f64 {
        libm::exp(self.intercept + self.slope * libm::log(writers)).min(1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::writers;
    use mlp_core::random::{Purpose, Stream};

    #[test]
    fn a_power_law_is_found_again() {
        // The error halves as the writers quadruple: .4, .2, .1 of 10,000 pictures of each of five writers.
        let of = |wrong: u64| writers(&[(10_000 - wrong, 10_000); 5]);
        let curve = LearningCurve::new(vec![1, 4, 16], vec![vec![of(4_000), of(2_000), of(1_000)]]).unwrap();
        let gain = curve.gain(16, 48);
        assert!((gain.accuracy - 0.9).abs() < 1e-4 && (gain.gain - 0.05).abs() < 1e-4, "{gain:?}");
        // Writers who are all alike leave no doubt.
        let (low, high) = gain.interval.unwrap();
        assert!(high - low < 1e-4);
        let points = curve.points();
        assert_eq!((points[1].writers, points[1].accuracy), (4, 0.8));
        assert!(points[1].interval.unwrap().0 < 0.8);
    }

    #[test]
    fn few_writers_have_no_interval_and_unsound_curves_are_none() {
        let of = || writers(&[(90, 100); 4]);
        assert_eq!(LearningCurve::new(vec![1, 2], vec![vec![of(), of()]]).unwrap().gain(4, 10).interval, None);
        let other = writers(&[(90, 100); 3]);
        for (counts, seeds) in [
            (vec![1, 2], vec![]),
            (vec![1], vec![vec![of()]]),
            (vec![2, 2], vec![vec![of(), of()]]),
            (vec![0, 2], vec![vec![of(), of()]]),
            (vec![1, 2], vec![vec![of()]]),
            (vec![1, 2], vec![vec![of(), other]]),
            (vec![1, 2], vec![vec![Writers::default(), Writers::default()]]),
        ] {
            assert!(LearningCurve::new(counts, seeds).is_none());
        }
    }

    /// The share of 500 simulated curves whose interval holds the true gain. Some writers are easier to read than
    /// others, and each number of training writers has its own noise.
    #[test]
    fn intervals_hold_the_true_gain_as_often_as_they_say() {
        let mut stream = Stream::new(1, Purpose::Resampling);
        let counts = [1u32, 2, 4, 8, 11];
        let error = |n: f64| 0.2 * libm::pow(n, -0.4);
        for (count, pictures, seeds) in [(14, 50, 1), (14, 50, 3), (30, 20, 1)] {
            let mut holds = 0;
            for _ in 0..500 {
                let harder: Vec<f64> = (0..count).map(|_| 0.25 + 1.5 * stream.uniform()).collect();
                let seeds = (0..seeds).map(|_| {
                    let of_count = counts.iter().map(|n| {
                        let of = |harder: &f64| {
                            let p = error(f64::from(*n)) * harder;
                            ((0..pictures).filter(|_| stream.uniform() >= p).count() as u64, pictures)
                        };
                        writers(&harder.iter().map(of).collect::<Vec<_>>())
                    });
                    of_count.collect()
                });
                let curve = LearningCurve::new(counts.to_vec(), seeds.collect()).unwrap();
                let (low, high) = curve.gain(14, 10).interval.unwrap();
                let truth = error(14.0) - error(24.0);
                holds += usize::from(low <= truth && truth <= high);
            }
            let share = f64::from(holds as u32) / 500.0;
            println!("{count} writers, {pictures} pictures, {seeds} seeds: {share}");
            assert!((0.91..=0.995).contains(&share), "{count} {pictures}: {share}");
        }
    }
}
