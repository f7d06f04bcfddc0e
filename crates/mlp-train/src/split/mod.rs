//! Which rows train, which choose the best epoch and which test.

mod folds;
mod groups;
mod validation;

use mlp_core::random::{Purpose, Stream};
use stage_files::config::{Count, Split, SplitBy};
use stage_files::dataset::RowInfo;
use stage_files::refuse;

use folds::fold_range;
use groups::Groups;

/// Row numbers of a data set, in the order in which they are used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parts {
    /// Rows that train.
    pub train: Vec<u32>,
    /// Rows that choose the best epoch; often none.
    pub validation: Vec<u32>,
    /// Rows that test.
    pub test: Vec<u32>,
}

/// Parts `rows` rows into those that train and those that test.
///
/// - A share by row or in order: the first floor(floor(share * rows) / batch) * batch rows train, as in the 2022
///   experiments, so there is no short batch.
/// - A share by group: whole groups train.
/// - Folds: the rows in their (shuffled) order, or the groups in the order of their names, are cut into contiguous
///   blocks, and the block of that number tests. The first fold if none is named.
pub fn split(rule: &Split, rows: usize, batch: usize, info: Option<&[RowInfo]>, seed: u64) -> anyhow::Result<Parts> {
    if rows < 2 {
        refuse!("the data set has {rows} row; expected at least 2, one to train on and one to test on");
    }
    let mut order: Vec<u32> = (0..rows as u32).collect();
    let mut stream = Stream::new(seed, Purpose::Split);
    if rule.by == SplitBy::Row {
        stream.shuffle(&mut order);
    }
    let fold = rule.folds.map(|folds| (folds, rule.fold.unwrap_or(Count::ONE)));
    let parts = match (rule.by, fold) {
        (SplitBy::Group, fold) => {
            let groups = Groups::of(&order, info, "split")?;
            let (train, test) = match fold {
                None => groups.part(&order, &groups.take_share(rule.share().get(), &order, &mut stream)),
                Some((folds, fold)) => {
                    let testing = fold_range(groups.names().len(), folds, fold, "groups")?;
                    let (test, train) = groups.part(&order, &groups.names()[testing]);
                    (train, test)
                }
            };
            Parts { train, validation: Vec::new(), test }
        }
        (_, Some((folds, fold))) => {
            let test = order.drain(fold_range(rows, folds, fold, "rows")?).collect();
            Parts { train: order, validation: Vec::new(), test }
        }
        (_, None) => {
            // A share too small for a batch is refused later.
            let share = (rule.share().get() * rows as f64) as usize;
            let whole = if share < batch { share } else { share / batch * batch };
            let test = order.split_off(whole);
            Parts { train: order, validation: Vec::new(), test }
        }
    };
    Ok(parts)
}

impl Parts {
    /// Refuses a batch of more rows than train.
    pub fn check_batch(&self, batch: usize) -> anyhow::Result<()> {
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
        let row = |group: Option<&str>| RowInfo {
            source: "1_20_x.png".into(),
            label: 1,
            size: 20,
            group: group.map(str::to_owned),
        };
        groups.iter().copied().map(row).collect()
    }

    #[test]
    fn row_counts_are_those_of_the_2022_experiments() {
        for (rows, batch, train) in [(925, 10, 740), (632, 10, 500), (632, 5, 505), (1557, 10, 1240)] {
            for by in ["row", "order"] {
                let parts = split(&rule(by, 0.8), rows, batch, None, 1).unwrap();
                assert_eq!((parts.train.len(), parts.test.len()), (train, rows - train));
                let mut all = [parts.train.clone(), parts.test.clone()].concat();
                assert_eq!(by == "order", all.is_sorted());
                all.sort_unstable();
                assert!(all.into_iter().eq(0..rows as u32));
            }
        }
    }

    #[test]
    fn the_seed_decides_the_shuffle() {
        let parts = |seed| split(&rule("row", 0.5), 100, 5, None, seed).unwrap();
        assert_eq!(parts(3), parts(3));
        assert_ne!(parts(3), parts(4));
    }

