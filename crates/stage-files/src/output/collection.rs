//! A folder of pictures that grows one by one, as digits arrive that people draw. It is no output of a stage: nothing
//! in it is ever replaced, and other programs and people may put pictures into it as well.
//!
//! Names consist of plain parts: no part is empty, `.` or `..`, or has a separator in it. A folder on the way that is a
//! link is an error, so no name leads outside.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use anyhow::{Context, anyhow};

use super::MANIFEST_FILE;
use super::stage::{PARTIAL_FILE, STAGE_FILE};
use crate::atomic::{self, AtomicFile, Durability};
use crate::digest::sha256_hex;
use crate::{no_follow, refuse};

/// The folder.
#[derive(Debug)]
pub struct Collection {
    root: PathBuf,
    /// One change of a text file at a time.
    text: Mutex<()>,
}

impl Collection {
    /// Opens a folder, and makes it if it is not there.
    ///
    /// # Errors
    /// A refusal when it is no folder, or one that a stage made; a fault when it cannot be made.
    pub fn open(root: &Path) -> anyhow::Result<Self> {
        if root.exists() && !root.is_dir() {
            refuse!("{}: expected a folder, found a file; name another one", root.display());
        }
        for name in [STAGE_FILE, PARTIAL_FILE, MANIFEST_FILE] {
            if root.join(name).exists() {
                refuse!("{}: a stage made this folder (it has {name}); name another one", root.display());
            }
        }
        fs_err::create_dir_all(root)?;
        Ok(Self { root: root.to_owned(), text: Mutex::new(()) })
    }

    /// The path of the folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Writes `bytes` as the next of `0001.png`, `0002.png`, .. in a folder below, which is made. Returns the name with
    /// `/` between its parts. A name that is taken is left alone, whoever takes it.
    ///
    /// # Errors
    /// Faults from outside.
    pub fn add_numbered(&self, folder: &[&str], ending: &str, bytes: &[u8]) -> anyhow::Result<String> {
        let path = self.make_folder(folder)?;
        let mut number = 1 + highest(&path, ending)?;
        loop {
            let name = format!("{number:04}.{ending}");
            let mut file = AtomicFile::create(&path.join(&name))?;
            file.write_all(bytes).with_context(|| format!("cannot write {name}"))?;
            if file.commit_new()? {
                return Ok(format!("{}/{name}", folder.join("/")));
            }
            number += 1;
        }
    }

    /// How many numbered files there are in a folder below.
    ///
    /// # Errors
    /// Faults from outside.
    pub fn count_numbered(&self, folder: &[&str], ending: &str) -> anyhow::Result<u64> {
        let path = self.path_of(folder)?;
        Ok(numbers(&path, ending)?.len() as u64)
    }

    /// Removes a file if its bytes are still those of `sha256`; false if they are not.
    ///
    /// # Errors
    /// Faults from outside.
    pub fn take_back(&self, name: &str, sha256: &str) -> anyhow::Result<bool> {
        let path = self.path_of(&name.split('/').collect::<Vec<_>>())?;
        let is_same = no_follow::read(&path)?.is_some_and(|bytes| sha256_hex(&bytes) == sha256);
        if is_same {
            no_follow::remove(&path)?;
        }
        Ok(is_same)
    }

    /// Adds a line to a text file, which is made.
    ///
    /// # Errors
    /// Faults from outside.
    pub fn append_line(&self, name: &[&str], line: &str) -> anyhow::Result<()> {
        let _turn = self.text.lock().unwrap_or_else(PoisonError::into_inner);
        let path = self.file_of(name)?;
        let shown = || format!("cannot write {}", path.display());
        let mut file = no_follow::open(&path, OpenOptions::new().create(true).append(true).read(true))?;
        // A line that a crash cut off stays one line.
        let torn = if ends_with_line_feed(&mut file).with_context(shown)? { "" } else { "\n" };
        file.write_all(format!("{torn}{line}\n").as_bytes()).with_context(shown)
    }

    /// Removes lines from a text file, if it is there.
    ///
    /// # Errors
    /// Faults from outside.
    pub fn remove_lines(&self, name: &[&str], is_meant: impl Fn(&str) -> bool) -> anyhow::Result<()> {
        let _turn = self.text.lock().unwrap_or_else(PoisonError::into_inner);
        let path = self.file_of(name)?;
        let Some(bytes) = no_follow::read(&path)? else { return Ok(()) };
        let lines = bytes.split_inclusive(|&byte| byte == b'\n');
        // What is no text is not ours, and stays.
        let stays = |line: &&[u8]| !std::str::from_utf8(line).is_ok_and(|line| is_meant(line.trim_end()));
        let kept: Vec<u8> = lines.filter(stays).flatten().copied().collect();
        if kept.len() < bytes.len() { atomic::write(&path, &kept, Durability::Process) } else { Ok(()) }
    }

    fn path_of(&self, parts: &[&str]) -> anyhow::Result<PathBuf> {
        let mut path = self.root.clone();
        for part in parts {
            if matches!(*part, "" | "." | "..") || part.contains(['/', '\\', ':', '\0']) {
                return Err(anyhow!("{part:?} is no plain name"));
            }
            if path.symlink_metadata().is_ok_and(|there| there.is_symlink()) && path != self.root {
                return Err(anyhow!("{} is a link; what is collected goes into plain folders", path.display()));
            }
            path.push(part);
        }
        Ok(path)
    }

