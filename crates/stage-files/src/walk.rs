//! Finding the pictures below a folder: links followed, loops noticed, everything that is no picture passed over.

use std::fs::Metadata;
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::cache::CACHE_FILE;
use crate::lock::LOCK_FILE;
use crate::rejected::{REJECTED_FILE, Rejected};
use crate::stage::{PARTIAL_FILE, STAGE_FILE};
use crate::text_name::{text_name, text_path};

/// Endings of pictures, those that cannot be read included: they are to be reported, not passed over.
const EXTENSIONS: [&str; 21] = [
    "png", "jpg", "jpeg", "jpe", "jfif", "bmp", "gif", "webp", "tif", "tiff", "pnm", "pgm", "ppm", "pbm", "heic",
    "heif", "avif", "svg", "jp2", "psd", "jxl",
];
/// Files at the root of a folder of source pictures that belong to its stage.
const STAGE_FILES: [&str; 6] = [STAGE_FILE, PARTIAL_FILE, REJECTED_FILE, "sources.csv", LOCK_FILE, CACHE_FILE];

/// How many bytes from the start of a file [`walk`] shows to `is_picture`.
const START_BYTES: u64 = 32;

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
    /// Time of the last change in nanoseconds since 1970; 0 when the file system does not tell.
    pub modified_ns: u64,
}

/// What lies below a folder.
#[derive(Debug, Default)]
pub struct Walk {
    /// Pictures in byte order of their names.
    pub pictures: Vec<PictureFile>,
    /// What should be a picture and cannot be, with its reason.
    pub rejected: Vec<Rejected>,
    /// Files that are no pictures.
    pub passed_over: u64,
}

/// Walks through `root`. A file counts as a picture if its name ends as pictures' names do, or if `is_picture` says so of
/// its first bytes, 32 at most.
///
/// # Errors
/// Only a root that cannot be read.
pub fn walk(root: &Path, is_picture: fn(&[u8]) -> bool) -> anyhow::Result<Walk> {
    let mut walker = Walker { root, is_picture, found: Walk::default() };
    let entries = fs_err::read_dir(root)?;
    let above = vec![root.canonicalize()?];
    walker.folder(entries, Path::new(""), &above);
    let mut found = walker.found;
    found.pictures.sort_by(|a, b| a.name.cmp(&b.name));
    found.rejected.sort();
    Ok(found)
}

struct Walker<'a> {
    root: &'a Path,
    is_picture: fn(&[u8]) -> bool,
    found: Walk,
}

impl Walker<'_> {
    fn folder(&mut self, entries: fs_err::ReadDir, below: &Path, above: &[PathBuf]) {
        let is_stage = below.as_os_str().is_empty() && self.root.join(STAGE_FILE).is_file();
        for entry in entries {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    self.reject(&text_path(below), format!("the folder cannot be listed: {}", plain(&error)));
                    return;
                }
            };
            let file_name = text_name(&entry.file_name());
            if is_stage && (STAGE_FILES.contains(&file_name.as_str()) || crate::atomic::is_temporary(&file_name)) {
                continue;
            }
            self.entry(&below.join(entry.file_name()), &file_name, above);
        }
    }

    fn entry(&mut self, relative: &Path, file_name: &str, above: &[PathBuf]) {
        if file_name.starts_with('.') {
            self.found.passed_over += 1;
            return;
        }
        let (name, path) = (text_path(relative), self.root.join(relative));
        let metadata = match std::fs::metadata(&path) {
            Ok(metadata) => metadata,
            Err(error) => {
                let is_link = std::fs::symlink_metadata(&path).is_ok_and(|metadata| metadata.is_symlink());
                let reason = match error.kind() {
                    std::io::ErrorKind::NotFound if is_link => {
                        "broken link: what it points to is not there; mend or remove the link".to_owned()
                    }
                    // The kind has no stable name in the standard library yet, but its text.
                    kind if kind.to_string().starts_with("filesystem loop") => {
                        "link loop: the link leads back to itself; remove it".to_owned()
                    }
                    _ => format!("cannot be looked at: {}", plain(&error)),
                };
                self.reject(&name, reason);
                return;
            }
        };
        let is_named_as_picture = picture_stem(file_name).is_some();
        if metadata.is_dir() {
            if is_named_as_picture {
                self.reject(&name, "is a folder, expected a picture; rename the folder or remove it".to_owned());
                return;
            }
            self.sub_folder(relative, &path, above);
        } else if !metadata.is_file() {
            if is_named_as_picture {
                self.reject(&name, "is no regular file but a device or pipe; remove it".to_owned());
            } else {
                self.found.passed_over += 1;
            }
        } else if is_named_as_picture || self.begins_as_picture(&path) {
            let folders = relative.parent().map(|f| f.components().map(|c| text_name(c.as_os_str())).collect());
            self.found.pictures.push(PictureFile {
                folders: folders.unwrap_or_default(),
                stem: picture_stem(file_name).unwrap_or(file_name).to_owned(),
                name,
                path,
                size_bytes: metadata.len(),
                modified_ns: modified_ns(&metadata),
            });
        } else {
            self.found.passed_over += 1;
        }
    }

    fn sub_folder(&mut self, relative: &Path, path: &Path, above: &[PathBuf]) {
        let name = text_path(relative);
        let real = match path.canonicalize() {
            Ok(real) => real,
            Err(error) => return self.reject(&name, format!("the folder cannot be resolved: {}", plain(&error))),
        };
        if above.contains(&real) {
            return self.reject(&name, "link loop: the link leads to a folder that holds it; remove it".to_owned());
        }
        match fs_err::read_dir(path) {
            Ok(entries) => {
                let mut above = above.to_vec();
                above.push(real);
                self.folder(entries, relative, &above);
            }
            Err(error) => self.reject(&name, format!("the folder cannot be listed: {}", plain(&error))),
        }
    }

    /// Whether a file without a picture's ending is one by its content.
    fn begins_as_picture(&self, path: &Path) -> bool {
        let mut start = Vec::with_capacity(START_BYTES as usize);
        let Ok(file) = std::fs::File::open(path) else { return false };
        file.take(START_BYTES).read_to_end(&mut start).is_ok() && (self.is_picture)(&start)
    }

    fn reject(&mut self, source: &str, reason: String) {
        self.found.rejected.push(Rejected { source: source.to_owned(), reason });
    }
}

/// An error without the path that would tell where the folder lies.
pub fn plain(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::Other => "input or output error".to_owned(),
        kind => kind.to_string(),
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
