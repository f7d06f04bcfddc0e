//! Reads what is to be looked at: a data set CSV, a labelled folder, or a folder of source pictures.

use std::path::{Path, PathBuf};

use digit_csv::{files, labelled};
use digit_image::preprocess::Pipeline;
use digit_labeler::LabelsIn;
use digit_labeler::inspect::{Asked, inspect};
use digit_labeler::read::{ReadRequest, read_pictures};
use stage_cli::{Console, ExitStatus, Interrupts};
use stage_files::archive::is_archive;
use stage_files::dataset::DataSet;
use stage_files::labelled::LabelledPicture;
use stage_files::labels::LabelSet;
use stage_files::picture::{Alpha, Canvas, PictureSettings};
use stage_files::refuse;
use stage_files::rejected::Rejected;
use stage_files::stage::{Earlier, StageInfo};
use stage_files::text_name::base_name;

use crate::pictures::{Item, Pictures, Seen};

/// How the input is read.
#[derive(Clone, Debug)]
pub(crate) struct How {
    /// The label set; otherwise that of the input.
    pub(crate) labels: Option<LabelSet>,
    /// Nominal size of source pictures; otherwise that of their names, or 20.
    pub(crate) size: Option<u8>,
    pub(crate) labels_in: Option<LabelsIn>,
    /// Of source pictures, and of a CSV that does not say it.
    pub(crate) canvas: Option<Canvas>,
    /// Of source pictures.
    pub(crate) preprocess: Pipeline,
    /// A data set that tests.
    pub(crate) test: Option<PathBuf>,
    /// A config whose split says which rows of a CSV test.
    pub(crate) config: Option<PathBuf>,
}

/// What was read.
pub(crate) struct Read {
    pub(crate) pictures: Pictures,
    pub(crate) rejected: Vec<Rejected>,
    pub(crate) earlier: Vec<Earlier>,
    /// Whether the pictures were prepared by `How::preprocess` and shrunk to `How::canvas`.
    pub(crate) is_source: bool,
}

/// Reads the input. The inner error is a signal that came before all was read.
///
/// # Errors
/// Refusals and faults from outside, as of the commands that read such inputs.
pub(crate) fn read(
    input: &Path,
    how: &How,
    console: &Console,
    interrupts: &Interrupts,
) -> anyhow::Result<Result<Read, ExitStatus>> {
    let is_folder = input.is_dir();
    let mut read = if is_folder || is_archive(input) {
        if how.config.is_some() {
            let what = if is_folder { "a folder" } else { "an archive" };
            refuse!("--config needs a data set CSV, whose rows it splits; {} is {what}", input.display());
        }
        if is_folder {
            StageInfo::refuse_later_stage(input, &["digit-source", "digit-labeler"])?;
        }
        if is_folder && is_labelled(input) {
            match of_labelled(input, how, console, interrupts)? {
                Ok(read) => read,
                Err(status) => return Ok(Err(status)),
            }
        } else {
            match of_source(input, how, console, interrupts)? {
                Ok(read) => read,
                Err(status) => return Ok(Err(status)),
            }
        }
    } else {
        of_csv(input, how)?
    };
    if let Some(test) = &how.test {
        append_test(&mut read, test)?;
    }
    Ok(Ok(read))
}

/// Whether a folder holds labelled pictures: by its `stage.json`, and without one by the first picture.
fn is_labelled(folder: &Path) -> bool {
    if let Some(tool) = StageInfo::tool_of(folder) {
        return tool == "digit-labeler";
    }
    // A source folder may hold anything, an archive that is damaged included.
    let files = files::find(folder).unwrap_or_default();
    let bytes = files.first().and_then(|file| file.read().ok());
    bytes.is_some_and(|bytes| LabelledPicture::decode(&bytes).is_ok())
}

fn of_labelled(
    folder: &Path,
    how: &How,
    console: &Console,
    interrupts: &Interrupts,
) -> anyhow::Result<Result<Read, ExitStatus>> {
    let found = match labelled::read(folder, how.labels.clone(), console, interrupts)? {
        Ok(found) => found,
        Err(status) => return Ok(Err(status)),
    };
    let mut pixels = Vec::new();
    let mut items = Vec::with_capacity(found.rows.len());
    for row in found.rows {
        pixels.extend_from_slice(&row.pixels);
        items.push(Item {
            picture: format!("{}/{}", row.info.size, row.info.source),
            source: row.info.path.unwrap_or_default(),
            row: None,
            label: row.info.label,
            writer: row.info.writer,
            tests: false,
        });
    }
    let settings = found.stage.as_ref().and_then(|stage| stage.picture.clone());
    let pictures = own(base_name(folder), found.canvas, found.labels, pixels, items, settings);
    let earlier = found.stage.map_or_else(Vec::new, |stage| stage.lineage());
    Ok(Ok(Read { pictures, rejected: found.rejected, earlier, is_source: false }))
}

