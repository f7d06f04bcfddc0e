//! The summary at the top of the report.

use super::{charts, copies, next_steps};
use crate::comparison::{Family, MOST_COMPARED};
use crate::experiment::Experiment;
use crate::run::LeftOut;
use stage_page::format::{capitalised, counted, listed_or, range, share};
use stage_page::{Answer, Block};

/// Left-out folders that are named; the rest is counted.
const MOST_LEFT_OUT: usize = 200;

/// Answers that the page opens with; best experiments on more data sets are named in sentences.
const MOST_ANSWERS: usize = 3;
/// Pairs of digits that an answer names as confused.
const MOST_CONFUSED: usize = 3;

/// The answer for each data set, what else has to be known, and the run folders that were left out.
pub(crate) fn opening(
    experiments: &[Experiment<'_>],
    families: &[Family],
    verdicts: Vec<String>,
    left_out: &[LeftOut],
) -> Vec<Block> {
    let ranked = families.iter().enumerate().filter(|(_, family)| !family.ranking.is_empty());
    let mut blocks: Vec<Block> =
        ranked.take(MOST_ANSWERS).filter_map(|(number, family)| answer(number, experiments, family)).collect();
    let runs: usize = experiments.iter().map(|experiment| experiment.runs.len()).sum();
    blocks.push(Block::Paragraph(match runs {
        0 => "No run could be used.".to_owned(),
        _ => format!("{} of {}.", counted(runs, "run"), counted(experiments.len(), "experiment")),
    }));
    let mut sentences: Vec<String> = outcome_sentences(experiments);
    sentences.extend(copies::summary(experiments));
    sentences.extend(verdicts);
    if !sentences.is_empty() {
        blocks.push(Block::List(sentences));
    }
    blocks.extend(left_out_blocks(left_out));
    let best: Vec<String> = families.iter().filter_map(|family| best_sentence(experiments, family)).collect();
    if !best.is_empty() {
        blocks.push(Block::Fold {
            title: "How sure this is".into(),
            open: families.len() > MOST_ANSWERS,
            blocks: vec![Block::List(best), Block::Paragraph(INTERVALS.into())],
        });
    }
    blocks
}

/// What the intervals of experiments are.
const INTERVALS: &str = "The 95 % interval is for the true mean accuracy. Where at least five writers of test rows are known \
     and did not train, it is over writers, each of whom weighs as much as they have rows. Elsewhere it is over all seeds \
     and all test rows of the same kind, and speaks of these writers only. Where each seed splits the rows anew, the interval is Student's, widened since the training rows overlap. Where all \
     seeds have the same test rows, it adds the variance of the rows to that of the seeds. For one run it is Wilson's, \
     which does not allow for other seeds. Runs that diverged have no accuracy and are counted beside it. For the median \
     epoch, a run that never came near zero loss counts as not there yet.";

/// The best experiment on a data set.
fn answer(number: usize, experiments: &[Experiment<'_>], family: &Family) -> Option<Block> {
    let best = &experiments[*family.ranking.first()?];
    let accuracy = best.accuracy()?.mean;
    let mut facts = vec![("Interval".to_owned(), vec![interval_sentence(best)?])];
    if let Some(confusion) = best.confusion() {
        let wrong = next_steps::mistakes(&confusion, MOST_CONFUSED);
        let runs = best.runs.iter().filter(|run| run.has_predictions()).count();
        let together = if runs > 1 { format!(" ({runs} runs together)") } else { String::new() };
        let sentence = if wrong.is_empty() {
            "Nothing: every test row is predicted correctly.".to_owned()
        } else {
            format!("{}{together}.", wrong.join("; "))
        };
        facts.push(("Wrong most often".to_owned(), vec![sentence]));
    }
    facts.push(("Next".to_owned(), next_steps::next_steps(best, family)));
    facts.push(("Data".to_owned(), vec![format!("{}.", family.data_name)]));
    let of = match family.ranking.len() {
        1 => best.name.clone(),
        several => format!("{}, the best of {several} experiments", best.name),
    };
    let chart = charts::best(number, best);
    Some(Block::Answer(Box::new(Answer {
        figure: share(Some(accuracy)),
        what: "test accuracy".into(),
        of,
        facts,
        chart,
    })))
}

/// The interval of an experiment and what it speaks of: over writers where enough are known, else over rows.
fn interval_sentence(experiment: &Experiment<'_>) -> Option<String> {
    let interval = range(experiment.interval()?, |limit| format!("{limit:.3}"));
    let tested: Vec<u64> =
        experiment.runs.iter().filter(|run| run.has_predictions()).map(|run| run.summary.test_rows).collect();
    let rows = counted(tested.iter().copied().max().unwrap_or(0) as usize, "test row");
    let writers = experiment.writers();
    let of_writers = capitalised(&writers.sentence());
    let several = counted(tested.len(), "run");
    Some(match (writers.interval(), tested.len()) {
        (Some(_), 1) => format!("{of_writers}. From one run on {rows}; other seeds may differ."),
        (Some(_), _) => format!("{of_writers}. From {several} on {rows}."),
        (None, 1) => format!("95 %: {interval}, from one run on {rows}; other seeds may differ. {of_writers}."),
        (None, _) => format!("95 %: {interval}, from {several} on {rows}. {of_writers}."),
    })
}

/// The run folders that were left out, and why.
fn left_out_blocks(left_out: &[LeftOut]) -> Vec<Block> {
    let (missing, unusable): (Vec<&LeftOut>, Vec<&LeftOut>) = left_out.iter().partition(|run| run.is_missing);
    let of = |runs: &[&LeftOut], sentence: String| if runs.is_empty() { vec![] } else { named_runs(runs, sentence) };
    let are = if missing.len() == 1 { "is" } else { "are" };
    let gaps = format!("Missing: {} that the configs ask for {are} not there.", counted(missing.len(), "run"));
    let left_out = format!("Left out: {} that cannot be used.", counted(unusable.len(), "run folder"));
    of(&unusable, left_out).into_iter().chain(of(&missing, gaps)).collect()
}

/// A warning, and the names and reasons of its runs.
fn named_runs(left_out: &[&LeftOut], sentence: String) -> Vec<Block> {
    let named = left_out.iter().take(MOST_LEFT_OUT).map(|run| format!("{}: {}", run.name, run.reason));
    let rest = left_out.len().saturating_sub(MOST_LEFT_OUT);
    let rest = (rest > 0).then(|| format!("and {rest} more, named when the report was made"));
    vec![Block::Warning(sentence), Block::List(named.chain(rest).collect())]
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
