//! A tree of folders, one a class: `{label}/picture` or `{writer}/{label}/picture`.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use digit_image::decode::{DecodeOptions, PageChoice, Pages, decode_gray, decode_rgb, pages};
use digit_image::format::{Format, sniff};
use digit_image::look::look;
use image::GrayImage;
use stage_files::digest::{ListingDigest, sha256_hex};
use stage_files::kind::expect_folder;
use stage_files::labels::LabelSet;
use stage_files::picture_name::PictureName;
use stage_files::refuse;
use stage_files::rejected::Rejected;
use stage_files::stage::{Input, StageInfo};
use stage_files::text_name::base_name;
use stage_files::walk::{self, walk};
use stage_files::writer::writer_of;

use super::{gray_png, place, polarity, rgb_png};
use crate::folder::{Job, Made, PictureFile, Planned};

/// Larger files are not read: no picture within the limit of pixels needs as much.
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
    /// Which pages of a file become pictures.
    pub pages: PageChoice,
}

/// Where a planned picture comes from.
pub struct Origin {
    file: walk::PictureFile,
    /// The page, from 0; `None` when the whole file is the picture.
    page: Option<usize>,
}

/// Prepares an import; the second part makes the file of each planned picture.
pub fn plan(
    source: &Path,
    settings: &Settings<'_>,
    version: &str,
) -> anyhow::Result<(Job<Origin>, impl Fn(&Planned<Origin>) -> Made + Sync + use<>)> {
    expect_folder(source, "a folder with a sub-folder for each digit", "check the path")?;
    let found = Found::new(walk(source, look)?, settings.labels);
    if found.by_class.is_empty() {
        refuse!(
            "{}: no picture in a folder named by one of the digits {}; expected {{digit}}/x.png or {{writer}}/{{digit}}/x.png",
            source.display(),
            settings.labels
        );
    }
    let mut info = StageInfo::new("digit-source", version, settings.to_json(), settings.labels.clone());
    let mut pictures = Vec::new();
    let mut left_out: Vec<(&str, u64)> = Vec::new();
    let inputs = Inputs { name: base_name(source), digests: Mutex::default() };
    for ((writer, label), files) in &found.by_class {
        for (file, n) in files.iter().zip(numbers(files)) {
            // What cannot be read is named with its reason when its turn comes.
            let bytes = inputs.read(file).unwrap_or_default();
            let id = writer.as_ref().map_or_else(|| n.clone(), |writer| format!("{writer}-{n}"));
            let name = PictureName { label: *label, size: settings.size, id };
            let in_file = pages(&bytes);
            pictures.extend(planned(file, &name, in_file, settings.pages));
            let pages_left_out = (in_file.all - settings.pages.taken(in_file)) as u64;
            if pages_left_out > 0 {
                left_out.push((&file.name, pages_left_out));
            }
        }
    }
    let pages_left_out: u64 = left_out.iter().map(|(_, pages)| pages).sum();
    if pages_left_out > 0 {
        info.counts.insert("pages_left_out".into(), pages_left_out);
    }
    let warnings = settings.pages.warnings("--pages all --fresh", left_out);
    info.inputs = vec![inputs.digest()];
    info.counts.insert("passed_over".into(), found.passed_over);
    let (place, seed) = (settings.place, settings.seed);
    let inputs = Arc::new(inputs);
    let read = Arc::clone(&inputs);
    let make = move |picture: &Planned<Origin>| make(picture, &read.read(&picture.origin.file)?, place, seed);
    let inputs_read = Some(Box::new(move || vec![inputs.digest()]) as Box<_>);
    let mut job = Job::new(info, pictures);
    job.set_left_out(found.left_out);
    (job.rejected, job.inputs_read, job.warnings) = (found.rejected, inputs_read, warnings);
    Ok((job, make))
}

impl Settings<'_> {
    fn to_json(&self) -> serde_json::Value {
        let mut json = serde_json::json!({"import": "folders", "place": self.place.name(), "size": self.size});
        if self.place == Place::Random {
            json["seed"] = self.seed.into();
        }
        if self.pages == PageChoice::All {
            json["pages"] = "all".into();
        }
        json
    }
}

/// The pictures of a file: itself, or each of its pages.
fn planned<'a>(
    file: &'a walk::PictureFile,
    name: &'a PictureName,
    in_file: Pages,
    choice: PageChoice,
) -> impl Iterator<Item = Planned<Origin>> + 'a {
    let taken = choice.taken(in_file);
    (0..taken).map(move |page| {
        let source = if taken > 1 { format!("{}, page {}", file.name, page + 1) } else { file.name.clone() };
        let page_of_several = (taken > 1).then_some(page);
        let origin = Origin { file: file.clone(), page: page_of_several };
        Planned::new(name.clone().with_page(page), source, origin)
    })
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
    fn read(&self, file: &walk::PictureFile) -> Result<Vec<u8>, String> {
        let bytes = file.read(MAX_FILE_BYTES).map_err(|error| error.to_string());
        let sha256 = bytes.as_ref().map_or_else(|_| "0".repeat(64), |bytes| sha256_hex(bytes));
        self.digests.lock().unwrap_or_else(PoisonError::into_inner).insert(file.name.clone(), sha256);
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
    by_class: BTreeMap<(Option<String>, u8), Vec<walk::PictureFile>>,
    rejected: Vec<Rejected>,
    left_out: BTreeMap<u8, u64>,
    passed_over: u64,
}

impl Found {
    fn new(walk: walk::Walk, labels: &LabelSet) -> Self {
        let mut found = Self { rejected: walk.rejected, passed_over: walk.passed_over, ..Self::default() };
        walk.pictures.into_iter().for_each(|file| found.take(file, labels));
        found
    }

