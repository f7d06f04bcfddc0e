//! Splits that keep all rows of a hand on one side.

use mlp_core::random::Stream;
use stage_files::dataset::RowInfo;
use stage_files::refuse;

/// The hands that wrote some rows, in the order of their names.
pub struct Groups<'a> {
    info: &'a [RowInfo],
    names: Vec<&'a str>,
}

impl<'a> Groups<'a> {
    /// The groups of `rows`. `key` is the config key that asks for them, for messages.
    pub fn of(rows: &[u32], info: Option<&'a [RowInfo]>, key: &str) -> anyhow::Result<Self> {
        let Some(info) = info else {
            refuse!(
                "key `{key}`: by group needs the rows file beside the CSV, which says who wrote each row; there is none"
            );
        };
        let mut names = Vec::new();
        for &row in rows {
            let of_row = &info[row as usize];
            match &of_row.group {
                Some(group) => names.push(group.as_str()),
                None => refuse!(
                    "key `{key}`: row {row} ({}) has no group, so it cannot be kept apart from its hand's other rows; name \
                     pictures {{label}}_{{size}}_{{writer}}-{{n}}, or split by row",
                    of_row.source
                ),
            }
        }
        names.sort_unstable();
        names.dedup();
        if names.len() < 2 {
            refuse!("key `{key}`: by group needs at least two groups, found {}; split by row", names.len());
        }
        Ok(Self { info, names })
    }

    /// In the order of their names.
    pub fn names(&self) -> &[&'a str] {
        &self.names
    }

    /// Parts rows into those of some groups and the others, both in the order they come.
    pub fn part(&self, rows: &[u32], groups: &[&str]) -> (Vec<u32>, Vec<u32>) {
        let mut groups = groups.to_vec();
        groups.sort_unstable();
        let is_in = |row: &RowInfo| row.group.as_deref().is_some_and(|group| groups.binary_search(&group).is_ok());
        rows.iter().partition(|row| is_in(&self.info[**row as usize]))
    }

    /// Groups in random order, as long as taking one brings the share of their rows nearer to the one asked for; the
    /// last group is never taken, the first always.
    pub fn take_share(&self, share: f64, rows: &[u32], stream: &mut Stream) -> Vec<&'a str> {
        let mut groups = self.names.clone();
        stream.shuffle(&mut groups);
        let of = |group: &str| {
            rows.iter().filter(|row| self.info[**row as usize].group.as_deref() == Some(group)).count() as f64
        };
        let target = share * rows.len() as f64;
        let mut chosen: Vec<&str> = Vec::new();
        let mut taken = 0.0;
        for group in &groups[..groups.len() - 1] {
            let rows = of(group);
            if chosen.is_empty() || taken + rows / 2.0 <= target {
                chosen.push(group);
                taken += rows;
            }
        }
        chosen
    }
}
