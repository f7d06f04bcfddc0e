//! The key `split`: which rows train and which test.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Count, Folds, Share};
use crate::refuse;

/// Which rows train and which test.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Split {
    /// The rule.
    pub by: SplitBy,
    /// Share of the rows that train, 0.8 if absent; by row and in order rounded down to whole batches. Not with
    /// `folds`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub train: Option<Share>,
    /// The rows (by group: the writers) are divided into this many folds. One tests, the others train. Each fold tests
    /// in a run of its own, unless `fold` names one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub folds: Option<Folds>,
    /// The fold that tests, from 1 to `folds`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fold: Option<Count>,
    /// By group: only so many of the training writers train, drawn by the seed; those drawn for a smaller number are
    /// among them. All train if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub train_writers: Option<Count>,
}

/// The rule of a split.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum SplitBy {
    /// The rows are shuffled once.
    Row,
    /// The rows stay in the order of the file.
    Order,
    /// All rows of a writer are on one side. Folds by group do not depend on the seed.
    Group,
}

impl Default for Split {
    fn default() -> Self {
        Self { by: SplitBy::Row, train: None, folds: None, fold: None, train_writers: None }
    }
}

impl Split {
    /// Share of the rows that train where there are no folds.
    pub fn share(&self) -> Share {
        self.train.unwrap_or_default()
    }

    /// One split for each fold that is to test; this one alone where there are no folds.
    pub fn each_fold(&self) -> Vec<Self> {
        match (self.folds, self.fold) {
            (Some(folds), None) => folds.all().map(|fold| Self { fold: Some(fold), ..self.clone() }).collect(),
            _ => vec![self.clone()],
        }
    }

    /// Refuses keys that exclude one another.
    pub(super) fn check(&self) -> anyhow::Result<()> {
        if let (Some(count), SplitBy::Row | SplitBy::Order) = (self.train_writers, self.by) {
            refuse!(
                "key `split.train_writers`: expected `split.by` to be `group`, found {} writers alone",
                count.get()
            );
        }
        match (self.folds, self.fold, self.train) {
            (Some(folds), _, Some(_)) => {
                refuse!(
                    "keys `split.train` and `split.folds`: expected one of them, found both ({} folds)",
                    folds.get()
                )
            }
            (None, Some(fold), _) => {
                refuse!("key `split.fold`: expected `split.folds` beside it, found fold {} alone", fold.get())
            }
            (Some(folds), Some(fold), None) if fold.get() > folds.get() => {
                refuse!("key `split.fold`: expected 1 to {}, as there are folds, found {}", folds.get(), fold.get())
            }
            _ => Ok(()),
        }
    }

    /// The same with the default share written out.
    pub(super) fn resolved(&self) -> Self {
        let train = if self.folds.is_some() { None } else { Some(self.share()) };
        Self { train, ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Split {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn every_fold_tests_in_turn_unless_one_is_named() {
        let folds = |text: &str| split(text).each_fold().iter().map(|s| s.fold.map(Count::get)).collect::<Vec<_>>();
        assert_eq!(folds(r#"{"by": "group", "folds": 3}"#), [Some(1), Some(2), Some(3)]);
        assert_eq!(folds(r#"{"by": "group", "folds": 3, "fold": 2}"#), [Some(2)]);
        assert_eq!(folds(r#"{"by": "row"}"#), [None]);
    }

    #[test]
    fn keys_that_exclude_one_another_are_refused() {
        for (text, part) in [
            (r#"{"by": "row", "folds": 3, "train": 0.5}"#, "found both (3 folds)"),
            (r#"{"by": "row", "fold": 3}"#, "found fold 3 alone"),
            (r#"{"by": "row", "train_writers": 4}"#, "expected `split.by` to be `group`, found 4 writers alone"),
            (r#"{"by": "row", "folds": 3, "fold": 4}"#, "expected 1 to 3, as there are folds, found 4"),
        ] {
            let error = split(text).check().unwrap_err();
            assert!(error.to_string().contains(part) && crate::is_refused(&error), "{error:#}");
        }
        split(r#"{"by": "row", "folds": 3, "fold": 3}"#).check().unwrap();
    }

    #[test]
    fn the_resolved_split_says_its_share_where_it_has_one() {
        assert_eq!(split(r#"{"by": "order"}"#).resolved().train.map(Share::get), Some(0.8));
        assert_eq!(split(r#"{"by": "order", "folds": 2}"#).resolved().train, None);
    }
}
