//! Finding run folders.

use std::path::{Path, PathBuf};

use super::{CONFIG_FILE, SUMMARY_FILE, Summary};
use crate::kind::{Kind, expect_folder, kind};
use crate::stage::StageInfo;
use crate::text_name::text_path;
use crate::{in_words, is_fault_of_system, json};

/// A folder with a `config.json`.
#[derive(Clone, Debug)]
pub struct FoundRun {
    /// Where it is.
    pub folder: PathBuf,
    /// Its path below the folder that was searched, `/` between the parts.
    pub name: String,
    /// Whether it can be used.
    pub state: RunState,
}

/// Whether a run folder can be used.
#[derive(Clone, Debug)]
pub enum RunState {
    /// It is finished.
    Done(Box<Summary>, Box<StageInfo>),
    /// It is being written, or its process died.
    Unfinished,
    /// Its files are not what mlp-train writes, for this reason.
    Damaged(String),
    /// The system could not read it, for this reason; it may be whole.
    Unreadable(String),
}

/// All run folders below a folder (or that folder itself), in name order, numbers by value.
pub fn find_runs(root: &Path) -> anyhow::Result<Vec<FoundRun>> {
    let remedy = if kind(root)? == Kind::File { "give its folder" } else { "check the path" };
    expect_folder(root, "the folder that mlp-train wrote", remedy)?;
    let mut found = Vec::new();
    fs_err::read_dir(root)?;
    search(root, root, &mut found);
    found.sort_by_cached_key(|run| natural_key(&run.name));
    Ok(found)
}

fn search(root: &Path, folder: &Path, found: &mut Vec<FoundRun>) {
    let name = || {
        let name = text_path(folder.strip_prefix(root).unwrap_or(folder));
        if name.is_empty() { crate::text_name::base_name(folder) } else { name }
    };
    let mut visit = || {
        if kind(&folder.join(CONFIG_FILE))? == Kind::File {
            found.push(FoundRun { state: state(folder), folder: folder.to_owned(), name: name() });
            return Ok(());
        }
        for entry in fs_err::read_dir(folder)? {
            let entry = entry?;
            // Links are not followed: a run folder belongs to one place.
            if entry.file_type()?.is_dir() && !entry.file_name().as_encoded_bytes().starts_with(b".") {
                search(root, &entry.path(), found);
            }
        }
        anyhow::Ok(())
    };
    // One closed folder must not hide all others.
    if let Err(error) = visit() {
        found.push(FoundRun { state: unusable(folder, &error), folder: folder.to_owned(), name: name() });
    }
}

/// Reasons go into reports, which must not depend on the folder's place.
fn unusable(folder: &Path, error: &anyhow::Error) -> RunState {
    let reason = in_words(error);
    let reason = reason.replace(&format!("{}{}", folder.display(), std::path::MAIN_SEPARATOR), "");
    if is_fault_of_system(error) { RunState::Unreadable(reason) } else { RunState::Damaged(reason) }
}

fn state(folder: &Path) -> RunState {
    match StageInfo::read(folder) {
        Ok(None) => RunState::Unfinished,
        Err(error) => unusable(folder, &error),
        Ok(Some(stage)) => match json::read::<Summary>(&folder.join(SUMMARY_FILE)) {
            Ok(summary) => RunState::Done(Box::new(summary), Box::new(stage)),
            Err(error) => unusable(folder, &error),
        },
    }
}

/// Text and numbers in turn, so that `seed-2` comes before `seed-10`.
fn natural_key(name: &str) -> Vec<(String, u64)> {
    let mut key = Vec::new();
    let mut rest = name;
    while !rest.is_empty() {
        let text = rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len());
        let (word, tail) = rest.split_at(text);
        let digits = tail.find(|c: char| !c.is_ascii_digit()).unwrap_or(tail.len());
        let (number, tail) = tail.split_at(digits);
        key.push((word.to_owned(), number.parse().unwrap_or(0)));
        rest = tail;
    }
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_found_in_natural_order_with_their_state() {
        let root = tempfile::tempdir().unwrap();
        for name in ["b/seed-10", "b/seed-2", "a"] {
            fs_err::create_dir_all(root.path().join(name)).unwrap();
            std::fs::write(root.path().join(name).join(CONFIG_FILE), "{}").unwrap();
        }
        std::fs::write(root.path().join("a").join(crate::stage::STAGE_FILE), "{").unwrap();
        let found = find_runs(root.path()).unwrap();
        assert_eq!(found.iter().map(|r| r.name.as_str()).collect::<Vec<_>>(), ["a", "b/seed-2", "b/seed-10"]);
        assert!(matches!(found[0].state, RunState::Damaged(_)));
        assert!(matches!(found[1].state, RunState::Unfinished));
        assert!(crate::is_refused(&find_runs(&root.path().join("none")).unwrap_err()));
    }
}
