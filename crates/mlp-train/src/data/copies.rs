//! What a glance at the rows tells before a run: test rows that also train, copies that contradict each other, labels
//! of which hardly any row trains.
//!
//! Pictures that were copied or varied before the split lie on both sides of it. A network then remembers its test
//! rows, and its accuracy says nothing about other pictures.

use std::collections::BTreeMap;

use stage_cli::counted;
use stage_files::dataset::first_with_same_pixels;

use crate::data::source::Source;
use crate::data::split::DataSplit;

/// A label has few training rows below this number,
const FEW_ROWS: u64 = 10;
/// and with at most one for so many of the label that has most.
const FEW_ONE_IN: u64 = 10;

/// For each row of a data set, the first row with the same pixels, and how many rows contradict each other. Made once
/// for all runs on the data.
pub(crate) struct SamePixels {
    /// By row: those that may train, then those of the test file.
    first_row: Vec<u32>,
    /// The label of each row.
    labels: Vec<u8>,
    /// The label set.
    known: Vec<u8>,
    contradictory_rows: u64,
}

impl SamePixels {
    /// Compares all rows of all files, by a hash table over their pixels.
    pub(crate) fn new(source: &Source) -> Self {
        let sets = || std::iter::once(&source.first).chain(&source.test);
        let classes: Vec<u8> = sets().flat_map(|set| set.classes.iter().copied()).collect();
        let first_row = first_with_same_pixels(sets().flat_map(|set| set.pixels.rows()));
        let mut contradicts = vec![false; classes.len()];
        for (class, &first) in classes.iter().zip(&first_row) {
            contradicts[first as usize] |= *class != classes[first as usize];
        }
        let contradictory_rows = first_row.iter().filter(|&&first| contradicts[first as usize]).count() as u64;
        let known = source.labels().as_slice().to_vec();
        let labels = classes.iter().map(|&class| known[usize::from(class)]).collect();
        Self { first_row, labels, known, contradictory_rows }
    }

    /// The copies of a split.
    pub(crate) fn of_split(&self, split: &DataSplit) -> Copies {
        let mut trains = vec![false; self.first_row.len()];
        for &row in &split.train {
            trains[self.first_row[row as usize] as usize] = true;
        }
        let in_training = |row: &&u32| trains[self.first_row[**row as usize] as usize];
        Copies {
            test_rows: split.test.len() as u64,
            test_rows_in_training: split.test.iter().filter(in_training).count() as u64,
            contradictory_rows: self.contradictory_rows,
            labels_with_few_rows: self.labels_with_few_rows(&split.train),
        }
    }

    /// The labels of which hardly any row trains, each with its rows.
    fn labels_with_few_rows(&self, train: &[u32]) -> BTreeMap<u8, u64> {
        let mut counts: BTreeMap<u8, u64> = self.known.iter().map(|&label| (label, 0)).collect();
        for &row in train {
            *counts.entry(self.labels[row as usize]).or_default() += 1;
        }
        let most = counts.values().copied().max().unwrap_or_default();
        counts.retain(|_, rows| *rows < FEW_ROWS && *rows * FEW_ONE_IN <= most && most >= FEW_ROWS);
        counts
    }
}

/// How many rows of a run are copies of others, and of which labels it has few.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Copies {
    test_rows: u64,
    /// Test rows whose pixels are those of a training row.
    pub(crate) test_rows_in_training: u64,
    /// Rows, of any file, whose pixels are those of a row with another label.
    pub(crate) contradictory_rows: u64,
    /// Labels of which hardly any row trains, each with its training rows.
    pub(crate) labels_with_few_rows: BTreeMap<u8, u64>,
}

