//! Folds: every row tests in just one of them.

use std::ops::Range;

use stage_files::config::{Count, Folds};
use stage_files::refuse;

/// The `fold`th (from 1) of `folds` contiguous blocks of 0..n, which are as equal as they can be, larger ones first.
fn block(n: usize, folds: usize, fold: usize) -> Range<usize> {
    let start = |k: usize| k * (n / folds) + k.min(n % folds);
    start(fold - 1)..start(fold)
}

/// Where the items of one fold are among `n`. `what` names the items in the message when there are fewer than folds.
pub(crate) fn fold_range(n: usize, folds: Folds, fold: Count, what: &str) -> anyhow::Result<Range<usize>> {
    let folds = folds.get() as usize;
    if n < folds {
        refuse!("key `split.folds`: expected at most as many folds as there are {what} ({n}), found {folds}");
    }
    Ok(block(n, folds, fold.get() as usize))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_contiguous_and_as_equal_as_can_be() {
        let sizes = |n, folds| (1..=folds).map(|fold| block(n, folds, fold).len()).collect::<Vec<_>>();
        assert_eq!(sizes(14, 5), [3, 3, 3, 3, 2]);
        assert_eq!(sizes(10, 5), [2; 5]);
        assert_eq!(sizes(3, 3), [1; 3]);
        for (n, folds) in [(14, 5), (8048, 7), (2, 2)] {
            let joined: Vec<usize> = (1..=folds).flat_map(|fold| block(n, folds, fold)).collect();
            assert!(joined.into_iter().eq(0..n));
        }
    }
}
