//! The confusion matrix: how often each digit is predicted for each label.

use stage_files::labels::LabelSet;
use stage_files::run::PredictionRow;

/// Counts of (label, predicted) in the order of the label set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confusion {
    labels: LabelSet,
    counts: Vec<u64>,
}

/// Precision, recall and F1 of one digit; `None` where nothing was predicted or nothing was there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ClassScore {
    /// The digit.
    pub label: u8,
    /// Rows that show it.
    pub rows: u64,
    /// Of the rows predicted as this digit, the share that show it.
    pub precision: Option<f64>,
    /// Of the rows that show it, the share predicted as it.
    pub recall: Option<f64>,
    /// Harmonic mean of precision and recall: 2 correct / (predicted as it + show it) (C. J. van Rijsbergen 1979,
    /// "Information Retrieval", chapter 7, with equal weights).
    pub f1: Option<f64>,
}

impl Confusion {
    /// Counts predictions.
    pub fn count(labels: &LabelSet, predictions: &[PredictionRow]) -> Self {
        let mut counts = vec![0; labels.len() * labels.len()];
        for row in predictions {
            if let (Some(label), Some(predicted)) = (labels.class_of(row.label), labels.class_of(row.predicted)) {
                counts[usize::from(label) * labels.len() + usize::from(predicted)] += 1;
            }
        }
        Self { labels: labels.clone(), counts }
    }

    /// Adds the counts of another run with the same label set.
    pub fn add(&mut self, other: &Self) {
        self.counts.iter_mut().zip(&other.counts).for_each(|(a, b)| *a += b);
    }

    /// All predictions.
    pub fn total(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// Correct predictions.
    pub fn correct(&self) -> u64 {
        (0..self.labels.len()).map(|i| self.at(i, i)).sum()
    }

    /// Share of the most frequent label: the accuracy of always predicting it.
    pub fn most_frequent_share(&self) -> f64 {
        let n = self.labels.len();
        let most = (0..n).map(|i| (0..n).map(|j| self.at(i, j)).sum::<u64>()).max().unwrap_or(0);
        if self.total() > 0 { most as f64 / self.total() as f64 } else { 0.0 }
    }

    /// The digits, in the order of rows and columns.
    pub fn labels(&self) -> &[u8] {
        self.labels.as_slice()
    }

    /// How often class `predicted` was predicted for class `label`.
    pub fn at(&self, label: usize, predicted: usize) -> u64 {
        self.counts[label * self.labels.len() + predicted]
    }

    /// Scores of each digit.
    pub fn scores(&self) -> Vec<ClassScore> {
        let n = self.labels.len();
        let share = |part: u64, whole: u64| (whole > 0).then(|| part as f64 / whole as f64);
        (0..n)
            .map(|i| {
                let rows = (0..n).map(|j| self.at(i, j)).sum();
                let predicted = (0..n).map(|j| self.at(j, i)).sum();
                let correct = self.at(i, i);
                ClassScore {
                    label: self.labels()[i],
                    rows,
                    precision: share(correct, predicted),
                    recall: share(correct, rows),
                    f1: share(2 * correct, predicted + rows),
                }
            })
            .collect()
    }

    /// Mistakes (label, predicted, count), the most frequent first, at most `most`.
    pub fn mistakes(&self, most: usize) -> Vec<(u8, u8, u64)> {
        let n = self.labels.len();
        let pairs = (0..n).flat_map(|i| (0..n).map(move |j| (i, j))).filter(|(i, j)| i != j);
        let mut mistakes: Vec<_> =
            pairs.map(|(i, j)| (self.labels()[i], self.labels()[j], self.at(i, j))).filter(|m| m.2 > 0).collect();
        mistakes.sort_by_key(|&(label, predicted, count)| (std::cmp::Reverse(count), label, predicted));
        mistakes.truncate(most);
        mistakes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_and_scores_by_hand() {
        let labels: LabelSet = "1,4,7".parse().unwrap();
        let row = |label, predicted| PredictionRow {
            row: 0,
            label,
            predicted,
            probabilities: vec![],
            writer: None,
            path: None,
        };
        let rows = [row(1, 1), row(1, 7), row(1, 7), row(4, 4), row(4, 1)];
        let confusion = Confusion::count(&labels, &rows);
        assert_eq!((confusion.at(0, 0), confusion.at(0, 2), confusion.at(1, 0)), (1, 2, 1));
        let scores = confusion.scores();
        assert_eq!((scores[0].precision, scores[0].recall), (Some(0.5), Some(1.0 / 3.0)));
        assert_eq!((scores[2].precision, scores[2].recall, scores[2].rows), (Some(0.0), None, 0));
        assert_eq!(confusion.mistakes(5), [(1, 7, 2), (4, 1, 1)]);
    }
}
