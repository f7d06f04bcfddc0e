//! Reads inputs: regular files only, with a limit on their length, and without waiting.
//!
//! `std::fs::read` waits forever on a pipe that nobody writes to, and fills the memory on a link to `/dev/zero`. Here,
//! both are an error at once.

use std::fmt;
use std::fs::{File, FileType, OpenOptions};
use std::io::{self, Read};
use std::path::Path;

use crate::error::refused;

/// Why a path gave no bytes. The text has no path, so that it can go into files that are equal on every machine.
#[derive(Debug)]
pub enum Unreadable {
    /// Not a regular file; in words, such as "a pipe".
    NotRegular(&'static str),
    /// The file is longer than the limit.
    TooLarge {
        /// Longest file that is read.
        max_bytes: u64,
    },
    /// A file in an archive that cannot be taken out of it; why, in words.
    Packed(String),
    /// An error of the system.
    Io(io::Error),
}

impl Unreadable {
    /// The error with its path: a fault from outside for an error of the system, otherwise a refusal.
    pub fn at(self, path: &Path) -> anyhow::Error {
        match self {
            Self::Io(error) => anyhow::Error::from(error).context(path.display().to_string()),
            other => refused(format!("{}: {other}", path.display())),
        }
    }

    /// As [`Self::at`], for a path that the user named: one to nothing is a refusal, too.
    pub fn at_input(self, path: &Path) -> anyhow::Error {
        use io::ErrorKind::{InvalidFilename, NotADirectory, NotFound};
        match self {
            Self::Io(error) if matches!(error.kind(), NotFound | NotADirectory | InvalidFilename) => {
                refused(format!("{}: {}", path.display(), Self::Io(error)))
            }
            other => other.at(path),
        }
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotRegular(what) => write!(f, "is {what}, expected a regular file; give a file"),
            Self::TooLarge { max_bytes } => {
                write!(f, "has more than {max_bytes} bytes, the limit; give a smaller file")
            }
            Self::Packed(reason) => write!(f, "cannot be taken out of the archive: {reason}; pack it again"),
            Self::Io(error) if error.kind() == io::ErrorKind::NotFound => f.write_str("no such file; check the path"),
            Self::Io(error) if error.kind() == io::ErrorKind::NotADirectory => {
                f.write_str("a part of this path is a file, expected folders only; check the path")
            }
            Self::Io(error) if error.kind() == io::ErrorKind::InvalidFilename => {
                f.write_str("the name is too long for this disk; check the path")
            }
            Self::Io(error) if error.kind() == io::ErrorKind::Other => {
                f.write_str("cannot be read: input or output error")
            }
            Self::Io(error) => write!(f, "cannot be read: {}; check its permissions", error.kind()),
        }
    }
}

impl std::error::Error for Unreadable {}

impl From<io::Error> for Unreadable {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Opens a regular file, or a link to one, for reading. Never waits for another process.
///
/// # Errors
/// [`Unreadable`] if there is no regular file at the path.
pub fn open(path: &Path) -> Result<File, Unreadable> {
    open_with_length(path).map(|(file, _)| file)
}

fn open_with_length(path: &Path) -> Result<(File, u64), Unreadable> {
    // Before opening, because that alone may do something to a device: a tape rewinds.
    check(std::fs::metadata(path)?.file_type())?;
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY);
    }
    let file = options.open(path)?;
    // And after it, because something else may have taken the path in between.
    let metadata = file.metadata()?;
    check(metadata.file_type())?;
    Ok((file, metadata.len()))
}

/// The bytes of a regular file of at most `max_bytes`.
///
/// # Errors
/// [`Unreadable`] if there is no regular file at the path, or if it is too long.
pub fn read(path: &Path, max_bytes: u64) -> Result<Vec<u8>, Unreadable> {
    let (file, length) = open_with_length(path)?;
    if length > max_bytes {
        return Err(Unreadable::TooLarge { max_bytes });
    }
    if length == 0 {
        // Some files of the system state no length.
        return read_at_most(file, 0, max_bytes);
    }
    // As long as it was when it was opened, without asking the system whether more follows.
    read_at_most(file.take(length), length, max_bytes)
}

