//! The conclusions of 2022, each a set of named comparisons with a rule for the verdict.

use super::evidence::{accuracies, epochs, learned, mostly_learns};
use super::experiments::Experiments2022;
use crate::words::course_2022 as said;
use mlp_statistics::ALPHA;
use stage_page::Lang;
use stage_page::format::percent_points;

/// An influence on accuracy is called large from three points on; users hardly notice less.
const LARGE: f64 = 0.03;

/// Whether a conclusion of 2022 stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Stands,
    DoesNotStand,
    Undecided,
}

/// One conclusion, judged.
pub(crate) struct Conclusion {
    pub number: &'static str,
    pub claim: &'static str,
    pub verdict: Verdict,
    /// The verdict's reason in a sentence.
    pub why: String,
    /// All comparisons in sentences.
    pub evidence: Vec<String>,
}

/// Wider against narrower layers at equal depth, learning rate and starting weights.
const WIDER: [(u32, u32); 5] = [(10, 9), (6, 5), (15, 14), (17, 16), (18, 17)];
/// Deeper against shallower networks of equal width, learning rate and starting weights.
const DEEPER: [(u32, u32); 4] = [(12, 9), (14, 8), (19, 16), (21, 19)];
/// Wider against narrower first hidden layers; 11 against 09 narrows the second layer at the same time.
const WIDER_FIRST: [(u32, u32); 8] = [(10, 9), (11, 9), (6, 5), (15, 14), (17, 16), (18, 17), (23, 22), (28, 27)];

/// All conclusions, judged.
pub(crate) fn conclusions(lang: Lang, experiments: &Experiments2022<'_>) -> Vec<Conclusion> {
    vec![
        nodes(lang, experiments),
        first_layer(lang, experiments),
        too_many_layers(lang, experiments),
        sigmoid(lang, experiments),
        deeper(lang, experiments),
        larger_inputs(lang),
    ]
}

/// The verdict and its reason when fewer than half of a conclusion's comparisons can be made.
fn too_few(lang: Lang, found: usize, planned: usize) -> Option<(Verdict, String)> {
    (2 * found < planned).then(|| (Verdict::Undecided, said::too_few(lang, found, planned)))
}

fn nodes(lang: Lang, experiments: &Experiments2022<'_>) -> Conclusion {
    let width = epochs(lang, experiments, &WIDER, &DEEPER);
    let depth = epochs(lang, experiments, &DEEPER, &WIDER);
    let (sooner, later) = (width.count(true), width.count(false));
    let by_depth = depth.count(true) + depth.count(false);
    let compared = width.pairs.len() + depth.pairs.len();
    let (verdict, why) = if let Some(open) = too_few(lang, compared, WIDER.len() + DEEPER.len()) {
        open
    } else if by_depth > 0 {
        (Verdict::DoesNotStand, said::layers_matter(lang, by_depth, depth.pairs.len()))
    } else if sooner > 0 && later == 0 && 2 * sooner >= width.pairs.len() {
        (Verdict::Stands, said::wider_sooner(lang, sooner, width.pairs.len(), depth.pairs.len()))
    } else {
        (Verdict::Undecided, said::wider_undecided(lang, sooner, later, width.pairs.len()))
    };
    let evidence = width.sentences().chain(depth.sentences()).collect();
    Conclusion { number: "1.", claim: said::claim(lang, "1."), verdict, why, evidence }
}

fn first_layer(lang: Lang, experiments: &Experiments2022<'_>) -> Conclusion {
    let found = accuracies(lang, experiments, &WIDER_FIRST);
    let all = found.comparisons.len();
    let large = found.comparisons.iter().filter(|c| c.is_significant() && c.difference.estimate >= LARGE).count();
    let small = found.comparisons.iter().all(|c| c.difference.interval.1 < LARGE);
    let verdict = if large > 0 && 2 * large >= all {
        Verdict::Stands
    } else if all > 0 && (small || found.worse() > found.better()) {
        Verdict::DoesNotStand
    } else {
        Verdict::Undecided
    };
    let why = said::first_layer(lang, (found.better(), found.worse()), all, large, &percent_points(LARGE));
    let (verdict, why) = too_few(lang, all, WIDER_FIRST.len()).unwrap_or((verdict, why));
    Conclusion { number: "2.", claim: said::claim(lang, "2."), verdict, why, evidence: found.sentences(lang) }
}

