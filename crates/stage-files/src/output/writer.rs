//! Writing a folder whose lock is held.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::SystemTime;

use anyhow::{Context, ensure};

use super::OutputFolder;
use super::manifest::{self, Manifest, Written};
use crate::atomic::{self, AtomicFile, Durability};
use crate::digest::HashingWriter;
use crate::lock::FolderLock;
use crate::rejected::{REJECTED_FILE, Rejected, rejected_bytes};
use crate::stage::StageInfo;
use crate::{no_follow, refuse};

/// A folder that is being written, with its lock. Several threads may write files. If it is dropped before
/// [`Self::finish`], the folder stays unfinished and a later run continues.
#[derive(Debug)]
pub struct FolderWriter {
    folder: OutputFolder,
    /// What earlier runs wrote; `None` if the folder has no manifest.
    earlier: Option<Manifest>,
    state: Mutex<State>,
    /// When the work began, by the clock of the file system.
    began: SystemTime,
    // Last, so that the lock outlives all that is written.
    lock: FolderLock,
}

#[derive(Debug)]
struct State {
    list: File,
    written: Manifest,
    /// Sub-folders that exist and are not links.
    folders: BTreeSet<String>,
}

impl FolderWriter {
    pub(super) fn new(folder: OutputFolder, lock: FolderLock, earlier: Option<Manifest>) -> anyhow::Result<Self> {
        let list = manifest::open(&folder.root)?;
        // The manifest has just been written.
        let began = list.metadata().and_then(|metadata| metadata.modified()).context("cannot read a file's time")?;
        let state = Mutex::new(State { list, written: Manifest::new(), folders: BTreeSet::new() });
        Ok(Self { folder, earlier, state, began, lock })
    }

    /// Where the folder lies.
    pub fn root(&self) -> &Path {
        &self.folder.root
    }

    /// Whether the file system keeps other writers out of the folder.
    pub fn is_locked(&self) -> bool {
        self.lock.is_locked()
    }

    /// Writes a file under a relative name with `/`. Makes its sub-folder if needed. Gives the SHA-256 of the bytes.
    ///
    /// # Errors
    /// A refusal if a file of this name exists that the stage did not write; faults from outside, such as one that
    /// another process has written since the work began, which no lock of this file system prevents.
    pub fn write(&self, name: &str, bytes: &[u8]) -> anyhow::Result<[u8; 32]> {
        let path = self.prepare(name)?;
        let written = Written::of(bytes);
        self.list(name, written)?;
        atomic::write(&path, bytes, self.folder.durability)?;
        Ok(written.sha256)
    }

