//! A tree of folders, one a class: `{label}/picture` or `{writer}/{label}/picture`.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs::Metadata;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context;
use image::{DynamicImage, GrayImage, ImageFormat, ImageReader};
use stage_files::digest::{ListingDigest, sha256_hex};
use stage_files::labels::LabelSet;
use stage_files::panic_guard::guarded;
use stage_files::picture_name::PictureName;
use stage_files::rejected::Rejected;
use stage_files::stage::{Input, StageInfo};
use stage_files::text_name::{base_name, text_name, text_path};
use stage_files::tree::{self, Enter, Problem};
use stage_files::writer::writer_of;
use stage_files::{refuse, regular_file};

use super::{gray_png, place, polarity};
use crate::folder::{Job, Made, PictureFile, Planned};

/// Endings of files that are taken for pictures.
const EXTENSIONS: [&str; 12] = ["png", "jpg", "jpeg", "jpe", "bmp", "gif", "webp", "tif", "tiff", "pnm", "pgm", "ppm"];
/// Most memory that one picture may take when decoded, in bytes: 100 megapixels in RGBA.
const MAX_DECODED_BYTES: u64 = 400_000_000;
/// Larger files are not read: no picture within that limit needs as much.
const MAX_FILE_BYTES: u64 = 1 << 30;

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
    tree::visit(source, |relative, what| found.entry(source, relative, what, settings.labels))
        .with_context(|| source.display().to_string())?;
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
    let inputs = Inputs { name: base_name(source), digests: Mutex::default() };
    for ((writer, label), paths) in &found.by_class {
        for (path, n) in paths.iter().zip(numbers(paths)) {
            let relative = text_path(path.strip_prefix(source).unwrap_or(path));
            // What cannot be read is named with its reason when its turn comes.
            let _ = inputs.read(&relative, path);
            let id = writer.as_ref().map_or_else(|| n.clone(), |writer| format!("{writer}-{n}"));
            let name = PictureName { label: *label, size: settings.size, id };
            pictures.push(Planned::new(name, relative, Origin { path: path.clone() }));
        }
    }
    info.inputs = vec![inputs.digest()];
    info.counts.insert("passed_over".into(), found.passed_over);
    let (place, seed) = (settings.place, settings.seed);
    let inputs = Arc::new(inputs);
    let read = Arc::clone(&inputs);
    let make =
        move |picture: &Planned<Origin>| make(picture, &read.read(&picture.source, &picture.origin.path)?, place, seed);
    let inputs_read = Some(Box::new(move || vec![inputs.digest()]) as Box<_>);
    let mut job = Job::new(info, pictures);
    job.set_left_out(found.left_out);
    (job.rejected, job.inputs_read) = (found.rejected, inputs_read);
    Ok((job, make))
}

/// The digests of the files as they were when they were last read: first to find out whether anything changed, and then
/// when their pictures are made. Were only the first ones kept, a file that changed in between would be taken for done.
struct Inputs {
    /// Base name of the tree.
    name: String,
    /// SHA-256 of each file by its path in the tree.
    digests: Mutex<BTreeMap<String, String>>,
}

impl Inputs {
    /// The bytes of a file, whose digest is kept; one of zeros stands for a file that cannot be read.
    fn read(&self, relative: &str, path: &Path) -> Result<Vec<u8>, String> {
        let bytes = regular_file::read(path, MAX_FILE_BYTES).map_err(|error| error.to_string());
        let sha256 = bytes.as_ref().map_or_else(|_| "0".repeat(64), |bytes| sha256_hex(bytes));
        self.digests.lock().unwrap_or_else(PoisonError::into_inner).insert(relative.to_owned(), sha256);
        bytes
    }

    fn digest(&self) -> Input {
        let mut listing = ListingDigest::default();
        let digests = self.digests.lock().unwrap_or_else(PoisonError::into_inner);
        digests.iter().for_each(|(name, sha256)| listing.add(name, sha256));
        let (sha256, files) = listing.finish();
        Input { name: self.name.clone(), sha256, files }
    }
}

/// Pictures by writer (if any) and label, each list in name order.
#[derive(Default)]
struct Found {
    by_class: BTreeMap<(Option<String>, u8), Vec<PathBuf>>,
    rejected: Vec<Rejected>,
    left_out: BTreeMap<u8, u64>,
    passed_over: u64,
}

