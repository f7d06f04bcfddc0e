//! Files that appear under their name only when they are complete.
//!
//! A file is written in its folder under a temporary name and then renamed, which replaces the old file in one step.
//! Temporary names contain the host, the process and random characters, so writers on several hosts do not collide. A
//! file survives the death of the process. It survives a power cut only with [`Durability::Synced`], because flushing a
//! small file to the disk takes longer than making it.

use std::io::{self, BufWriter, IntoInnerError, Write};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::{Duration, SystemTime};

use anyhow::Context;

/// The start of every temporary name. No other name may start like this.
const TEMPORARY_PREFIX: &str = ".stage-tmp-";
/// The start of the temporary names of single files outside a stage's folder.
pub(crate) const FILE_PREFIX: &str = ".stage-file-";
/// A temporary file of another host counts as abandoned after this time without a write.
const FOREIGN_TEMPORARY_AGE: Duration = Duration::from_hours(1);

/// Bytes that are gathered before the system is asked to write them.
const BUFFER_BYTES: usize = 1 << 16;

/// Whether a file is flushed to the disk before it gets its name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Durability {
    /// Survives the death of the process.
    #[default]
    Process,
    /// Survives a power cut too.
    Synced,
}

/// A file that is being written under a temporary name.
#[derive(Debug)]
pub struct AtomicFile {
    target: PathBuf,
    temporary: tempfile::NamedTempFile,
}

impl AtomicFile {
    /// Begins a file that will appear at `target`, whose folder must exist.
    pub fn create(target: &Path) -> anyhow::Result<Self> {
        let folder = target.parent().unwrap_or(Path::new(""));
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let mut builder = tempfile::Builder::new();
        let prefix = format!("{TEMPORARY_PREFIX}{}-{}-", host(), std::process::id());
        builder.prefix(&prefix).rand_bytes(12);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            // The umask takes away what the user does not want; without this every file would be private.
            builder.permissions(std::fs::Permissions::from_mode(0o666));
        }
        let temporary = builder.tempfile_in(folder).with_context(|| format!("cannot write {}", target.display()))?;
        Ok(Self { target: target.to_owned(), temporary })
    }

    /// Gives the file its name, replacing what stood there.
    pub fn commit(self, durability: Durability) -> anyhow::Result<()> {
        let context = || format!("cannot write {}", self.target.display());
        if durability == Durability::Synced {
            self.temporary.as_file().sync_all().with_context(context)?;
        }
        self.temporary.persist(&self.target).map_err(|e| e.error).with_context(context)?;
        sync_name(&self.target, durability).with_context(context)
    }

    /// Gives the file its name if nothing stands there; false if something does. Of several writers one succeeds.
    pub(crate) fn commit_new(self) -> anyhow::Result<bool> {
        match self.temporary.persist_noclobber(&self.target) {
            Ok(_) => Ok(true),
            Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
            Err(error) => Err(error.error).with_context(|| format!("cannot write {}", self.target.display())),
        }
    }
}

impl Write for AtomicFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.temporary.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.temporary.flush()
    }
}

/// Lets a new name reach the disk, too: it is an entry of the folder.
pub(crate) fn sync_name(path: &Path, durability: Durability) -> io::Result<()> {
    match path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        Some(folder) if durability == Durability::Synced => std::fs::File::open(folder)?.sync_all(),
        _ => Ok(()),
    }
}

/// Writes a whole file in one step.
pub fn write(path: &Path, bytes: &[u8], durability: Durability) -> anyhow::Result<()> {
    let mut file = AtomicFile::create(path)?;
    file.write_all(bytes).with_context(|| format!("cannot write {}", path.display()))?;
    file.commit(durability)
}

/// Writes a file in one step, piece by piece: its bytes need not lie in memory at once.
///
/// # Errors
/// When it cannot be written, or `pieces` cannot be made.
pub(crate) fn write_pieces(
    path: &Path,
    durability: Durability,
    pieces: impl FnOnce(&mut dyn Write) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let context = || format!("cannot write {}", path.display());
    let mut file = BufWriter::with_capacity(BUFFER_BYTES, AtomicFile::create(path)?);
    pieces(&mut file).with_context(context)?;
    file.into_inner().map_err(IntoInnerError::into_error).with_context(context)?.commit(durability)
}

/// Whether a name is that of a temporary file.
pub fn is_temporary(name: &str) -> bool {
    name.starts_with(TEMPORARY_PREFIX) || name.starts_with(FILE_PREFIX)
}

/// Removes temporary files that a killed run left in a folder (not in its sub-folders). The caller holds the folder's
/// lock, so those of this host are abandoned. Those of other hosts stay for an hour.
pub fn remove_abandoned(folder: &Path) -> anyhow::Result<()> {
    let own_prefix = format!("{TEMPORARY_PREFIX}{}-", host());
    for entry in fs_err::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let Some(name) = name.to_str().filter(|name| name.starts_with(TEMPORARY_PREFIX)) else { continue };
        let age =
            entry.metadata().and_then(|m| m.modified()).ok().and_then(|m| SystemTime::now().duration_since(m).ok());
        if name.starts_with(&own_prefix) || age.is_some_and(|age| age > FOREIGN_TEMPORARY_AGE) {
            match fs_err::remove_file(entry.path()) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
                _ => {}
            }
        }
    }
    Ok(())
}

/// The host's name reduced to characters that may stand in a file name.
fn host() -> &'static str {
    static HOST: OnceLock<String> = OnceLock::new();
    HOST.get_or_init(|| {
        // WebAssembly has no host, and no files either.
        #[cfg(any(unix, windows))]
        let name = gethostname::gethostname().to_string_lossy().into_owned();
        #[cfg(not(any(unix, windows)))]
        let name = String::new();
        name.chars().filter(char::is_ascii_alphanumeric).take(32).collect()
    })
}

/// The host's name, for messages about who holds a lock.
pub(crate) fn host_name() -> &'static str {
    host()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_appears_only_when_committed_and_replaces_the_old_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        write(&path, b"old", Durability::Process).unwrap();
        let mut file = AtomicFile::create(&path).unwrap();
        file.write_all(b"new").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"old");
        file.commit(Durability::Synced).unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"new");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_file_that_is_given_up_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        drop(AtomicFile::create(&path).unwrap());
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[cfg(unix)]
    #[test]
    fn files_are_readable_as_the_umask_allows() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let (ours, plain) = (folder.path().join("ours"), folder.path().join("plain"));
        write(&ours, b"", Durability::Process).unwrap();
        std::fs::write(&plain, b"").unwrap();
        let mode = |path| std::fs::metadata(path).unwrap().permissions().mode();
        assert_eq!(mode(&ours), mode(&plain));
    }

    #[test]
    fn abandoned_files_of_this_host_go_and_fresh_ones_of_others_stay() {
        let folder = tempfile::tempdir().unwrap();
        let own = folder.path().join(format!("{TEMPORARY_PREFIX}{}-1-abc", host()));
        let foreign = folder.path().join(format!("{TEMPORARY_PREFIX}otherhost0-1-abc"));
        let user = folder.path().join(".stage");
        for path in [&own, &foreign, &user] {
            std::fs::write(path, b"").unwrap();
        }
        remove_abandoned(folder.path()).unwrap();
        assert!(!own.exists() && foreign.exists() && user.exists());
    }

    #[test]
    fn a_missing_folder_is_named() {
        let error = write(Path::new("no/such/folder/a.csv"), b"", Durability::Process).unwrap_err();
        assert!(format!("{error:#}").contains("a.csv"));
        assert!(!crate::is_refused(&error));
    }
}
