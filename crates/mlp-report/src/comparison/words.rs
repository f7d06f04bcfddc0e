//! What is said of a comparison.

use super::{Comparison, Test};
use crate::sentence::{listed, percent_points, range};
use crate::statistics::sample_size::about;
use crate::statistics::{ALPHA, Difference};

impl Comparison {
    /// Whether it is more than noise, all comparisons made beside it considered.
    pub fn is_told(&self) -> bool {
        self.p_holm <= ALPHA
    }

    /// `a`, `b` or noise.
    pub fn verdict(&self) -> &'static str {
        match (self.is_told(), self.difference.estimate > 0.0) {
            (false, _) => "noise",
            (true, true) => "a is better",
            (true, false) => "b is better",
        }
    }

    fn evidence(&self) -> String {
        let interval = range(self.difference.interval, percent_points);
        let unit = if self.folds { "folds" } else { "seeds" };
        let runs = match self.test {
            Test::Crossed => format!("{} {unit} on the same {} rows", self.pairs, self.test_rows),
            Test::CorrectedPairedT => format!("{} {unit}", self.pairs),
            Test::Welch => "different seeds".to_owned(),
            Test::McNemar => "one seed, others may differ".to_owned(),
        };
        format!("95 % {interval}, {runs}{}", self.failures())
    }

    /// What counts as a poor answer because there is none.
    fn failures(&self) -> String {
        let of = |name: &str, count: usize| (count > 0).then(|| format!("{count} of {name}"));
        let failed: Vec<String> =
            [of(&self.a, self.diverged.0), of(&self.b, self.diverged.1)].into_iter().flatten().collect();
        if failed.is_empty() { String::new() } else { format!("; diverged: {}", listed(&failed)) }
    }

    /// What can be said in one plain sentence.
    pub fn sentence(&self) -> String {
        let points = percent_points(self.difference.estimate.abs());
        if self.is_told() {
            // The interval of what is said: of the better one's lead.
            let (better, worse, lead) = if self.difference.estimate > 0.0 {
                (&self.a, &self.b, self.clone())
            } else {
                (&self.b, &self.a, self.reversed())
            };
            return format!("{better} beats {worse} by {points} points ({}).", lead.evidence());
        }
        if self.difference.estimate == 0.0 {
            return format!("{} and {} are equally often right ({}).", self.a, self.b, self.evidence());
        }
        // As above the first is the one that is ahead, or the interval would not be that of what is said.
        let lead = if self.difference.estimate > 0.0 { self.clone() } else { self.reversed() };
        let found = format!(
            "{} and {}: {points} points apart ({}) are noise with {} test rows",
            lead.a,
            lead.b,
            lead.evidence(),
            self.test_rows
        );
        format!("{found}; {}.", self.remedy())
    }

    fn reversed(&self) -> Self {
        let (low, high) = self.difference.interval;
        let difference =
            Difference { estimate: -self.difference.estimate, interval: (-high, -low), p: self.difference.p };
        let diverged = (self.diverged.1, self.diverged.0);
        Self { a: self.b.clone(), b: self.a.clone(), difference, diverged, ..self.clone() }
    }

    /// What it would take.
    fn remedy(&self) -> String {
        match (self.rows_needed, self.seeds_needed) {
            _ if self.difference.p <= ALPHA => {
                format!("alone it would count, among {} comparisons it may be chance", self.family)
            }
            (Some(rows), _) if rows > self.test_rows => format!("about {} would be needed", about(rows)),
            (_, Some(seeds)) if seeds > self.pairs as u64 => format!("about {} seeds would be needed", about(seeds)),
            // Rows enough for two runs, yet seeds disagree: nothing but runs that differ less would help.
            _ if self.pairs > 1 => {
                "from seed to seed they differ more, and no number of seeds on these rows would do".to_owned()
            }
            _ => "more test rows would be needed".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn comparison(estimate: f64, interval: (f64, f64), p: f64) -> Comparison {
        Comparison {
            a: "[256,256]".into(),
            b: "[32,32]".into(),
            difference: Difference { estimate, interval, p },
            p_holm: p,
            family: 3,
            pairs: 10,
            diverged: (0, 0),
            test_rows: 185,
            test: Test::CorrectedPairedT,
            folds: false,
            rows_needed: Some(893),
            seeds_needed: None,
        }
    }

    #[test]
    fn sentences_call_noise_noise_and_name_the_winner() {
        let told = comparison(0.031, (0.012, 0.05), 0.001);
        assert_eq!(told.sentence(), "[256,256] beats [32,32] by 3.1 points (95 % 1.2 .. 5.0, 10 seeds).");
        assert_eq!(told.reversed().sentence(), told.sentence());
        let noise = comparison(0.011, (-0.012, 0.034), 0.4);
        assert_eq!(
            noise.sentence(),
            "[256,256] and [32,32]: 1.1 points apart (95 % -1.2 .. 3.4, 10 seeds) are noise with 185 test rows; about \
             900 would be needed."
        );
        let behind = comparison(-0.011, (-0.034, 0.012), 0.4);
        assert_eq!(behind.sentence(), noise.sentence().replace("[256,256] and [32,32]", "[32,32] and [256,256]"));
        let unsteady = Comparison { rows_needed: Some(20), ..noise };
        assert!(
            unsteady
                .sentence()
                .ends_with("; from seed to seed they differ more, and no number of seeds on these rows would do.")
        );
        let mut alone = comparison(0.02, (0.001, 0.04), 0.04);
        alone.p_holm = 0.12;
        assert!(alone.sentence().ends_with("; alone it would count, among 3 comparisons it may be chance."));
        assert!(comparison(0.0, (0.0, 0.0), 1.0).sentence().contains("equally often right"));
        // What the interval allows for is said, and what diverged.
        let of = |test, pairs| Comparison { test, pairs, diverged: (2, 0), ..told.clone() }.sentence();
        assert!(of(Test::Crossed, 10).ends_with("10 seeds on the same 185 rows; diverged: 2 of [256,256])."));
        assert!(of(Test::McNemar, 1).contains("5.0, one seed, others may differ; "));
        assert!(of(Test::Welch, 0).contains("5.0, different seeds; "));
        let folds = Comparison { folds: true, pairs: 5, ..told };
        assert!(folds.sentence().ends_with("(95 % 1.2 .. 5.0, 5 folds)."));
    }
}
