//! Opens the files by which stages keep order in a folder (`stage.json`, `.lock`, `.outputs.csv`, ..) and the outputs
//! that they check. It never follows a link.
//!
//! Locking through a `.lock` that is a link to `thesis.txt` would empty the thesis. A folder can come from anywhere, so
//! such a link is an error.

use std::fs::{File, OpenOptions};
use std::io::{self, Read};
use std::path::Path;

/// Opens a file that is not a link, or makes it if `options` say so. Never waits for a pipe.
pub(crate) fn open(path: &Path, options: &mut OpenOptions) -> io::Result<File> {
    let named = |error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", path.display()));
    let odd = |what: &str| {
        let remedy = "expected a plain file of the stage that writes this folder; remove it";
        Err(io::Error::new(io::ErrorKind::InvalidInput, format!("{} is {what}, {remedy}", path.display())))
    };
    match std::fs::symlink_metadata(path) {
        Ok(there) if there.is_symlink() => return odd("a link"),
        Ok(there) if !there.is_file() => return odd("no regular file"),
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(named(error)),
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        // The check above gives the better message; this one cannot be outrun.
        options.custom_flags(libc::O_NOFOLLOW | libc::O_NONBLOCK);
    }
    let file = options.open(path).map_err(named)?;
    if file.metadata()?.is_file() { Ok(file) } else { odd("no regular file") }
}

/// The bytes of a file that is not a link; `None` if there is no file.
pub fn read(path: &Path) -> io::Result<Option<Vec<u8>>> {
    let mut file = match open(path, File::options().read(true)) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    Ok(Some(bytes))
}

/// Removes a file, or a link itself, if it is there.
pub(crate) fn remove(path: &Path) -> io::Result<()> {
    match fs_err::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_refused_by_name_and_what_it_points_to_stays() {
        let folder = tempfile::tempdir().unwrap();
        let (thesis, link) = (folder.path().join("thesis.txt"), folder.path().join(".lock"));
        std::fs::write(&thesis, "my thesis").unwrap();
        std::os::unix::fs::symlink(&thesis, &link).unwrap();
        let error = open(&link, File::options().write(true).create(true).truncate(true)).unwrap_err();
        assert!(error.to_string().contains(".lock is a link"), "{error}");
        assert!(read(&link).is_err());
        remove(&link).unwrap();
        remove(&link).unwrap();
        assert_eq!(read(&thesis).unwrap().unwrap(), b"my thesis");
        assert_eq!(read(&link).unwrap(), None);
    }
}
