//! The first sentences: what a reader should know who reads nothing else.

use crate::comparison::Family;
use crate::document::Block;
use crate::experiment::Experiment;
use crate::run::LeftOut;
use crate::sentence::{counted, listed, range, share};

/// Names that a sentence lists before it only counts.
const MOST_NAMED: usize = 4;
/// Left-out folders that are named; the rest is counted.
const MOST_LEFT_OUT: usize = 200;

/// The summary, the verdicts on older conclusions among it, and what was left out.
pub fn opening(
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

/// Data set and digits of a family.
pub fn data_name(experiments: &[Experiment<'_>], family: &Family) -> String {
    family.ranking.first().map_or(String::new(), |&i| {
        let summary = &experiments[i].runs[0].summary;
        format!("{}, digits {}", summary.data, summary.labels)
    })
}

fn best_sentence(experiments: &[Experiment<'_>], family: &Family) -> Option<String> {
    let (&best, others) = family.ranking.split_first()?;
    let experiment = &experiments[best];
    let accuracy = experiment.accuracy()?;
    let diverged = experiment.runs.iter().filter(|run| run.has_diverged()).count();
    let interval = range(experiment.interval()?, |limit| format!("{limit:.3}"));
    let runs = if accuracy.n == 1 {
        format!("one run, {} test rows", experiment.confusion().map_or(0, |confusion| confusion.all()))
    } else {
        counted(accuracy.n, "run")
    };
    let mut sentence = format!(
        "On {} the highest test accuracy is {} (95 % {interval}, {runs}), of {}.",
        data_name(experiments, family),
        share(Some(accuracy.mean)),
        experiment.name
    );
    if diverged > 0 {
        sentence += &format!(" That is without {}, which diverged.", counted(diverged, "run"));
    }
    if !experiment.learns() {
        sentence += " No experiment on it learned anything that can be told.";
        return Some(sentence);
    }
    // To beat what learned nothing is no merit; it is counted by itself.
    let nothing = others.iter().filter(|&&other| !experiments[other].learns()).count();
    let dull = |name: &String| others.iter().any(|&i| experiments[i].name == *name && !experiments[i].learns());
    let rivals = family.comparisons.iter().filter_map(|comparison| {
        let rival = match (&comparison.a, &comparison.b) {
            (a, b) if *a == experiment.name => b,
            (a, b) if *b == experiment.name => a,
            _ => return None,
        };
        (!dull(rival)).then_some((rival.clone(), comparison.is_told()))
    });
    let (told, noise): (Vec<_>, Vec<_>) = rivals.partition(|(_, told)| *told);
    let named = |rivals: Vec<(String, bool)>| {
        let names: Vec<String> = rivals.into_iter().map(|(name, _)| name).collect();
        if names.len() <= MOST_NAMED { listed(&names) } else { format!("{} others", names.len()) }
    };
    if !told.is_empty() {
        sentence += &format!(" It is better than {}.", named(told));
    }
    if !noise.is_empty() {
        sentence += &format!(" From {} it cannot be told apart: the difference is noise.", named(noise));
    }
    if nothing > 0 {
        sentence += &format!(" Not counted: {} that learned nothing.", counted(nothing, "experiment"));
    }
    Some(sentence)
}

fn outcome_sentences(experiments: &[Experiment<'_>]) -> Vec<String> {
    let names = |holds: &dyn Fn(&Experiment<'_>) -> bool| -> Vec<String> {
        experiments.iter().filter(|experiment| holds(experiment)).map(|experiment| experiment.name.clone()).collect()
    };
    let said = |names: Vec<String>, what: &str| {
        let who = if names.len() <= MOST_NAMED { listed(&names) } else { counted(names.len(), "experiment") };
        (!names.is_empty()).then(|| format!("{who}: {what}."))
    };
    let all_diverged = |experiment: &Experiment<'_>| experiment.runs.iter().all(|run| run.has_diverged());
    let lost = names(&all_diverged);
    let partly = names(&|experiment| experiment.runs.iter().any(|run| run.has_diverged()) && !all_diverged(experiment));
    let dull = names(&|experiment| !experiment.learns() && !all_diverged(experiment));
    [
        said(lost, "diverged in every run, at a loss that was no longer finite; there is no accuracy to compare"),
        said(partly, "diverged in some runs; where experiments are compared, such a run counts as always saying the most frequent digit"),
        said(dull, "learned nothing that can be told, neither a run nor their mean being surely better than always saying the most frequent digit"),
    ]
    .into_iter()
    .flatten()
    .collect()
}
