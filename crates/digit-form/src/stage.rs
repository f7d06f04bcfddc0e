//! `digit-form read`: photographs of sheets to a folder of source pictures.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use digit_image::decode::{DecodeOptions, decode_rgb, pages};
use digit_image::raster::RgbPicture;
use digit_source::draw::Picture;
use digit_source::folder::{self, How, Job, PictureFile, Planned, file_input};
use stage_cli::{Console, ExitStatus, counted};
use stage_files::labels::LabelSet;
use stage_files::output::{FolderWriter, Layout, OutputFolder, Reuse};
use stage_files::picture_name::PictureName;
use stage_files::rejected::Rejected;
use stage_files::stage::StageInfo;
use stage_files::text_name::{base_name, folded};
use stage_files::writer::name_as_writer;
use stage_files::{refuse, refused, regular_file};

use crate::pdf_pages::{PdfPages, is_pdf};
use crate::read::{Content, Found, marked, read};

/// Larger files are not read.
const MAX_FILE_BYTES: u64 = 1 << 30;
/// Nominal size in the names: a digit as large as its writer writes.
const SIZE: u8 = 20;
/// The files of `--marked`.
const MARKED: Layout = Layout { owns: |name| name.ends_with(".png") && !name.contains('/'), private: &[] };

/// What was asked for.
pub struct Request<'a> {
    /// Scans and photographs.
    pub photos: &'a [PathBuf],
    /// The folder of source pictures.
    pub out: &'a Path,
    /// The folder of photographs with boxes.
    pub marked: Option<&'a Path>,
    /// Larger photographs are not read.
    pub max_pixels: u64,
    /// Whether to write nothing when any photograph is unfit.
    pub strict: bool,
    /// What to do with earlier work.
    pub reuse: Reuse,
}

/// What the sheets hold.
#[derive(Default)]
struct Sheets {
    pictures: Vec<Planned<RgbPicture>>,
    rejected: Vec<Rejected>,
    labels: BTreeSet<u8>,
    empty: u64,
    crossed_out: u64,
    count: u64,
    doubtful: u64,
    touching: u64,
    /// Where each sheet was seen first: form, number of the writer and page.
    seen: BTreeMap<(u32, u32, u32), String>,
    /// The numbers in names of pictures, by writer and label.
    numbers: BTreeMap<(String, u8), BTreeSet<u32>>,
}

/// Reads all photographs and writes the folder.
///
/// # Errors
/// Refusals: no sheet in any photograph, and those of output folders; faults from outside.
pub fn run(request: &Request<'_>, console: &Console) -> anyhow::Result<ExitStatus> {
    let mut inputs: Vec<&Path> = request.photos.iter().map(PathBuf::as_path).collect();
    let marked_folder = request.marked.map(|folder| Marked::begin(folder, request)).transpose()?;
    let (mut sheets, mut files) = (Sheets::default(), Vec::new());
    let progress = console.progress("reading sheets", request.photos.len());
    for path in request.photos {
        let bytes = regular_file::read_input(path, MAX_FILE_BYTES)?;
        files.push(file_input(path, &bytes));
        let name = base_name(path);
        let file = match ScanFile::open(bytes) {
            Ok(file) => file,
            Err(reason) => {
                sheets.rejected.push(Rejected { source: name, reason });
                continue;
            }
        };
        let count = file.pages();
        for page in 0..count {
            let source = if count > 1 { format!("{name}, page {}", page + 1) } else { name.clone() };
            match file.page(page, request.max_pixels) {
                Ok(picture) => {
                    let found = read(&picture);
                    if let Some(folder) = &marked_folder {
                        folder.write(&source, &marked(&picture, &found))?;
                    }
                    match found {
                        Ok(found) => sheets.take(&source, found),
                        Err(refusal) => sheets.reject(source, &refusal.reason, request.marked.is_some()),
                    }
                }
                Err(reason) => sheets.rejected.push(Rejected { source, reason }),
            }
        }
        progress.add(1);
    }
    drop(progress);
    if let Some(folder) = marked_folder {
        folder.finish()?;
    }
    let Ok(labels) = LabelSet::new(sheets.labels.iter().copied().collect()) else {
        let reasons: Vec<String> =
            sheets.rejected.iter().map(|one| format!("{}: {}", one.source, one.reason)).collect();
        refuse!("no sheet can be read: {}", reasons.join("; "));
    };
    let json = serde_json::json!({"form": "read", "size": SIZE});
    let mut info = StageInfo::new("digit-form", env!("CARGO_PKG_VERSION"), json, labels);
    info.inputs = files;
    let counts = [
        ("sheets", sheets.count),
        ("empty", sheets.empty),
        ("crossed_out", sheets.crossed_out),
        ("doubtful", sheets.doubtful),
        ("touching_lines", sheets.touching),
    ];
    info.counts.extend(counts.map(|(name, count)| (name.to_owned(), count)));
    let boxes = sheets.pictures.len() as u64 + sheets.empty + sheets.crossed_out + sheets.doubtful;
    console.note(format!(
        "digit-form: {}, {}: {} written, {} empty, {} crossed out, {} rejected",
        counted(sheets.count, "sheet"),
        if boxes == 1 { "1 box".to_owned() } else { format!("{boxes} boxes") },
        sheets.pictures.len(),
        sheets.empty,
        sheets.crossed_out,
        sheets.doubtful
    ));
    if sheets.touching > 0 {
        console.note(format!(
            "digit-form: {} of those written reach a line of their box, and may not be whole",
            sheets.touching
        ));
    }
    let mut job = Job::new(info, sheets.pictures);
    job.rejected = sheets.rejected;
    inputs.extend(request.marked);
    let how = How { inputs: &inputs, strict: request.strict, reuse: request.reuse, console };
    folder::write(request.out, job, &how, |picture: &Planned<RgbPicture>| {
        let bytes = png_of(&picture.origin).map_err(|error| format!("{error:#}"))?;
        Ok(PictureFile { bytes, extension: "png" })
    })
}

