//! The interval of an accuracy over the people who wrote the digits.
//!
//! `273 of 300 pictures of 6 writers`: the 50 pictures of a writer are alike, so they say less of another writer's
//! pictures than 300 pictures of 300 writers would. The interval therefore takes the writers as drawn at random, and
//! not the pictures. Each writer weighs as much as they have pictures, so its middle is the accuracy that is given.

use std::collections::BTreeMap;

use super::ALPHA;
use super::distributions::student;
use super::sample_size::about;

/// With fewer writers there is no interval over them: Student's t has fewer than four degrees of freedom then, and the
/// spread over writers is hardly known.
pub const LEAST_WRITERS: usize = 5;

/// What an accuracy without an interval over writers speaks of.
const OF_THESE: &str = "so it speaks of these writers only";

/// The sentence of [`Writers::sentence`] for so many known writers, of whom some trained, with the interval and the
/// number of writers that would halve it.
pub fn sentence(writers: usize, trained: usize, interval: Option<(f64, f64)>, more_to_halve: Option<u64>) -> String {
    if trained > 0 {
        return match writers {
            1 => "its only writer trained, too, so it speaks of this writer only".to_owned(),
            _ if trained == writers => format!("all {writers} writers trained, too, {OF_THESE}"),
            _ => format!("{trained} of the {writers} writers trained, too, {OF_THESE}"),
        };
    }
    let Some((low, high)) = interval else {
        let are = if writers == 1 { "writer is" } else { "writers are" };
        return format!(
            "{writers} {are} too few for an interval over writers, which takes {LEAST_WRITERS}, {OF_THESE}"
        );
    };
    let interval = format!("95 % interval {low:.3} .. {high:.3} over {writers} writers");
    match more_to_halve.map(about) {
        Some(1) => format!("{interval}; one more writer would halve it"),
        Some(more) => format!("{interval}; about {more} more writers would halve it"),
        None => format!("{interval}; no number of writers would halve it, since the seeds differ"),
    }
}

/// Correct and all pictures of each writer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Writers {
    /// Correct pictures and all pictures, by writer.
    by_writer: BTreeMap<String, (f64, f64)>,
    /// Pictures whose writer is not known.
    unknown: u64,
    /// How many of the writers trained, too.
    trained: usize,
    /// Different pictures, where some were predicted by several runs.
    pictures: Option<f64>,
    /// Variance of the mean over seeds.
    variance_of_seeds: f64,
}

