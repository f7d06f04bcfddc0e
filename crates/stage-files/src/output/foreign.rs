//! Refuses output folders of other stages, of other settings, and of nobody's stage.

use std::path::Path;

use super::rejected::REJECTED_FILE;
use super::{Layout, MANIFEST_FILE, Reuse, manifest, settings};
use crate::cache::CACHE_FILE;
use crate::lock::LOCK_FILE;
use crate::stage::{PARTIAL_FILE, STAGE_FILE, StageInfo};
use crate::text_name::text_name;
use crate::{atomic, refuse};

const REMEDY: &str = "write to another folder, or remove this one first";
/// Files that say what was not possible, or, as the config of a run, what was asked for. Where a stage wrote nothing
/// else, nothing was done.
const NO_RESULT: [&str; 2] = [REJECTED_FILE, "config.json"];

/// Refuses a folder that another tool made, or other settings if the work is not to be done anew, or that holds files
/// that no stage made. `folder` need not exist. A folder in which nothing was done is as good as an empty one.
/// Sub-folders of other stages are allowed, so that all stages of a data set can be in one folder.
pub(super) fn refuse(folder: &Path, layout: &Layout, asked: &StageInfo, reuse: Reuse) -> anyhow::Result<()> {
    let shown = folder.display();
    match std::fs::metadata(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Ok(there) if there.is_dir() => {}
        Ok(_) => refuse!("{shown}: expected a folder to write, found a file; name another folder"),
        Err(error) if error.kind() == std::io::ErrorKind::NotADirectory => {
            refuse!("{shown}: a part of this path is a file, expected folders only; name another folder")
        }
        Err(error) => return Err(anyhow::Error::from(error).context(shown.to_string())),
    }
    let Some(there) = StageInfo::read_any(folder)? else {
        if let Some(name) = first_foreign(folder)? {
            refuse!("{shown} holds files that no stage made (such as {name}); {REMEDY}");
        }
        return Ok(());
    };
    if is_without_result(folder, layout) || there.tool == asked.tool && has_no_pictures(&there) {
        return Ok(());
    }
    if there.tool != asked.tool {
        refuse!("{shown} was made by {}, not by {}; {REMEDY}", there.tool, asked.tool);
    }
    let differing = settings::differing(&there, asked);
    if !differing.is_empty() && !reuse.fresh {
        refuse!(
            "{shown} was made with other settings ({}); do it anew in place with --fresh, or write to another folder",
            settings::listed(&differing)
        );
    }
    Ok(())
}

/// The first file in a folder that no stage made.
fn first_foreign(folder: &Path) -> anyhow::Result<Option<String>> {
    let entries = match fs_err::read_dir(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        entries => entries?,
    };
    for entry in entries {
        let name = entry?.file_name();
        let text = text_name(&name);
        let is_own = [LOCK_FILE, MANIFEST_FILE, CACHE_FILE].contains(&text.as_str()) || atomic::is_temporary(&text);
        let is_stage = [STAGE_FILE, PARTIAL_FILE].iter().any(|file| folder.join(&name).join(file).is_file());
        if !is_own && !is_stage {
            return Ok(Some(text));
        }
    }
    Ok(None)
}

/// Whether an earlier run left no result: it was killed or refused at its beginning.
fn is_without_result(folder: &Path, layout: &Layout) -> bool {
    let any = Layout { owns: |_| true, private: &[] };
    let exists = |name: &str| std::fs::symlink_metadata(folder.join(name)).is_ok();
    // Without its list of files nobody knows what a stage wrote.
    let Some(files) = manifest::read(folder, &any) else { return false };
    !files.keys().any(|name| !NO_RESULT.contains(&name.as_str()) && exists(name))
        && !layout.private.iter().any(|name| exists(name))
}

/// Whether an earlier run had pictures to make and could make none.
fn has_no_pictures(there: &StageInfo) -> bool {
    there.counts.get("pictures") == Some(&0)
}