fn too_many_layers(lang: Lang, experiments: &Experiments2022<'_>) -> Conclusion {
    let found = accuracies(lang, experiments, &DEEPER);
    let all = found.comparisons.len();
    let (better, worse) = (found.better(), found.worse());
    let harmless = found.comparisons.iter().all(|c| c.difference.interval.0 > -LARGE);
    let verdict = if worse > better && 2 * worse >= all {
        Verdict::Stands
    } else if all > 0 && (harmless || better > worse) {
        Verdict::DoesNotStand
    } else {
        Verdict::Undecided
    };
    let why = said::more_layers(lang, worse, better, all);
    let (verdict, why) = too_few(lang, all, DEEPER.len()).unwrap_or((verdict, why));
    Conclusion { number: "3.", claim: said::claim(lang, "3."), verdict, why, evidence: found.sentences(lang) }
}

fn sigmoid(lang: Lang, experiments: &Experiments2022<'_>) -> Conclusion {
    let found = accuracies(lang, experiments, &[(1, 2), (1, 7)]);
    let all = found.comparisons.len();
    let learns = |number| experiments.get(number).is_some_and(mostly_learns);
    let diverges = |number| experiments.get(number).is_some_and(|e| e.runs.iter().all(|run| run.has_diverged()));
    let here = [1, 2, 7].iter().all(|&number| experiments.get(number).is_some());
    let (verdict, why) = if !here {
        (Verdict::Undecided, said::sigmoid_not_here(lang))
    } else if diverges(1) && (learns(2) || learns(7)) {
        (Verdict::Stands, said::sigmoid_diverges(lang))
    } else if !learns(1) && !learns(2) && !learns(7) {
        (Verdict::Undecided, said::sigmoid_one_unit(lang))
    } else if all == 2 && found.worse() == 2 {
        (Verdict::Stands, said::sigmoid_worse(lang))
    } else if all > 0 && found.comparisons.iter().all(|c| c.difference.interval.0 > -LARGE) {
        (Verdict::DoesNotStand, said::sigmoid_at_most(lang, &percent_points(LARGE)))
    } else {
        (Verdict::Undecided, said::sigmoid_undecided(lang, found.worse(), all))
    };
    Conclusion { number: "4.", claim: said::claim(lang, "4."), verdict, why, evidence: found.sentences(lang) }
}

fn deeper(lang: Lang, experiments: &Experiments2022<'_>) -> Conclusion {
    let claim = said::claim(lang, "5a.");
    let Some((p, lead, sentence)) = learned(lang, experiments, 9, 12) else {
        return Conclusion {
            number: "5a.",
            claim,
            verdict: Verdict::Undecided,
            why: said::deeper_not_here(lang),
            evidence: vec![said::not_here(lang, 9, 12)],
        };
    };
    let (verdict, why) = if p <= ALPHA && lead > 0.0 {
        (Verdict::Stands, said::deeper(lang, Some(true)))
    } else if p <= ALPHA {
        (Verdict::DoesNotStand, said::deeper(lang, Some(false)))
    } else {
        (Verdict::Undecided, said::deeper(lang, None))
    };
    Conclusion { number: "5a.", claim, verdict, why, evidence: vec![sentence] }
}

fn larger_inputs(lang: Lang) -> Conclusion {
    Conclusion {
        number: "5b.",
        claim: said::claim(lang, "5b."),
        verdict: Verdict::Undecided,
        why: said::inputs(lang),
        evidence: vec![said::no_inputs(lang)],
    }
}
