//! The data split: which rows train, which validate and which test.

mod folds;
mod validation;
mod writers;

use mlp_core::random::{Purpose, Stream};
use stage_files::config::{Count, Share, Split, SplitBy};
use stage_files::dataset::RowInfo;
use stage_files::refuse;

use folds::fold_range;
use validation::hold_back;
use writers::{Writers, draw_some};

/// Row numbers of a data set, in the order in which they are used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DataSplit {
    /// Rows that train.
    pub(crate) train: Vec<u32>,
    /// Rows that choose the best epoch; often none.
    pub(crate) validation: Vec<u32>,
    /// Rows that test.
    pub(crate) test: Vec<u32>,
}

impl DataSplit {
    /// Splits `rows` rows into those that train and those that test.
    ///
    /// - A share by row or in order: the first floor(floor(share * rows) / batch) * batch rows train, as in the 2022
    ///   experiments, so there is no short batch.
    /// - A share by group: all rows of some writers train.
    ///   Of the training writers, `train_writers` may leave some out.
    /// - Folds: the rows in their (shuffled) order, or the writers in the order of their names, are cut into contiguous
    ///   blocks, and the block of that number tests. The first fold if none is named.
    ///
    /// `info` is the rows file, `batch` the rows of a mini-batch.
    ///
    /// # Errors
    /// When there are too few rows or writers, or when a split by group does not know a row's writer.
    pub(crate) fn new(
        rule: &Split,
        rows: usize,
        batch: usize,
        info: Option<&[RowInfo]>,
        seed: u64,
    ) -> anyhow::Result<Self> {
        if rows < 2 {
            refuse!("the data set has {rows} row; expected at least 2, one to train on and one to test on");
        }
        let mut order: Vec<u32> = (0..rows as u32).collect();
        let mut stream = Stream::new(seed, Purpose::Split);
        if rule.by == SplitBy::Row {
            stream.shuffle(&mut order);
        }
        let fold = rule.folds.map(|folds| (folds, rule.fold.unwrap_or(Count::ONE)));
        let (train, test) = match (rule.by, fold) {
            (SplitBy::Group, fold) => {
                let writers = Writers::of(&order, info, "split")?;
                let (mut training, testing) = match fold {
                    None => writers.draw_share(rule.share().get(), &order, &mut stream),
                    Some((folds, fold)) => writers.without(fold_range(writers.names().len(), folds, fold, "writers")?),
                };
                if let Some(count) = rule.train_writers {
                    training = draw_some(training, count, &mut stream)?;
                }
                (writers.rows_of(&training, &order), writers.rows_of(&testing, &order))
            }
            (_, Some((folds, fold))) => {
                let test = order.drain(fold_range(rows, folds, fold, "rows")?).collect();
                (order, test)
            }
            (_, None) => {
                // A share too small for a batch is refused later.
                let share = (rule.share().get() * rows as f64) as usize;
                let whole_batches = if share < batch { share } else { share / batch * batch };
                let test = order.split_off(whole_batches);
                (order, test)
            }
        };
        Ok(Self { train, validation: Vec::new(), test })
    }

    /// Moves a share of the training rows to the validation rows: by group all rows of some writers, in order the last
    /// rows, by row any. Those that stay keep their order.
    ///
    /// # Errors
    /// When no row is left to train or to validate, or when a split by group does not know a row's writer.
    pub(crate) fn hold_back(
        &mut self,
        share: Share,
        by: SplitBy,
        info: Option<&[RowInfo]>,
        seed: u64,
    ) -> anyhow::Result<()> {
        (self.train, self.validation) = hold_back(&self.train, share, by, info, seed)?;
        Ok(())
    }

