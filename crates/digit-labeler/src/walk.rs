//! Finding the pictures below a folder: links followed, loops noticed, everything that is no picture passed over.

use std::fs::Metadata;
use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::Context;
use stage_files::cache::CACHE_FILE;
use stage_files::lock::LOCK_FILE;
use stage_files::regular_file;
use stage_files::rejected::{REJECTED_FILE, Rejected};
use stage_files::stage::{PARTIAL_FILE, STAGE_FILE};
use stage_files::text_name::{text_name, text_path};
use stage_files::tree::{self, Enter, Problem};

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
    let is_stage = root.join(STAGE_FILE).is_file();
    tree::visit(root, |relative, what| walk.entry(root, relative, what, is_stage))
        .with_context(|| root.display().to_string())?;
    walk.pictures.sort_by(|a, b| a.name.cmp(&b.name));
    walk.rejected.sort();
    Ok(walk)
}

impl Walk {
    fn entry(&mut self, root: &Path, relative: &Path, what: Result<&Metadata, Problem>, is_stage: bool) -> Enter {
        let file_name = relative.file_name().map(text_name).unwrap_or_default();
        let is_at_root = relative.parent().is_some_and(|parent| parent.as_os_str().is_empty());
        let is_of_stage = STAGE_FILES.contains(&file_name.as_str()) || stage_files::atomic::is_temporary(&file_name);
        if is_stage && is_at_root && is_of_stage {
            return Enter::No;
        }
        if file_name.starts_with('.') {
            self.passed_over += 1;
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
        let path = root.join(relative);
        if !metadata.is_file() {
            if is_named_as_picture {
                self.reject(relative, "is no regular file but a device or pipe; remove it".to_owned());
            } else {
                self.passed_over += 1;
            }
        } else if is_named_as_picture || begins_as_picture(&path) {
            let folders = relative.parent().map(|f| f.components().map(|c| text_name(c.as_os_str())).collect());
            self.pictures.push(Found {
                folders: folders.unwrap_or_default(),
                stem: picture_stem(&file_name).unwrap_or(&file_name).to_owned(),
                name: text_path(relative),
                path,
                size_bytes: metadata.len(),
                modified_ns: modified_ns(metadata),
            });
        } else {
            self.passed_over += 1;
        }
        Enter::No
    }

    fn reject(&mut self, source: &Path, reason: String) {
        self.rejected.push(Rejected { source: text_path(source), reason });
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
    let Ok(file) = regular_file::open(path) else { return false };
    if file.take(SNIFF_BYTES as u64).read_to_end(&mut start).is_err() {
        return false;
    }
    sniff(&start).is_some_and(|format| format.is_supported() || matches!(format, Format::Heic | Format::Avif))
}

fn modified_ns(metadata: &Metadata) -> u64 {
    let since = metadata.modified().ok().and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok());
    since.map_or(0, |since| since.as_nanos() as u64)
}
