//! Rows that are copies of others: test rows that also train, and copies with different labels. And labels of which
//! hardly
//! any row trains.

use std::collections::BTreeMap;

use stage_files::run::Summary;

use crate::experiment::Experiment;
use crate::words::{self, copies as said};
use stage_page::Lang;

/// Run folders of versions that did not count copies say nothing here.
fn rows_in_training(summary: &Summary) -> u64 {
    summary.test_rows_in_training.unwrap_or(0)
}

/// Whether test rows of an experiment train, too.
pub(super) fn has_training_rows(experiment: &Experiment<'_>) -> bool {
    experiment.runs.iter().any(|run| rows_in_training(&run.summary) > 0)
}

fn contradictory_rows(experiment: &Experiment<'_>) -> u64 {
    experiment.runs.iter().filter_map(|run| run.summary.contradictory_rows).max().unwrap_or(0)
}

/// The test rows of an experiment that are training rows, too: `150 of 160 test rows have ..`. Of several runs the one
/// with the largest share is named.
fn copies(lang: Lang, experiments: &[&Experiment<'_>]) -> Option<String> {
    let runs = || experiments.iter().flat_map(|experiment| &experiment.runs).map(|run| &run.summary);
    let share = |summary: &&Summary| rows_in_training(summary) as f64 / summary.test_rows.max(1) as f64;
    let most = runs().max_by(|a, b| share(a).total_cmp(&share(b))).filter(|most| rows_in_training(most) > 0)?;
    let counts = |summary: &Summary| (rows_in_training(summary), summary.test_rows);
    let is_most = runs().any(|run| counts(run) != counts(most));
    Some(said::copies(lang, rows_in_training(most), most.test_rows, is_most))
}

fn contradictions(lang: Lang, rows: u64) -> Option<String> {
    (rows > 0).then(|| said::contradictions(lang, rows))
}

/// The labels of which hardly any row trains, those of all runs together.
fn few_rows(lang: Lang, experiments: &[&Experiment<'_>]) -> Option<String> {
    let runs = experiments.iter().flat_map(|experiment| &experiment.runs);
    let few: BTreeMap<u8, u64> =
        runs.flat_map(|run| run.summary.labels_with_few_rows.clone().unwrap_or_default()).collect();
    let labels: Vec<String> = few.into_iter().map(|(label, rows)| said::few_rows_of(lang, label, rows)).collect();
    (!labels.is_empty()).then(|| said::little_is_learned(lang, &words::listed(lang, &labels)))
}

/// What an experiment's own section says of copies; nothing where there are none.
pub(super) fn sentence(lang: Lang, experiment: &Experiment<'_>) -> Option<String> {
    let copies = copies(lang, &[experiment]).into_iter().chain(contradictions(lang, contradictory_rows(experiment)));
    let parts: Vec<String> = copies.chain(few_rows(lang, &[experiment])).collect();
    (!parts.is_empty()).then(|| format!("{}: {}.", experiment.name, parts.join("; ")))
}

/// What the summary says of copies: a sentence on test rows that train, one on contradictions, and one on labels with
/// few
/// rows.
pub(super) fn summary(lang: Lang, experiments: &[Experiment<'_>]) -> Vec<String> {
    let with_copies: Vec<&Experiment<'_>> =
        experiments.iter().filter(|experiment| copies(lang, &[experiment]).is_some()).collect();
    let contradicting: Vec<&Experiment<'_>> =
        experiments.iter().filter(|experiment| contradictory_rows(experiment) > 0).collect();
    let most = contradicting.iter().map(|experiment| contradictory_rows(experiment)).max().unwrap_or(0);
    let with_few: Vec<&Experiment<'_>> =
        experiments.iter().filter(|experiment| few_rows(lang, &[experiment]).is_some()).collect();
    let sentences = [
        (&with_copies, copies(lang, &with_copies)),
        (&contradicting, contradictions(lang, most)),
        (&with_few, few_rows(lang, &with_few)),
    ];
    sentences.into_iter().filter_map(|(of, what)| Some(format!("{}: {}.", named(lang, of), what?))).collect()
}

fn named(lang: Lang, experiments: &[&Experiment<'_>]) -> String {
    let names: Vec<String> = experiments.iter().map(|experiment| experiment.name.clone()).collect();
    words::listed_or(lang, &names, |count| words::experiments(lang, count))
}
