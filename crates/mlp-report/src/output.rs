//! The steps in which the report and the event files are written: refuse a foreign folder, look whether it is up to
//! date, take its lock, mark it as begun, write, mark it as finished.

use std::path::Path;

use stage_files::lock::FolderLock;
use stage_files::stage::StageInfo;

/// Writes an output folder with `write`, unless it is up to date: then its `stage.json` equals `info` and `is_complete`
/// finds all files. Tells whether anything was written.
///
/// A folder that another tool made, or that holds files of unknown origin, is refused.
pub(crate) fn write(
    out: &Path,
    info: &StageInfo,
    is_complete: impl Fn() -> bool,
    write: impl FnOnce() -> anyhow::Result<()>,
) -> anyhow::Result<bool> {
    info.refuse_foreign(out)?;
    if StageInfo::read(out)?.as_ref() == Some(info) && is_complete() {
        StageInfo::tidy_abandoned(out)?;
        return Ok(false);
    }
    let _lock = FolderLock::take(out)?;
    info.begin(out)?;
    write()?;
    info.finish(out)?;
    Ok(true)
}
