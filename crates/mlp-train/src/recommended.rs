//! The recommended config, with what a data set of few pictures needs: for programs that train without asking.

use std::collections::BTreeMap;

use anyhow::Context;
use stage_files::config::{Config, Count, Seeds, Share, Split, SplitBy};
use stage_files::dataset::RowInfo;
use stage_files::digest::sha256_hex;
use stage_files::{json, refused};

/// What we recommend, compiled in so that the command needs no other file.
const RECOMMENDED: &str = include_str!("../../../configs/recommended/20x20.json");
/// Share of the pictures that train.
const TRAIN_SHARE: f64 = 0.8;
/// A writer with fewer pictures is no test of a network.
const MIN_ROWS_OF_WRITER: usize = 5;
/// Mini-batches that an epoch has at least, so that few pictures still make some steps.
const MIN_BATCHES: usize = 4;

/// What the user asks for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wanted<'a> {
    /// Epochs, if others than those that we recommend.
    pub epochs: Option<u32>,
    /// Several runs.
    pub seeds: Option<&'a Seeds>,
    /// The random seed.
    pub seed: Option<u64>,
    /// Drawn digits that train beside the pictures.
    pub drawn: usize,
}

/// How the pictures are divided into those that train and those that test: whole writers where there are at least two
/// with enough pictures, otherwise single pictures.
pub fn split_by(rows: &[RowInfo]) -> SplitBy {
    let mut writers: BTreeMap<&str, usize> = BTreeMap::new();
    for row in rows {
        let Some(writer) = &row.writer else { return SplitBy::Row };
        *writers.entry(writer).or_default() += 1;
    }
    let enough = writers.values().filter(|rows| **rows >= MIN_ROWS_OF_WRITER).count();
    if enough >= 2 { SplitBy::Group } else { SplitBy::Row }
}

/// The config for a data set. The name is given by the caller, see [`name`].
///
/// # Errors
/// A refusal when an option cannot be used.
pub fn config(rows: &[RowInfo], by: SplitBy, wanted: &Wanted<'_>) -> anyhow::Result<Config> {
    let mut config: Config = json::from_bytes(RECOMMENDED.as_bytes()).context("the recommended config")?;
    config.data = None;
    config.extra_data = Vec::new();
    let train = Share::try_from(TRAIN_SHARE).map_err(refused)?;
    config.split = Split { by, train: Some(train), ..Split::default() };
    if let Some(epochs) = wanted.epochs {
        config.epochs = Count::try_from(i64::from(epochs)).map_err(refused)?;
    }
    if let Some(seeds) = wanted.seeds {
        config.seeds = Some(seeds.clone());
        config.seed = None;
    }
    if let Some(seed) = wanted.seed {
        config.seed = Some(seed);
    }
    let most = ((train_rows_at_least(rows, by) + wanted.drawn) / MIN_BATCHES).max(1);
    let batch = (config.batch.get() as usize).min(most);
    config.batch = Count::try_from(batch as i64).map_err(refused)?;
    Ok(config)
}

/// Rows that train whatever the seed.
fn train_rows_at_least(rows: &[RowInfo], by: SplitBy) -> usize {
    if by == SplitBy::Group {
        let mut writers: BTreeMap<Option<&str>, usize> = BTreeMap::new();
        rows.iter().for_each(|row| *writers.entry(row.writer.as_deref()).or_default() += 1);
        return writers.into_values().min().unwrap_or(0);
    }
    (rows.len() as f64 * TRAIN_SHARE) as usize
}

/// The name of a run: other pictures, other drawn digits or another config give another name, so that an older run
/// stays.
pub fn name(config: &Config, labels: &str, pictures: usize, data: &[String]) -> anyhow::Result<String> {
    let mut bytes = json::to_bytes(config)?;
    bytes.extend(data.concat().into_bytes());
    Ok(format!("{labels}-{pictures}-pictures-{}", &sha256_hex(&bytes)[..8]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(writers: &[(Option<&str>, usize)]) -> Vec<RowInfo> {
        let row = |writer: Option<&str>| RowInfo {
            source: "1_20_x.png".into(),
            label: 1,
            size: 20,
            writer: writer.map(str::to_owned),
            path: None,
        };
        writers.iter().flat_map(|&(writer, count)| vec![row(writer); count]).collect()
    }

    #[test]
    fn two_writers_with_enough_pictures_are_split_by_writer() {
        for (writers, by) in [
            (&[(Some("a"), 5), (Some("b"), 9)][..], SplitBy::Group),
            (&[(Some("a"), 5), (Some("b"), 4)], SplitBy::Row),
            (&[(Some("a"), 50)], SplitBy::Row),
            (&[(None, 50)], SplitBy::Row),
            (&[(Some("a"), 50), (Some("b"), 50), (None, 1)], SplitBy::Row),
        ] {
            assert_eq!(split_by(&rows(writers)), by, "{writers:?}");
        }
    }

    #[test]
    fn a_few_pictures_alone_make_small_batches() {
        let batch = |pictures, by, drawn| {
            let rows = rows(&[(Some("a"), pictures), (Some("b"), pictures / 2)]);
            let wanted = Wanted { epochs: Some(3), seeds: None, seed: Some(7), drawn };
            let config = config(&rows, by, &wanted).unwrap();
            assert_eq!((config.epochs.get(), config.seed), (3, Some(7)));
            config.batch.get()
        };
        assert_eq!(batch(400, SplitBy::Row, 0), 32);
        assert_eq!(batch(20, SplitBy::Row, 0), 6);
        assert_eq!(batch(20, SplitBy::Group, 0), 2);
        assert_eq!(batch(2, SplitBy::Row, 0), 1);
        assert_eq!(batch(2, SplitBy::Row, 200), 32);
    }

    #[test]
    fn other_data_and_other_settings_have_other_names() {
        let wanted = |epochs| Wanted { epochs, seeds: None, seed: None, drawn: 500 };
        let rows = rows(&[(Some("a"), 50)]);
        let of = |epochs, data: &str| {
            name(&config(&rows, SplitBy::Row, &wanted(epochs)).unwrap(), "0-9", 50, &[data.to_owned()]).unwrap()
        };
        let first = of(None, "a");
        assert!(first.starts_with("0-9-50-pictures-") && first.len() == 24, "{first}");
        assert!(first == of(None, "a") && first != of(Some(5), "a") && first != of(None, "b"));
    }
}