impl Found {
    fn entry(&mut self, source: &Path, relative: &Path, what: Result<&Metadata, Problem>, labels: &LabelSet) -> Enter {
        let name = relative.file_name().unwrap_or_default();
        if name.as_encoded_bytes().starts_with(b".") {
            return Enter::No;
        }
        let is_picture = is_picture_name(name);
        match what {
            Err(problem) => self.reject(relative, format!("cannot be read: {problem}")),
            Ok(metadata) if metadata.is_dir() => {
                if is_picture {
                    self.reject(relative, "a folder with the name of a picture".into());
                }
                return Enter::Yes;
            }
            Ok(_) if !is_picture => self.passed_over += 1,
            Ok(_) => self.take(source, relative, labels),
        }
        Enter::No
    }

    fn take(&mut self, source: &Path, relative: &Path, labels: &LabelSet) {
        let above = relative.parent().unwrap_or(Path::new(""));
        let folders: Vec<String> = above.components().map(|part| text_name(part.as_os_str())).collect();
        let label = match folders.last().map(String::as_bytes) {
            Some([digit @ b'0'..=b'9']) => digit - b'0',
            _ => {
                let reason = "not in a folder named by a digit; expected {digit}/x.png or {writer}/{digit}/x.png";
                return self.reject(relative, reason.into());
            }
        };
        if labels.class_of(label).is_none() {
            *self.left_out.entry(label).or_default() += 1;
            return;
        }
        self.by_class.entry((writer_of(&folders), label)).or_default().push(source.join(relative));
    }

    fn reject(&mut self, relative: &Path, reason: String) {
        self.rejected.push(Rejected { source: text_path(relative), reason });
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

fn make(picture: &Planned<Origin>, bytes: &[u8], place: Place, seed: u64) -> Made {
    let mut gray = guarded(|| decode(bytes)).ok_or("damaged: the decoder failed on what it holds")??;
    let light_on_dark = polarity::is_light_on_dark(&polarity::histogram(gray.iter().copied()));
    if place == Place::Fill && !light_on_dark {
        // The very bytes: nothing is lost, whatever colours or depth the file has.
        return Ok(PictureFile { extension: extension(bytes)?, bytes: bytes.to_vec() });
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
    use stage_cli::{CommonArgs, Console};

    use super::*;
    use crate::folder::{self, How};

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

    fn png_of(ink: u8) -> Vec<u8> {
        gray_png(3, 3, &[230, 230, 230, 230, ink, 230, 230, 230, 230]).unwrap().bytes
    }

    /// What stands in the output is hashed, not what stood in the input some time before: a file that changed in
    /// between was recorded under its first digest, and a rerun said "nothing to do" for ever.
    #[test]
    fn the_digest_is_that_of_the_bytes_that_were_used() {
        let folder = tempfile::tempdir().unwrap();
        let (source, out) = (folder.path().join("scans"), folder.path().join("out"));
        let file = source.join("1/a.png");
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        let labels: LabelSet = "1-5".parse().unwrap();
        let settings = Settings { labels: &labels, size: 20, place: Place::Fill, seed: 1 };
        let console = Console::new("test", &CommonArgs { quiet: true, json: false });
        let how =
            How { inputs: &[&source], strict: false, reuse: stage_files::output::Reuse::default(), console: &console };
        let written = || std::fs::read(out.join("1_20_1.png")).ok();
        let [first, second] = [png_of(20), png_of(60)];
        // The file as it is when it is looked at, when its picture is made, and after that.
        for (seen, used, after) in [
            (Some(&first), Some(&second), Some(&first)),
            (Some(&first), Some(&second), Some(&second)),
            (Some(&first), None, Some(&first)),
            (None, Some(&first), None),
        ] {
            let put = |bytes: Option<&Vec<u8>>| match bytes {
                Some(bytes) => std::fs::write(&file, bytes).unwrap(),
                None => std::fs::write(&file, b"").unwrap(),
            };
            let _ = std::fs::remove_dir_all(&out);
            put(seen);
            let (job, make) = plan(&source, &settings, "0").unwrap();
            put(used);
            folder::write(&out, job, &how, make).unwrap();
            put(after);
            let recorded = StageInfo::read(&out).unwrap().unwrap().inputs;
            let (job, make) = plan(&source, &settings, "0").unwrap();
            assert_eq!(recorded == job.info.inputs, used == after, "{seen:?} {used:?} {after:?}");
            folder::write(&out, job, &how, make).unwrap();
            assert_eq!(written().as_ref(), after);
        }
    }
}
