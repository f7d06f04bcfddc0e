//! What to do next, from what the runs show. Each sentence names its reason, so that a reader can disagree.

use super::copies;
use crate::comparison::Family;
use crate::experiment::Experiment;
use crate::words::next_steps as said;
use mlp_statistics::confusion::Confusion;
use stage_page::Lang;

/// Sentences that are given; nobody does four things next.
const MOST: usize = 2;
/// A training accuracy so much above the test accuracy means that the network knows its training rows by heart.
const OVERFITTED: f64 = 0.05;
/// Below this training accuracy, the network has not even learned its training rows.
const UNDERFITTED: f64 = 0.9;
/// A pair of digits that makes up this share of all mistakes is worth a look at its pictures.
const ONE_PAIR: f64 = 0.2;
/// Mistakes below which their shares mean nothing.
const FEWEST_MISTAKES: u64 = 10;

/// What to do next, the most urgent first.
pub(super) fn next_steps(lang: Lang, best: &Experiment<'_>, family: &Family) -> Vec<String> {
    let found =
        [copied(lang, best), nothing_learned(lang, best), fit(lang, best), seeds(lang, best, family), pair(lang, best)];
    let mut steps: Vec<String> = found.into_iter().flatten().take(MOST).collect();
    if steps.is_empty() {
        steps.push(said::other_writers(lang));
    }
    steps
}

fn copied(lang: Lang, best: &Experiment<'_>) -> Option<String> {
    copies::has_training_rows(best).then(|| said::copied(lang))
}

fn nothing_learned(lang: Lang, best: &Experiment<'_>) -> Option<String> {
    (!best.has_learned()).then(|| said::nothing_learned(lang))
}

/// What the distance between training and test accuracy says.
fn fit(lang: Lang, best: &Experiment<'_>) -> Option<String> {
    let (training, test) = (best.mean_of(|run| run.summary.train_accuracy)?, best.accuracy()?.mean);
    if !best.has_learned() {
        return None;
    }
    if training - test >= OVERFITTED {
        return Some(said::overfitted(lang, training));
    }
    (training < UNDERFITTED).then(|| said::underfitted(lang, training))
}

fn seeds(lang: Lang, best: &Experiment<'_>, family: &Family) -> Option<String> {
    let too_few = family.comparisons.iter().filter(|comparison| comparison.has_too_few_seeds());
    let mut rivals = too_few.filter_map(|comparison| match (&comparison.a, &comparison.b) {
        (a, b) if *a == best.name => Some(b),
        (a, b) if *b == best.name => Some(a),
        _ => None,
    });
    let rival = rivals.next()?;
    Some(said::seeds(lang, rival, rivals.next().is_some()))
}

fn pair(lang: Lang, best: &Experiment<'_>) -> Option<String> {
    let confusion = best.confusion()?;
    let wrong = confusion.total() - confusion.correct();
    let &(label, predicted, count) = confusion.mistakes(1).first()?;
    (wrong >= FEWEST_MISTAKES && count as f64 >= ONE_PAIR * wrong as f64)
        .then(|| said::pair(lang, label, predicted, count, wrong))
}

/// What it gets wrong most: `4 predicted as 9, 7 of 31`, the second number being the rows that show a 4.
pub(super) fn mistakes(lang: Lang, confusion: &Confusion, most: usize) -> Vec<String> {
    let rows = |label: u8| confusion.scores().iter().find(|score| score.label == label).map_or(0, |score| score.rows);
    let sentence = |(label, predicted, count)| said::mistake(lang, label, predicted, count, rows(label));
    confusion.mistakes(most).into_iter().map(sentence).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use stage_files::run::PredictionRow;

    #[test]
    fn mistakes_are_counted_out_of_the_rows_of_their_label() {
        let row = |label, predicted| PredictionRow {
            row: 0,
            label,
            predicted,
            probabilities: vec![],
            path: None,
            writer: None,
        };
        let rows = [row(4, 9), row(4, 9), row(4, 4), row(9, 4), row(9, 9), row(1, 1)];
        let confusion = Confusion::count(&"1,4,9".parse().unwrap(), &rows);
        assert_eq!(mistakes(Lang::En, &confusion, 3), ["4 predicted as 9, 2 of 3", "9 predicted as 4, 1 of 2"]);
    }
}