    fn take(&mut self, file: walk::PictureFile, labels: &LabelSet) {
        let label = match file.folders.last().map(String::as_bytes) {
            Some([digit @ b'0'..=b'9']) => digit - b'0',
            _ => {
                let reason = "not in a folder named by a digit; expected {digit}/x.png or {writer}/{digit}/x.png";
                self.rejected.push(Rejected { source: file.name, reason: reason.into() });
                return;
            }
        };
        if labels.class_of(label).is_none() {
            *self.left_out.entry(label).or_default() += 1;
            return;
        }
        self.by_class.entry((writer_of(&file.folders), label)).or_default().push(file);
    }
}

/// A number for each picture of a class: the digits its name ends in when that tells all of them apart, so that a
/// picture can be traced and keeps its number when others come; otherwise its place in name order, from 1.
fn numbers(files: &[walk::PictureFile]) -> Vec<String> {
    let ending = |file: &walk::PictureFile| {
        let stem = file.stem();
        let digits = stem.len() - stem.trim_end_matches(|c: char| c.is_ascii_digit()).len();
        let number = stem[stem.len() - digits..].trim_start_matches('0');
        (digits > 0 && digits < 18).then(|| if number.is_empty() { "0".to_owned() } else { number.to_owned() })
    };
    let endings: Option<Vec<String>> = files.iter().map(ending).collect();
    let distinct = endings.as_ref().map(|e| e.iter().collect::<std::collections::BTreeSet<_>>().len());
    match endings {
        Some(endings) if distinct == Some(files.len()) => endings,
        _ => (1..=files.len()).map(|n| n.to_string()).collect(),
    }
}

fn make(picture: &Planned<Origin>, bytes: &[u8], place: Place, seed: u64) -> Made {
    let page = picture.origin.page;
    let options = DecodeOptions { page: page.unwrap_or(0), ..DecodeOptions::default() };
    let mut gray = decode_gray(bytes, &options).map_err(|error| error.to_string())?;
    let light_on_dark = polarity::is_light_on_dark(&polarity::histogram(gray.pixels.iter().copied()));
    if place == Place::Fill && !light_on_dark {
        return match page {
            // The very bytes: nothing is lost, whatever colours or depth the file has.
            None => Ok(PictureFile { extension: extension(bytes)?, bytes: bytes.to_vec() }),
            Some(_) => page_png(bytes, &options),
        };
    }
    if light_on_dark {
        gray.pixels.iter_mut().for_each(|pixel| *pixel = 255 - *pixel);
    }
    if place == Place::Random {
        let text = format!("{seed}/{}", picture.source);
        let whole = GrayImage::from_raw(gray.width_px, gray.height_px, gray.pixels).ok_or("a picture of no size")?;
        let placed = place::place(&whole, sha256_bytes(&text)).ok_or("no ink: the picture has one shade only")?;
        return gray_png(placed.width(), placed.height(), &placed);
    }
    gray_png(gray.width_px, gray.height_px, &gray.pixels)
}

/// A page as a file of its own, in gray where it has no colours.
fn page_png(bytes: &[u8], options: &DecodeOptions) -> Made {
    let picture = decode_rgb(bytes, options).map_err(|error| error.to_string())?;
    if picture.pixels.iter().all(|[red, green, blue]| red == green && green == blue) {
        let gray: Vec<u8> = picture.pixels.iter().map(|pixel| pixel[0]).collect();
        return gray_png(picture.width_px, picture.height_px, &gray);
    }
    rgb_png(picture.width_px, picture.height_px, picture.pixels.as_flattened())
}

/// The usual ending of a file's format, which its content tells.
fn extension(bytes: &[u8]) -> Result<&'static str, String> {
    match sniff(bytes) {
        Some(Format::Png) => Ok("png"),
        Some(Format::Jpeg) => Ok("jpg"),
        Some(Format::Bmp) => Ok("bmp"),
        Some(Format::Gif) => Ok("gif"),
        Some(Format::WebP) => Ok("webp"),
        Some(Format::Tiff) => Ok("tiff"),
        Some(Format::Pnm) => Ok("pnm"),
        // A bare codestream, or one in a file of boxes.
        Some(Format::Jpeg2000) if bytes.starts_with(b"\xff\x4f") => Ok("j2k"),
        Some(Format::Jpeg2000) => Ok("jp2"),
        other => Err(format!("{} cannot be kept; save it as PNG or JPEG", other.map_or("the file", Format::name))),
    }
}

fn sha256_bytes(text: &str) -> [u8; 32] {
    let hex = sha256_hex(text.as_bytes());
    std::array::from_fn(|i| u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use stage_cli::{CommonArgs, Console};

    use super::*;
    use crate::folder::{self, How};

    fn files(names: &[&str]) -> Vec<walk::PictureFile> {
        names.iter().map(|name| walk::PictureFile::below("".as_ref(), name, 0)).collect()
    }

    #[test]
    fn numbers_come_from_the_names_when_they_tell_all_apart() {
        assert_eq!(numbers(&files(&["number-1.png", "number-20.png", "x007.png"])), ["1", "20", "7"]);
        assert_eq!(numbers(&files(&["a1.png", "b1.png"])), ["1", "2"]);
        assert_eq!(numbers(&files(&["a.png", "b1.png"])), ["1", "2"]);
        assert_eq!(numbers(&files(&["0.png"])), ["0"]);
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
        let settings = Settings { labels: &labels, size: 20, place: Place::Fill, seed: 1, pages: PageChoice::First };
        let console =
            Console::new("test", &CommonArgs { quiet: true, json: false, no_next: false, no_progress: false });
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
