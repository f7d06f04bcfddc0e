//! Whether what a data set was made of has changed since: its labelled folder, and the source of that.
//!
//! `.cache` beside the CSVs remembers the folder's name and the digest of its `stage.json`, which covers its settings
//! and its source pictures. The folder is looked for below that of the CSVs and beside it, as in `data/labelled` for
//! `data/20x20_info.csv`. Where one of them is not there, nothing is known and nothing is said.

use std::path::Path;

use super::DATA_SET_TOOL;
use crate::cache::{self, Entry, Outcome};
use crate::digest::sha256_hex;
use crate::no_follow;
use crate::settings::{differing_values, listed};
use crate::stage::{STAGE_FILE, StageInfo};
use crate::text_name::base_name;

/// The command that writes labelled folders.
const LABELLED_TOOL: &str = "digit-labeler";

/// A labelled folder as it was when it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabelledFolder {
    name: String,
    sha256: String,
    size_bytes: u64,
}

impl LabelledFolder {
    /// A folder as it is; `None` if it has no `stage.json`.
    pub fn of(folder: &Path) -> anyhow::Result<Option<Self>> {
        let Some(bytes) = no_follow::read(&folder.join(STAGE_FILE))? else { return Ok(None) };
        let (name, sha256) = (base_name(folder), sha256_hex(&bytes));
        Ok(Some(Self { name, sha256, size_bytes: bytes.len() as u64 }))
    }

    /// Remembers in the folder of the data sets that they were made of `labelled`; forgets an earlier one.
    pub fn remember(labelled: Option<&Self>, out: &Path) -> anyhow::Result<()> {
        let now = labelled.map(Self::entry);
        let (mut entries, mut is_same) = (0, true);
        let is_whole = cache::read(out, DATA_SET_TOOL, |entry| {
            entries += 1;
            is_same &= Some(&entry) == now.as_ref();
        });
        if !is_whole || !is_same || entries != usize::from(now.is_some()) {
            cache::write(out, DATA_SET_TOOL, now)?;
        }
        Ok(())
    }

    fn entry(&self) -> Entry<'_> {
        let outcome = Outcome::Written { output: STAGE_FILE.into(), sha256: self.sha256.as_str().into() };
        let (source, sha256) = (self.name.as_str().into(), self.sha256.as_str().into());
        Entry { source, page: 0, size_bytes: self.size_bytes, modified_ns: 0, sha256, outcome, pages_left_out: 0 }
    }
}

/// What there is to say if the labelled folder of a data set has changed since the CSV was made of it.
pub fn changed_since(csv: &Path) -> Option<String> {
    let folder = csv.parent()?;
    let made = StageInfo::read(folder).ok()??;
    let mut remembered = None;
    cache::read(folder, DATA_SET_TOOL, |entry| {
        remembered = Some((entry.source.into_owned(), entry.sha256.into_owned()));
    });
    let (name, then) = remembered?;
    let places = [folder.join(&name), folder.parent().unwrap_or(Path::new("..")).join(&name)];
    let (place, now) = places.iter().find_map(|place| {
        let info = StageInfo::read(place).ok()??;
        (info.tool == LABELLED_TOOL).then_some((place, info))
    })?;
    if LabelledFolder::of(place).ok()??.sha256 == then {
        return None;
    }
    let before = made.earlier.iter().rev().find(|earlier| earlier.tool == LABELLED_TOOL);
    let settings = before.map_or_else(Vec::new, |before| differing_values(&before.settings, &now.settings));
    let how = if settings.is_empty() { String::new() } else { format!(" ({})", listed(&settings)) };
    Some(format!(
        "{} has changed since {} was made of it{how}; to train on what it holds now, run digit-csv again",
        place.display(),
        csv.display()
    ))
}

/// What there is to say if the source folder of a labelled folder was made again with other settings since. It is
/// looked for beside the labelled folder, under the name that `stage.json` has for it.
pub fn source_changed_since(labelled: &Path, stage: &StageInfo) -> Option<String> {
    let before = stage.earlier.last()?;
    let place = labelled.parent().unwrap_or(Path::new("..")).join(&stage.inputs.first()?.name);
    let now = StageInfo::read(&place).ok()?.filter(|now| now.tool == before.tool)?;
    let settings = differing_values(&before.settings, &now.settings);
    (!settings.is_empty()).then(|| {
        format!(
            "{} was made again with other settings ({}) since {} was made of it; to use what it holds now, run {} \
             again",
            place.display(),
            listed(&settings),
            labelled.display(),
            stage.tool
        )
    })
}
