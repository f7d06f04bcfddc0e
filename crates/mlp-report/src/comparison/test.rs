//! The tests of a difference.

/// How a difference was tested. Which it is follows from the runs: from how many there are, and from whether all were
/// tested on the same rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Test {
    /// Several seeds, all tested on the same rows: it allows for other seeds and for other rows.
    Crossed,
    /// Several common seeds, each with test rows of its own: the paired t test, corrected for overlapping training
    /// rows. Rows and seeds vary together, so it allows for both.
    CorrectedPairedT,
    /// Test rows of their own and no common seeds: Welch's t test, corrected in the same way.
    Welch,
    /// One run of each: McNemar's exact test, with the interval of the bootstrap. It allows for other rows, but not for
    /// other seeds, since one run does not show how seeds vary.
    McNemar,
}
