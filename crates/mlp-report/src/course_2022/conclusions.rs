//! The conclusions of 2022, each a set of named comparisons with a rule for the verdict.

use super::evidence::{accuracies, epochs, learned, mostly_learns};
use super::experiments::Experiments2022;
use mlp_statistics::ALPHA;
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

impl Verdict {
    pub(crate) const fn words(self) -> &'static str {
        match self {
            Self::Stands => "stands",
            Self::DoesNotStand => "does not stand",
            Self::Undecided => "undecided",
        }
    }
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
pub(crate) fn conclusions(experiments: &Experiments2022<'_>) -> Vec<Conclusion> {
    vec![
        nodes(experiments),
        first_layer(experiments),
        too_many_layers(experiments),
        sigmoid(experiments),
        deeper(experiments),
        larger_inputs(),
    ]
}

/// The verdict and its reason when fewer than half of a conclusion's comparisons can be made.
fn too_few(found: usize, planned: usize) -> Option<(Verdict, String)> {
    let why = || format!("only {found} of its {planned} comparisons can be made with these runs");
    (2 * found < planned).then(|| (Verdict::Undecided, why()))
}

fn nodes(experiments: &Experiments2022<'_>) -> Conclusion {
    let width = epochs(experiments, &WIDER, &DEEPER);
    let depth = epochs(experiments, &DEEPER, &WIDER);
    let (sooner, later) = (width.count(true), width.count(false));
    let by_depth = depth.count(true) + depth.count(false);
    let compared = width.pairs.len() + depth.pairs.len();
    let (verdict, why) = if let Some(open) = too_few(compared, WIDER.len() + DEEPER.len()) {
        open
    } else if by_depth > 0 {
        (
            Verdict::DoesNotStand,
            format!(
                "the number of layers matters too: in {by_depth} of {} comparisons at equal width it changes when the \
                 loss comes near zero",
                depth.pairs.len()
            ),
        )
    } else if sooner > 0 && later == 0 && 2 * sooner >= width.pairs.len() {
        (
            Verdict::Stands,
            format!(
                "wider networks come near zero loss sooner in {sooner} of {} comparisons, deeper ones neither sooner \
                 nor later in {}",
                width.pairs.len(),
                depth.pairs.len()
            ),
        )
    } else {
        (
            Verdict::Undecided,
            format!(
                "wider networks are significantly sooner in {sooner}, later in {later} of {} comparisons",
                width.pairs.len()
            ),
        )
    };
    let evidence = width.sentences().chain(depth.sentences()).collect();
    Conclusion {
        number: "1.",
        claim: "What makes the loss reach 0 is the number of nodes per layer, not the number of layers.",
        verdict,
        why,
        evidence,
    }
}

fn first_layer(experiments: &Experiments2022<'_>) -> Conclusion {
    let found = accuracies(experiments, &WIDER_FIRST);
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
    let why = format!(
        "a wider first layer is significantly better in {} of {all} comparisons, by {} points or more in {large}; \
         worse in {}",
        found.better(),
        percent_points(LARGE),
        found.worse()
    );
    let (verdict, why) = too_few(all, WIDER_FIRST.len()).unwrap_or((verdict, why));
    Conclusion {
        number: "2.",
        claim: "The width of the first hidden layer has a large influence on accuracy.",
        verdict,
        why,
        evidence: found.sentences(),
    }
}

fn too_many_layers(experiments: &Experiments2022<'_>) -> Conclusion {
    let found = accuracies(experiments, &DEEPER);
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
    let why = format!(
        "more layers of the same width are significantly worse in {worse}, better in {better} of {all} comparisons"
    );
    let (verdict, why) = too_few(all, DEEPER.len()).unwrap_or((verdict, why));
    Conclusion { number: "3.", claim: "Too many hidden layers hurt.", verdict, why, evidence: found.sentences() }
}

fn sigmoid(experiments: &Experiments2022<'_>) -> Conclusion {
    let found = accuracies(experiments, &[(1, 2), (1, 7)]);
    let all = found.comparisons.len();
    let learns = |number| experiments.get(number).is_some_and(mostly_learns);
    let diverges = |number| experiments.get(number).is_some_and(|e| e.runs.iter().all(|run| run.has_diverged()));
    let here = [1, 2, 7].iter().all(|&number| experiments.get(number).is_some());
    let (verdict, why) = if !here {
        (Verdict::Undecided, "experiments 01, 02 and 07 are not all here".to_owned())
    } else if diverges(1) && (learns(2) || learns(7)) {
        (Verdict::Stands, "with sigmoid every run diverges".to_owned())
    } else if !learns(1) && !learns(2) && !learns(7) {
        (
            Verdict::Undecided,
            "the only sigmoid experiment has one hidden unit, with which tanh and ReLU do not learn either".to_owned(),
        )
    } else if all == 2 && found.worse() == 2 {
        (Verdict::Stands, "sigmoid is significantly worse than both tanh and ReLU".to_owned())
    } else if all > 0 && found.comparisons.iter().all(|c| c.difference.interval.0 > -LARGE) {
        (Verdict::DoesNotStand, format!("sigmoid is at most {} points worse", percent_points(LARGE)))
    } else {
        (Verdict::Undecided, format!("sigmoid is significantly worse in {} of {all} comparisons", found.worse()))
    };
    Conclusion {
        number: "4.",
        claim: "Sigmoid between hidden layers is unsuitable.",
        verdict,
        why,
        evidence: found.sentences(),
    }
}

fn deeper(experiments: &Experiments2022<'_>) -> Conclusion {
    let claim = "Normal initialisation with a fixed small standard deviation fails for deeper nets.";
    let Some((p, lead, sentence)) = learned(experiments, 9, 12) else {
        return Conclusion {
            number: "5a.",
            claim,
            verdict: Verdict::Undecided,
            why: "experiments 09 and 12 are not both here".into(),
            evidence: vec!["Experiments 09 and 12 are not both here.".into()],
        };
    };
    let (verdict, why) = if p <= ALPHA && lead > 0.0 {
        (Verdict::Stands, "with a standard deviation of 0.003, [8, 8, 8] learns more rarely than [8, 8]")
    } else if p <= ALPHA {
        (Verdict::DoesNotStand, "with a standard deviation of 0.003, [8, 8, 8] learns more often than [8, 8]")
    } else {
        (Verdict::Undecided, "[8, 8, 8] and [8, 8] with a standard deviation of 0.003 learn about equally often")
    };
    Conclusion { number: "5a.", claim, verdict, why: why.into(), evidence: vec![sentence] }
}

fn larger_inputs() -> Conclusion {
    Conclusion {
        number: "5b.",
        claim: "Normal initialisation with a fixed small standard deviation fails for larger inputs.",
        verdict: Verdict::Undecided,
        why: "all 28 experiments have 400 inputs".into(),
        evidence: vec!["No experiment varies the number of inputs.".into()],
    }
}
