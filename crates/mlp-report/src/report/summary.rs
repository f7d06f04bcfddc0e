//! The summary at the top of the report.

use super::copies;
use crate::comparison::{Family, MOST_COMPARED};
use crate::experiment::Experiment;
use crate::run::LeftOut;
use stage_page::Block;
use stage_page::format::{capitalised, counted, listed_or, range, share};

/// Left-out folders that are named; the rest is counted.
const MOST_LEFT_OUT: usize = 200;

/// The summary with the verdicts on the conclusions of 2022, and the run folders that were left out.
pub(crate) fn opening(
    experiments: &[Experiment<'_>],
    families: &[Family],
    verdicts: Vec<String>,
    left_out: &[LeftOut],
) -> Vec<Block> {
    let runs: usize = experiments.iter().map(|experiment| experiment.runs.len()).sum();
    let mut blocks = vec![Block::Paragraph(match runs {
        0 => "No run could be used.".to_owned(),
        _ => format!("{} of {}.", counted(runs, "run"), counted(experiments.len(), "experiment")),
    })];
    let mut sentences: Vec<String> = families.iter().filter_map(|family| best_sentence(experiments, family)).collect();
    sentences.extend(outcome_sentences(experiments));
    sentences.extend(copies::summary(experiments));
    sentences.extend(verdicts);
    if !sentences.is_empty() {
        blocks.push(Block::List(sentences));
    }
    if !left_out.is_empty() {
        blocks
            .push(Block::Warning(format!("Left out: {} that cannot be used.", counted(left_out.len(), "run folder"))));
        let named = left_out.iter().take(MOST_LEFT_OUT).map(|run| format!("{}: {}", run.name, run.reason));
        let rest = left_out.len().saturating_sub(MOST_LEFT_OUT);
        blocks.push(Block::List(
            named.chain((rest > 0).then(|| format!("and {rest} more, named when the report was made"))).collect(),
        ));
    }
    blocks
}

fn best_sentence(experiments: &[Experiment<'_>], family: &Family) -> Option<String> {
    let experiment = &experiments[*family.ranking.first()?];
    let accuracy = experiment.accuracy()?;
    let interval = range(experiment.interval()?, |limit| format!("{limit:.3}"));
    let runs = if accuracy.n == 1 {
        format!("one run, {} test rows", experiment.confusion().map_or(0, |confusion| confusion.total()))
    } else {
        counted(accuracy.n, "run")
    };
    let mut sentence = format!(
        "On {} the highest test accuracy is {} (95 % {interval}, {runs}), of {}.",
        family.data_name,
        share(Some(accuracy.mean)),
        experiment.name
    );
    let diverged = experiment.runs.iter().filter(|run| run.has_diverged()).count();
    if diverged > 0 {
        sentence += &format!(" That is without {}, which diverged.", counted(diverged, "run"));
    }
    if experiment.has_learned() {
        sentence += &rivals_sentence(experiments, family, experiment);
    } else {
        sentence += " No experiment on it learned anything.";
    }
    sentence += &format!(" {}.", capitalised(&experiment.writers().sentence()));
    Some(sentence)
}

/// Which other experiments the best one is significantly better than. Those that learned nothing are only counted,
/// since it is no merit to beat them.
fn rivals_sentence(experiments: &[Experiment<'_>], family: &Family, best: &Experiment<'_>) -> String {
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
    let named = |names: &[String]| listed_or(names, |count| format!("{count} others"));
    let mut sentence = String::new();
    if !beaten.is_empty() {
        sentence += &format!(" It is significantly better than {}.", named(&beaten));
    }
    if !close.is_empty() {
        sentence += &format!(" It is not significantly better than {}.", named(&close));
    }
    if !open.is_empty() {
        sentence += &format!(" There are not enough seeds to tell it from {}.", named(&open));
    }
    let nothing = others.iter().filter(|other| !other.has_learned()).count();
    if nothing > 0 {
        sentence += &format!(" Not counted: {} that learned nothing.", counted(nothing, "experiment"));
    }
    sentence
}

/// One sentence each on experiments that diverged, diverged in some runs, or learned nothing.
fn outcome_sentences(experiments: &[Experiment<'_>]) -> Vec<String> {
    let all_diverged = |experiment: &Experiment<'_>| experiment.runs.iter().all(|run| run.has_diverged());
    let some_diverged = |experiment: &Experiment<'_>| experiment.runs.iter().any(|run| run.has_diverged());
    let sentence = |holds: &dyn Fn(&Experiment<'_>) -> bool, what: &str| {
        let names: Vec<String> = experiments
            .iter()
            .filter(|experiment| holds(experiment))
            .map(|experiment| experiment.name.clone())
            .collect();
        let who = listed_or(&names, |count| counted(count, "experiment"));
        (!names.is_empty()).then(|| format!("{who}: {what}."))
    };
    [
        sentence(&all_diverged, "diverged in every run, so there is no accuracy to compare"),
        sentence(
            &|experiment| some_diverged(experiment) && !all_diverged(experiment),
            "diverged in some runs; where experiments are compared, such a run counts as always predicting the most \
             frequent digit",
        ),
        sentence(
            &|experiment| !experiment.has_learned() && !all_diverged(experiment),
            "learned nothing; neither a run nor the mean of its runs is significantly better than always predicting \
             the most frequent digit",
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}