    #[test]
    fn a_hand_is_on_one_side_only() {
        let rows: Vec<Option<&str>> = (0..60).map(|i| Some(["a", "b", "c", "d", "e", "f"][i % 6])).collect();
        for seed in 0..20 {
            let parts = split(&rule("group", 0.8), 60, 10, Some(&info(&rows)), seed).unwrap();
            let side = |rows_of: &[u32]| {
                let mut groups: Vec<_> = rows_of.iter().map(|r| rows[*r as usize].unwrap()).collect();
                groups.sort_unstable();
                groups.dedup();
                groups
            };
            let (train, test) = (side(&parts.train), side(&parts.test));
            assert_eq!((train.len(), test.len()), (5, 1), "seed {seed}");
            assert!(train.iter().all(|group| !test.contains(group)));
        }
    }

    #[test]
    fn impossible_splits_are_refused() {
        let error = |result: anyhow::Result<Parts>| result.unwrap_err().to_string();
        assert!(error(split(&rule("row", 0.8), 1, 1, None, 1)).contains("1 row"));
        let few = split(&rule("row", 0.8), 10, 9, None, 1).unwrap();
        assert_eq!(
            few.check_batch(9).unwrap_err().to_string().split(';').next(),
            Some("key `batch`: 9 is more than the 8 training rows")
        );
        few.check_batch(8).unwrap();
        assert!(error(split(&rule("group", 0.8), 4, 1, None, 1)).contains("rows file"));
        let some = info(&[Some("a"), None, Some("b"), Some("b")]);
        assert!(error(split(&rule("group", 0.8), 4, 1, Some(&some), 1)).contains("row 1 (1_20_x.png) has no group"));
        let one = info(&[Some("a"); 4]);
        assert!(error(split(&rule("group", 0.8), 4, 1, Some(&one), 1)).contains("at least two groups"));
        assert!(error(split(&fold("row", 5, 1), 4, 1, None, 1)).contains("rows (4), found 5"));
        let two = info(&[Some("a"), Some("b"), Some("b"), Some("b")]);
        assert!(error(split(&fold("group", 3, 1), 4, 1, Some(&two), 1)).contains("groups (2), found 3"));
    }

    fn fold(by: &str, folds: u32, fold: u32) -> Split {
        serde_json::from_value(serde_json::json!({"by": by, "folds": folds, "fold": fold})).unwrap()
    }

    #[test]
    fn every_row_tests_in_just_one_fold() {
        for by in ["row", "order"] {
            let all: Vec<Parts> = (1..=5).map(|k| split(&fold(by, 5, k), 23, 4, None, 9).unwrap()).collect();
            assert_eq!(all.iter().map(|parts| parts.test.len()).collect::<Vec<_>>(), [5, 5, 5, 4, 4]);
            let mut tested: Vec<u32> = all.iter().flat_map(|parts| parts.test.clone()).collect();
            assert_eq!(by == "order", tested.is_sorted());
            tested.sort_unstable();
            assert!(tested.into_iter().eq(0..23));
            for Parts { train, test, .. } in all {
                assert_eq!(train.len() + test.len(), 23);
                assert!(train.iter().all(|row| !test.contains(row)));
            }
        }
    }

    #[test]
    fn folds_of_groups_follow_the_names_whatever_the_seed_and_the_order_of_rows() {
        // 14 hands, in a file where their rows are mixed and none comes in the order of names.
        let names: Vec<String> = (0..14).map(|i| format!("hand-{:02}", (i * 5 + 3) % 14)).collect();
        let rows: Vec<Option<&str>> = (0..70).map(|i| Some(names[i % 14].as_str())).collect();
        let mut tested = Vec::new();
        for k in 1..=5 {
            let parts = split(&fold("group", 5, k), 70, 10, Some(&info(&rows)), u64::from(k)).unwrap();
            assert_eq!(parts.train.len() + parts.test.len(), 70);
            assert!(parts.train.is_sorted() && parts.test.is_sorted());
            let mut hands: Vec<&str> = parts.test.iter().filter_map(|row| rows[*row as usize]).collect();
            hands.sort_unstable();
            hands.dedup();
            assert_eq!(parts.test.len(), hands.len() * 5, "all rows of a hand test together");
            tested.push(hands);
        }
        assert_eq!(tested.iter().map(Vec::len).collect::<Vec<_>>(), [3, 3, 3, 3, 2]);
        assert!(tested.concat().into_iter().eq((0..14).map(|i| format!("hand-{i:02}"))));
    }
}
