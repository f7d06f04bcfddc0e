//! Two kinds of errors: the request is wrong (exit code 2), or there is a fault from outside (exit code 3).
//!
//! Both are an [`anyhow::Error`]. If its chain contains a [`Refused`], the request is wrong, and trying again does not
//! help. Every other error (disk full, permission, a file that vanished) is a fault from outside, and trying again may
//! help.

use std::fmt;
use std::io::{self, ErrorKind};

/// The request is wrong: a bad option, config, data set or output folder.
#[derive(Debug)]
pub struct Refused(String);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Refused {}

/// An error that says that the request is wrong. The message says where, what was expected, what was found and what
/// helps.
pub fn refused(message: impl Into<String>) -> anyhow::Error {
    Refused(message.into()).into()
}

/// Returns from the function with a [`Refused`] made from a format string.
#[macro_export]
macro_rules! refuse {
    ($($message:tt)*) => { return Err($crate::refused(format!($($message)*))) };
}

/// Whether the request is wrong, so that trying again does not help. An error of the system is one of the request if it
/// is about the kind of thing that a path names: a folder where a file is expected, or the other way round.
pub fn is_refused(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| cause.is::<Refused>() || cause.downcast_ref().is_some_and(is_about_the_path))
}

fn is_about_the_path(error: &io::Error) -> bool {
    use ErrorKind::{AlreadyExists, InvalidFilename, IsADirectory, NotADirectory};
    matches!(error.kind(), NotADirectory | IsADirectory | AlreadyExists | InvalidFilename)
}

/// Whether the system could not do what it was asked: a fault of the device, too many open files, no permission. The
/// file may be whole, so nobody should be told to remove it. A file that is missing or ends early is not meant.
pub fn is_fault_of_system(error: &anyhow::Error) -> bool {
    use ErrorKind::{InvalidData, InvalidInput, NotFound, UnexpectedEof};
    let is_fault = |error: &io::Error| {
        !matches!(error.kind(), NotFound | UnexpectedEof | InvalidData | InvalidInput) && !is_about_the_path(error)
    };
    error.chain().any(|cause| cause.downcast_ref().is_some_and(is_fault))
}

/// An error with its causes on one line. What the system says, such as `Is a directory (os error 21)`, is put in words:
/// what was expected, what was found, what helps.
///
/// ```
/// let error = std::io::Error::from_raw_os_error(2);
/// let error = anyhow::Error::from(error).context("a.csv");
/// assert_eq!(stage_files::in_words(&error), "a.csv: no such file or folder; check the path");
/// ```
pub fn in_words(error: &anyhow::Error) -> String {
    const MARK: &str = " (os error ";
    let text = format!("{error:#}");
    let (mut done, mut rest) = (String::new(), text.as_str());
    while let Some((before, tail)) = rest.split_once(MARK) {
        let code = tail.split_once(')').and_then(|(code, after)| Some((code.parse().ok()?, after)));
        let Some((code, after)) = code else {
            done += before;
            done += MARK;
            rest = tail;
            continue;
        };
        let system = io::Error::from_raw_os_error(code);
        let said = system.to_string();
        let said = said.split(MARK).next().unwrap_or_default();
        match (before.strip_suffix(said), words(system.kind())) {
            (Some(before), Some(words)) => done.extend([before, words]),
            _ => done += before,
        }
        rest = after;
    }
    done + rest
}

/// What was expected, what was found and what helps.
fn words(kind: ErrorKind) -> Option<&'static str> {
    Some(match kind {
        ErrorKind::NotFound => "no such file or folder; check the path",
        ErrorKind::NotADirectory => "a part of this path is a file, expected folders only; check the path",
        ErrorKind::IsADirectory => "expected a file, found a folder; name a file",
        ErrorKind::AlreadyExists => "expected nothing of this name, found a file; name another path or move the file",
        ErrorKind::PermissionDenied => "permission denied; check who may read and write there",
        ErrorKind::ReadOnlyFilesystem => "the disk can only be read; write to another one",
        ErrorKind::StorageFull => "the disk is full; make room, then run the same command again",
        ErrorKind::QuotaExceeded => "the quota of this user is used up; make room, then run the same command again",
        ErrorKind::InvalidFilename => "the name is too long for this disk; choose a shorter one",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::Context;

    #[test]
    fn a_refusal_is_found_under_added_context() {
        let wrapped: anyhow::Result<()> = Err(refused("no such column")).context("reading a.csv");
        assert!(is_refused(&wrapped.unwrap_err()));
        assert!(!is_refused(&anyhow::anyhow!("disk full")));
    }

    #[test]
    fn a_device_that_fails_is_no_damaged_file() {
        // 5 is EIO, 24 is EMFILE, 2 is ENOENT.
        let of = |code| anyhow::Error::from(io::Error::from_raw_os_error(code)).context("metrics.csv");
        assert!(is_fault_of_system(&of(5)) && is_fault_of_system(&of(24)));
        assert!(!is_fault_of_system(&of(2)) && !is_fault_of_system(&anyhow::anyhow!("line 3: no number")));
        let short = anyhow::Error::from(io::Error::from(ErrorKind::UnexpectedEof));
        assert!(!is_fault_of_system(&short));
    }

    #[test]
    fn a_path_to_the_wrong_kind_of_thing_is_a_fault_of_the_request() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        std::fs::write(&file, "").unwrap();
        let of = |error: io::Error| anyhow::Error::from(error).context("a/b");
        let through_a_file = of(std::fs::read(file.join("x")).unwrap_err());
        assert!(is_refused(&through_a_file));
        assert_eq!(
            in_words(&through_a_file),
            "a/b: a part of this path is a file, expected folders only; check the path"
        );
        let missing = of(std::fs::read(folder.path().join("x")).unwrap_err());
        assert!(!is_refused(&missing));
        assert!(!in_words(&missing).contains("os error"), "{}", in_words(&missing));
        // 13 is EACCES, 28 is ENOSPC.
        for (code, expected) in [(13, "permission denied; check who may"), (28, "the disk is full; make room")] {
            let error = of(io::Error::from_raw_os_error(code));
            assert!(
                cfg!(windows) || in_words(&error).contains(expected) && !is_refused(&error),
                "{}",
                in_words(&error)
            );
        }
        assert_eq!(in_words(&anyhow::anyhow!("odd (os error x) and (os error ")), "odd (os error x) and (os error ");
    }
}
