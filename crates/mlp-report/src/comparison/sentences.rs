//! A comparison in words.

use super::Comparison;
use crate::words::{self, comparisons as said};
use mlp_statistics::{ALPHA, Difference};
use stage_page::Lang;
use stage_page::format::{percent_points, range};

/// With fewer runs of an experiment, a difference that is not significant says nothing: t with three degrees of freedom
/// has to be above 3.18, and one run does not show at all how seeds vary.
const FEWEST_RUNS: usize = 5;

impl Comparison {
    /// Whether the difference is significant after the correction for all comparisons made beside it.
    pub(crate) fn is_significant(&self) -> bool {
        self.p_holm <= ALPHA
    }

    /// Which of the two is better, or that neither is significantly.
    pub(crate) fn verdict(&self, lang: Lang) -> &'static str {
        match (self.is_significant(), self.difference.estimate > 0.0) {
            (false, _) if self.has_too_few_seeds() => said::not_enough(lang),
            (false, _) => said::not_significant(lang),
            (true, is_a) => said::better(lang, is_a),
        }
    }

    /// Whether neither is significantly better and there are too few runs for any other answer.
    pub(crate) fn has_too_few_seeds(&self) -> bool {
        !self.is_significant() && !self.folds && self.runs < FEWEST_RUNS
    }

    fn evidence(&self, lang: Lang) -> String {
        let interval = range(self.difference.interval, percent_points);
        let runs = said::evidence(lang, self.test, self.folds, self.pairs, self.test_rows);
        format!("95 % {interval}, {runs}{}", self.failures(lang))
    }

    /// The runs that diverged, if any.
    fn failures(&self, lang: Lang) -> String {
        let of = |name: &str, count: usize| (count > 0).then(|| said::failed(lang, name, count));
        let failed: Vec<String> =
            [of(&self.a, self.diverged.0), of(&self.b, self.diverged.1)].into_iter().flatten().collect();
        if failed.is_empty() { String::new() } else { said::failures(lang, &words::listed(lang, &failed)) }
    }

    /// The result in one plain sentence. The experiment with the higher accuracy comes first, and the interval is that
    /// of its lead.
    pub(crate) fn sentence(&self, lang: Lang) -> String {
        if self.difference.estimate == 0.0 && !self.is_significant() {
            return said::equal(lang, &self.a, &self.b, &self.evidence(lang));
        }
        let lead = if self.difference.estimate > 0.0 { self.clone() } else { self.reversed() };
        let (points, evidence) = (percent_points(lead.difference.estimate), lead.evidence(lang));
        if self.is_significant() {
            return said::beats(lang, &lead.a, &lead.b, &points, &evidence);
        }
        if self.has_too_few_seeds() {
            return said::too_few(lang, &lead.a, &lead.b, &points, &evidence, &self.seeds_to_train(lang));
        }
        let remedy = self.remedy(lang);
        said::insignificant(lang, (&lead.a, &lead.b), (&points, &evidence), self.test_rows, &remedy)
    }

    fn reversed(&self) -> Self {
        let (low, high) = self.difference.interval;
        let difference =
            Difference { estimate: -self.difference.estimate, interval: (-high, -low), p: self.difference.p };
        let diverged = (self.diverged.1, self.diverged.0);
        Self { a: self.b.clone(), b: self.a.clone(), difference, diverged, ..self.clone() }
    }

    /// That there are too few seeds, and how many may tell.
    fn seeds_to_train(&self, lang: Lang) -> String {
        match self.seeds_needed {
            Some(seeds) if seeds > FEWEST_RUNS as u64 => said::seeds_needed(lang, seeds),
            _ => said::train_more(lang, FEWEST_RUNS),
        }
    }

    /// What would make the difference significant.
    fn remedy(&self, lang: Lang) -> String {
        match (self.rows_needed, self.seeds_needed) {
            _ if self.difference.p <= ALPHA => said::alone(lang, self.family),
            (Some(rows), _) if rows > self.test_rows => said::rows_needed(lang, rows),
            (_, Some(seeds)) if seeds > self.pairs as u64 => said::seeds_needed(lang, seeds),
            // There are rows enough for two runs, yet seeds disagree: only runs that vary less would help.
            _ if self.pairs > 1 => said::unsteady(lang),
            _ => said::more_rows(lang),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::comparison::test::Test;

    fn comparison(estimate: f64, interval: (f64, f64), p: f64) -> Comparison {
        Comparison {
            a: "[256,256]".into(),
            b: "[32,32]".into(),
            difference: Difference { estimate, interval, p },
            p_holm: p,
            family: 3,
            pairs: 10,
            runs: 10,
            diverged: (0, 0),
            test_rows: 185,
            test: Test::CorrectedPairedT,
            folds: false,
            rows_needed: Some(893),
            seeds_needed: None,
        }
    }

    #[test]
    fn a_significant_difference_names_the_winner() {
        let significant = comparison(0.031, (0.012, 0.05), 0.001);
        assert_eq!(
            significant.sentence(Lang::En),
            "[256,256] beats [32,32] by 3.1 points (95 % 1.2 .. 5.0, 10 seeds)."
        );
        assert_eq!(significant.reversed().sentence(Lang::En), significant.sentence(Lang::En));
        // The sentence names what the interval allows for, and the runs that diverged.
        let of = |test, pairs| Comparison { test, pairs, diverged: (2, 0), ..significant.clone() }.sentence(Lang::En);
        assert!(of(Test::Crossed, 10).ends_with("10 seeds on the same 185 rows; diverged: 2 of [256,256])."));
        assert!(of(Test::McNemar, 1).contains("5.0, one seed, others may differ; "));
        assert!(of(Test::Welch, 0).contains("5.0, different seeds; "));
        let folds = Comparison { folds: true, pairs: 5, ..significant };
        assert!(folds.sentence(Lang::En).ends_with("(95 % 1.2 .. 5.0, 5 folds)."));
    }

    #[test]
    fn a_difference_that_is_not_significant_comes_with_what_it_would_take() {
        let ahead = comparison(0.011, (-0.012, 0.034), 0.4);
        assert_eq!(
            ahead.sentence(Lang::En),
            "[256,256] and [32,32]: a difference of 1.1 points (95 % -1.2 .. 3.4, 10 seeds) is not significant with \
             185 test rows; about 900 would be needed."
        );
        let behind = comparison(-0.011, (-0.034, 0.012), 0.4);
        assert_eq!(
            behind.sentence(Lang::En),
            ahead.sentence(Lang::En).replace("[256,256] and [32,32]", "[32,32] and [256,256]")
        );
        let few_seeds = Comparison { rows_needed: None, seeds_needed: Some(31), ..ahead.clone() };
        assert!(few_seeds.sentence(Lang::En).ends_with("; not enough seeds to tell: about 31 would be needed."));
        let unsteady = Comparison { rows_needed: Some(20), ..ahead };
        assert!(
            unsteady
                .sentence(Lang::En)
                .ends_with("; the seeds vary too much, and no number of seeds on these rows would do.")
        );
        // With too few seeds nothing is said of significance, rows or chance.
        let one = Comparison { test: Test::McNemar, pairs: 1, runs: 1, ..comparison(0.011, (-0.012, 0.034), 0.4) };
        assert_eq!(
            one.sentence(Lang::En),
            "[256,256] and [32,32]: a difference of 1.1 points (95 % -1.2 .. 3.4, one seed, others may differ); not \
             enough seeds to tell: train at least 5 of each."
        );
        assert_eq!(one.verdict(Lang::En), "not enough seeds to tell");
        let three = Comparison { pairs: 3, runs: 3, seeds_needed: Some(31), ..comparison(0.011, (-0.012, 0.034), 0.4) };
        assert!(three.sentence(Lang::En).ends_with("3 seeds); not enough seeds to tell: about 31 would be needed."));
        let mut alone = comparison(0.02, (0.001, 0.04), 0.04);
        alone.p_holm = 0.12;
        assert!(alone.sentence(Lang::En).ends_with("; alone it would be significant, among 3 comparisons it is not."));
        assert!(comparison(0.0, (0.0, 0.0), 1.0).sentence(Lang::En).contains("equally accurate"));
    }
}
