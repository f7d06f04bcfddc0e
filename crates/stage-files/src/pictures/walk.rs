//! Finds the pictures below a folder, or in an archive of one. Follows links, detects loops, and passes over other
//! files.

use std::fs::Metadata;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;

use super::archive::{Archive, Item};
use crate::cache::CACHE_FILE;
use crate::disk::modified::modified_ns;
use crate::kind::{Kind, kind};
use crate::lock::LOCK_FILE;
use crate::output::MANIFEST_FILE;
use crate::rejected::{REJECTED_FILE, Rejected};
use crate::sources::SOURCES_FILE;
use crate::stage::{PARTIAL_FILE, STAGE_FILE};
use crate::text_name::{text_name, text_path};
use crate::tree::{self, Enter, Problem};
use crate::{atomic, is_fault_of_system, refused, regular_file};

/// Endings of picture files. Formats that cannot be read are included, because such files are rejected and not passed
/// over.
const EXTENSIONS: [&str; 26] = [
    "png", "jpg", "jpeg", "jpe", "jfif", "bmp", "gif", "webp", "tif", "tiff", "pnm", "pgm", "ppm", "pbm", "heic",
    "heif", "avif", "svg", "jp2", "j2k", "j2c", "jpc", "jpf", "jpx", "psd", "jxl",
];
/// Files at the root of a folder of source pictures that belong to its stage.
const STAGE_FILES: [&str; 7] =
    [STAGE_FILE, PARTIAL_FILE, REJECTED_FILE, SOURCES_FILE, LOCK_FILE, CACHE_FILE, MANIFEST_FILE];

/// How many bytes from the start of a file [`walk`] shows to `look`.
const START_BYTES: u64 = 32;

/// What a file without a picture's ending is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Look {
    /// A picture by its content.
    Picture,
    /// Something that holds a picture and cannot be read; says what it is and what to do.
    Unreadable(String),
    /// Neither, such as notes: passed over.
    Other,
}

/// A picture file.
#[derive(Clone, Debug)]
pub struct PictureFile {
    /// Path relative to the folder, as text with `/`.
    pub name: String,
    /// Its folders, outermost first, as text. The pictures of a folder share them.
    pub folders: Arc<[String]>,
    place: Place,
    /// Length in bytes.
    pub size_bytes: u64,
    /// Time of the last change in nanoseconds since 1970; 0 if the file system does not know it.
    pub modified_ns: u64,
}

/// Where a picture is. There may be millions, so that most paths are made when they are needed.
#[derive(Clone, Debug)]
enum Place {
    /// Under its name below this folder.
    Below(Arc<Path>),
    /// Here: its path is no text.
    At(Box<Path>),
    /// A place in an archive.
    In(Arc<Archive>, usize),
}

impl PictureFile {
    /// A picture of this name below `root`, which need not exist.
    pub fn below(root: &Path, name: &str, size_bytes: u64) -> Self {
        let place = Place::Below(root.into());
        Self { name: name.to_owned(), folders: folders_of(name), place, size_bytes, modified_ns: 0 }
    }

    /// Its name without folders and a picture's ending.
    pub fn stem(&self) -> &str {
        let (_, file_name) = split(&self.name);
        picture_stem(file_name).unwrap_or(file_name)
    }

    /// The name of the folder, or archive, that was walked through; empty if it has none.
    pub fn root_name(&self) -> String {
        let of_path = |path: &Path| path.file_name().map(text_name);
        let name = match &self.place {
            Place::Below(root) => of_path(root),
            Place::At(path) => path.ancestors().nth(self.folders.len() + 1).and_then(of_path),
            Place::In(archive, _) => Some(archive.name.clone()),
        };
        name.unwrap_or_default()
    }

    /// The path of its file, or of the archive that holds it.
    pub fn path(&self) -> PathBuf {
        match &self.place {
            Place::Below(root) => root.join(&self.name),
            Place::At(path) => path.to_path_buf(),
            Place::In(archive, _) => archive.path.clone(),
        }
    }

    /// Its bytes, `max_bytes` at most.
    ///
    /// # Errors
    /// Why there are none.
    pub fn read(&self, max_bytes: u64) -> Result<Vec<u8>, regular_file::Unreadable> {
        match &self.place {
            Place::Below(_) | Place::At(_) => regular_file::read(&self.path(), max_bytes),
            Place::In(archive, at) => archive.read(*at, max_bytes),
        }
    }
}

/// The folders of a path, empty for none, and the name of the file in them.
fn split(name: &str) -> (&str, &str) {
    name.rsplit_once('/').unwrap_or(("", name))
}

fn folders_of(name: &str) -> Arc<[String]> {
    let (folders, _) = split(name);
    folders.split('/').filter(|_| !folders.is_empty()).map(str::to_owned).collect()
}

/// What lies below a folder.
#[derive(Debug, Default)]
pub struct Walk {
    /// Pictures in byte order of their names.
    pub pictures: Vec<PictureFile>,
    /// Entries that should be pictures and cannot be used, each with its reason.
    pub rejected: Vec<Rejected>,
    /// Files that are no pictures.
    pub passed_over: u64,
}

