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
mod up_to_date;
mod writer;

use std::path::{Path, PathBuf};

pub use file::OutputFile;
pub use manifest::MANIFEST_FILE;
pub use overlap::{is_same, resolved};
pub use up_to_date::Standing;
pub use writer::{FolderWriter, NewFile};

use crate::atomic::{self, Durability};
use crate::no_follow;
use lock::FolderLock;
use rejected::REJECTED_FILE;
use stage::StageInfo;

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
            no_follow::remove(&self.root.join(name))?;
        }
        Ok(())
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
