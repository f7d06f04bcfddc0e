//! Whether the work is done already: an earlier run did the same, and every file that it wrote still stands.

use std::path::PathBuf;

use super::OutputFolder;
use super::lock::FolderLock;
use super::manifest::{self, Manifest, Written};
use super::stage::{PARTIAL_FILE, StageInfo};
use crate::disk::no_follow;

impl OutputFolder {
    /// What an earlier run says of the finished folder, if that run did the same work (`is_same`) and every file that
    /// it wrote still stands: by size, and with `verify` by digest. Leftovers of a writer killed at the last moment go.
    pub fn up_to_date(
        &self,
        verify: bool,
        is_same: impl FnOnce(&StageInfo) -> bool,
    ) -> anyhow::Result<Option<StageInfo>> {
        let Some(done) = StageInfo::read(&self.root)?.filter(is_same) else { return Ok(None) };
        let Some(files) = manifest::read(&self.root, &self.layout) else { return Ok(None) };
        let stand = |(name, written): (&String, &Written)| written.stands(&self.root.join(name), verify);
        if !files.iter().all(stand) {
            return Ok(None);
        }
        if let Some(_lock) = FolderLock::take_abandoned(&self.root) {
            self.remove_private()?;
            no_follow::remove(&self.root.join(PARTIAL_FILE))?;
        }
        Ok(Some(done))
    }

    /// The names of the files that earlier runs wrote and that still stand, as [`Self::up_to_date`] judges.
    pub fn standing(&self, verify: bool) -> Standing {
        Standing { files: manifest::read(&self.root, &self.layout), root: self.root.clone(), verify }
    }
}

/// The files of a folder, as a stage that does only what is missing asks for them.
#[derive(Debug)]
pub struct Standing {
    files: Option<Manifest>,
    root: PathBuf,
    verify: bool,
}

impl Standing {
    /// Whether a file stands as it was written.
    pub fn has(&self, name: &str) -> bool {
        let written = self.files.as_ref().and_then(|files| files.get(name));
        written.is_some_and(|written| written.stands(&self.root.join(name), self.verify))
    }

    /// The names of all files that were written, whether they stand or not.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.files.iter().flatten().map(|(name, _)| name.as_str())
    }
}
