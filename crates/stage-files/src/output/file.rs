//! A single output file that an option names, such as `--onnx FILE`.
//!
//! ```no_run
//! # use std::path::Path;
//! # use stage_files::output::OutputFile;
//! # fn export(bytes: &[u8]) -> anyhow::Result<()> {
//! let model = Path::new("run/model.safetensors");
//! let [onnx, c] = OutputFile::all([("--onnx", Some(Path::new("a.onnx"))), ("--c", None)], &[model])?;
//! if let Some(onnx) = onnx {
//!     onnx.write(bytes)?;
//! }
//! # Ok(()) }
//! ```
//!
//! A file is replaced in one step. `-` is standard output. Devices and pipes are written to, not replaced. A file that
//! the command reads, that another option names, or that a stage keeps in its folder is refused.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use super::Layout;
use super::manifest::{self, MANIFEST_FILE};
use super::overlap::{is_same, resolved};
use crate::digest::sha256_hex;
use crate::lock::LOCK_FILE;
use crate::stage::{PARTIAL_FILE, STAGE_FILE};
use crate::{atomic, no_follow, refuse};

/// An output file, checked before any work is done.
#[derive(Debug)]
pub struct OutputFile {
    path: PathBuf,
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Standard output.
    Stdout,
    /// A device or a pipe.
    Stream,
    /// A regular file, or none yet.
    Regular,
}

impl OutputFile {
    /// Checks the files that options name against each other and against the files that the command reads. `None` is an
    /// option that was not given.
    ///
    /// # Errors
    /// A refusal that names the option.
    pub fn all<const N: usize>(
        named: [(&str, Option<&Path>); N],
        inputs: &[&Path],
    ) -> anyhow::Result<[Option<Self>; N]> {
        let mut files = [const { None }; N];
        for (at, (option, path)) in named.into_iter().enumerate() {
            let Some(path) = path else { continue };
            for (other, earlier) in
                named.iter().zip(&files[..at]).filter_map(|((other, _), file)| Some((other, file.as_ref()?)))
            {
                let earlier: &Self = earlier;
                if earlier.path == path || is_same(&earlier.path, path) && earlier.kind == Kind::Regular {
                    refuse!("{option} and {other} name one file, {}; give each its own", path.display());
                }
            }
            files[at] = Some(Self::new(option, path, inputs)?);
        }
        Ok(files)
    }

    /// Checks the file that an option names.
    ///
    /// # Errors
    /// A refusal that names the option.
    pub fn new(option: &str, path: &Path, inputs: &[&Path]) -> anyhow::Result<Self> {
        let shown = path.display();
        let file = |kind| Self { path: path.to_owned(), kind };
        if path == Path::new("-") {
            return Ok(file(Kind::Stdout));
        }
        match std::fs::metadata(path) {
            Ok(there) if there.is_dir() => {
                refuse!("{option} {shown}: expected a file to write, found a folder; name a file in it")
            }
            Ok(there) if is_stream(&there) => return Ok(file(Kind::Stream)),
            Ok(there) if !there.is_file() => refuse!("{option} {shown}: is no regular file; name another"),
            Err(_) if std::fs::symlink_metadata(path).is_ok() => {
                refuse!("{option} {shown}: is a link that leads nowhere; remove it or name another file")
            }
            Ok(_) | Err(_) => {}
        }
        if let Some(input) = inputs.iter().find(|input| is_same(input, path)) {
            refuse!("{option} {shown}: the command reads this file ({}); name another to write", input.display());
        }
        let place = resolved(path)?;
        if let Some(folder) = owner(&place) {
            refuse!(
                "{option} {shown}: a stage keeps this file in its folder {}; name another to write",
                folder.display()
            );
        }
        let folder = place.parent().unwrap_or(Path::new("/"));
        if crate::kind::kind(folder)? != crate::kind::Kind::Folder {
            refuse!("{option} {shown}: no such folder to write in; make it first");
        }
        Ok(Self { path: place, kind: Kind::Regular })
    }

