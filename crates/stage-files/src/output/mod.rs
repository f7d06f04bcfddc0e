//! The folder that a stage writes: the one way to own it.
//!
//! ```no_run
//! # use std::path::Path;
//! # use stage_files::{output::{Layout, OutputFolder}, stage::StageInfo};
//! # fn table(info: StageInfo, bytes: &[u8]) -> anyhow::Result<()> {
//! const LAYOUT: Layout = Layout { owns: |name| name == "table.csv", private: &[] };
//! let folder = OutputFolder::new(Path::new("out"), LAYOUT, info.clone(), &[Path::new("in")])?;
//! if folder.up_to_date(false, |done| *done == info)?.is_none() {
//!     let writer = folder.begin()?;
//!     writer.write("table.csv", bytes)?;
//!     writer.finish(&info)?;
//! }
//! # Ok(()) }
//! ```
//!
//! - [`OutputFolder::new`] refuses a folder that is none of this stage's, or that overlaps an input. It writes nothing.
//! - [`OutputFolder::up_to_date`] tells whether an earlier run has done the work and every file of it still stands.
//! - [`OutputFolder::begin`] takes the lock and marks the folder as unfinished.
//! - [`FolderWriter::finish`] removes what earlier runs wrote and this one did not, and marks the folder as whole.
//!
//! Killed in between, a run leaves a folder that the next run of the same settings takes over. Only files that the
//! stage wrote are ever replaced or removed: names that are [plain and relative](Layout::may_write), listed in the
//! folder's own [list](MANIFEST_FILE), and not reached through a link.

#![allow(clippy::disallowed_methods, reason = "this is the one place")]

pub mod cache;
mod file;
mod foreign;
pub mod lock;
mod manifest;
mod overlap;
pub mod rejected;
pub mod stage;
mod writer;

use std::path::{Path, PathBuf};

pub use file::OutputFile;
pub use manifest::MANIFEST_FILE;
pub use overlap::{is_same, resolved};
pub use writer::{FolderWriter, NewFile};

use crate::atomic::{self, Durability};
use crate::protocol_file;
use lock::FolderLock;
use rejected::REJECTED_FILE;
use stage::{PARTIAL_FILE, StageInfo};

/// Which names a stage writes in its folder.
#[derive(Clone, Copy, Debug)]
pub struct Layout {
    /// Whether a name is one of the stage's, `/` between folder and file. `rejected.csv` need not be named.
    pub owns: fn(&str) -> bool,
    /// Files that serve an unfinished run only, such as checkpoints. They go when the folder is whole.
    pub private: &'static [&'static str],
}

impl Layout {
    /// Whether the stage may write a file of this name: one of its own, plain and relative. `../x`, `/x` and `a//x` are
    /// not, whoever claims to own them.
    pub fn may_write(&self, name: &str) -> bool {
        let is_plain = |part: &str| !matches!(part, "" | "." | "..") && !part.contains('\0');
        let is_plain_here = |part: &str| is_plain(part) && !(cfg!(windows) && part.contains(['\\', ':']));
        name.split('/').all(is_plain_here) && (name == REJECTED_FILE || (self.owns)(name))
    }

    /// Whether the stage writes files below a sub-folder of this name.
    pub(crate) fn writes_below(&self, folder: &str) -> bool {
        (self.owns)(&format!("{folder}/"))
    }
}

/// A folder that a stage may write, checked and not yet touched.
#[derive(Debug)]
pub struct OutputFolder {
    root: PathBuf,
    layout: Layout,
    begun: StageInfo,
    durability: Durability,
}

impl OutputFolder {
    /// Checks that `root`, which may be missing, may be written by the stage that `begun` describes. Nothing is written.
    ///
    /// # Errors
    /// A refusal when the folder overlaps one of the inputs, is no folder, was made by another tool or with other
    /// settings, or holds files that no stage made.
    pub fn new(root: &Path, layout: Layout, begun: StageInfo, inputs: &[&Path]) -> anyhow::Result<Self> {
        overlap::refuse(root, &layout, inputs)?;
        foreign::refuse(root, &begun)?;
        Ok(Self { root: root.to_owned(), layout, begun, durability: Durability::Process })
    }

    /// The same with files that survive a power cut.
    #[must_use]
    pub fn with_durability(self, durability: Durability) -> Self {
        Self { durability, ..self }
    }

    /// Where it lies.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// What an earlier run says of the finished folder, if that run did the same work (`is_same`) and every file that it
    /// wrote still stands: by size, and with `verify` by digest. Leftovers of a writer killed at the last moment go.
    pub fn up_to_date(
        &self,
        verify: bool,
        is_same: impl FnOnce(&StageInfo) -> bool,
    ) -> anyhow::Result<Option<StageInfo>> {
        let Some(done) = StageInfo::read(&self.root)?.filter(is_same) else { return Ok(None) };
        let Some(files) = manifest::read(&self.root, &self.layout) else { return Ok(None) };
        let stand = |(name, written): (&String, &manifest::Written)| written.stands(&self.root.join(name), verify);
        if !files.iter().all(stand) {
            return Ok(None);
        }
        if let Some(_lock) = FolderLock::take_abandoned(&self.root) {
            self.remove_private()?;
            protocol_file::remove(&self.root.join(PARTIAL_FILE))?;
        }
        Ok(Some(done))
    }

    /// The names of the files that earlier runs wrote and that still stand, as [`Self::up_to_date`] judges.
    pub fn standing(&self, verify: bool) -> Standing {
        Standing { files: manifest::read(&self.root, &self.layout), root: self.root.clone(), verify }
    }

    /// Takes the folder's lock and marks it as unfinished.
    ///
    /// # Errors
    /// A fault from outside when another process is writing it; a refusal when it has become another stage's meanwhile.
    pub fn begin(self) -> anyhow::Result<FolderWriter> {
        let lock = FolderLock::take(&self.root)?;
        foreign::refuse(&self.root, &self.begun)?;
        let earlier = manifest::read(&self.root, &self.layout);
        let list = earlier.clone().unwrap_or_default();
        manifest::write(&self.root, &list, self.durability)?;
        self.begun.begin(&self.root)?;
        FolderWriter::new(self, lock, earlier)
    }

    fn remove_private(&self) -> anyhow::Result<()> {
        for name in self.layout.private {
            protocol_file::remove(&self.root.join(name))?;
        }
        Ok(())
    }
}

/// The files of a folder, as a stage that does only what is missing asks for them.
#[derive(Debug)]
pub struct Standing {
    files: Option<manifest::Manifest>,
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

/// Replaces one file of a finished folder, such as a model to which a calibration is added, and keeps its list true.
/// Where `path` is no file that a stage listed, only the file is written.
///
/// # Errors
/// A fault from outside when another process is writing the folder.
pub fn amend(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let (Some(folder), Some(name)) = (path.parent(), path.file_name().and_then(|name| name.to_str())) else {
        return atomic::write(path, bytes, Durability::Process);
    };
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let layout = Layout { owns: |_| true, private: &[] };
    let Some(mut files) = manifest::read(folder, &layout).filter(|files| files.contains_key(name)) else {
        return atomic::write(path, bytes, Durability::Process);
    };
    let _lock = FolderLock::take(folder)?;
    // The file first: between the two the folder is not up to date, which costs work and loses nothing.
    atomic::write(path, bytes, Durability::Process)?;
    files.insert(name.to_owned(), manifest::Written::of(bytes));
    manifest::write(folder, &files, Durability::Process)
}

#[cfg(test)]
mod tests;
