//! Refuses output folders of other stages, of other settings, and of nobody's stage.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;

use super::MANIFEST_FILE;
use crate::cache::CACHE_FILE;
use crate::lock::LOCK_FILE;
use crate::stage::{PARTIAL_FILE, STAGE_FILE, StageInfo};
use crate::text_name::text_name;
use crate::{atomic, refuse};

/// Differing settings named in a message.
const SHOWN: usize = 5;
const REMEDY: &str = "write to another folder, or remove this one first";

/// Refuses a folder that another tool or other settings made, or that holds files that no stage made. `folder` need not
/// exist. Sub-folders of other stages are allowed, so that all stages of a data set can be in one folder.
pub(super) fn refuse(folder: &Path, asked: &StageInfo) -> anyhow::Result<()> {
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
    let there = StageInfo::read(folder)?.map_or_else(|| StageInfo::read_partial(folder), |info| Ok(Some(info)))?;
    let Some(there) = there else {
        if let Some(name) = first_foreign(folder)? {
            refuse!("{shown} holds files that no stage made (such as {name}); {REMEDY}");
        }
        return Ok(());
    };
    if there.tool != asked.tool {
        refuse!("{shown} was made by {}, not by {}; {REMEDY}", there.tool, asked.tool);
    }
    let differing = differing(&there, asked);
    if !differing.is_empty() {
        let mut named = differing.iter().take(SHOWN).cloned().collect::<Vec<_>>().join(", ");
        if let Some(more @ 1..) = differing.len().checked_sub(SHOWN) {
            named += &format!(" and {more} more");
        }
        refuse!("{shown} was made with other settings ({named}); {REMEDY}");
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

/// The settings that differ, each as `epochs: 30 -> 20`: the old value, then the new one.
fn differing(there: &StageInfo, asked: &StageInfo) -> Vec<String> {
    let (mut before, mut now) = (BTreeMap::new(), BTreeMap::new());
    for (info, flat) in [(there, &mut before), (asked, &mut now)] {
        flatten("", &info.settings, flat);
        flat.insert("labels".to_owned(), info.labels.to_string());
    }
    let keys: BTreeSet<&String> = before.keys().chain(now.keys()).collect();
    let value = |flat: &BTreeMap<String, String>, key| flat.get(key).map_or_else(|| "none".to_owned(), Clone::clone);
    let pairs = keys.into_iter().map(|key| (key, value(&before, key), value(&now, key)));
    pairs.filter(|(_, was, is)| was != is).map(|(key, was, is)| format!("{key}: {was} -> {is}")).collect()
}

/// The leaves of a JSON value by their dotted paths; lists count as leaves.
fn flatten(path: &str, value: &Value, into: &mut BTreeMap<String, String>) {
    match value {
        Value::Object(object) if !object.is_empty() => {
            for (key, value) in object {
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                flatten(&path, value, into);
            }
        }
        Value::String(text) => drop(into.insert(path.to_owned(), text.clone())),
        Value::Null => drop(into.insert(path.to_owned(), "none".to_owned())),
        other => drop(into.insert(path.to_owned(), other.to_string())),
    }
}