/// Walks through `root`, a folder or an [archive](super::archive::is_archive). A file is a picture if its name has the
/// ending of one, or if `look` says so of its name and its first bytes, 32 at most.
///
/// # Errors
/// Only a root that cannot be read.
pub fn walk(root: &Path, look: fn(&str, &[u8]) -> Look) -> anyhow::Result<Walk> {
    let is_stage = kind(&root.join(STAGE_FILE))? == Kind::File;
    let mut walker = Walker { root: root.into(), look, is_stage, found: Walk::default() };
    if kind(root)? == Kind::File {
        walker.archive().map_err(|error| unusable(root, error))?;
    } else {
        tree::visit(root, |relative, what| walker.entry(relative, what)).with_context(|| root.display().to_string())?;
    }
    let mut found = walker.found;
    found.pictures.sort_by(|a, b| a.name.cmp(&b.name));
    found.rejected.sort();
    Ok(found)
}

/// An archive that is damaged is a matter for the user, and a disk that fails is not.
fn unusable(archive: &Path, error: anyhow::Error) -> anyhow::Error {
    if is_fault_of_system(&error) {
        return error.context(archive.display().to_string());
    }
    refused(format!("{}: {error:#}; pack it again, or unpack it and give its folder", archive.display()))
}

struct Walker {
    root: Arc<Path>,
    look: fn(&str, &[u8]) -> Look,
    /// Whether a stage wrote the folder.
    is_stage: bool,
    found: Walk,
}

impl Walker {
    fn entry(&mut self, relative: &Path, what: Result<&Metadata, Problem>) -> Enter {
        let file_name = relative.file_name().map(text_name).unwrap_or_default();
        let is_at_root = relative.parent().is_some_and(|parent| parent.as_os_str().is_empty());
        let is_of_stage = STAGE_FILES.contains(&file_name.as_str()) || atomic::is_temporary(&file_name);
        if self.is_stage && is_at_root && is_of_stage {
            return Enter::No;
        }
        if file_name.starts_with('.') {
            self.found.passed_over += 1;
            return Enter::No;
        }
        let metadata = match what {
            Ok(metadata) => metadata,
            Err(problem) => {
                self.reject(relative, problem.to_string());
                return Enter::No;
            }
        };
        let is_named_as_picture = picture_stem(&file_name).is_some();
        if metadata.is_dir() {
            if is_named_as_picture {
                self.reject(relative, "is a folder, expected a picture; rename the folder or remove it".to_owned());
                return Enter::No;
            }
            return Enter::Yes;
        }
        let path = self.root.join(relative);
        if !metadata.is_file() {
            if is_named_as_picture {
                self.reject(relative, "is no regular file but a device or pipe; remove it".to_owned());
            } else {
                self.found.passed_over += 1;
            }
            return Enter::No;
        }
        let look = if is_named_as_picture { Look::Picture } else { self.look_at(&file_name, &path) };
        let name = text_path(relative);
        let place = if Some(name.as_str()) == relative.to_str() {
            Place::Below(Arc::clone(&self.root))
        } else {
            Place::At(path.into())
        };
        self.file(look, name, place, metadata.len(), modified_ns(metadata));
        Enter::No
    }

    /// Sorts a file by what it is.
    fn file(&mut self, look: Look, name: String, place: Place, size_bytes: u64, modified_ns: u64) {
        match look {
            Look::Picture => {
                let before = self.found.pictures.last().filter(|before| split(&before.name).0 == split(&name).0);
                let folders = before.map_or_else(|| folders_of(&name), |before| Arc::clone(&before.folders));
                self.found.pictures.push(PictureFile { name, folders, place, size_bytes, modified_ns });
            }
            Look::Unreadable(reason) => self.found.rejected.push(Rejected { source: name, reason }),
            Look::Other => self.found.passed_over += 1,
        }
    }

    /// Goes through an archive, in which there are no links and no folders.
    fn archive(&mut self) -> anyhow::Result<()> {
        let mut archive = Archive::open(&self.root)?;
        let mut items = archive.items()?;
        items.sort_by(|a, b| a.name.cmp(&b.name));
        let archive = Arc::new(archive);
        self.is_stage = items.iter().any(|item| item.name == STAGE_FILE);
        let mut items = items.into_iter().peekable();
        while let Some(Item { name, size_bytes, at }) = items.next() {
            let is_twice = std::iter::from_fn(|| items.next_if(|next| next.name == name)).count() > 0;
            if self.is_stage && STAGE_FILES.contains(&name.as_str()) {
                continue;
            }
            if name.split('/').any(|part| part.starts_with('.')) {
                self.found.passed_over += 1;
                continue;
            }
            let (_, file_name) = split(&name);
            let look = if picture_stem(file_name).is_some() {
                Look::Picture
            } else {
                (self.look)(file_name, &archive.start(at, START_BYTES).unwrap_or_default())
            };
            let look = match look {
                Look::Picture if is_twice => {
                    Look::Unreadable("is in the archive more than once; pack it again with one of them".to_owned())
                }
                look => look,
            };
            self.file(look, name, Place::In(Arc::clone(&archive), at), size_bytes, archive.modified_ns);
        }
        Ok(())
    }

    fn reject(&mut self, source: &Path, reason: String) {
        self.found.rejected.push(Rejected { source: text_path(source), reason });
    }

    /// What a file without a picture's ending is; one that cannot be read is judged by its name alone.
    fn look_at(&self, file_name: &str, path: &Path) -> Look {
        let mut start = Vec::with_capacity(START_BYTES as usize);
        if let Ok(file) = regular_file::open(path) {
            let _ = file.take(START_BYTES).read_to_end(&mut start);
        }
        (self.look)(file_name, &start)
    }
}

/// The name without its ending, when the ending is that of a picture.
fn picture_stem(file_name: &str) -> Option<&str> {
    let (stem, extension) = file_name.rsplit_once('.')?;
    EXTENSIONS.iter().any(|known| extension.eq_ignore_ascii_case(known)).then_some(stem)
}