fn of_source(
    folder: &Path,
    how: &How,
    console: &Console,
    interrupts: &Interrupts,
) -> anyhow::Result<Result<Read, ExitStatus>> {
    let asked =
        Asked { size: how.size, is_size_known: how.size.is_some(), labels_in: how.labels_in, ..Asked::default() };
    let found = inspect(folder, &asked)?;
    found.check(folder)?;
    console.note(format!("digit-doctor: found {found}"));
    let labels = how.labels.clone().map_or_else(|| found.labels(), Ok)?;
    let canvas = how.canvas.unwrap_or(Canvas::DEFAULT);
    let settings = PictureSettings { canvas, alpha: Alpha::White, preprocess: how.preprocess.to_json() };
    let progress = |pictures| console.progress("reading", pictures);
    let request =
        ReadRequest { source: folder, found: &found, labels: &labels, labels_in: how.labels_in, settings: &settings };
    let (read, rejected) = match read_pictures(&request, Seen::of, progress, interrupts)? {
        Ok(read) => read,
        Err(status) => return Ok(Err(status)),
    };
    if read.is_empty() {
        let first = rejected.first().map_or(String::new(), |r| format!("; the first: {}: {}", r.source, r.reason));
        refuse!("{}: none of the pictures can be used{first}", folder.display());
    }
    let mut pixels = Vec::new();
    let (mut items, mut seen) = (Vec::with_capacity(read.len()), Vec::with_capacity(read.len()));
    for picture in read {
        seen.push(picture.seen);
        pixels.extend_from_slice(&picture.pixels);
        items.push(Item {
            picture: picture.output,
            source: picture.source,
            row: None,
            label: picture.label,
            writer: picture.writer,
            tests: false,
        });
    }
    let earlier = StageInfo::read(folder).ok().flatten().map_or_else(Vec::new, |stage| stage.lineage());
    let pictures = own(base_name(folder), canvas, labels, pixels, items, Some(settings));
    Ok(Ok(Read { pictures: Pictures { seen, ..pictures }, rejected, earlier, is_source: true }))
}

fn of_csv(path: &Path, how: &How) -> anyhow::Result<Read> {
    if !path.exists() {
        refuse!("{}: expected a folder of pictures or a data set CSV, found nothing; check the path", path.display());
    }
    let data = DataSet::read(path)?;
    let canvas = canvas_of(path, &data, how.canvas)?;
    let tests = match &how.config {
        Some(config) => mlp_train::test_rows(config, &data)?,
        None => Vec::new(),
    };
    let mut items = items_of(&data);
    tests.iter().for_each(|&row| items[row as usize].tests = true);
    let settings = data.picture().cloned();
    let earlier = data.stage.as_ref().map_or_else(Vec::new, StageInfo::lineage);
    let pixels = data.pixels.as_slice().map_or_else(|| data.pixels.iter().copied().collect(), <[u8]>::to_vec);
    let pictures = own(data.name, canvas, data.labels, pixels, items, settings);
    Ok(Read { pictures, rejected: Vec::new(), earlier, is_source: false })
}

fn canvas_of(path: &Path, data: &DataSet, asked: Option<Canvas>) -> anyhow::Result<Canvas> {
    let pixels = data.pixels.ncols();
    let side = (1..=Canvas::MAX_SIDE_PX).find(|&side| (side * side) as usize == pixels);
    let square = side.map(|side| Canvas { width_px: side, height_px: side });
    match data.canvas.or(asked).or(square) {
        Some(canvas) if canvas.pixels() == pixels && pixels > 1 => Ok(canvas),
        Some(canvas) => refuse!("{}: a row has {pixels} pixels, expected {canvas}; give its --canvas", path.display()),
        None => refuse!("{}: a row has {pixels} pixels, which is no square; give --canvas WxH", path.display()),
    }
}

fn items_of(data: &DataSet) -> Vec<Item> {
    let label = |class: u8| data.labels.digit_of(class).unwrap_or_default();
    let item = |(row, &class): (usize, &u8)| {
        let info = data.rows.as_ref().map(|rows| &rows[row]);
        Item {
            picture: info.map_or_else(String::new, |info| format!("{}/{}", info.size, info.source)),
            source: info.and_then(|info| info.path.clone()).unwrap_or_default(),
            row: Some(row as u32),
            label: label(class),
            writer: info.and_then(|info| info.writer.clone()),
            tests: false,
        }
    };
    data.classes.iter().enumerate().map(item).collect()
}

fn own(
    name: String,
    canvas: Canvas,
    labels: LabelSet,
    pixels: Vec<u8>,
    items: Vec<Item>,
    settings: Option<PictureSettings>,
) -> Pictures {
    let own = items.len();
    Pictures { name, canvas, labels, pixels, items, own, seen: Vec::new(), settings }
}

/// Adds the rows of a data set that tests.
fn append_test(read: &mut Read, path: &Path) -> anyhow::Result<()> {
    let data = DataSet::read(path)?;
    let canvas = read.pictures.canvas;
    if data.pixels.ncols() != canvas.pixels() {
        refuse!(
            "--test {}: a row has {} pixels, the pictures have {canvas}; give the data set of the same canvas",
            path.display(),
            data.pixels.ncols()
        );
    }
    if let Some([ours, theirs]) = PictureSettings::unlike(read.pictures.settings.as_ref(), data.picture()) {
        refuse!(
            "--test {}: its pictures were prepared in another way: {theirs}, and these: {ours}; label them alike",
            path.display()
        );
    }
    read.pictures.pixels.extend(data.pixels.iter());
    read.pictures.items.extend(items_of(&data).into_iter().map(|item| Item { tests: true, ..item }));
    Ok(())
}
