//! Finding the pictures below a folder: links followed, loops noticed, everything that is no picture passed over.

use std::fs::Metadata;
use std::io::Read;
use std::path::{Path, PathBuf};

use stage_files::cache::CACHE_FILE;
use stage_files::lock::LOCK_FILE;
use stage_files::rejected::{REJECTED_FILE, Rejected};
use stage_files::stage::{PARTIAL_FILE, STAGE_FILE};
use stage_files::text_name::{text_name, text_path};

use crate::format::{Format, SNIFF_BYTES, sniff};

/// Endings of pictures, those that cannot be read included: they are to be reported, not passed over.
const EXTENSIONS: [&str; 21] = [
    "png", "jpg", "jpeg", "jpe", "jfif", "bmp", "gif", "webp", "tif", "tiff", "pnm", "pgm", "ppm", "pbm", "heic",
    "heif", "avif", "svg", "jp2", "psd", "jxl",
];
/// Files at the root of a folder of source pictures that belong to its stage.
const STAGE_FILES: [&str; 6] = [STAGE_FILE, PARTIAL_FILE, REJECTED_FILE, "sources.csv", LOCK_FILE, CACHE_FILE];

/// A picture file.
#[derive(Clone, Debug)]
pub struct Found {
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
    pub pictures: Vec<Found>,
    /// What should be a picture and cannot be, with its reason.
    pub rejected: Vec<Rejected>,
    /// Files that are no pictures.
    pub passed_over: u64,
}

/// Walks through `root`. Only a root that cannot be read is an error.
pub fn walk(root: &Path) -> anyhow::Result<Walk> {
    let mut walk = Walk::default();
    let entries = fs_err::read_dir(root)?;
    let above = vec![root.canonicalize()?];
    walk.folder(root, entries, Path::new(""), &above);
    walk.pictures.sort_by(|a, b| a.name.cmp(&b.name));
    walk.rejected.sort();
    Ok(walk)
}

impl Walk {
    fn folder(&mut self, root: &Path, entries: fs_err::ReadDir, below: &Path, above: &[PathBuf]) {
        let is_stage = below.as_os_str().is_empty() && root.join(STAGE_FILE).is_file();
        for entry in entries {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    self.reject(&text_path(below), format!("the folder cannot be listed: {}", plain(&error)));
                    return;
                }
            };
            let file_name = text_name(&entry.file_name());
            if is_stage && (STAGE_FILES.contains(&file_name.as_str()) || stage_files::atomic::is_temporary(&file_name))
            {
                continue;
            }
            self.entry(root, &below.join(entry.file_name()), &file_name, above);
        }
    }

    fn entry(&mut self, root: &Path, relative: &Path, file_name: &str, above: &[PathBuf]) {
        if file_name.starts_with('.') {
            self.passed_over += 1;
            return;
        }
        let (name, path) = (text_path(relative), root.join(relative));
        let metadata = match std::fs::metadata(&path) {
            Ok(metadata) => metadata,
            Err(error) => {
                let is_link = std::fs::symlink_metadata(&path).is_ok_and(|metadata| metadata.is_symlink());
                let reason = match error.kind() {
                    std::io::ErrorKind::NotFound if is_link => {
                        "broken link: what it points to is not there; mend or remove the link".to_owned()
                    }
                    std::io::ErrorKind::FilesystemLoop => {
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
            self.sub_folder(root, relative, &path, above);
        } else if !metadata.is_file() {
            if is_named_as_picture {
                self.reject(&name, "is no regular file but a device or pipe; remove it".to_owned());
            } else {
                self.passed_over += 1;
            }
        } else if is_named_as_picture || begins_as_picture(&path) {
            let folders = relative.parent().map(|f| f.components().map(|c| text_name(c.as_os_str())).collect());
            self.pictures.push(Found {
                folders: folders.unwrap_or_default(),
                stem: picture_stem(file_name).unwrap_or(file_name).to_owned(),
                name,
                path,
                size_bytes: metadata.len(),
                modified_ns: modified_ns(&metadata),
            });
        } else {
            self.passed_over += 1;
        }
    }

    fn sub_folder(&mut self, root: &Path, relative: &Path, path: &Path, above: &[PathBuf]) {
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
                self.folder(root, entries, relative, &above);
            }
            Err(error) => self.reject(&name, format!("the folder cannot be listed: {}", plain(&error))),
        }
    }

    fn reject(&mut self, source: &str, reason: String) {
        self.rejected.push(Rejected { source: source.to_owned(), reason });
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

/// Whether a file without a picture's ending is one by its content. Text formats and documents do not count.
fn begins_as_picture(path: &Path) -> bool {
    let mut start = Vec::with_capacity(SNIFF_BYTES);
    let Ok(file) = std::fs::File::open(path) else { return false };
    if file.take(SNIFF_BYTES as u64).read_to_end(&mut start).is_err() {
        return false;
    }
    sniff(&start).is_some_and(|format| format.is_supported() || matches!(format, Format::Heic | Format::Avif))
}

fn modified_ns(metadata: &Metadata) -> u64 {
    let since = metadata.modified().ok().and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok());
    since.map_or(0, |since| since.as_nanos() as u64)
}