    /// Begins a file that is written piece by piece. It appears under its name when it is [finished](NewFile::finish).
    ///
    /// # Errors
    /// As [`Self::write`].
    pub fn create(&self, name: &str) -> anyhow::Result<NewFile<'_>> {
        let file = AtomicFile::create(&self.prepare(name)?)?;
        Ok(NewFile { writer: self, name: name.to_owned(), file: HashingWriter::new(file) })
    }

    /// Gives a finished file that lies under a private name its own name.
    pub(super) fn adopt(&self, name: &str, written: Written, file: File, private: &Path) -> anyhow::Result<()> {
        let target = self.prepare(name)?;
        let context = || format!("cannot write {}", target.display());
        let durability = self.folder.durability;
        if durability == Durability::Synced {
            file.sync_all().with_context(context)?;
        }
        drop(file);
        self.list(name, written)?;
        fs_err::rename(private, &target)?;
        atomic::sync_name(&target, durability).with_context(context)
    }

    /// Whether a name is one of the stage's [private](super::Layout::private) ones.
    pub(super) fn is_private(&self, name: &str) -> bool {
        self.folder.layout.private.contains(&name)
    }

    /// Keeps a file of an earlier run that is [intact](super::Standing::has): it counts as written by this run.
    pub fn keep(&self, name: &str) {
        if let Some((name, written)) = self.earlier.as_ref().and_then(|earlier| earlier.get_key_value(name)) {
            self.state().written.insert(name.clone(), *written);
        }
    }

    /// Writes `rejected.csv`.
    pub fn write_rejected(&self, rejected: &[Rejected]) -> anyhow::Result<()> {
        self.write(REJECTED_FILE, &rejected_bytes(rejected)?)?;
        Ok(())
    }

    /// Removes what earlier runs wrote and this one did not, then marks the folder as finished. Returns the names of
    /// the files that it left in place because somebody altered them.
    ///
    /// # Errors
    /// Faults from outside.
    pub fn finish(self, info: &StageInfo) -> anyhow::Result<Vec<String>> {
        let state = self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let mut altered = Vec::new();
        for (name, written) in self.earlier.iter().flatten().filter(|(name, _)| !state.written.contains_key(*name)) {
            if !self.remove(name, written)? {
                altered.push(name.clone());
            }
        }
        manifest::write(self.root(), &state.written, self.folder.durability)?;
        self.folder.remove_private()?;
        info.finish(self.root())?;
        Ok(altered)
    }

    /// Removes a file, and its sub-folder if that is empty then. Leaves the file and returns `false` if somebody
    /// altered it.
    fn remove(&self, name: &str, written: &Written) -> anyhow::Result<bool> {
        let path = self.root().join(name);
        if let Some((folder, _)) = name.rsplit_once('/')
            && !is_folder_of_its_own(self.root(), folder)?
        {
            return Ok(true);
        }
        if std::fs::symlink_metadata(&path).is_err_and(|error| error.kind() == io::ErrorKind::NotFound) {
            return Ok(true);
        }
        if !written.stands(&path, true) {
            return Ok(false);
        }
        no_follow::remove(&path)?;
        // Fails, as it should, while other files are in it.
        let empty = Path::new(name).ancestors().skip(1).take_while(|folder| !folder.as_os_str().is_empty());
        let _ = empty.map(|folder| std::fs::remove_dir(self.root().join(folder))).take_while(Result::is_ok).count();
        Ok(true)
    }

    /// The path of a file that may be written; its folder is there.
    fn prepare(&self, name: &str) -> anyhow::Result<PathBuf> {
        ensure!(self.folder.layout.may_write(name), "{name:?} is no name of a file that {} writes", self.tool());
        let path = self.root().join(name);
        if let Some((folder, _)) = name.rsplit_once('/') {
            self.make_folder(folder)?;
        }
        let is_ours = self.earlier.as_ref().is_none_or(|earlier| earlier.contains_key(name))
            || self.state().written.contains_key(name);
        if !is_ours && let Ok(there) = std::fs::symlink_metadata(&path) {
            ensure!(
                there.modified().map_or(true, |modified| modified <= self.began),
                "{} was written by another process meanwhile; run the same command again",
                path.display()
            );
            refuse!(
                "{} stands there already, and {} did not write it; move it to another folder",
                path.display(),
                self.tool()
            );
        }
        Ok(path)
    }

    fn make_folder(&self, folder: &str) -> anyhow::Result<()> {
        let mut state = self.state();
        if state.folders.contains(folder) {
            return Ok(());
        }
        let path = self.root().join(folder);
        fs_err::create_dir_all(&path)?;
        if !is_folder_of_its_own(self.root(), folder)? {
            refuse!(
                "{} is reached through a link; remove the link, so that nothing outside is written",
                path.display()
            );
        }
        atomic::remove_abandoned(&path)?;
        state.folders.insert(folder.to_owned());
        Ok(())
    }

    fn list(&self, name: &str, written: Written) -> anyhow::Result<()> {
        let mut state = self.state();
        manifest::append(&mut state.list, name, &written)?;
        state.written.insert(name.to_owned(), written);
        Ok(())
    }

    fn tool(&self) -> &str {
        &self.folder.begun.tool
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        // A panic elsewhere leaves nothing half done in it.
        self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// Whether a sub-folder and all folders between it and `root` are folders and not links.
///
/// # Errors
/// When the system cannot tell.
fn is_folder_of_its_own(root: &Path, folder: &str) -> anyhow::Result<bool> {
    let between = Path::new(folder).ancestors().take_while(|folder| !folder.as_os_str().is_empty());
    for folder in between {
        match fs_err::symlink_metadata(root.join(folder)) {
            Ok(there) if there.is_dir() => {}
            Ok(_) => return Ok(false),
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
                return Ok(false);
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(true)
}

/// A file being written; see [`FolderWriter::create`].
#[derive(Debug)]
pub struct NewFile<'a> {
    writer: &'a FolderWriter,
    name: String,
    file: HashingWriter<AtomicFile>,
}

impl NewFile<'_> {
    /// Gives the file its name.
    ///
    /// # Errors
    /// Faults from outside.
    pub fn finish(mut self) -> anyhow::Result<()> {
        self.file.flush().with_context(|| format!("cannot write {}", self.name))?;
        let bytes = self.file.bytes();
        let (file, sha256) = self.file.finish();
        self.writer.list(&self.name, Written { bytes, sha256 })?;
        file.commit(self.writer.folder.durability)
    }
}

impl Write for NewFile<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}
