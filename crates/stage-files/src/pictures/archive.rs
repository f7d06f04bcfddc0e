//! A folder of pictures that comes as one file: a zip or an uncompressed tar archive.
//!
//! Names in an archive are data: they say labels and writers, and are never used as paths.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use anyhow::Context;
use zip::ZipArchive;

use super::pack::{Member, Pack};
use crate::disk::modified::modified_ns;
use crate::regular_file::{self, Unreadable};
use crate::text_name::text_name;

/// The first bytes of a zip archive with files, and of one without.
const ZIP_STARTS: [&[u8]; 2] = [b"PK\x03\x04", b"PK\x05\x06"];
/// The bytes at this place say that a file is a tar archive.
const TAR_MAGIC: (usize, &[u8]) = (257, b"ustar");

/// An archive that is read; several threads may.
#[derive(Debug)]
pub(super) struct Archive {
    /// Where it is.
    pub(super) path: PathBuf,
    /// Its own name without ending, as the folder would be called.
    pub(super) name: String,
    /// When it was last changed, in nanoseconds since 1970.
    pub(super) modified_ns: u64,
    content: Content,
}

#[derive(Debug)]
enum Content {
    Tar(Pack, Vec<Member>),
    Zip(Mutex<ZipArchive<File>>),
}

/// A file in an archive.
#[derive(Debug)]
pub(super) struct Item {
    /// Its path, with `/`, as text.
    pub(super) name: String,
    /// Its length once it is read.
    pub(super) size_bytes: u64,
    /// Its place in [`Archive::read`].
    pub(super) at: usize,
}

/// Whether a file is an archive that [`walk`](super::walk::walk) enters, by its first bytes.
pub fn is_archive(path: &Path) -> bool {
    let mut start = Vec::new();
    let read = regular_file::open(path).map(|file| file.take(512).read_to_end(&mut start));
    matches!(read, Ok(Ok(_))) && (is_zip(&start) || is_tar(&start))
}

fn is_zip(start: &[u8]) -> bool {
    ZIP_STARTS.iter().any(|zip| start.starts_with(zip))
}

fn is_tar(start: &[u8]) -> bool {
    let (at, magic) = TAR_MAGIC;
    start.get(at..).is_some_and(|rest| rest.starts_with(magic))
}

impl Archive {
    /// Opens an archive.
    ///
    /// # Errors
    /// Why it cannot be used.
    pub(super) fn open(path: &Path) -> anyhow::Result<Self> {
        let mut file = regular_file::open(path)?;
        let modified_ns = modified_ns(&file.metadata()?);
        let mut start = Vec::new();
        file.by_ref().take(512).read_to_end(&mut start)?;
        let content = if is_zip(&start) {
            Content::Zip(Mutex::new(ZipArchive::new(file).context("damaged zip archive")?))
        } else {
            let pack = Pack::open(path)?;
            let mut members = Vec::new();
            pack.visit(|member| members.push(member))?;
            Content::Tar(pack, members)
        };
        let name = path.file_stem().map(text_name).unwrap_or_default();
        Ok(Self { path: path.to_owned(), name, modified_ns, content })
    }

    /// All files in it, in any order.
    ///
    /// # Errors
    /// Why they cannot be listed.
    pub(super) fn items(&mut self) -> anyhow::Result<Vec<Item>> {
        match &mut self.content {
            Content::Tar(_, members) => {
                let item = |(at, member): (usize, &mut Member)| Item {
                    name: std::mem::take(&mut member.name),
                    size_bytes: member.size_bytes,
                    at,
                };
                Ok(members.iter_mut().enumerate().map(item).collect())
            }
            Content::Zip(zip) => {
                let zip = zip.get_mut().unwrap_or_else(PoisonError::into_inner);
                let mut items = Vec::new();
                for at in 0..zip.len() {
                    let file = zip.by_index_raw(at).context("damaged zip archive")?;
                    if file.is_file() {
                        // Some programs for Windows write its own separator.
                        let name = file.name().context("damaged zip archive")?.replace('\\', "/");
                        items.push(Item { name, size_bytes: file.size(), at });
                    }
                }
                Ok(items)
            }
        }
    }

    /// The first bytes of a file.
    ///
    /// # Errors
    /// Why there are none.
    pub(super) fn start(&self, at: usize, max_bytes: u64) -> anyhow::Result<Vec<u8>> {
        match &self.content {
            Content::Tar(pack, members) => {
                let whole = &members[at];
                let size_bytes = whole.size_bytes.min(max_bytes);
                let start = Member { size_bytes, offset_bytes: whole.offset_bytes, name: String::new() };
                Ok(pack.read(&start, max_bytes)?)
            }
            Content::Zip(zip) => {
                let mut start = Vec::new();
                let mut zip = zip.lock().unwrap_or_else(PoisonError::into_inner);
                zip.by_index(at)?.take(max_bytes).read_to_end(&mut start)?;
                Ok(start)
            }
        }
    }

    /// The bytes of a file.
    ///
    /// # Errors
    /// Why there are none.
    pub(super) fn read(&self, at: usize, max_bytes: u64) -> Result<Vec<u8>, Unreadable> {
        match &self.content {
            Content::Tar(pack, members) => pack.read(&members[at], max_bytes),
            Content::Zip(zip) => {
                let mut zip = zip.lock().unwrap_or_else(PoisonError::into_inner);
                let packed = |error: &dyn std::fmt::Display| Unreadable::Packed(error.to_string());
                let file = zip.by_index(at).map_err(|error| packed(&error))?;
                let size_bytes = file.size();
                match regular_file::read_at_most(file, size_bytes.min(1 << 20), max_bytes) {
                    Err(Unreadable::Io(error)) => Err(packed(&error)),
                    read => read,
                }
            }
        }
    }
}
