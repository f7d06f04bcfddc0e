//! What a path leads to. `Path::is_dir` says no as well when the system cannot tell, and then a message would say that
//! a folder is a file.

use std::io::ErrorKind;
use std::path::Path;

use crate::refuse;

/// What a path leads to, through links.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A folder.
    Folder,
    /// Anything else.
    File,
    /// Nothing.
    Nothing,
}

/// What a path leads to.
///
/// # Errors
/// Faults of the system.
pub fn kind(path: &Path) -> anyhow::Result<Kind> {
    match fs_err::metadata(path) {
        Ok(there) if there.is_dir() => Ok(Kind::Folder),
        Ok(_) => Ok(Kind::File),
        // A part of the path may be a file.
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(Kind::Nothing),
        Err(error) => Err(error.into()),
    }
}

/// Refuses a path that leads to no folder: `PATH: expected EXPECTED, found a file; REMEDY`.
///
/// # Errors
/// The refusal; faults of the system.
pub fn expect_folder(path: &Path, expected: &str, remedy: &str) -> anyhow::Result<()> {
    let found = match kind(path)? {
        Kind::Folder => return Ok(()),
        Kind::File => "a file",
        Kind::Nothing => "nothing",
    };
    refuse!("{}: expected {expected}, found {found}; {remedy}", path.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_a_file_and_nothing_are_told_apart() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        std::fs::write(&file, "").unwrap();
        assert_eq!(kind(folder.path()).unwrap(), Kind::Folder);
        assert_eq!(kind(&file).unwrap(), Kind::File);
        assert_eq!(kind(&folder.path().join("none")).unwrap(), Kind::Nothing);
        assert_eq!(kind(&file.join("none")).unwrap(), Kind::Nothing);
        assert!(expect_folder(folder.path(), "a folder", "name one").is_ok());
        let error = expect_folder(&file, "a folder", "name one").unwrap_err();
        assert!(crate::is_refused(&error) && error.to_string().ends_with("expected a folder, found a file; name one"));
    }
}
