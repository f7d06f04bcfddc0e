//! Whether the work is done already: an earlier run did the same work, and all its files are intact.

use std::path::PathBuf;

use super::OutputFolder;
use super::lock::FolderLock;
use super::manifest::{self, Manifest};
use super::stage::{PARTIAL_FILE, StageInfo};
use crate::disk::no_follow;

impl OutputFolder {
    /// The `stage.json` of an earlier run, if that run did the same work (`is_same`) and all its files are intact: by
    /// size, and with [`Reuse::verify`](super::Reuse::verify) by SHA-256. `None` if the work is to be done anew.
    /// Leftovers of a run that was killed, or met a fault, at its very end are removed.
    pub fn up_to_date(&self, is_same: impl FnOnce(&StageInfo) -> bool) -> anyhow::Result<Option<StageInfo>> {
        match self.done_before(is_same)? {
            Some(done) => self.if_intact(done, &self.standing(), |_| false),
            None => Ok(None),
        }
    }

    /// As [`Self::up_to_date`], for a stage that has looked at some files already: `has_seen` names those that
    /// `standing` has found intact.
    pub fn up_to_date_beside(
        &self,
        standing: &Standing,
        has_seen: impl Fn(&str) -> bool,
        is_same: impl FnOnce(&StageInfo) -> bool,
    ) -> anyhow::Result<Option<StageInfo>> {
        match self.done_before(is_same)? {
            Some(done) => self.if_intact(done, standing, has_seen),
            None => Ok(None),
        }
    }

    /// What an earlier run says that did the same work.
    fn done_before(&self, is_same: impl FnOnce(&StageInfo) -> bool) -> anyhow::Result<Option<StageInfo>> {
        if self.reuse.fresh { Ok(None) } else { Ok(StageInfo::read(&self.root)?.filter(is_same)) }
    }

    fn if_intact(
        &self,
        done: StageInfo,
        standing: &Standing,
        has_seen: impl Fn(&str) -> bool,
    ) -> anyhow::Result<Option<StageInfo>> {
        let Some(files) = &standing.files else { return Ok(None) };
        if !files.keys().all(|name| has_seen(name) || standing.has(name)) {
            return Ok(None);
        }
        // One that could not remove its mark at its end, or that another process overtook where the file system has no
        // locks, released its lock in good order.
        let is_there = |name: &&str| std::fs::symlink_metadata(self.root.join(name)).is_ok();
        let has_leftovers = [PARTIAL_FILE].iter().chain(self.layout.private).any(is_there);
        let lock =
            if has_leftovers { FolderLock::take(&self.root).ok() } else { FolderLock::take_abandoned(&self.root) };
        if let Some(_lock) = lock {
            self.remove_private()?;
            no_follow::remove(&self.root.join(PARTIAL_FILE))?;
        }
        Ok(Some(done))
    }

    /// The files of earlier runs, for a stage that makes only what is missing; none if the work is to be done anew.
    pub fn standing(&self) -> Standing {
        let files = if self.reuse.fresh { None } else { manifest::read(&self.root, &self.layout) };
        Standing { files, root: self.root.clone(), verify: self.reuse.verify }
    }
}

/// The files that earlier runs wrote into a folder.
#[derive(Debug)]
pub struct Standing {
    files: Option<Manifest>,
    root: PathBuf,
    verify: bool,
}

impl Standing {
    /// Whether a file is intact: by size, or by SHA-256 if that was asked for.
    pub fn has(&self, name: &str) -> bool {
        let written = self.files.as_ref().and_then(|files| files.get(name));
        written.is_some_and(|written| written.stands(&self.root.join(name), self.verify))
    }

    /// As [`Self::has`], of a file that was written with this SHA-256.
    pub fn has_of(&self, name: &str, sha256: &[u8; 32]) -> bool {
        let written = self.files.as_ref().and_then(|files| files.get(name));
        written.is_some_and(|written| written.sha256 == *sha256 && written.stands(&self.root.join(name), self.verify))
    }

    /// The names of all listed files, intact or not.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.files.iter().flatten().map(|(name, _)| name.as_str())
    }
}