    /// Refuses a batch of more rows than train.
    pub(crate) fn check_batch(&self, batch: usize) -> anyhow::Result<()> {
        if self.train.len() < batch {
            refuse!("key `batch`: {batch} is more than the {} training rows; make it smaller", self.train.len());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(by: &str, train: f64) -> Split {
        serde_json::from_value(serde_json::json!({"by": by, "train": train})).unwrap()
    }

    fn info(groups: &[Option<&str>]) -> Vec<RowInfo> {
        let row = |writer: Option<&str>| RowInfo {
            source: "1_20_x.png".into(),
            label: 1,
            size: 20,
            writer: writer.map(str::to_owned),
            path: None,
        };
        groups.iter().copied().map(row).collect()
    }

    #[test]
    fn row_counts_are_those_of_the_2022_experiments() {
        for (rows, batch, train) in [(925, 10, 740), (632, 10, 500), (632, 5, 505), (1557, 10, 1240)] {
            for by in ["row", "order"] {
                let split = DataSplit::new(&rule(by, 0.8), rows, batch, None, 1).unwrap();
                assert_eq!((split.train.len(), split.test.len()), (train, rows - train));
                let mut all = [split.train.clone(), split.test.clone()].concat();
                assert_eq!(by == "order", all.is_sorted());
                all.sort_unstable();
                assert!(all.into_iter().eq(0..rows as u32));
            }
        }
    }

    #[test]
    fn the_seed_decides_the_shuffle() {
        let split = |seed| DataSplit::new(&rule("row", 0.5), 100, 5, None, seed).unwrap();
        assert_eq!(split(3), split(3));
        assert_ne!(split(3), split(4));
    }

    #[test]
    fn a_writer_is_on_one_side_only() {
        let rows: Vec<Option<&str>> = (0..60).map(|i| Some(["a", "b", "c", "d", "e", "f"][i % 6])).collect();
        for seed in 0..20 {
            let split = DataSplit::new(&rule("group", 0.8), 60, 10, Some(&info(&rows)), seed).unwrap();
            let side = |rows_of: &[u32]| {
                let mut writers: Vec<_> = rows_of.iter().map(|r| rows[*r as usize].unwrap()).collect();
                writers.sort_unstable();
                writers.dedup();
                writers
            };
            let (train, test) = (side(&split.train), side(&split.test));
            assert_eq!((train.len(), test.len()), (5, 1), "seed {seed}");
            assert!(train.iter().all(|writer| !test.contains(writer)));
        }
    }

    #[test]
    fn impossible_splits_are_refused() {
        let error = |result: anyhow::Result<DataSplit>| result.unwrap_err().to_string();
        assert!(error(DataSplit::new(&rule("row", 0.8), 1, 1, None, 1)).contains("1 row"));
        let few = DataSplit::new(&rule("row", 0.8), 10, 9, None, 1).unwrap();
        assert_eq!(
            few.check_batch(9).unwrap_err().to_string().split(';').next(),
            Some("key `batch`: 9 is more than the 8 training rows")
        );
        few.check_batch(8).unwrap();
        assert!(error(DataSplit::new(&rule("group", 0.8), 4, 1, None, 1)).contains("rows file"));
        let some = info(&[Some("a"), None, Some("b"), Some("b")]);
        assert!(
            error(DataSplit::new(&rule("group", 0.8), 4, 1, Some(&some), 1))
                .contains("row 1 (1_20_x.png) has no writer")
        );
        let one = info(&[Some("a"); 4]);
        assert!(error(DataSplit::new(&rule("group", 0.8), 4, 1, Some(&one), 1)).contains("at least two writers"));
        assert!(error(DataSplit::new(&fold("row", 5, 1), 4, 1, None, 1)).contains("rows (4), found 5"));
        let two = info(&[Some("a"), Some("b"), Some("b"), Some("b")]);
        assert!(error(DataSplit::new(&fold("group", 3, 1), 4, 1, Some(&two), 1)).contains("writers (2), found 3"));
    }

    fn fold(by: &str, folds: u32, fold: u32) -> Split {
        serde_json::from_value(serde_json::json!({"by": by, "folds": folds, "fold": fold})).unwrap()
    }

    #[test]
    fn every_row_tests_in_just_one_fold() {
        for by in ["row", "order"] {
            let all: Vec<DataSplit> =
                (1..=5).map(|k| DataSplit::new(&fold(by, 5, k), 23, 4, None, 9).unwrap()).collect();
            assert_eq!(all.iter().map(|split| split.test.len()).collect::<Vec<_>>(), [5, 5, 5, 4, 4]);
            let mut tested: Vec<u32> = all.iter().flat_map(|split| split.test.clone()).collect();
            assert_eq!(by == "order", tested.is_sorted());
            tested.sort_unstable();
            assert!(tested.into_iter().eq(0..23));
            for DataSplit { train, test, .. } in all {
                assert_eq!(train.len() + test.len(), 23);
                assert!(train.iter().all(|row| !test.contains(row)));
            }
        }
    }

    #[test]
    fn folds_by_group_follow_the_names_whatever_the_seed_and_the_order_of_rows() {
        // 14 writers, in a file where their rows are mixed and none comes in the order of names.
        let names: Vec<String> = (0..14).map(|i| format!("writer-{:02}", (i * 5 + 3) % 14)).collect();
        let rows: Vec<Option<&str>> = (0..70).map(|i| Some(names[i % 14].as_str())).collect();
        let mut tested = Vec::new();
        for k in 1..=5 {
            let split = DataSplit::new(&fold("group", 5, k), 70, 10, Some(&info(&rows)), u64::from(k)).unwrap();
            assert_eq!(split.train.len() + split.test.len(), 70);
            assert!(split.train.is_sorted() && split.test.is_sorted());
            let mut writers: Vec<&str> = split.test.iter().filter_map(|row| rows[*row as usize]).collect();
            writers.sort_unstable();
            writers.dedup();
            assert_eq!(split.test.len(), writers.len() * 5, "all rows of a writer test together");
            tested.push(writers);
        }
        assert_eq!(tested.iter().map(Vec::len).collect::<Vec<_>>(), [3, 3, 3, 3, 2]);
        assert!(tested.concat().into_iter().eq((0..14).map(|i| format!("writer-{i:02}"))));
    }
}
