//! What to do next, from what the runs show. Each sentence names its reason, so that a reader can disagree.

use super::copies;
use crate::comparison::Family;
use crate::experiment::Experiment;
use mlp_statistics::confusion::Confusion;

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
pub(super) fn next_steps(best: &Experiment<'_>, family: &Family) -> Vec<String> {
    let found = [copied(best), nothing_learned(best), fit(best), seeds(best, family), pair(best)];
    let mut steps: Vec<String> = found.into_iter().flatten().take(MOST).collect();
    if steps.is_empty() {
        steps.push("Test it on writers who are not in this data set: digit-predict reads their pictures.".to_owned());
    }
    steps
}

fn copied(best: &Experiment<'_>) -> Option<String> {
    copies::has_training_rows(best).then(|| {
        "Take the copies of training rows out of the test rows; until then the accuracy is too high.".to_owned()
    })
}

fn nothing_learned(best: &Experiment<'_>) -> Option<String> {
    (!best.has_learned()).then(|| {
        "Look at the labels and at the learning rate: nothing is significantly better than always predicting the most \
         frequent digit."
            .to_owned()
    })
}

/// What the distance between training and test accuracy says.
fn fit(best: &Experiment<'_>) -> Option<String> {
    let (training, test) = (best.mean_of(|run| run.summary.train_accuracy)?, best.accuracy()?.mean);
    if !best.has_learned() {
        return None;
    }
    if training - test >= OVERFITTED {
        return Some(format!(
            "Add writers, or augmentation: the training accuracy is {training:.3}, so the network fits its training rows \
             better than new ones."
        ));
    }
    (training < UNDERFITTED).then(|| {
        format!(
            "Train longer, or a larger network: the training accuracy is {training:.3}, so even the training rows are \
             not learned."
        )
    })
}

fn seeds(best: &Experiment<'_>, family: &Family) -> Option<String> {
    let too_few = family.comparisons.iter().filter(|comparison| comparison.has_too_few_seeds());
    let mut rivals = too_few.filter_map(|comparison| match (&comparison.a, &comparison.b) {
        (a, b) if *a == best.name => Some(b),
        (a, b) if *b == best.name => Some(a),
        _ => None,
    });
    let rival = rivals.next()?;
    let more = if rivals.next().is_some() { " and the next best" } else { "" };
    Some(format!(
        "Train it and {rival}{more} with at least 5 seeds (mlp-train --seeds 5): there are not enough to tell which is \
         better."
    ))
}

fn pair(best: &Experiment<'_>) -> Option<String> {
    let confusion = best.confusion()?;
    let wrong = confusion.total() - confusion.correct();
    let &(label, predicted, count) = confusion.mistakes(1).first()?;
    (wrong >= FEWEST_MISTAKES && count as f64 >= ONE_PAIR * wrong as f64).then(|| {
        format!(
            "Look at the pictures of {label} that are predicted as {predicted}: they are {count} of {wrong} mistakes."
        )
    })
}

/// What it gets wrong most: `4 predicted as 9, 7 of 31`, the second number being the rows that show a 4.
pub(super) fn mistakes(confusion: &Confusion, most: usize) -> Vec<String> {
    let rows = |label: u8| confusion.scores().iter().find(|score| score.label == label).map_or(0, |score| score.rows);
    let sentence = |(label, predicted, count)| format!("{label} predicted as {predicted}, {count} of {}", rows(label));
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
        assert_eq!(mistakes(&confusion, 3), ["4 predicted as 9, 2 of 3", "9 predicted as 4, 1 of 2"]);
    }
}