    fn make_folder(&self, parts: &[&str]) -> anyhow::Result<PathBuf> {
        for end in 1..=parts.len() {
            let path = self.path_of(&parts[..end])?;
            match fs_err::create_dir(&path) {
                Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(error.into()),
                _ => {}
            }
            if !path.symlink_metadata().is_ok_and(|there| there.is_dir()) {
                return Err(anyhow!("{} is no plain folder; remove it or name another one", path.display()));
            }
        }
        self.path_of(parts)
    }

    /// The path of a file whose folder is made.
    fn file_of(&self, name: &[&str]) -> anyhow::Result<PathBuf> {
        if let Some((_, folder)) = name.split_last() {
            self.make_folder(folder)?;
        }
        self.path_of(name)
    }
}

fn ends_with_line_feed(file: &mut File) -> std::io::Result<bool> {
    if file.metadata()?.len() == 0 {
        return Ok(true);
    }
    let mut last = [0];
    file.seek(SeekFrom::End(-1))?;
    file.read_exact(&mut last)?;
    Ok(last == *b"\n")
}

/// The numbers of `0001.png`, `0002.png`, ..; none if there is no such folder.
fn numbers(folder: &Path, ending: &str) -> anyhow::Result<Vec<u64>> {
    let entries = match fs_err::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error.into()),
    };
    let mut numbers = Vec::new();
    for entry in entries {
        let name = entry?.file_name();
        let stem = name.to_str().and_then(|name| name.strip_suffix(ending)).and_then(|stem| stem.strip_suffix('.'));
        numbers.extend(stem.filter(|stem| stem.len() >= 4).and_then(|stem| stem.parse::<u64>().ok()));
    }
    Ok(numbers)
}

fn highest(folder: &Path, ending: &str) -> anyhow::Result<u64> {
    Ok(numbers(folder, ending)?.into_iter().max().unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_numbered_and_nothing_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("collected");
        let collection = Collection::open(&root).unwrap();
        assert_eq!(collection.add_numbered(&["kim", "3"], "png", b"a").unwrap(), "kim/3/0001.png");
        std::fs::write(root.join("kim/3/0002.png"), "mine").unwrap();
        assert_eq!(collection.add_numbered(&["kim", "3"], "png", b"b").unwrap(), "kim/3/0003.png");
        assert_eq!(std::fs::read(root.join("kim/3/0002.png")).unwrap(), b"mine");
        assert_eq!(collection.count_numbered(&["kim", "3"], "png").unwrap(), 3);
        assert_eq!(collection.count_numbered(&["lee", "3"], "png").unwrap(), 0);
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope
                    .spawn(|| (0..10).for_each(|_| drop(collection.add_numbered(&["lee", "1"], "png", b"c").unwrap())));
            }
        });
        assert_eq!(collection.count_numbered(&["lee", "1"], "png").unwrap(), 80);
        assert!(!collection.take_back("kim/3/0002.png", &sha256_hex(b"b")).unwrap());
        assert!(collection.take_back("kim/3/0003.png", &sha256_hex(b"b")).unwrap());
        assert_eq!(collection.count_numbered(&["kim", "3"], "png").unwrap(), 2);
    }

    #[test]
    fn lines_are_added_and_taken_back() {
        let folder = tempfile::tempdir().unwrap();
        let collection = Collection::open(folder.path()).unwrap();
        let file = folder.path().join("kim/strokes.ndjson");
        collection.append_line(&["kim", "strokes.ndjson"], "one").unwrap();
        std::fs::write(&file, "one\ntorn").unwrap();
        collection.append_line(&["kim", "strokes.ndjson"], "two").unwrap();
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "one\ntorn\ntwo\n");
        collection.remove_lines(&["kim", "strokes.ndjson"], |line| line == "torn").unwrap();
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "one\ntwo\n");
        collection.remove_lines(&["lee", "strokes.ndjson"], |_| true).unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn no_name_and_no_link_leads_outside() {
        let folder = tempfile::tempdir().unwrap();
        let (root, outside) = (folder.path().join("in"), folder.path().join("outside"));
        let collection = Collection::open(&root).unwrap();
        std::fs::create_dir(&outside).unwrap();
        for name in ["..", ".", "", "a/b", "a\\b", "c:"] {
            assert!(collection.add_numbered(&[name, "3"], "png", b"a").is_err(), "{name}");
            assert!(collection.append_line(&[name, "x"], "a").is_err(), "{name}");
        }
        std::os::unix::fs::symlink(&outside, root.join("kim")).unwrap();
        std::fs::create_dir(root.join("lee")).unwrap();
        std::os::unix::fs::symlink(&outside, root.join("lee/3")).unwrap();
        std::os::unix::fs::symlink(outside.join("x"), root.join("lee/strokes.ndjson")).unwrap();
        assert!(collection.add_numbered(&["kim", "3"], "png", b"a").is_err());
        assert!(collection.add_numbered(&["lee", "3"], "png", b"a").is_err());
        assert!(collection.append_line(&["lee", "strokes.ndjson"], "a").is_err());
        assert!(collection.take_back("kim/x", "").is_err());
        assert_eq!(std::fs::read_dir(&outside).unwrap().count(), 0);
    }

    #[test]
    fn the_folder_of_a_stage_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(STAGE_FILE), "{}").unwrap();
        assert!(crate::is_refused(&Collection::open(folder.path()).unwrap_err()));
        assert!(crate::is_refused(&Collection::open(&folder.path().join(STAGE_FILE)).unwrap_err()));
    }
}