/// As [`read`], for a file that the user named: a path to nothing is a refusal, not a fault from outside.
pub fn read_input(path: &Path, max_bytes: u64) -> anyhow::Result<Vec<u8>> {
    read(path, max_bytes).map_err(|error| error.at_input(path))
}

/// The path that means standard input.
pub const STDIN: &str = "-";

/// As [`read`], or the bytes of standard input where the path is [`STDIN`].
///
/// # Errors
/// As of [`read`].
pub fn read_or_stdin(path: &Path, max_bytes: u64) -> Result<Vec<u8>, Unreadable> {
    if path.as_os_str() == STDIN { read_at_most(io::stdin().lock(), 0, max_bytes) } else { read(path, max_bytes) }
}

/// The bytes of a stream of at most `max_bytes`, about `expected_bytes` of them.
pub fn read_at_most(from: impl Read, expected_bytes: u64, max_bytes: u64) -> Result<Vec<u8>, Unreadable> {
    let mut bytes = Vec::new();
    let expected = usize::try_from(expected_bytes.min(max_bytes)).unwrap_or(usize::MAX);
    bytes.try_reserve(expected).map_err(|_| io::Error::from(io::ErrorKind::OutOfMemory))?;
    from.take(max_bytes.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > max_bytes {
        return Err(Unreadable::TooLarge { max_bytes });
    }
    Ok(bytes)
}

fn check(kind: FileType) -> Result<(), Unreadable> {
    if kind.is_file() {
        return Ok(());
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt;
        if kind.is_fifo() {
            return Err(Unreadable::NotRegular("a pipe"));
        }
        if kind.is_socket() {
            return Err(Unreadable::NotRegular("a socket"));
        }
    }
    Err(Unreadable::NotRegular(if kind.is_dir() { "a folder" } else { "a device" }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_and_a_link_to_one_are_read_up_to_the_limit() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        std::fs::write(&path, b"12345").unwrap();
        assert_eq!(read(&path, 5).unwrap(), b"12345");
        assert_eq!(read(&path, 4).unwrap_err().to_string(), "has more than 4 bytes, the limit; give a smaller file");
        assert_eq!(
            read(folder.path(), 5).unwrap_err().to_string(),
            "is a folder, expected a regular file; give a file"
        );
        let missing = folder.path().join("b");
        assert_eq!(read(&missing, 5).unwrap_err().to_string(), "no such file; check the path");
        assert!(crate::is_refused(&read_input(&missing, 5).unwrap_err()));
        assert!(!crate::is_refused(&read(&missing, 5).unwrap_err().at(&missing)));
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink("a", folder.path().join("link")).unwrap();
            assert_eq!(read(&folder.path().join("link"), 5).unwrap(), b"12345");
        }
    }

    /// The file's length is 0 by its metadata; what counts is what is read.
    #[cfg(target_os = "linux")]
    #[test]
    fn a_file_without_a_length_is_read_up_to_the_limit_too() {
        assert!(!read(Path::new("/proc/self/status"), 1 << 20).unwrap().is_empty());
        assert!(matches!(read(Path::new("/proc/self/status"), 3), Err(Unreadable::TooLarge { max_bytes: 3 })));
    }

    /// Each of these hung or filled the memory when read with `std::fs::read`.
    #[cfg(unix)]
    #[test]
    fn what_is_no_regular_file_is_an_error_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let endless = folder.path().join("endless");
        std::os::unix::fs::symlink("/dev/zero", &endless).unwrap();
        let socket = folder.path().join("socket");
        let _listening = std::os::unix::net::UnixListener::bind(&socket).unwrap();
        for (path, what) in [(&pipe, "a pipe"), (&endless, "a device"), (&socket, "a socket")] {
            let error = read(path, 1 << 30).unwrap_err();
            assert!(matches!(error, Unreadable::NotRegular(found) if found == what), "{error}");
            assert!(crate::is_refused(&error.at(path)));
        }
    }
}
