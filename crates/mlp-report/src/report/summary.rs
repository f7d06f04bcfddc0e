//! The summary at the top of the report.

use super::{charts, copies, next_steps};
use crate::comparison::{Family, MOST_COMPARED};
use crate::experiment::Experiment;
use crate::run::LeftOut;
use crate::words::{self, summary as said};
use stage_page::format::{range, share};
use stage_page::{Answer, Block, Lang};

/// Left-out folders that are named; the rest is counted.
const MOST_LEFT_OUT: usize = 200;

/// Answers that the page opens with; best experiments on more data sets are named in sentences.
const MOST_ANSWERS: usize = 3;
/// Pairs of digits that an answer names as confused.
const MOST_CONFUSED: usize = 3;

/// The answer for each data set, what else has to be known, and the run folders that were left out.
pub(crate) fn opening(
    lang: Lang,
    experiments: &[Experiment<'_>],
    families: &[Family],
    verdicts: Vec<String>,
    left_out: &[LeftOut],
) -> Vec<Block> {
    let ranked = families.iter().enumerate().filter(|(_, family)| !family.ranking.is_empty());
    let mut blocks: Vec<Block> =
        ranked.take(MOST_ANSWERS).filter_map(|(number, family)| answer(lang, number, experiments, family)).collect();
    let runs: usize = experiments.iter().map(|experiment| experiment.runs.len()).sum();
    blocks.push(Block::Paragraph(match runs {
        0 => said::no_run(lang),
        _ => said::runs_of(lang, runs, experiments.len()),
    }));
    let mut sentences: Vec<String> = outcome_sentences(lang, experiments);
    sentences.extend(copies::summary(lang, experiments));
    sentences.extend(verdicts);
    if !sentences.is_empty() {
        blocks.push(Block::List(sentences));
    }
    blocks.extend(left_out_blocks(lang, left_out));
    let best: Vec<String> = families.iter().filter_map(|family| best_sentence(lang, experiments, family)).collect();
    if !best.is_empty() {
        blocks.push(Block::Fold {
            title: said::how_sure(lang),
            open: families.len() > MOST_ANSWERS,
            blocks: vec![Block::List(best), Block::Paragraph(said::intervals(lang))],
        });
    }
    blocks
}

/// The best experiment on a data set.
fn answer(lang: Lang, number: usize, experiments: &[Experiment<'_>], family: &Family) -> Option<Block> {
    let best = &experiments[*family.ranking.first()?];
    let accuracy = best.accuracy()?.mean;
    let [interval, wrong_most, next, data] = said::terms(lang);
    let mut facts = vec![(interval, vec![interval_sentence(lang, best)?])];
    if let Some(confusion) = best.confusion() {
        let wrong = next_steps::mistakes(lang, &confusion, MOST_CONFUSED);
        let runs = best.runs.iter().filter(|run| run.has_predictions()).count();
        let together = if runs > 1 { said::together(lang, runs) } else { String::new() };
        let sentence =
            if wrong.is_empty() { said::nothing_wrong(lang) } else { format!("{}{together}.", wrong.join("; ")) };
        facts.push((wrong_most, vec![sentence]));
    }
    facts.push((next, next_steps::next_steps(lang, best, family)));
    facts.push((data, vec![format!("{}.", family.data_name)]));
    let of = match family.ranking.len() {
        1 => best.name.clone(),
        several => said::best_of(lang, &best.name, several),
    };
    let chart = charts::best(lang, number, best);
    Some(Block::Answer(Box::new(Answer {
        figure: share(Some(accuracy)),
        what: said::test_accuracy(lang),
        of,
        facts,
        chart,
    })))
}

/// The interval of an experiment and what it speaks of: over writers where enough are known, else over rows.
fn interval_sentence(lang: Lang, experiment: &Experiment<'_>) -> Option<String> {
    let interval = range(experiment.interval()?, |limit| format!("{limit:.3}"));
    let tested: Vec<u64> =
        experiment.runs.iter().filter(|run| run.has_predictions()).map(|run| run.summary.test_rows).collect();
    let rows = tested.iter().copied().max().unwrap_or(0) as usize;
    Some(said::interval(lang, &interval, &experiment.writers(), tested.len(), rows))
}

/// The run folders that were left out, and why.
fn left_out_blocks(lang: Lang, left_out: &[LeftOut]) -> Vec<Block> {
    let (missing, unusable): (Vec<&LeftOut>, Vec<&LeftOut>) = left_out.iter().partition(|run| run.is_missing);
    let of = |runs: &[&LeftOut], sentence: fn(Lang, usize) -> String| {
        if runs.is_empty() { vec![] } else { named_runs(lang, runs, sentence(lang, runs.len())) }
    };
    of(&unusable, said::left_out).into_iter().chain(of(&missing, said::missing)).collect()
}

/// A warning, and the names and reasons of its runs.
fn named_runs(lang: Lang, left_out: &[&LeftOut], sentence: String) -> Vec<Block> {
    let named = left_out.iter().take(MOST_LEFT_OUT).map(|run| format!("{}: {}", run.name, run.reason));
    let rest = left_out.len().saturating_sub(MOST_LEFT_OUT);
    let rest = (rest > 0).then(|| said::more_left_out(lang, rest));
    vec![Block::Warning(sentence), Block::List(named.chain(rest).collect())]
}

fn best_sentence(lang: Lang, experiments: &[Experiment<'_>], family: &Family) -> Option<String> {
    let experiment = &experiments[*family.ranking.first()?];
    let accuracy = experiment.accuracy()?;
    let interval = range(experiment.interval()?, |limit| format!("{limit:.3}"));
    let runs = if accuracy.n == 1 {
        said::one_run(lang, experiment.confusion().map_or(0, |confusion| confusion.total()))
    } else {
        words::runs(lang, accuracy.n)
    };
    let mut sentence =
        said::highest(lang, &family.data_name, &share(Some(accuracy.mean)), &interval, &runs, &experiment.name);
    let diverged = experiment.runs.iter().filter(|run| run.has_diverged()).count();
    if diverged > 0 {
        sentence += &said::without_diverged(lang, diverged);
    }
    if experiment.has_learned() {
        sentence += &rivals_sentence(lang, experiments, family, experiment);
    } else {
        sentence += said::nothing_learned(lang);
    }
    Some(sentence)
}

/// Which other experiments the best one is significantly better than. Those that learned nothing are only counted,
/// since it is no merit to beat them.
fn rivals_sentence(lang: Lang, experiments: &[Experiment<'_>], family: &Family, best: &Experiment<'_>) -> String {
    let others: Vec<&Experiment<'_>> = family.ranking.iter().skip(1).map(|&i| &experiments[i]).collect();
    let has_learned = |name: &str| !others.iter().any(|other| other.name == name && !other.has_learned());
    let (mut beaten, mut close, mut open): (Vec<String>, Vec<String>, Vec<String>) = Default::default();
    for comparison in &family.comparisons {
        let rival = match (&comparison.a, &comparison.b) {
            (a, b) if *a == best.name => b,
            (a, b) if *b == best.name => a,
            _ => continue,
        };
        if has_learned(rival) {
            let rivals = match (comparison.is_significant(), comparison.has_too_few_seeds()) {
                (true, _) => &mut beaten,
                (false, true) => &mut open,
                (false, false) => &mut close,
            };
            rivals.push(rival.clone());
        }
    }
    // Where runs can be compared in no way, as one with several on other rows, more seeds would allow it.
    let is_compared = |name: &String| family.comparisons.iter().any(|c| c.a == *name || c.b == *name);
    let near = others.iter().take(MOST_COMPARED - 1).map(|other| &other.name);
    open.extend(near.filter(|name| has_learned(name) && !is_compared(name)).cloned());
    let named = |names: &[String]| words::listed_or(lang, names, |count| said::others(lang, count));
    let mut sentence = String::new();
    if !beaten.is_empty() {
        sentence += &said::beaten(lang, &named(&beaten));
    }
    if !close.is_empty() {
        sentence += &said::close(lang, &named(&close));
    }
    if !open.is_empty() {
        sentence += &said::open(lang, &named(&open));
    }
    let nothing = others.iter().filter(|other| !other.has_learned()).count();
    if nothing > 0 {
        sentence += &said::not_counted(lang, nothing);
    }
    sentence
}

/// One sentence each on experiments that diverged, diverged in some runs, or learned nothing.
fn outcome_sentences(lang: Lang, experiments: &[Experiment<'_>]) -> Vec<String> {
    let all_diverged = |experiment: &Experiment<'_>| experiment.runs.iter().all(|run| run.has_diverged());
    let some_diverged = |experiment: &Experiment<'_>| experiment.runs.iter().any(|run| run.has_diverged());
    let sentence = |holds: &dyn Fn(&Experiment<'_>) -> bool, what: &str| {
        let names: Vec<String> = experiments
            .iter()
            .filter(|experiment| holds(experiment))
            .map(|experiment| experiment.name.clone())
            .collect();
        let who = words::listed_or(lang, &names, |count| words::experiments(lang, count));
        (!names.is_empty()).then(|| format!("{who}: {what}."))
    };
    [
        sentence(&all_diverged, said::all_diverged(lang)),
        sentence(&|experiment| some_diverged(experiment) && !all_diverged(experiment), said::some_diverged(lang)),
        sentence(&|experiment| !experiment.has_learned() && !all_diverged(experiment), said::learned_nothing(lang)),
    ]
    .into_iter()
    .flatten()
    .collect()
}
