//! `stage.json`: who made a folder, with which settings, from which inputs, and what it holds.
//!
//! It is written last, so a folder with a `stage.json` is finished. While a stage works, [`PARTIAL_FILE`] replaces it
//! and keeps the settings, so that a killed run can continue and a run with other settings is refused.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Context;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::labels::LabelSet;
use crate::picture::PictureSettings;
use crate::{json, no_follow, refuse};

/// Name of the file in every finished folder.
pub const STAGE_FILE: &str = "stage.json";
/// Name of the file while the folder is being written.
pub const PARTIAL_FILE: &str = ".stage.partial.json";
/// Version of the files between stages. It rises when an older reader would misunderstand them.
pub const FORMAT: u32 = 1;

/// An input of a stage. It has no path, so that its place on the disk does not matter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Input {
    /// Base name of the file or folder.
    pub name: String,
    /// Of a file: the SHA-256 of its bytes. Of a folder: see [`crate::digest::ListingDigest`].
    pub sha256: String,
    /// The number of files that the digest covers.
    pub files: u64,
}

/// The part of `stage.json` that all versions share.
#[derive(Deserialize)]
struct Version {
    format: u32,
}

/// An earlier stage with its settings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Earlier {
    /// Name of the command.
    pub tool: String,
    /// Its version.
    pub version: String,
    /// Its settings as resolved.
    pub settings: Value,
}

/// The content of `stage.json`. Nothing in it depends on time, machine, threads or paths.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StageInfo {
    /// Layout version, [`FORMAT`].
    pub format: u32,
    /// Name of the command that made the folder.
    pub tool: String,
    /// Its version.
    pub version: String,
    /// Its settings as resolved, defaults included; keys sorted.
    pub settings: Value,
    /// What it read.
    pub inputs: Vec<Input>,
    /// Counts such as `pictures`, `rejected`, `passed_over`, `rows`.
    pub counts: BTreeMap<String, u64>,
    /// What it found out about its inputs, such as the separator of a table: key and value.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub found: BTreeMap<String, String>,
    /// The label set.
    pub labels: LabelSet,
    /// How pictures become pixels; known from the labeler on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<PictureSettings>,
    /// The stages before this one, as far as known, in their order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier: Vec<Earlier>,
}

impl StageInfo {
    /// Information for a folder made by `tool`; inputs, counts, picture settings and earlier stages are still empty.
    pub fn new(tool: &str, version: &str, settings: Value, labels: LabelSet) -> Self {
        Self {
            format: FORMAT,
            tool: tool.into(),
            version: version.into(),
            settings,
            inputs: Vec::new(),
            counts: BTreeMap::new(),
            found: BTreeMap::new(),
            labels,
            picture: None,
            earlier: Vec::new(),
        }
    }

    /// Reads the `stage.json` of a folder; `None` when there is none.
    pub fn read(folder: &Path) -> anyhow::Result<Option<Self>> {
        Self::read_file(&folder.join(STAGE_FILE))
    }

    /// Reads the `stage.json` of a folder, or what an unfinished run left; `None` when there is neither.
    pub fn read_any(folder: &Path) -> anyhow::Result<Option<Self>> {
        Self::read(folder)?.map_or_else(|| Self::read_partial(folder), |info| Ok(Some(info)))
    }

    /// Reads what an unfinished run left; `None` when there is none.
    pub fn read_partial(folder: &Path) -> anyhow::Result<Option<Self>> {
        Self::read_file(&folder.join(PARTIAL_FILE))
    }

    fn read_file(path: &Path) -> anyhow::Result<Option<Self>> {
        let Some(bytes) = no_follow::read(path)? else { return Ok(None) };
        Self::from_bytes(&bytes).with_context(|| path.display().to_string()).map(Some)
    }

    /// Reads the bytes of a `stage.json`.
    ///
    /// # Errors
    /// A refusal when they are not what this version writes.
    pub fn from_bytes(bytes: &[u8]) -> anyhow::Result<Self> {
        // The version first: a newer file may differ in everything else.
        let version: Version = json::from_bytes(bytes)?;
        if version.format != FORMAT {
            refuse!(
                "format {} is not known here, expected {FORMAT}; make the folder again with this version, or use the \
                 version that made it",
                version.format
            );
        }
        json::from_bytes(bytes)
    }

    /// Marks a folder as unfinished: writes [`PARTIAL_FILE`] and removes `stage.json`.
    pub(crate) fn begin(&self, folder: &Path) -> anyhow::Result<()> {
        json::write(&folder.join(PARTIAL_FILE), self)?;
        Ok(no_follow::remove(&folder.join(STAGE_FILE))?)
    }

    /// Marks a folder as finished.
    pub(crate) fn finish(&self, folder: &Path) -> anyhow::Result<()> {
        json::write(&folder.join(STAGE_FILE), self)?;
        Ok(no_follow::remove(&folder.join(PARTIAL_FILE))?)
    }

    /// Refuses an input folder that a stage other than `accepted` wrote. Otherwise a labelled picture could be labelled
    /// again, and its label row would become part of the picture. A folder without a readable `stage.json` is accepted.
    pub fn refuse_later_stage(folder: &Path, accepted: &[&str]) -> anyhow::Result<()> {
        if let Some(tool) = Self::tool_of(folder).filter(|tool| !accepted.contains(&tool.as_str())) {
            refuse!(
                "{}: {tool} wrote this folder, so it is no input of this command; give the folder with the \
                 pictures that {tool} was given",
                folder.display()
            );
        }
        Ok(())
    }

    /// The command that wrote a folder or is writing it, if that can be read.
    pub fn tool_of(folder: &Path) -> Option<String> {
        let [whole, partial] =
            [STAGE_FILE, PARTIAL_FILE].map(|file| Self::read_file(&folder.join(file)).ok().flatten());
        Some(whole.or(partial)?.tool)
    }

    /// The `earlier` list of the next stage: the stages before this one, then this one.
    pub fn lineage(&self) -> Vec<Earlier> {
        let mut earlier = self.earlier.clone();
        earlier.push(Earlier {
            tool: self.tool.clone(),
            version: self.version.clone(),
            settings: self.settings.clone(),
        });
        earlier
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn info() -> StageInfo {
        let mut info = StageInfo::new("digit-labeler", "0.1.0", json!({"canvas": "20x20"}), "1-5".parse().unwrap());
        info.inputs.push(Input { name: "demo".into(), sha256: "0".repeat(64), files: 2 });
        info.counts.insert("pictures".into(), 2);
        info
    }

    #[test]
    fn a_folder_is_whole_only_after_finish() {
        let folder = tempfile::tempdir().unwrap();
        info().begin(folder.path()).unwrap();
        assert_eq!(StageInfo::read(folder.path()).unwrap(), None);
        assert_eq!(StageInfo::read_partial(folder.path()).unwrap(), Some(info()));
        info().finish(folder.path()).unwrap();
        assert_eq!(StageInfo::read(folder.path()).unwrap(), Some(info()));
        assert_eq!(StageInfo::read_partial(folder.path()).unwrap(), None);
    }

    #[test]
    fn an_unknown_format_is_refused_even_when_all_else_changed() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(STAGE_FILE), "{\"format\": 9, \"new\": true}").unwrap();
        let error = StageInfo::read(folder.path()).unwrap_err();
        assert!(crate::is_refused(&error) && format!("{error:#}").contains("format 9"), "{error:#}");
    }
}
