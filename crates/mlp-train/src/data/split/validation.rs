//! Holding training rows back for validation.

use mlp_core::random::{Purpose, Stream};
use stage_files::config::{Share, SplitBy};
use stage_files::dataset::RowInfo;
use stage_files::refuse;

use super::writers::Writers;

/// Divides training rows into those that train and those that validate, the given share of them; see
/// [`DataSplit::hold_back`](super::DataSplit::hold_back).
pub(crate) fn hold_back(
    train: &[u32],
    share: Share,
    by: SplitBy,
    info: Option<&[RowInfo]>,
    seed: u64,
) -> anyhow::Result<(Vec<u32>, Vec<u32>)> {
    let mut stream = Stream::new(seed, Purpose::Validation);
    if by == SplitBy::Group {
        let writers = Writers::of(train, info, "validation")?;
        let (validate, stay) = writers.draw_share(share.get(), train, &mut stream);
        return Ok((writers.rows_of(&stay, train), writers.rows_of(&validate, train)));
    }
    let n = train.len();
    let held = (share.get() * n as f64) as usize;
    if held == 0 || held == n {
        refuse!(
            "key `validation`: {} of {n} training rows leaves {held} to choose the epoch and {} to train; expected at \
             least 1 of both",
            share.get(),
            n - held
        );
    }
    let mut indices: Vec<usize> = (0..n).collect();
    if by == SplitBy::Row {
        stream.shuffle(&mut indices);
    }
    let rows = |mut indices: Vec<usize>| -> Vec<u32> {
        indices.sort_unstable();
        indices.into_iter().map(|index| train[index]).collect()
    };
    let held = indices.split_off(n - held);
    Ok((rows(indices), rows(held)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::split::DataSplit;

    fn held(train: &[u32], share: f64, by: SplitBy, seed: u64) -> anyhow::Result<DataSplit> {
        let mut split = DataSplit { train: train.to_vec(), validation: Vec::new(), test: vec![100] };
        split.hold_back(Share::try_from(share).unwrap(), by, None, seed)?;
        Ok(split)
    }

    #[test]
    fn a_share_of_the_training_rows_is_held_back_and_the_rest_keeps_its_order() {
        let train = [9, 4, 7, 1, 0, 3, 8, 2, 6, 5];
        let split = held(&train, 0.35, SplitBy::Order, 1).unwrap();
        assert_eq!((split.train.as_slice(), split.validation.as_slice()), (&train[..7], &train[7..]));
        let split = held(&train, 0.35, SplitBy::Row, 1).unwrap();
        assert_eq!((split.train.len(), split.validation.len(), split.test.as_slice()), (7, 3, [100].as_slice()));
        assert_ne!(split.validation, train[7..]);
        let places = |rows: &[u32]| -> Vec<_> { rows.iter().map(|row| train.iter().position(|r| r == row)).collect() };
        assert!(places(&split.train).is_sorted());
        let mut all = [split.train.clone(), split.validation.clone()].concat();
        all.sort_unstable();
        assert!(all.into_iter().eq(0..10));
        assert_eq!(held(&train, 0.35, SplitBy::Row, 1).unwrap(), split);
        assert_ne!(held(&train, 0.35, SplitBy::Row, 2).unwrap(), split);
    }

    #[test]
    fn a_writer_trains_or_validates_but_not_both() {
        let info: Vec<RowInfo> = (0..40)
            .map(|i| RowInfo {
                source: "1_20_x.png".into(),
                label: 1,
                size: 20,
                writer: Some(format!("writer{}", i % 8)),
                path: None,
            })
            .collect();
        for seed in 0..10 {
            let mut split = DataSplit { train: (0..40).collect(), validation: Vec::new(), test: Vec::new() };
            split.hold_back(Share::try_from(0.25).unwrap(), SplitBy::Group, Some(&info), seed).unwrap();
            assert_eq!((split.train.len(), split.validation.len()), (30, 10));
            assert!(split.validation.iter().all(|row| !split.train.iter().any(|other| row % 8 == other % 8)));
        }
    }

    #[test]
    fn too_few_rows_to_validate_or_to_train_are_refused() {
        let error = |result: anyhow::Result<DataSplit>| result.unwrap_err().to_string();
        assert!(error(held(&[1, 2, 3], 0.3, SplitBy::Row, 1)).contains("leaves 0 to choose the epoch and 3 to train"));
        assert!(error(held(&[1], 0.5, SplitBy::Row, 1)).contains("at least 1 of both"));
        assert!(error(held(&[1, 2, 3], 0.3, SplitBy::Group, 1)).contains("key `validation`: by group needs the rows"));
    }
}
