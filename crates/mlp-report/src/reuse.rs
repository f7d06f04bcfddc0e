//! When an earlier output of this stage is no obstacle.

use std::path::Path;

use stage_files::output::Reuse;
use stage_files::stage::StageInfo;

/// The label set of a report is that of its runs and no setting, and where pictures lead changes nothing else. So
/// neither is an obstacle.
pub(crate) fn over_other_runs(asked: Reuse, out: &Path, info: &StageInfo) -> Reuse {
    // A folder that cannot be read is told as such when it is opened for writing.
    let there = StageInfo::read_any(out).ok().flatten();
    let is_of_other_runs =
        there.is_some_and(|there| (&there.labels, &there.settings) != (&info.labels, &info.settings));
    Reuse { fresh: asked.fresh || is_of_other_runs, ..asked }
}