/// A picture file, or a PDF.
enum ScanFile {
    Picture(Vec<u8>),
    Pdf(PdfPages),
}

impl ScanFile {
    fn open(bytes: Vec<u8>) -> Result<Self, String> {
        if !is_pdf(&bytes) {
            return Ok(Self::Picture(bytes));
        }
        let pdf = PdfPages::open(bytes)?;
        if pdf.count() == 0 { Err("the PDF has no page; scan it again".to_owned()) } else { Ok(Self::Pdf(pdf)) }
    }

    fn pages(&self) -> usize {
        match self {
            Self::Picture(bytes) => pages(bytes).readable,
            Self::Pdf(pdf) => pdf.count(),
        }
    }

    fn page(&self, page: usize, max_pixels: u64) -> Result<RgbPicture, String> {
        match self {
            Self::Picture(bytes) => {
                let options = DecodeOptions { max_pixels, page, ..DecodeOptions::default() };
                decode_rgb(bytes, &options).map_err(|error| error.to_string())
            }
            Self::Pdf(pdf) => pdf.page(page, max_pixels),
        }
    }
}

impl Sheets {
    fn take(&mut self, source: &str, found: Found) {
        let sheet = &found.sheet;
        let writer = name_as_writer(&sheet.writer);
        let key = (sheet.form, sheet.writer_number, sheet.page);
        if let Some(first) = self.seen.get(&key) {
            let reason = format!(
                "the same sheet again: page {} of {writer} is on {first}, too; leave one of the two out",
                sheet.page
            );
            self.rejected.push(Rejected { source: source.to_owned(), reason });
            return;
        }
        self.seen.insert(key, source.to_owned());
        self.count += 1;
        self.labels.extend(sheet.layout.labels.as_slice());
        for cut in found.cells {
            let place = format!("{source}, digit {}, box {}", cut.cell.label, cut.cell.number);
            match cut.content {
                Content::Empty => self.empty += 1,
                Content::CrossedOut => self.crossed_out += 1,
                Content::Doubtful(reason) => {
                    self.doubtful += 1;
                    self.rejected.push(Rejected { source: place, reason });
                }
                Content::Digit { picture, touches_line } => {
                    self.touching += u64::from(touches_line);
                    let number = self.number(&writer, cut.cell.label, cut.cell.number);
                    let name = PictureName { label: cut.cell.label, size: SIZE, id: format!("{writer}-{number}") };
                    self.pictures.push(Planned::new(name, place, picture));
                }
            }
        }
    }

    /// The number of a digit in its name: that of its box; the next free one where another form of this writer has it.
    fn number(&mut self, writer: &str, label: u8, mut number: u32) -> u32 {
        let taken = self.numbers.entry((folded(writer), label)).or_default();
        while !taken.insert(number) {
            number += 1;
        }
        number
    }

    fn reject(&mut self, source: String, reason: &str, is_marked: bool) {
        let more = if is_marked { "" } else { "; --marked FOLDER shows what was found" };
        self.rejected.push(Rejected { source, reason: format!("{reason}{more}") });
    }
}

/// The folder of `--marked`.
struct Marked {
    writer: FolderWriter,
    info: StageInfo,
}

impl Marked {
    fn begin(folder: &Path, request: &Request<'_>) -> anyhow::Result<Self> {
        let labels = LabelSet::new((0..=9).collect()).map_err(refused)?;
        let info = StageInfo::new("digit-form --marked", env!("CARGO_PKG_VERSION"), serde_json::json!({}), labels);
        let mut inputs: Vec<&Path> = request.photos.iter().map(PathBuf::as_path).collect();
        inputs.push(request.out);
        let writer = OutputFolder::new(folder, MARKED, info.clone(), &inputs, request.reuse)?.begin()?;
        Ok(Self { writer, info })
    }

    fn write(&self, source: &str, picture: &RgbPicture) -> anyhow::Result<()> {
        self.writer.write(&format!("{}.png", name_as_writer(source)), &png_of(picture)?)?;
        Ok(())
    }

    fn finish(self) -> anyhow::Result<()> {
        self.writer.finish(&self.info).map(|_| ())
    }
}

fn png_of(picture: &RgbPicture) -> anyhow::Result<Vec<u8>> {
    let rgb = picture.pixels.as_flattened().to_vec();
    Picture { width_px: picture.width_px, height_px: picture.height_px, rgb }.to_png()
}
