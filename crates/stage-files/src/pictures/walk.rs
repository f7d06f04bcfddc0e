//! Finds the pictures below a folder. Follows links, detects loops, and passes over other files.

use std::fs::Metadata;
use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::cache::CACHE_FILE;
use crate::lock::LOCK_FILE;
use crate::output::MANIFEST_FILE;
use crate::rejected::{REJECTED_FILE, Rejected};
use crate::sources::SOURCES_FILE;
use crate::stage::{PARTIAL_FILE, STAGE_FILE};
use crate::text_name::{text_name, text_path};
use crate::tree::{self, Enter, Problem};
use crate::{atomic, regular_file};

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
    /// Its folders, outermost first, as text.
    pub folders: Vec<String>,
    /// Its name without a picture's ending, as text.
    pub stem: String,
    /// Where it is.
    pub path: PathBuf,
    /// Length in bytes.
    pub size_bytes: u64,
    /// Time of the last change in nanoseconds since 1970; 0 if the file system does not know it.
    pub modified_ns: u64,
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

/// Walks through `root`. A file is a picture if its name has the ending of one, or if `look` says so of its name and
/// its first bytes, 32 at most.
///
/// # Errors
/// Only a root that cannot be read.
pub fn walk(root: &Path, look: fn(&str, &[u8]) -> Look) -> anyhow::Result<Walk> {
    let is_stage = root.join(STAGE_FILE).is_file();
    let mut walker = Walker { root, look, is_stage, found: Walk::default() };
    tree::visit(root, |relative, what| walker.entry(relative, what)).with_context(|| root.display().to_string())?;
    let mut found = walker.found;
    found.pictures.sort_by(|a, b| a.name.cmp(&b.name));
    found.rejected.sort();
    Ok(found)
}

struct Walker<'a> {
    root: &'a Path,
    look: fn(&str, &[u8]) -> Look,
    /// Whether a stage wrote the folder.
    is_stage: bool,
    found: Walk,
}

impl Walker<'_> {
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
        match look {
            Look::Picture => self.take(relative, &file_name, path, metadata),
            Look::Unreadable(reason) => self.reject(relative, reason),
            Look::Other => self.found.passed_over += 1,
        }
        Enter::No
    }

    fn take(&mut self, relative: &Path, file_name: &str, path: PathBuf, metadata: &Metadata) {
        let folders = relative.parent().map(|f| f.components().map(|c| text_name(c.as_os_str())).collect());
        self.found.pictures.push(PictureFile {
            folders: folders.unwrap_or_default(),
            stem: picture_stem(file_name).unwrap_or(file_name).to_owned(),
            name: text_path(relative),
            path,
            size_bytes: metadata.len(),
            modified_ns: modified_ns(metadata),
        });
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

fn modified_ns(metadata: &Metadata) -> u64 {
    let since = metadata.modified().ok().and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok());
    since.map_or(0, |since| since.as_nanos() as u64)
}
