//! A tree of folders, one a class: `{label}/picture` or `{group}/{label}/picture`.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use image::{DynamicImage, GrayImage, ImageFormat, ImageReader};
use stage_files::digest::{ListingDigest, sha256_hex};
use stage_files::labels::LabelSet;
use stage_files::picture_name::PictureName;
use stage_files::refuse;
use stage_files::rejected::Rejected;
use stage_files::stage::{Input, StageInfo};
use stage_files::text_name::{base_name, text_name, text_path};

use super::{gray_png, place, polarity};
use crate::folder::{Job, Made, PictureFile, Planned};

/// Endings of files that are taken for pictures.
const EXTENSIONS: [&str; 12] = ["png", "jpg", "jpeg", "jpe", "bmp", "gif", "webp", "tif", "tiff", "pnm", "pgm", "ppm"];
/// Most memory that one picture may take when decoded, in bytes: 100 megapixels in RGBA.
const MAX_DECODED_BYTES: u64 = 400_000_000;

/// What becomes of each picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Place {
    /// As it is: the digit fills the picture
    Fill,
    /// Small, slanted, anywhere on a canvas of its own
    Random,
}

impl Place {
    fn name(self) -> &'static str {
        match self {
            Self::Fill => "fill",
            Self::Random => "random",
        }
    }
}

/// How to import a tree.
pub struct Settings<'a> {
    /// Labels that are taken; pictures of other digits are left out and counted.
    pub labels: &'a LabelSet,
    /// The size in the new names.
    pub size: u8,
    /// What becomes of each picture.
    pub place: Place,
    /// Decides the places and slants.
    pub seed: u64,
}

/// Where a planned picture comes from.
pub struct Origin {
    path: PathBuf,
}

/// Prepares an import; the second part makes the file of each planned picture.
pub fn plan(
    source: &Path,
    settings: &Settings<'_>,
    version: &str,
) -> anyhow::Result<(Job<Origin>, impl Fn(&Planned<Origin>) -> Made + Sync + use<>)> {
    if !source.is_dir() {
        refuse!("{}: expected a folder with a sub-folder for each digit", source.display());
    }
    let mut found = Found::default();
    found.walk(source, settings.labels);
    if found.by_class.is_empty() {
        refuse!(
            "{}: no picture in a folder named by one of the digits {}; expected {{digit}}/x.png or {{writer}}/{{digit}}/x.png",
            source.display(),
            settings.labels
        );
    }
    let mut json = serde_json::json!({"import": "folders", "place": settings.place.name(), "size": settings.size});
    if settings.place == Place::Random {
        json["seed"] = settings.seed.into();
    }
    let mut info = StageInfo::new("digit-source", version, json, settings.labels.clone());
    let mut pictures = Vec::new();
    let mut digest: BTreeMap<String, String> = BTreeMap::new();
    for ((group, label), paths) in &found.by_class {
        for (path, n) in paths.iter().zip(numbers(paths)) {
            let relative = text_path(path.strip_prefix(source).unwrap_or(path));
            // An unreadable file is named with its reason when its turn comes; here it only marks the digest.
            let sha256 = std::fs::read(path).map_or_else(|_| "0".repeat(64), |bytes| sha256_hex(&bytes));
            digest.insert(relative.clone(), sha256);
            let id = group.as_ref().map_or_else(|| n.clone(), |group| format!("{group}-{n}"));
            let name = PictureName { label: *label, size: settings.size, id };
            pictures.push(Planned::new(name, relative, Origin { path: path.clone() }));
        }
    }
    let mut listing = ListingDigest::default();
    digest.iter().for_each(|(name, sha256)| listing.add(name, sha256));
    let (sha256, files) = listing.finish();
    info.inputs = vec![Input { name: base_name(source), sha256, files }];
    info.counts.insert("left_out".into(), found.left_out);
    info.counts.insert("passed_over".into(), found.passed_over);
    let (place, seed) = (settings.place, settings.seed);
    let make = move |picture: &Planned<Origin>| make(picture, place, seed);
    Ok((Job { info, pictures, rejected: found.rejected }, make))
}

