//! The folder that a stage writes. Every stage writes through [`OutputFolder`].
//!
//! ```no_run
//! # use std::path::Path;
//! # use stage_files::{output::{Layout, OutputFolder, Reuse}, stage::StageInfo};
//! # fn table(info: StageInfo, bytes: &[u8]) -> anyhow::Result<()> {
//! const LAYOUT: Layout = Layout { owns: |name| name == "table.csv", private: &[] };
//! let folder = OutputFolder::new(Path::new("out"), LAYOUT, info.clone(), &[Path::new("in")], Reuse::default())?;
//! if folder.up_to_date(|done| *done == info)?.is_none() {
//!     let writer = folder.begin()?;
//!     writer.write("table.csv", bytes)?;
//!     writer.finish(&info)?;
//! }
//! # Ok(()) }
//! ```
//!
//! - [`OutputFolder::new`] refuses a folder that is not this stage's, or that overlaps an input. It writes nothing.
//! - [`OutputFolder::up_to_date`] reports whether an earlier run did the work and all its files are intact.
//! - [`OutputFolder::begin`] takes the lock and marks the folder as unfinished.
//! - [`FolderWriter::finish`] removes what earlier runs wrote and this one did not, and marks the folder as whole.
//!
//! If a run is killed in between, the next run with the same settings takes the folder over. With [`Reuse::fresh`] the
//! work is done anew, whatever the settings of the earlier run were. Only files that the stage wrote are replaced or
//! removed: their names are [plain and relative](Layout::may_write), the folder's
//! [manifest](MANIFEST_FILE) lists them, and no link leads to them.

#![allow(clippy::disallowed_methods, reason = "this is the one place")]

pub mod cache;
mod collection;
mod file;
mod foreign;
mod growing;
pub mod lock;
mod manifest;
mod overlap;
pub mod rejected;
pub mod settings;
pub mod stage;
mod up_to_date;
mod writer;

use std::path::{Path, PathBuf};

pub use collection::Collection;
pub use file::OutputFile;
pub use growing::GrowingFile;
pub use manifest::{MANIFEST_FILE, manifest_round_trip};
pub use overlap::{is_same, resolved};
pub use up_to_date::Standing;
pub use writer::{FolderWriter, NewFile};

use crate::atomic::{self, Durability};
use crate::no_follow;
use lock::FolderLock;
use rejected::REJECTED_FILE;
use stage::StageInfo;

/// The names that a stage writes in its folder.
#[derive(Clone, Copy, Debug)]
pub struct Layout {
    /// Whether a name is one of the stage's. `/` separates folder and file. `rejected.csv` is always included.
    pub owns: fn(&str) -> bool,
    /// Files that only an unfinished run needs, such as checkpoints. They are removed when the folder is finished.
    pub private: &'static [&'static str],
}

impl Layout {
    /// Whether the stage may write a file of this name: one of its own names, plain and relative. `../x`, `/x` and
    /// `a//x` are never allowed.
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

/// What a stage does with the work of an earlier run in its folder.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reuse {
    /// A file counts as intact by its SHA-256, not by its size.
    pub verify: bool,
    /// Nothing is taken over, and other settings are no obstacle: the work is done anew in place.
    pub fresh: bool,
}

impl Reuse {
    /// The same, and anew where the folder differs from what is asked in one setting alone that is no obstacle, such as
    /// the language of its page.
    #[must_use]
    pub fn but_for(self, setting: &str, folder: &Path, asked: &StageInfo) -> Self {
        // A folder that cannot be read is told as such when it is opened for writing.
        let there = StageInfo::read_any(folder).ok().flatten();
        let others = |info: &StageInfo| {
            let mut settings = info.settings.clone();
            settings.as_object_mut().and_then(|settings| settings.remove(setting));
            (settings, info.labels.clone())
        };
        let is_no_obstacle =
            there.is_some_and(|there| there.settings != asked.settings && others(&there) == others(asked));
        Self { fresh: self.fresh || is_no_obstacle, ..self }
    }
}

/// A folder that a stage may write. It is checked, and nothing in it has changed yet.
#[derive(Debug)]
pub struct OutputFolder {
    root: PathBuf,
    layout: Layout,
    begun: StageInfo,
    reuse: Reuse,
    durability: Durability,
}

impl OutputFolder {
    /// Checks that the stage described by `begun` may write to `root`, which need not exist. Writes nothing.
    ///
    /// # Errors
    /// A refusal when the folder overlaps one of the inputs, is no folder, was made by another tool or, unless the work
    /// is to be done [anew](Reuse::fresh), with other settings, or holds files that no stage made.
    pub fn new(root: &Path, layout: Layout, begun: StageInfo, inputs: &[&Path], reuse: Reuse) -> anyhow::Result<Self> {
        overlap::refuse(root, &layout, inputs)?;
        foreign::refuse(root, &layout, &begun, reuse)?;
        Ok(Self { root: root.to_owned(), layout, begun, reuse, durability: Durability::Process })
    }

    /// Chooses whether files survive a power cut.
    #[must_use]
    pub fn with_durability(self, durability: Durability) -> Self {
        Self { durability, ..self }
    }

    /// The path of the folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Takes the folder's lock and marks it as unfinished.
    ///
    /// # Errors
    /// A fault from outside if another process is writing the folder; a refusal if another stage has taken it
    /// meanwhile.
    pub fn begin(self) -> anyhow::Result<FolderWriter> {
        let lock = FolderLock::take(&self.root)?;
        self.begin_locked(lock)
    }

    /// As [`Self::begin`], but looks once more, under the lock, whether the work is [done](Self::up_to_date): `None` if
    /// another process has finished it meanwhile. For work that is too long to be done twice.
    ///
    /// # Errors
    /// As [`Self::begin`].
    pub fn begin_unless_done(self, is_same: impl FnOnce(&StageInfo) -> bool) -> anyhow::Result<Option<FolderWriter>> {
        let lock = FolderLock::take(&self.root)?;
        match self.up_to_date(is_same)? {
            Some(_) => Ok(None),
            None => self.begin_locked(lock).map(Some),
        }
    }

    fn begin_locked(self, lock: FolderLock) -> anyhow::Result<FolderWriter> {
        foreign::refuse(&self.root, &self.layout, &self.begun, self.reuse)?;
        if self.reuse.fresh {
            self.remove_private()?;
        }
        let earlier = manifest::read(&self.root, &self.layout);
        manifest::write(&self.root, earlier.as_ref().unwrap_or(&manifest::Manifest::new()), self.durability)?;
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

/// Replaces one file of a finished folder, such as a model that gets a calibration, and updates the manifest. If no
/// manifest lists `path`, only the file is written.
///
/// # Errors
/// A fault from outside if another process is writing the folder.
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
