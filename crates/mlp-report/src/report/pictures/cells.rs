//! The pictures behind the cells of a confusion matrix.

use super::{Page, picture};
use crate::experiment::Experiment;
use crate::pictures::{Originals, TestRow, TestRows};
use crate::report::details;
use crate::words::pictures as said;
use stage_page::{Bar, Block, Cell, Gallery, Lang, Sample};

/// How many pictures a gallery has.
#[derive(Clone, Copy)]
pub(super) struct Limits {
    /// Misclassified rows in all.
    wrong: usize,
    /// Misclassified rows of a cell.
    of_cell: usize,
    /// Rows of a label that are predicted correctly.
    right: usize,
}

/// Of the best experiment on a data set.
pub(super) const BEST: Limits = Limits { wrong: 140, of_cell: 12, right: 6 };
/// Of other experiments.
pub(super) const OTHERS: Limits = Limits { wrong: 48, of_cell: 6, right: 0 };
/// Bars below a picture.
const BARS: usize = 3;
/// Longest file name that is shown whole.
const LONGEST_NAME: usize = 24;

/// The matrix with its pictures, and the rule by which they were chosen.
pub(super) fn gallery(
    page: &Page<'_>,
    experiment: &Experiment<'_>,
    rows: &TestRows,
    id: &str,
    limits: Limits,
) -> Vec<Block> {
    let lang = page.lang;
    let Some(confusion) = experiment.confusion() else { return Vec::new() };
    let labels = confusion.labels().to_vec();
    let n = labels.len();
    let counts = (0..n * n).map(|at| confusion.at(at / n, at % n)).collect();
    let view = View { lang, rows, labels: &labels, originals: page.originals };
    let mut cells = view.wrong_cells(&confusion.mistakes(n * n), limits);
    cells.extend(labels.iter().filter_map(|&label| view.right_cell(label, limits.right)));
    let chart = details::confusion_chart(lang, experiment, &confusion, "best-");
    let caption = said::matrix_caption(lang, &details::confusion_title(lang, experiment));
    vec![
        Block::Paragraph(said::gallery_rule(lang, limits.of_cell, limits.wrong, limits.right, rows.runs)),
        Block::Gallery(Box::new(Gallery { id: id.into(), caption, labels, counts, cells, chart })),
    ]
}

struct View<'a> {
    lang: Lang,
    rows: &'a TestRows,
    labels: &'a [u8],
    originals: Option<&'a Originals>,
}

impl View<'_> {
    fn class_of(&self, digit: u8) -> usize {
        self.labels.iter().position(|&label| label == digit).unwrap_or(0)
    }

    /// The cells off the diagonal, the most frequent mistake first, until there are enough pictures.
    fn wrong_cells(&self, mistakes: &[(u8, u8, u64)], limits: Limits) -> Vec<Cell> {
        let mut left = limits.wrong;
        let mut cells = Vec::new();
        for &(label, predicted, count) in mistakes {
            let class = self.class_of(predicted);
            let mut found: Vec<&TestRow> =
                self.rows.rows.iter().filter(|row| row.label == label && row.times(predicted) > 0).collect();
            found.sort_by(|a, b| {
                let by_probability = || b.probability(class).total_cmp(&a.probability(class));
                b.times(predicted).cmp(&a.times(predicted)).then_with(by_probability).then(a.row.cmp(&b.row))
            });
            let all = found.len();
            found.truncate(limits.of_cell.min(left));
            left -= found.len();
            if !found.is_empty() {
                let note = said::note(self.lang, found.len(), all, count);
                let samples = found.into_iter().map(|row| self.sample(row, predicted)).collect();
                cells.push(Cell { label, predicted, note, samples });
            }
        }
        cells
    }

    /// The rows of a label that every run predicted correctly, the least certain first.
    fn right_cell(&self, label: u8, most: usize) -> Option<Cell> {
        let class = self.class_of(label);
        let is_right = |row: &&TestRow| row.label == label && row.times(label) == row.tested;
        let mut found: Vec<&TestRow> = self.rows.rows.iter().filter(is_right).collect();
        found.sort_by(|a, b| a.probability(class).total_cmp(&b.probability(class)).then(a.row.cmp(&b.row)));
        let all = found.len();
        found.truncate(most);
        let note = said::least_certain(self.lang, found.len(), all);
        let samples: Vec<Sample> = found.into_iter().map(|row| self.sample(row, label)).collect();
        (!samples.is_empty()).then_some(Cell { label, predicted: label, note, samples })
    }

    fn sample(&self, row: &TestRow, predicted: u8) -> Sample {
        let mut lines = vec![(said::row(self.lang, row.row), None)];
        let mut caption = said::row_predicted(self.lang, row.row, row.label, predicted);
        if self.rows.runs > 1 {
            let times = said::of_runs(self.lang, row.times(predicted), row.tested);
            caption += &said::by_runs(self.lang, &times);
            lines.push((times, None));
        }
        for text in row.writer.iter().chain(&row.path) {
            caption += &format!(", {text}");
        }
        lines.extend(row.writer.as_deref().map(shortened));
        lines.extend(row.path.as_deref().map(|path| {
            let name = path.rsplit('/').next().unwrap_or(path);
            (shortened(name).0, Some(path.to_owned()))
        }));
        Sample { picture: picture(self.rows, row, caption, self.originals), lines, bars: self.bars(row) }
    }

    /// The highest probabilities; that of the label is always among them.
    fn bars(&self, row: &TestRow) -> Vec<Bar> {
        let mut ranking = row.ranking();
        let label = self.class_of(row.label);
        let at = ranking.iter().position(|&(class, _)| class == label).unwrap_or(0);
        if at >= BARS {
            ranking.swap(BARS - 1, at);
        }
        ranking.truncate(BARS);
        let bar = |(class, share): (usize, f64)| {
            let digit = self.labels.get(class).copied().unwrap_or_default();
            Bar { name: digit.to_string(), share, is_marked: digit == row.label }
        };
        ranking.into_iter().map(bar).collect()
    }
}

/// A name as it is shown, and the whole where it was cut in the middle.
fn shortened(name: &str) -> (String, Option<String>) {
    let length = name.chars().count();
    if length <= LONGEST_NAME {
        return (name.to_owned(), None);
    }
    let half = LONGEST_NAME / 2;
    let (start, end): (String, String) =
        (name.chars().take(half).collect(), name.chars().skip(length - half + 1).collect());
    (format!("{start}\u{2026}{end}"), Some(name.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_say_what_is_left_out_and_how_often_a_picture_counts() {
        let note = |shown, all, predictions| said::note(Lang::En, shown, all, predictions);
        assert_eq!(note(1, 1, 1), "1 picture");
        assert_eq!(note(12, 40, 40), "12 of 40 pictures");
        assert_eq!(note(5, 5, 9), "5 pictures, 9 predictions");
    }

    #[test]
    fn long_names_keep_both_ends_and_the_whole() {
        assert_eq!(shortened("kim"), ("kim".into(), None));
        let long = "김".repeat(300);
        let (shown, whole) = shortened(&long);
        assert_eq!((shown.chars().count(), whole.as_ref()), (LONGEST_NAME, Some(&long)));
        assert_eq!(shortened("a-very-long-name-of-a-scan-0123.png").0, "a-very-long-\u{2026}an-0123.png");
    }
}