/// Pictures by writer (if any) and label, each list in name order.
#[derive(Default)]
struct Found {
    by_class: BTreeMap<(Option<String>, u8), Vec<PathBuf>>,
    rejected: Vec<Rejected>,
    left_out: u64,
    passed_over: u64,
}

impl Found {
    fn walk(&mut self, source: &Path, labels: &LabelSet) {
        let visible =
            |entry: &walkdir::DirEntry| entry.depth() == 0 || !entry.file_name().as_encoded_bytes().starts_with(b".");
        let entries = walkdir::WalkDir::new(source).follow_links(true).sort_by_file_name();
        for entry in entries.into_iter().filter_entry(visible) {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    let at = error.path().unwrap_or(source);
                    let reason = if error.loop_ancestor().is_some() {
                        "a link that leads back to a folder above it".to_owned()
                    } else {
                        error.io_error().map_or("cannot be read".into(), |io| format!("cannot be read: {io}"))
                    };
                    self.reject(source, at, reason);
                    continue;
                }
            };
            let is_picture = is_picture_name(entry.file_name());
            if entry.file_type().is_dir() {
                if is_picture && entry.depth() > 0 {
                    self.reject(source, entry.path(), "a folder with the name of a picture".into());
                }
            } else if !is_picture {
                self.passed_over += 1;
            } else {
                self.take(source, entry.path(), labels);
            }
        }
    }

    fn take(&mut self, source: &Path, path: &Path, labels: &LabelSet) {
        let folders: Vec<String> = path
            .strip_prefix(source)
            .unwrap_or(path)
            .parent()
            .map(|parent| parent.components().map(|part| text_name(part.as_os_str())).collect())
            .unwrap_or_default();
        let label = match folders.last().map(std::string::String::as_bytes) {
            Some([digit @ b'0'..=b'9']) => digit - b'0',
            _ => {
                let reason = "not in a folder named by a digit; expected {digit}/x.png or {writer}/{digit}/x.png";
                return self.reject(source, path, reason.into());
            }
        };
        if labels.class_of(label).is_none() {
            self.left_out += 1;
            return;
        }
        let group = (folders.len() > 1).then(|| folders[..folders.len() - 1].join("."));
        self.by_class.entry((group, label)).or_default().push(path.to_owned());
    }

    fn reject(&mut self, source: &Path, path: &Path, reason: String) {
        let source = text_path(path.strip_prefix(source).unwrap_or(path));
        self.rejected.push(Rejected { source, reason });
    }
}

fn is_picture_name(name: &OsStr) -> bool {
    let extension = Path::new(name).extension().map(|e| text_name(e).to_lowercase());
    extension.is_some_and(|e| EXTENSIONS.contains(&e.as_str()))
}

/// A number for each picture of a class: the digits its name ends in when that tells all of them apart, so that a
/// picture can be traced and keeps its number when others come; otherwise its place in name order, from 1.
fn numbers(paths: &[PathBuf]) -> Vec<String> {
    let ending = |path: &PathBuf| {
        let stem = path.file_stem().map(text_name)?;
        let digits = stem.len() - stem.trim_end_matches(|c: char| c.is_ascii_digit()).len();
        let number = stem[stem.len() - digits..].trim_start_matches('0');
        (digits > 0 && digits < 18).then(|| if number.is_empty() { "0".to_owned() } else { number.to_owned() })
    };
    let endings: Option<Vec<String>> = paths.iter().map(ending).collect();
    let distinct = endings.as_ref().map(|e| e.iter().collect::<std::collections::BTreeSet<_>>().len());
    match endings {
        Some(endings) if distinct == Some(paths.len()) => endings,
        _ => (1..=paths.len()).map(|n| n.to_string()).collect(),
    }
}