impl Copies {
    /// One sentence on the runs that use the data set `data`, or nothing where there is nothing to say. Of several
    /// splits the one with the largest share of copies is named.
    pub(crate) fn sentence(data: &str, runs: &[Self]) -> Option<String> {
        let share = |copies: &&Self| copies.test_rows_in_training as f64 / copies.test_rows.max(1) as f64;
        let most = runs.iter().max_by(|a, b| share(a).total_cmp(&share(b)))?;
        let mut parts = Vec::new();
        if most.test_rows_in_training > 0 {
            let up_to = if runs.iter().any(|copies| copies != most) { "up to " } else { "" };
            parts.push(format!(
                "{up_to}{} of {} have the same pixels as a training row, so the test accuracy is too high for new \
                 pictures (take the copies out; if each has the name of its writer, \"split\": {{\"by\": \"group\"}} \
                 keeps them together)",
                most.test_rows_in_training,
                counted(most.test_rows, "test row")
            ));
        }
        if most.contradictory_rows > 0 {
            parts.push(format!(
                "{} the same pixels as a row with another label",
                if most.contradictory_rows == 1 {
                    "1 row has".into()
                } else {
                    format!("{} rows have", most.contradictory_rows)
                }
            ));
        }
        // Of several splits those labels that have few rows in any.
        let few: BTreeMap<u8, u64> = runs.iter().flat_map(|copies| copies.labels_with_few_rows.clone()).collect();
        parts.extend(few.into_iter().map(|(label, rows)| {
            format!("label {label} has {}, so little is learned of it", counted(rows, "training row"))
        }));
        (!parts.is_empty()).then(|| format!("{data}: {}", parts.join("; ")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::Array2;
    use stage_files::dataset::DataSet;

    /// Rows of one pixel.
    fn set(rows: &[(u8, u8)]) -> DataSet {
        DataSet {
            name: "d.csv".into(),
            sha256: String::new(),
            labels: "0-9".parse().unwrap(),
            canvas: None,
            pixels: Array2::from_shape_vec((rows.len(), 1), rows.iter().map(|row| row.1).collect()).unwrap(),
            classes: rows.iter().map(|row| row.0).collect(),
            rows: None,
            stage: None,
        }
    }

    fn split(train: &[u32], validation: &[u32], test: &[u32]) -> DataSplit {
        DataSplit { train: train.to_vec(), validation: validation.to_vec(), test: test.to_vec() }
    }

    #[test]
    fn counts_test_rows_that_train_and_rows_that_contradict() {
        let mut source = Source::of(set(&[(1, 50), (1, 50), (2, 60), (3, 60), (4, 70), (4, 80)]));
        let copies = |source: &Source, split: DataSplit| {
            let copies = SamePixels::new(source).of_split(&split);
            (copies.test_rows_in_training, copies.contradictory_rows)
        };
        assert_eq!(copies(&source, split(&[0, 2, 4], &[], &[1, 3, 5])), (2, 2));
        // A copy among the validation rows or among the test rows is no training row.
        assert_eq!(copies(&source, split(&[4], &[2], &[0, 1, 3, 5])), (0, 2));
        // Rows of a test file follow.
        source.test = Some(set(&[(4, 70), (5, 80), (6, 90)]));
        assert_eq!(copies(&source, split(&[0, 1, 2, 3, 4, 5], &[], &[6, 7, 8])), (2, 4));
    }

    #[test]
    fn the_sentence_names_what_there_is_and_nothing_else() {
        let copies = |test_rows_in_training, contradictory_rows| Copies {
            test_rows: 40,
            test_rows_in_training,
            contradictory_rows,
            labels_with_few_rows: BTreeMap::new(),
        };
        assert_eq!(Copies::sentence("d.csv", &[copies(0, 0), copies(0, 0)]), None);
        let few = Copies { labels_with_few_rows: [(7, 1), (9, 0)].into(), ..copies(0, 0) };
        let said = Copies::sentence("d.csv", &[copies(0, 0), few]).unwrap();
        let expected = "d.csv: label 7 has 1 training row, so little is learned of it; label 9 has 0 training rows, so";
        assert!(said.starts_with(expected), "{said}");
        let says = |runs: &[Copies]| Copies::sentence("d.csv", runs).unwrap();
        assert!(says(&[copies(7, 0)]).starts_with("d.csv: 7 of 40 test rows have the same pixels as a training row"));
        assert!(says(&[copies(7, 0), copies(9, 0), copies(0, 0)]).contains("up to 9 of 40 test rows"));
        assert_eq!(says(&[copies(0, 3)]), "d.csv: 3 rows have the same pixels as a row with another label");
        assert!(says(&[copies(1, 2)]).ends_with("; 2 rows have the same pixels as a row with another label"));
    }

    #[test]
    fn labels_of_which_hardly_any_row_trains_are_listed() {
        let mut rows: Vec<(u8, u8)> = (0..50).map(|at| (at % 2, at)).collect();
        rows.extend([(2, 60), (2, 61), (3, 62)]);
        rows.extend((100..109).map(|at| (4, at)));
        let mut data = set(&rows);
        data.labels = "0-5".parse().unwrap();
        let same = SamePixels::new(&Source::of(data));
        let few = |train: &[u32]| same.of_split(&split(train, &[], &[])).labels_with_few_rows;
        let all: Vec<u32> = (0..rows.len() as u32).collect();
        // 25 rows of 0 and of 1: two are few, nine are not; 5 has none.
        assert_eq!(few(&all), [(2, 2), (3, 1), (5, 0)].into());
        assert_eq!(few(&all[..52]), [(2, 2), (3, 0), (4, 0), (5, 0)].into());
        assert_eq!(few(&all[..8]), BTreeMap::new());
    }

    #[test]
    fn sixty_thousand_rows_take_a_moment() {
        // Every row is there twice, and rows differ late: row by row this would be 1.8 thousand million comparisons.
        let pixels = (0..60_000u32).flat_map(|row| {
            let mut pixels = [0; 64];
            pixels[60..].copy_from_slice(&(row / 2).to_le_bytes());
            pixels
        });
        let mut data = set(&[(1, 0)]);
        data.pixels = Array2::from_shape_vec((60_000, 64), pixels.collect()).unwrap();
        data.classes = vec![1; 60_000];
        let copies = SamePixels::new(&Source::of(data));
        let (even, odd) = ((0..60_000).step_by(2).collect(), (1..60_000).step_by(2).collect());
        let copies = copies.of_split(&DataSplit { train: even, validation: Vec::new(), test: odd });
        assert_eq!((copies.test_rows_in_training, copies.contradictory_rows), (30_000, 0));
    }
}