impl Writers {
    /// Counts predictions: for each the writer, as far as known, and whether it is correct.
    pub fn count<'a>(predictions: impl IntoIterator<Item = (Option<&'a str>, bool)>) -> Self {
        let mut all = Self::default();
        for (writer, is_correct) in predictions {
            let Some(writer) = writer else {
                all.unknown += 1;
                continue;
            };
            if !all.by_writer.contains_key(writer) {
                all.by_writer.insert(writer.to_owned(), (0.0, 0.0));
            }
            if let Some((correct, rows)) = all.by_writer.get_mut(writer) {
                *correct += f64::from(u8::from(is_correct));
                *rows += 1.0;
            }
        }
        all
    }

    /// The same where the predictions are those of several runs: on so many different pictures, and with this variance
    /// of the mean accuracy over seeds, which adds to that of the writers.
    #[must_use]
    pub fn over_runs(self, pictures: usize, variance_of_seeds: f64) -> Self {
        Self { pictures: Some(pictures as f64), variance_of_seeds, ..self }
    }

    /// The same where so many of the writers have pictures among the training rows. If any has, the accuracy says
    /// nothing of writers who did not train, and there is no interval over writers.
    #[must_use]
    pub fn of_whom_trained(self, trained: usize) -> Self {
        Self { trained, ..self }
    }

    /// How many of the writers trained, too.
    pub fn trained(&self) -> usize {
        self.trained
    }

    /// Adds the counts of another run.
    pub fn add(&mut self, other: &Self) {
        for (writer, of) in &other.by_writer {
            let sum = self.by_writer.entry(writer.clone()).or_default();
            *sum = (sum.0 + of.0, sum.1 + of.1);
        }
        self.unknown += other.unknown;
        self.trained = self.trained.max(other.trained);
    }

    /// How many writers there are; `None` where the writer of some picture is not known.
    pub fn known(&self) -> Option<usize> {
        (self.unknown == 0 && !self.by_writer.is_empty()).then_some(self.by_writer.len())
    }

    /// How many pictures have a writer who is not known.
    pub fn unknown(&self) -> u64 {
        self.unknown
    }

    /// Correct and all pictures of each writer, by name. Whole numbers, unless there are too many to count.
    pub fn by_writer(&self) -> impl Iterator<Item = (&str, u64, u64)> {
        self.by_writer.iter().map(|(writer, &(correct, rows))| (writer.as_str(), correct as u64, rows as u64))
    }

    /// The 95 % interval of the accuracy on pictures of other writers; `None` for fewer than [`LEAST_WRITERS`], where
    /// the writer of some picture is not known, and where some writer trained.
    ///
    /// With W writers, of whose n_w pictures c_w are correct, N = sum n_w and p = sum c_w / N, the variance of p is
    /// W / (W - 1) sum (c_w - p n_w)^2 / N^2 (W. G. Cochran 1977, "Sampling Techniques", 3rd edition, section 3.12).
    /// The limits are Wilson's for p (1 - p) / variance pictures, the number of independent pictures that would say as
    /// much, with Student's t of W - 1 degrees of freedom in the place of z (E. L. Korn, B. I. Graubard 1998,
    /// "Confidence intervals for proportions with small expected number of positive counts estimated from survey data",
    /// Survey Methodology 24; with Wilson's limits in N. Dean, M. Pagano 2015, "Evaluating confidence interval methods
    /// for binomial proportions in clustered surveys", Journal of Survey Statistics and Methodology 3). That number is
    /// at most the number of pictures, so the interval is never narrower than one over pictures.
    pub fn interval(&self) -> Option<(f64, f64)> {
        let writers = self.known().filter(|writers| *writers >= LEAST_WRITERS && self.trained == 0)?;
        Some(self.limits(writers as f64))
    }

    /// How many more writers, with as many pictures each and as unlike, would make the interval half as wide. `None`
    /// without an interval, or where no number would, since seeds differ too much.
    pub fn more_to_halve(&self) -> Option<u64> {
        const MOST: u64 = 1 << 24;
        let (low, high) = self.interval()?;
        let writers = self.by_writer.len() as u64;
        let is_enough = |count: u64| {
            let limits = self.limits(count as f64);
            limits.1 - limits.0 <= (high - low) / 2.0
        };
        if !is_enough(MOST) {
            return None;
        }
        let (mut few, mut enough) = (writers, MOST);
        while enough - few > 1 {
            let middle = u64::midpoint(few, enough);
            if is_enough(middle) { enough = middle } else { few = middle }
        }
        Some(enough - writers)
    }

    /// What the accuracy speaks of: `95 % interval 0.873 .. 0.941 over 12 writers; about 34 more writers would halve
    /// it`, or that it speaks of these writers only, and why.
    pub fn sentence(&self) -> String {
        let Some(writers) = self.known() else {
            if self.by_writer.is_empty() {
                return format!("the writers are not known, {OF_THESE}");
            }
            let pictures = if self.unknown == 1 { "picture" } else { "pictures" };
            return format!("the writers of {} {pictures} are not known, {OF_THESE}", self.unknown);
        };
        sentence(writers, self.trained, self.interval(), self.more_to_halve())
    }

    /// The limits that `writers` writers like these would give.
    fn limits(&self, writers: f64) -> (f64, f64) {
        let found = self.by_writer.len() as f64;
        let sum = |of: fn(&(f64, f64)) -> f64| self.by_writer.values().map(of).sum::<f64>();
        let (correct, rows) = (sum(|of| of.0), sum(|of| of.1));
        let p = correct / rows;
        let squares: f64 = self.by_writer.values().map(|(c, n)| (c - p * n) * (c - p * n)).sum();
        let of_writers = found / (found - 1.0) * squares / (rows * rows) * found / writers;
        let variance = of_writers + self.variance_of_seeds;
        let pictures = self.pictures.unwrap_or(rows) * writers / found;
        let n = if variance > 0.0 { (p * (1.0 - p) / variance).min(pictures) } else { pictures };
        let t = student::quantile(1.0 - ALPHA / 2.0, writers - 1.0);
        let t2 = t * t;
        let (centre, scale) = (p + t2 / (2.0 * n), 1.0 + t2 / n);
        let half = t * (p * (1.0 - p) / n + t2 / (4.0 * n * n)).sqrt();
        (((centre - half) / scale).max(0.0), ((centre + half) / scale).min(1.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::{cases, close, number, numbers, writers};
    use crate::wilson::wilson;
    use mlp_core::random::{Purpose, Stream};

    #[test]
    fn intervals_are_those_of_statsmodels_and_scipy() {
        for case in cases("writers") {
            let counts: Vec<(u64, u64)> = case["counts"]
                .as_array()
                .unwrap()
                .iter()
                .map(|of| (of[0].as_u64().unwrap(), of[1].as_u64().unwrap()))
                .collect();
            let mut found = writers(&counts);
            if let Some(variance) = case["variance_of_seeds"].as_f64() {
                found = found.over_runs(counts.iter().map(|of| of.1 as usize).sum(), variance);
            }
            let (low, high) = found.interval().unwrap();
            let expected = numbers(&case["interval"]);
            close(low, expected[0], 1e-9, &case);
            close(high, expected[1], 1e-9, &case);
            assert_eq!(found.more_to_halve(), case["more"].as_u64(), "{case}");
            assert!(number(&case["accuracy"]) > low && number(&case["accuracy"]) <= high);
        }
    }

    #[test]
    fn few_or_unknown_writers_give_a_sentence_and_no_interval() {
        for (writers, sentence) in [
            (
                writers(&[(9, 10); 4]),
                "4 writers are too few for an interval over writers, which takes 5, so it speaks of these writers only",
            ),
            (
                writers(&[(9, 10)]),
                "1 writer is too few for an interval over writers, which takes 5, so it speaks of these writers only",
            ),
            (Writers::default(), "the writers are not known, so it speaks of these writers only"),
            (Writers::count([(None, true); 3]), "the writers are not known, so it speaks of these writers only"),
            (
                writers(&[(9, 10); 6]).of_whom_trained(2),
                "2 of the 6 writers trained, too, so it speaks of these writers only",
            ),
            (
                writers(&[(9, 10); 6]).of_whom_trained(6),
                "all 6 writers trained, too, so it speaks of these writers only",
            ),
            (writers(&[(9, 10)]).of_whom_trained(1), "its only writer trained, too, so it speaks of this writer only"),
            (
                Writers::count([(None, true), (Some("kim"), false)]),
                "the writers of 1 picture are not known, so it speaks of these writers only",
            ),
        ] {
            assert_eq!((writers.interval(), writers.more_to_halve()), (None, None));
            assert_eq!(writers.sentence(), sentence);
        }
        let sentence = writers(&[(45, 50), (50, 50), (40, 50), (48, 50), (47, 50), (43, 50)]).sentence();
        assert!(sentence.contains(" over 6 writers; about ") && sentence.ends_with(" more writers would halve it"));
    }

    #[test]
    fn writers_without_a_mistake_have_an_interval_no_narrower_than_one_over_pictures() {
        for counts in [vec![(20, 20); 5], vec![(18, 20); 6]] {
            let (correct, rows) = counts.iter().fold((0, 0), |sum, of| (sum.0 + of.0, sum.1 + of.1));
            let (low, high) = writers(&counts).interval().unwrap();
            let over_pictures = wilson(correct, rows).unwrap();
            assert!(low < over_pictures.0 && high >= over_pictures.1 && high <= 1.0, "{low} {high}");
        }
    }

    /// The share of 2000 simulated tests in which the interval holds the true accuracy of 0.9. Writers differ
    /// in their own accuracies, whose mean is 0.9, but for the last case.
    #[test]
    fn intervals_cover_the_true_accuracy_as_often_as_they_say() {
        let mut stream = Stream::new(1, Purpose::Resampling);
        for (count, pictures, spread) in [(6, 50, 0.3), (10, 30, 0.3), (20, 100, 0.3), (10, 40, 0.0)] {
            let (mut over_writers, mut over_pictures) = (0, 0);
            for _ in 0..2000 {
                let counts: Vec<(u64, u64)> = (0..count)
                    .map(|_| {
                        // u^2 has mean 1/3.
                        let u = stream.uniform();
                        let own = 0.9 + spread / 3.0 - spread * u * u;
                        ((0..pictures).filter(|_| stream.uniform() < own).count() as u64, pictures)
                    })
                    .collect();
                let holds = |(low, high): (f64, f64)| usize::from(low <= 0.9 && 0.9 <= high);
                over_writers += holds(writers(&counts).interval().unwrap());
                over_pictures += holds(wilson(counts.iter().map(|of| of.0).sum(), count * pictures).unwrap());
            }
            let (over_writers, over_pictures) = (over_writers as f64 / 2000.0, over_pictures as f64 / 2000.0);
            println!("{count} writers, {pictures} pictures, spread {spread}: {over_writers} {over_pictures}");
            assert!((0.93..=0.985).contains(&over_writers), "{count} {pictures} {spread}: {over_writers}");
            assert!(spread == 0.0 || over_pictures < 0.93, "{count} {pictures}: {over_pictures}");
        }
    }
}