fn make(picture: &Planned<Origin>, place: Place, seed: u64) -> Made {
    let bytes = std::fs::read(&picture.origin.path).map_err(|error| format!("cannot be read: {error}"))?;
    let mut gray = decode(&bytes)?;
    let light_on_dark = polarity::is_light_on_dark(&polarity::histogram(gray.iter().copied()));
    if place == Place::Fill && !light_on_dark {
        // The very bytes: nothing is lost, whatever colours or depth the file has.
        return Ok(PictureFile { extension: extension(&bytes)?, bytes });
    }
    if light_on_dark {
        gray.iter_mut().for_each(|pixel| *pixel = 255 - *pixel);
    }
    if place == Place::Random {
        let text = format!("{seed}/{}", picture.source);
        gray = place::place(&gray, sha256_bytes(&text)).ok_or("no ink: the picture has one shade only")?;
    }
    gray_png(gray.width(), gray.height(), &gray)
}

/// The usual ending of a file's format, which its content tells.
fn extension(bytes: &[u8]) -> Result<&'static str, String> {
    match image::guess_format(bytes) {
        Ok(ImageFormat::Png) => Ok("png"),
        Ok(ImageFormat::Jpeg) => Ok("jpg"),
        Ok(ImageFormat::Bmp) => Ok("bmp"),
        Ok(ImageFormat::Gif) => Ok("gif"),
        Ok(ImageFormat::WebP) => Ok("webp"),
        Ok(ImageFormat::Tiff) => Ok("tiff"),
        Ok(ImageFormat::Pnm) => Ok("pnm"),
        Ok(other) => Err(format!("{other:?} is not supported; save it as PNG or JPEG")),
        Err(error) => Err(format!("no picture: {error}")),
    }
}

fn sha256_bytes(text: &str) -> [u8; 32] {
    let hex = sha256_hex(text.as_bytes());
    std::array::from_fn(|i| u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).unwrap_or(0))
}

/// A gray view that is good enough to tell ink from paper; transparent parts count as white paper.
fn decode(bytes: &[u8]) -> Result<GrayImage, String> {
    if bytes.is_empty() {
        return Err("an empty file (0 bytes); copy it again".into());
    }
    let mut reader =
        ImageReader::new(std::io::Cursor::new(bytes)).with_guessed_format().map_err(|error| error.to_string())?;
    let mut limits = image::Limits::default();
    limits.max_alloc = Some(MAX_DECODED_BYTES);
    reader.limits(limits);
    let picture = reader.decode().map_err(|error| format!("damaged or no picture: {error}"))?;
    if !picture.color().has_alpha() {
        return Ok(picture.to_luma8());
    }
    let rgba = picture.to_rgba8();
    let white = image::Rgba([255, 255, 255, 255]);
    let mut paper = image::RgbaImage::from_pixel(rgba.width(), rgba.height(), white);
    image::imageops::overlay(&mut paper, &rgba, 0, 0);
    Ok(DynamicImage::ImageRgba8(paper).to_luma8())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(names: &[&str]) -> Vec<PathBuf> {
        names.iter().map(PathBuf::from).collect()
    }

    #[test]
    fn numbers_come_from_the_names_when_they_tell_all_apart() {
        assert_eq!(numbers(&paths(&["number-1.png", "number-20.png", "x007.png"])), ["1", "20", "7"]);
        assert_eq!(numbers(&paths(&["a1.png", "b1.png"])), ["1", "2"]);
        assert_eq!(numbers(&paths(&["a.png", "b1.png"])), ["1", "2"]);
        assert_eq!(numbers(&paths(&["0.png"])), ["0"]);
    }

    #[test]
    fn picture_names_are_known_by_their_ending() {
        assert!(is_picture_name(OsStr::new("A.PNG")) && is_picture_name(OsStr::new("b.jpeg")));
        assert!(!is_picture_name(OsStr::new("Thumbs.db")) && !is_picture_name(OsStr::new("png")));
    }

    #[test]
    fn what_is_no_picture_is_told_why() {
        assert!(decode(b"").unwrap_err().contains("0 bytes"));
        assert!(decode(b"just words").unwrap_err().contains("no picture"));
        let mut huge = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x4e\x20\0\0\x4e\x20\x08\0\0\0\0".to_vec();
        huge.extend([0; 4]);
        assert!(decode(&huge).is_err());
    }
}
