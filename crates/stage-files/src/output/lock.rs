//! The lock that a folder holds while it is written.
//!
//! It is an operating system lock (`flock`) on the file `.lock`, so it ends with its process, however that dies. While
//! it is held, the file names the holder; afterwards it is empty. NFS passes the lock on to the server, which frees it
//! when a client is gone.
//!
//! The lock saves work. Where a file system has none ([`FolderLock::is_locked`]), a second writer still does no harm:
//! files are replaced in one step, and equal inputs give equal bytes.

use std::fmt;
use std::fs::TryLockError;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::{atomic, no_follow};

/// Name of the lock file in every output folder.
pub const LOCK_FILE: &str = ".lock";

/// The lock of a folder. Dropping it releases the folder.
#[derive(Debug)]
pub struct FolderLock {
    file: std::fs::File,
    is_locked: bool,
}

/// Another process is writing the folder.
#[derive(Debug)]
struct Held(String);

impl fmt::Display for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Held {}

/// Whether an error says that another process is writing the folder, so that waiting helps.
pub fn is_held(error: &anyhow::Error) -> bool {
    error.chain().any(<dyn std::error::Error>::is::<Held>)
}

impl FolderLock {
    /// Makes the folder if needed, takes its lock, and removes temporary files that a killed run left.
    ///
    /// # Errors
    /// A fault from outside if another process is writing the folder, or if it cannot be written.
    pub fn take(folder: &Path) -> anyhow::Result<Self> {
        fs_err::create_dir_all(folder)?;
        let path: PathBuf = folder.join(LOCK_FILE);
        let mut options = std::fs::File::options();
        let mut file = no_follow::open(&path, options.read(true).write(true).create(true).truncate(false))
            .with_context(|| format!("cannot write into {}", folder.display()))?;
        let Some(is_locked) = locked(file.try_lock()).with_context(|| format!("cannot lock {}", path.display()))?
        else {
            let mut holder = String::new();
            let _ = file.read_to_string(&mut holder);
            let holder = if holder.is_empty() { "another process".to_owned() } else { holder };
            return Err(anyhow::Error::new(Held(format!(
                "{} is being written by {}; wait until it has ended, or write to another folder",
                folder.display(),
                holder.trim_end()
            ))));
        };
        file.set_len(0)?;
        write!(file, "process {} on {}", std::process::id(), atomic::host_name())?;
        atomic::remove_abandoned(folder)?;
        Ok(Self { file, is_locked })
    }

    /// Whether the file system really keeps other writers out.
    pub fn is_locked(&self) -> bool {
        self.is_locked
    }

    /// The lock of a folder that a killed run left: `.lock` names a holder, but nobody holds it. `None` for any other
    /// folder. A run that is killed after its last file and before it releases the lock leaves a finished folder with
    /// files that it was about to remove. The next run removes them under this lock.
    pub fn take_abandoned(folder: &Path) -> Option<Self> {
        let named = std::fs::metadata(folder.join(LOCK_FILE)).is_ok_and(|lock| lock.len() > 0);
        if named { Self::take(folder).ok() } else { None }
    }
}

/// Whether the lock is ours (`true`) or the file system has no locks (`false`); `None` if another process has it.
fn locked(tried: Result<(), TryLockError>) -> io::Result<Option<bool>> {
    match tried {
        Ok(()) => Ok(Some(true)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) if has_no_locks(&error) => Ok(Some(false)),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// Whether an error says that the file system has no locks, as NFS without a lock manager does.
fn has_no_locks(error: &io::Error) -> bool {
    #[cfg(unix)]
    if error.raw_os_error() == Some(libc::ENOLCK) {
        return true;
    }
    error.kind() == io::ErrorKind::Unsupported
}

impl Drop for FolderLock {
    fn drop(&mut self) {
        // Emptied while still locked, so that the folder's bytes do not depend on who wrote it. A failure here harms
        // nothing: the lock itself ends with the file handle.
        let _ = self.file.set_len(0);
        let _ = self.file.unlock();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_writer_is_told_who_holds_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("out");
        let first = FolderLock::take(&out).unwrap();
        let error = FolderLock::take(&out).unwrap_err();
        assert!(format!("{error:#}").contains(&format!("process {}", std::process::id())), "{error:#}");
        assert!(!crate::is_refused(&error) && is_held(&error) && first.is_locked());
        drop(first);
        FolderLock::take(&out).unwrap();
        assert_eq!(std::fs::read(out.join(LOCK_FILE)).unwrap(), b"");
    }

    #[cfg(unix)]
    #[test]
    fn a_file_system_without_locks_keeps_nobody_out_and_says_so() {
        let error = |code| TryLockError::Error(io::Error::from_raw_os_error(code));
        assert_eq!(locked(Ok(())).unwrap(), Some(true));
        assert_eq!(locked(Err(TryLockError::WouldBlock)).unwrap(), None);
        assert_eq!(locked(Err(error(libc::ENOLCK))).unwrap(), Some(false));
        assert_eq!(locked(Err(error(libc::EOPNOTSUPP))).unwrap(), Some(false));
        assert!(locked(Err(error(libc::EIO))).is_err());
    }

    #[test]
    fn only_a_folder_that_a_killed_writer_left_is_abandoned() {
        let folder = tempfile::tempdir().unwrap();
        assert!(FolderLock::take_abandoned(folder.path()).is_none());
        let held = FolderLock::take(folder.path()).unwrap();
        assert!(FolderLock::take_abandoned(folder.path()).is_none());
        drop(held);
        assert!(FolderLock::take_abandoned(folder.path()).is_none());
        std::fs::write(folder.path().join(LOCK_FILE), "process 1 on elsewhere").unwrap();
        drop(FolderLock::take_abandoned(folder.path()).unwrap());
        assert_eq!(std::fs::read(folder.path().join(LOCK_FILE)).unwrap(), b"");
    }

    #[test]
    fn a_file_in_the_place_of_the_folder_is_an_error_that_names_it() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("out");
        std::fs::write(&out, b"").unwrap();
        assert!(format!("{:#}", FolderLock::take(&out).unwrap_err()).contains("out"));
    }
}
