//! Which rows train and which test.

use mlp_core::random::{Purpose, Stream};
use stage_files::config::{Split, SplitBy};
use stage_files::dataset::RowInfo;
use stage_files::refuse;

/// Row numbers of a data set, in the order in which they are used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parts {
    /// Rows that train.
    pub train: Vec<u32>,
    /// Rows that test.
    pub test: Vec<u32>,
}

/// Parts `rows` rows. By row and in order the first floor(floor(share * rows) / batch) * batch rows train, as in the
/// 2022 experiments, so there is no short batch. By group whole groups train.
pub fn split(rule: &Split, rows: usize, batch: usize, info: Option<&[RowInfo]>, seed: u64) -> anyhow::Result<Parts> {
    if rows < 2 {
        refuse!("the data set has {rows} row; expected at least 2, one to train on and one to test on");
    }
    let mut order: Vec<u32> = (0..rows as u32).collect();
    let mut stream = Stream::new(seed, Purpose::Split);
    match rule.by {
        SplitBy::Group => return by_group(rule.train.get(), rows, batch, info, &mut stream),
        SplitBy::Row => stream.shuffle(&mut order),
        SplitBy::Order => {}
    }
    let share = (rule.train.get() * rows as f64) as usize;
    if share < batch {
        refuse!(
            "key `batch`: {batch} is more than the {share} training rows ({} of {rows}); make it smaller",
            rule.train.get()
        );
    }
    let test = order.split_off(share / batch * batch);
    Ok(Parts { train: order, test })
}

/// Groups in random order go to training as long as that brings its share nearer to the one asked for; the last group
/// always tests.
fn by_group(
    share: f64,
    rows: usize,
    batch: usize,
    info: Option<&[RowInfo]>,
    stream: &mut Stream,
) -> anyhow::Result<Parts> {
    let Some(info) = info else {
        refuse!(
            "key `split`: by group needs the rows file beside the CSV, which says who wrote each row; there is none"
        );
    };
    if let Some((at, row)) = info.iter().enumerate().find(|(_, row)| row.group.is_none()) {
        refuse!(
            "key `split`: row {at} ({}) has no group, so it cannot be kept apart from its hand's other rows; name \
             pictures {{label}}_{{size}}_{{writer}}-{{n}}, or split by row",
            row.source
        );
    }
    let mut groups: Vec<&str> = info.iter().filter_map(|row| row.group.as_deref()).collect();
    groups.sort_unstable();
    groups.dedup();
    if groups.len() < 2 {
        refuse!("key `split`: by group needs at least two groups, found {}; split by row", groups.len());
    }
    stream.shuffle(&mut groups);
    let size = |group: &str| info.iter().filter(|row| row.group.as_deref() == Some(group)).count();
    let target = share * rows as f64;
    let mut training: Vec<&str> = Vec::new();
    let mut taken = 0.0;
    for group in &groups[..groups.len() - 1] {
        let rows = size(group) as f64;
        if training.is_empty() || taken + rows / 2.0 <= target {
            training.push(group);
            taken += rows;
        }
    }
    training.sort_unstable();
    let trains = |row: &RowInfo| row.group.as_deref().is_some_and(|group| training.binary_search(&group).is_ok());
    let (train, test): (Vec<u32>, Vec<u32>) = (0..rows as u32).partition(|row| trains(&info[*row as usize]));
    if train.len() < batch {
        refuse!("key `batch`: {batch} is more than the {} training rows; make it smaller", train.len());
    }
    Ok(Parts { train, test })
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
        assert!(error(split(&rule("row", 0.8), 10, 9, None, 1)).contains("9 is more than the 8 training rows"));
        assert!(error(split(&rule("group", 0.8), 4, 1, None, 1)).contains("rows file"));
        let some = info(&[Some("a"), None, Some("b"), Some("b")]);
        assert!(error(split(&rule("group", 0.8), 4, 1, Some(&some), 1)).contains("row 1 (1_20_x.png) has no group"));
        let one = info(&[Some("a"); 4]);
        assert!(error(split(&rule("group", 0.8), 4, 1, Some(&one), 1)).contains("at least two groups"));
    }
}