    /// Writes the bytes; a regular file is replaced in one step.
    ///
    /// # Errors
    /// Faults from outside.
    pub fn write(&self, bytes: &[u8]) -> anyhow::Result<()> {
        match self.kind {
            Kind::Stdout => Ok(std::io::stdout().lock().write_all(bytes)?),
            Kind::Stream => File::options()
                .write(true)
                .open(&self.path)
                .and_then(|mut stream| stream.write_all(bytes))
                .with_context(|| format!("cannot write to {}", self.path.display())),
            Kind::Regular => replace(&self.path, bytes),
        }
    }
}

#[cfg(unix)]
fn is_stream(there: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::FileTypeExt;
    there.file_type().is_char_device() || there.file_type().is_fifo()
}

#[cfg(not(unix))]
fn is_stream(_: &std::fs::Metadata) -> bool {
    false
}

/// The folder of a stage that keeps this file.
fn owner(place: &Path) -> Option<&Path> {
    /// How deep stages write below their folders, and one more.
    const LEVELS: usize = 3;
    let layout = Layout { owns: |_| true, private: &[] };
    place.ancestors().skip(1).take(LEVELS).find(|folder| {
        let name = place.strip_prefix(folder).map(crate::text_name::text_path).unwrap_or_default();
        let is_protocol = [STAGE_FILE, PARTIAL_FILE, LOCK_FILE, MANIFEST_FILE].contains(&name.as_str());
        is_protocol && folder.join(MANIFEST_FILE).exists()
            || manifest::read(folder, &layout).is_some_and(|files| files.contains_key(&name))
    })
}

/// Writes beside the place and renames. The temporary file is locked while it is written, and has one name for each
/// target, so that the next writer of the folder knows and removes what a killed one left.
fn replace(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let cannot = || format!("cannot write {}", path.display());
    let (folder, name) = (path.parent().unwrap_or(Path::new(".")), path.file_name().unwrap_or_default());
    remove_abandoned(folder);
    let temporary = folder.join(format!("{}{}", atomic::FILE_PREFIX, &sha256_hex(name.as_encoded_bytes())[..16]));
    let mut file = loop {
        let mut options = File::options();
        let file =
            no_follow::open(&temporary, options.write(true).create(true).truncate(false)).with_context(cannot)?;
        if file.try_lock().is_err_and(|error| matches!(error, std::fs::TryLockError::WouldBlock)) {
            bail!("{} is being written by another process; wait until it has ended", path.display());
        }
        // Another writer may have renamed or removed it between the opening and the lock.
        if is_still(&file, &temporary) {
            break file;
        }
    };
    let written = file.set_len(0).and_then(|()| file.write_all(bytes)).and_then(|()| std::fs::rename(&temporary, path));
    if written.is_err() {
        let _ = std::fs::remove_file(&temporary);
    }
    written.with_context(cannot)
}

fn is_still(file: &File, path: &Path) -> bool {
    let opened = file.try_clone().and_then(same_file::Handle::from_file);
    matches!((opened, same_file::Handle::from_path(path)), (Ok(opened), Ok(there)) if opened == there)
}

