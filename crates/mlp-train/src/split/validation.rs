//! Holding training rows back to choose the best epoch.

use mlp_core::random::{Purpose, Stream};
use stage_files::config::{Share, SplitBy};
use stage_files::dataset::RowInfo;
use stage_files::refuse;

use super::Parts;
use super::groups::Groups;

impl Parts {
    /// Moves a share of the training rows to the validation rows: by group whole groups, in order the last rows, by row
    /// any. The order of those that stay is kept.
    pub fn hold_back(&mut self, share: Share, by: SplitBy, info: Option<&[RowInfo]>, seed: u64) -> anyhow::Result<()> {
        let mut stream = Stream::new(seed, Purpose::Validation);
        if by == SplitBy::Group {
            let groups = Groups::of(&self.train, info, "validation")?;
            let chosen = groups.take_share(share.get(), &self.train, &mut stream);
            (self.validation, self.train) = groups.part(&self.train, &chosen);
            return Ok(());
        }
        let n = self.train.len();
        let held = (share.get() * n as f64) as usize;
        if held == 0 || held == n {
            refuse!(
                "key `validation`: {} of {n} training rows leaves {held} to choose the epoch and {} to train; expected \
                 at least 1 of both",
                share.get(),
                n - held
            );
        }
        let mut places: Vec<usize> = (0..n).collect();
        if by == SplitBy::Row {
            stream.shuffle(&mut places);
        }
        let mut chosen = places.split_off(n - held);
        chosen.sort_unstable();
        self.validation = chosen.iter().map(|&place| self.train[place]).collect();
        places.sort_unstable();
        self.train = places.into_iter().map(|place| self.train[place]).collect();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(train: &[u32], share: f64, by: SplitBy, seed: u64) -> anyhow::Result<Parts> {
        let mut parts = Parts { train: train.to_vec(), validation: Vec::new(), test: vec![100] };
        parts.hold_back(Share::try_from(share).unwrap(), by, None, seed)?;
        Ok(parts)
    }

    #[test]
    fn a_share_of_the_training_rows_is_held_back_and_the_rest_keeps_its_order() {
        let train = [9, 4, 7, 1, 0, 3, 8, 2, 6, 5];
        let parts = held(&train, 0.35, SplitBy::Order, 1).unwrap();
        assert_eq!((parts.train.as_slice(), parts.validation.as_slice()), (&train[..7], &train[7..]));
        let parts = held(&train, 0.35, SplitBy::Row, 1).unwrap();
        assert_eq!((parts.train.len(), parts.validation.len(), parts.test.as_slice()), (7, 3, [100].as_slice()));
        assert_ne!(parts.validation, train[7..]);
        let places = |rows: &[u32]| -> Vec<_> { rows.iter().map(|row| train.iter().position(|r| r == row)).collect() };
        assert!(places(&parts.train).is_sorted());
        let mut all = [parts.train.clone(), parts.validation.clone()].concat();
        all.sort_unstable();
        assert!(all.into_iter().eq(0..10));
        assert_eq!(held(&train, 0.35, SplitBy::Row, 1).unwrap(), parts);
        assert_ne!(held(&train, 0.35, SplitBy::Row, 2).unwrap(), parts);
    }

    #[test]
    fn a_hand_trains_or_chooses_but_not_both() {
        let info: Vec<RowInfo> = (0..40)
            .map(|i| RowInfo { source: "1_20_x.png".into(), label: 1, size: 20, group: Some(format!("hand{}", i % 8)) })
            .collect();
        for seed in 0..10 {
            let mut parts = Parts { train: (0..40).collect(), validation: Vec::new(), test: Vec::new() };
            parts.hold_back(Share::try_from(0.25).unwrap(), SplitBy::Group, Some(&info), seed).unwrap();
            assert_eq!((parts.train.len(), parts.validation.len()), (30, 10));
            assert!(parts.validation.iter().all(|row| !parts.train.iter().any(|other| row % 8 == other % 8)));
        }
    }

    #[test]
    fn too_few_rows_to_choose_or_to_train_are_refused() {
        let error = |result: anyhow::Result<Parts>| result.unwrap_err().to_string();
        assert!(error(held(&[1, 2, 3], 0.3, SplitBy::Row, 1)).contains("leaves 0 to choose the epoch and 3 to train"));
        assert!(error(held(&[1], 0.5, SplitBy::Row, 1)).contains("at least 1 of both"));
        assert!(error(held(&[1, 2, 3], 0.3, SplitBy::Group, 1)).contains("key `validation`: by group needs the rows"));
    }
}