/// Removes the temporary files of killed writers: those that nobody has locked.
fn remove_abandoned(folder: &Path) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if !entry.file_name().to_string_lossy().starts_with(atomic::FILE_PREFIX) {
            continue;
        }
        if let Ok(file) = no_follow::open(&path, File::options().write(true))
            && file.try_lock().is_ok()
            && is_still(&file, &path)
        {
            let _ = std::fs::remove_file(&path);
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use crate::atomic::Durability;

    fn refusal(option: &str, path: &Path, inputs: &[&Path]) -> String {
        let error = OutputFile::new(option, path, inputs).unwrap_err();
        assert!(crate::is_refused(&error), "{error:#}");
        error.to_string()
    }

    #[test]
    fn inputs_folders_and_files_of_stages_are_refused_and_the_option_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::write(at("model"), "m").unwrap();
        std::fs::hard_link(at("model"), at("hard")).unwrap();
        std::os::unix::fs::symlink("model", at("soft")).unwrap();
        std::os::unix::fs::symlink("nowhere", at("dangling")).unwrap();
        let model = at("model");
        for name in ["model", "hard", "soft", "../model", "./model"] {
            let path = if name == "../model" { at("x/../model") } else { at(name) };
            assert!(refusal("--onnx", &path, &[&model]).contains("--onnx"), "{name}");
        }
        assert!(refusal("--c", folder.path(), &[]).contains("found a folder"));
        assert!(refusal("--c", &at("no/such/file.c"), &[]).contains("make it first"));
        assert!(refusal("--c", &at("dangling"), &[]).contains("leads nowhere"));
        let run = at("run");
        std::fs::create_dir_all(run.join("20")).unwrap();
        let listed = manifest::Manifest::from([("20/a.png".to_owned(), manifest::Written::of(b""))]);
        manifest::write(&run, &listed, Durability::Process).unwrap();
        for name in ["20/a.png", STAGE_FILE, LOCK_FILE, MANIFEST_FILE] {
            assert!(refusal("--npz", &run.join(name), &[]).contains("a stage keeps this file"), "{name}");
        }
        OutputFile::new("--npz", &run.join("mine.npz"), &[]).unwrap().write(b"n").unwrap();
        assert_eq!(std::fs::read(run.join("mine.npz")).unwrap(), b"n");
    }

    #[test]
    fn two_options_that_name_one_file_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let (a, twin) = (folder.path().join("a"), folder.path().join("x/../a"));
        std::fs::create_dir(folder.path().join("x")).unwrap();
        let error = OutputFile::all([("--onnx", Some(&a)), ("--c", None), ("--npz", Some(&twin))], &[]).unwrap_err();
        assert!(error.to_string().contains("--npz and --onnx name one file"), "{error}");
        assert!(OutputFile::all([("--onnx", Some(Path::new("-"))), ("--c", Some(Path::new("-")))], &[]).is_err());
    }

    #[test]
    fn a_link_is_followed_and_a_stream_is_written_to_and_stays() {
        let folder = tempfile::tempdir().unwrap();
        let (target, link) = (folder.path().join("target"), folder.path().join("link"));
        std::fs::write(&target, "old").unwrap();
        std::os::unix::fs::symlink("target", &link).unwrap();
        OutputFile::new("--c", &link, &[]).unwrap().write(b"new").unwrap();
        assert_eq!(std::fs::read(&target).unwrap(), b"new");
        assert!(link.is_symlink());
        let null = Path::new("/dev/null");
        OutputFile::new("--c", null, &[]).unwrap().write(b"x").unwrap();
        assert!(is_stream(&null.metadata().unwrap()));
        let pipe = folder.path().join("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let reader = std::thread::spawn({
            let pipe = pipe.clone();
            move || std::fs::read(pipe).unwrap()
        });
        OutputFile::new("--c", &pipe, &[]).unwrap().write(b"through").unwrap();
        assert_eq!(reader.join().unwrap(), b"through");
    }

    #[test]
    fn what_a_killed_writer_left_goes_and_what_a_living_one_writes_stays() {
        let folder = tempfile::tempdir().unwrap();
        let left = folder.path().join(format!("{}0123456789abcdef", atomic::FILE_PREFIX));
        let held = folder.path().join(format!("{}fedcba9876543210", atomic::FILE_PREFIX));
        std::fs::write(&left, "half").unwrap();
        let writer = File::create(&held).unwrap();
        writer.try_lock().unwrap();
        let target = folder.path().join("a.onnx");
        OutputFile::new("--onnx", &target, &[]).unwrap().write(b"whole").unwrap();
        assert!(!left.exists() && held.exists());
        assert_eq!(std::fs::read(&target).unwrap(), b"whole");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
    }
}
