//! The `digit-source` command.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use digit_image::decode::{PageChoice, parse_pixels};
use stage_cli::{CommonArgs, Console, ExitStatus, FolderArgs, Tool};
use stage_files::labels::LabelSet;
use stage_files::output::OutputFile;
use stage_files::picture_name::PictureName;
use stage_files::refuse;
use stage_files::stage::StageInfo;

use crate::cut;
use crate::draw::{self, DrawSettings, DrawnSpec, SideRange, Size};
use crate::draw_options::Writers;
use crate::folder::{self, How, Job, Made, PictureFile, Planned};
use crate::import::folders::{self, Place};
use crate::import::gather::{Request, ZeroIs, taken};
use crate::import::one_file::{self, LabelColumn, Names, Options, Range};
use crate::import::{idx, sample};

/// Bring digits in: draw them, or import other people's data, as source pictures {label}_{size}_{id}.png
#[derive(Parser)]
#[command(
    name = "digit-source",
    version,
    after_help = "\
Example:
  digit-source draw datasets/demo/source
  digit-source import folders scans datasets/mine/source --labels 0-9

Exit codes: 0 done, 1 some inputs rejected, 2 wrong request, 3 fault from outside, 130/143 interrupted."
)]
struct Cli {
    #[command(subcommand)]
    action: Action,
    #[command(flatten)]
    common: CommonArgs,
}

#[derive(Subcommand)]
enum Action {
    /// Draw a data set out of nothing: many writers and font faces
    #[command(after_help = "Example:\n  digit-source draw datasets/demo/source --labels 0-9 --count 5000 --seed 7")]
    Draw(DrawArgs),
    /// Turn other people's data into source pictures
    #[command(subcommand)]
    Import(Import),
    /// Cut pages apart on which each row shows one digit many times
    #[command(after_help = "\
Example:
  digit-source cut kim.jpg datasets/kim/source --rows 0-9
  digit-source cut kim.jpg lee.jpg datasets/mine/source --rows 1-9,0
  digit-source cut page.png out --rows 0-9 --marked found.png

Rows are counted from the top. A page on which more or fewer rows are found is rejected. Digits that touch each other \
are rejected; specks, dashes and ruled lines are no digits.")]
    Cut(CutArgs),
}

#[derive(Args)]
struct CutArgs {
    /// Pages: scans or photographs
    #[arg(required = true, value_name = "PAGE")]
    pages: Vec<PathBuf>,
    /// Folder to write
    #[arg(required = true)]
    out: PathBuf,
    /// The digit of each row from the top, such as 0-9 or 1-9,0
    #[arg(long, value_name = "DIGITS", value_parser = cut::parse_rows)]
    rows: Option<cut::Rows>,
    /// Who wrote the pages [default: the name of each file]
    #[arg(long)]
    writer: Option<String>,
    /// Size in the names: 20 fills the canvas, 8 is small
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u8).range(1..))]
    size: u8,
    /// PNG file for the page with boxes around what was found
    #[arg(long, value_name = "FILE.png")]
    marked: Option<PathBuf>,
    /// Do not use pages with more pixels than this; M stands for million
    #[arg(long, value_name = "COUNT", default_value = "100M", value_parser = parse_pixels)]
    max_pixels: u64,
    /// Write nothing when any input is unfit
    #[arg(long)]
    strict: bool,
    #[command(flatten)]
    folder: FolderArgs,
}

#[derive(Args)]
struct DrawArgs {
    /// Folder to write
    out: PathBuf,
    /// Pictures in all; with sizes 20 and 8 they are shared 925 to 632
    #[arg(long, default_value_t = 1557, value_parser = clap::value_parser!(u32).range(1..=10_000_000))]
    count: u32,
    /// Sizes to draw: 20 fills the canvas, 8 is small, slanted, anywhere
    #[arg(long, value_delimiter = ',', default_value = "20,8")]
    sizes: Vec<u8>,
    /// Digits to draw
    #[arg(long, default_value = "1-5")]
    labels: LabelSet,
    /// Another seed gives other pictures
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Writers: a count, or numbers such as 3000..3100 for writers who drew no other set [default: by the count]
    #[arg(long, value_name = "COUNT|FROM..TO")]
    writers: Option<Writers>,
    /// Draw squares of few pixels that the digit fills, as tablets and old scanners give, such as 8..16
    #[arg(long, value_name = "FROM..TO", conflicts_with = "sizes")]
    side_px: Option<SideRange>,
    #[command(flatten)]
    folder: FolderArgs,
}

#[derive(Subcommand)]
enum Import {
    /// IDX files as MNIST's, plain or packed; light on dark is turned round
    #[command(after_help = "\
Example:
  digit-source import idx train-images-idx3-ubyte.gz \\
      train-labels-idx1-ubyte.gz datasets/mnist/source
  digit-source import idx emnist-digits-train-images-idx3-ubyte.gz \\
      emnist-digits-train-labels-idx1-ubyte.gz datasets/emnist/source \\
      --transpose

EMNIST's files hold every picture with rows and columns exchanged, which its content does not tell: give --transpose.
The labels of QMNIST (idx2-int) are read, too, and so are two .npy files in place of IDX.")]
    Idx {
        /// The file with the pictures
        images: PathBuf,
        /// The file with the labels
        labels_file: PathBuf,
        /// Folder to write
        out: PathBuf,
        #[command(flatten)]
        picked: Picked,
        #[command(flatten)]
        meaning: Meaning,
    },
    /// A tree of folders, {digit}/x.png or {writer}/{digit}/x.png
    #[command(after_help = "Example:\n  digit-source import folders scans datasets/mine/source --labels 0-9")]
    Folders {
        /// The tree
        source: PathBuf,
        /// Folder to write
        out: PathBuf,
        #[command(flatten)]
        picked: Picked,
        /// What becomes of each picture
        #[arg(long, value_enum, default_value_t = Place::Fill)]
        place: Place,
        /// Pages of a TIFF file or frames of an animation: the first, or each as a picture {name}-p2, {name}-p3, ..
        #[arg(long, value_name = "first|all", default_value = "first")]
        pages: PageChoice,
    },
    /// A table with one row a picture (CSV, Parquet, ..), or a file of arrays (.npz, .mat)
    #[command(
        visible_alias = "table",
        after_help = "\
Example:
  digit-source import csv train.csv datasets/mine/source
  digit-source import csv digits.csv.gz datasets/mine/source \\
      --label-column last
  digit-source import csv mnist.npz datasets/mnist/source --images x_test \\
      --labels-array y_test

The separator, the encoding, packing, the header, the columns and the range of the values are found out and said; \
`docs/formats.md` tells how. What cannot be found out for certain is asked for."
    )]
    Csv {
        /// Text with pixels and a label column or one-hot columns, plain or packed; Parquet; .npz of NumPy; .mat
        file: PathBuf,
        /// Folder to write
        out: PathBuf,
        #[command(flatten)]
        picked: Picked,
        #[command(flatten)]
        meaning: Meaning,
        #[command(flatten)]
        columns: Columns,
    },
}

/// What a file's content does not tell.
#[derive(Args)]
struct Meaning {
    /// Digit 0 is written 10, or 1 when all labels are shifted by one
    #[arg(long, value_enum)]
    zero_is: Option<ZeroIs>,
    /// Exchange rows and columns of each picture, as EMNIST needs it
    #[arg(long)]
    transpose: bool,
}

/// What a table's content may not tell.
#[derive(Args)]
struct Columns {
    /// Width of a picture in pixels [default: pictures are square]
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    width: Option<u32>,
    /// Where the label stands: first, last, the column's number from 1 or its name [default: found out if certain]
    #[arg(long, value_name = "COLUMN")]
    label_column: Option<LabelColumn>,
    /// Pixel values of black and white, such as 0..16 [default: found out if certain]
    #[arg(long, value_name = "LOW..HIGH", allow_hyphen_values = true)]
    range: Option<Range>,
    /// The array of the pictures in a file of arrays, or their column in Parquet [default: found out if certain]
    #[arg(long, value_name = "NAME")]
    images: Option<String>,
    /// The array of the labels in a file of arrays [default: found out if certain]
    #[arg(long, value_name = "NAME")]
    labels_array: Option<String>,
}

#[derive(Args)]
struct Picked {
    /// Digits to take; others are left out and counted [default: all]
    #[arg(long)]
    labels: Option<LabelSet>,
    /// Size in the names: 20 fills the canvas, 8 is small
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u8).range(1..))]
    size: u8,
    /// Pictures to take, spread evenly over writers and digits [default: all]
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..))]
    count: Option<u32>,
    /// Decides which pictures --count takes, and the places and slants of --place random
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Write nothing when any input is unfit
    #[arg(long)]
    strict: bool,
    #[command(flatten)]
    folder: FolderArgs,
}

impl Picked {
    fn request(&self, meaning: &Meaning) -> Request<'_> {
        Request {
            labels: self.labels.as_ref(),
            zero_is: meaning.zero_is,
            size: self.size,
            transpose: meaning.transpose,
            version: env!("CARGO_PKG_VERSION"),
        }
    }
}

impl Tool for Cli {
    fn common(&self) -> &CommonArgs {
        &self.common
    }

    fn run(self, console: &Console) -> anyhow::Result<ExitStatus> {
        let version = env!("CARGO_PKG_VERSION");
        match self.action {
            Action::Draw(args) => draw_set(&args, version, console),
            Action::Cut(args) => cut_pages(&args, version, console),
            Action::Import(Import::Idx { images, labels_file, out, picked, meaning }) => {
                let (job, make) = idx::plan(&images, &labels_file, &picked.request(&meaning))?;
                import_into(&out, &[&images, &labels_file], job, &picked, console, make)
            }
            Action::Import(Import::Folders { source, out, picked, place, pages }) => {
                StageInfo::refuse_later_stage(&source, &["digit-source"])?;
                let labels = taken(picked.labels.as_ref());
                let (size, seed) = (picked.size, picked.seed);
                let settings = folders::Settings { labels: &labels, size, place, seed, pages };
                let (job, make) = folders::plan(&source, &settings, version)?;
                import_into(&out, &[&source], job, &picked, console, make)
            }
            Action::Import(Import::Csv { file, out, picked, meaning, columns }) => {
                let Columns { width: width_px, label_column, range, images, labels_array: labels } = columns;
                let options = Options { width_px, label_column, range, arrays: Names { images, labels } };
                let (job, make) = one_file::plan(&file, &picked.request(&meaning), &options)?;
                import_into(&out, &[&file], job, &picked, console, make)
            }
        }
    }
}

/// Writes what an import planned, or the part of it that is asked for.
fn import_into<T: Send + Sync>(
    out: &Path,
    inputs: &[&Path],
    mut job: Job<T>,
    picked: &Picked,
    console: &Console,
    make: impl Fn(&Planned<T>) -> Made + Sync,
) -> anyhow::Result<ExitStatus> {
    for note in &job.notes {
        console.note(format!("digit-source: {note}"));
    }
    job.warnings.iter().for_each(|warning| console.warn(warning));
    if let Some(count) = picked.count {
        sample::even(&mut job, count, picked.seed)?;
    }
    let how = How { inputs, strict: picked.strict, reuse: picked.folder.reuse(), console };
    folder::write(out, job, &how, make)
}

fn cut_pages(args: &CutArgs, version: &str, console: &Console) -> anyhow::Result<ExitStatus> {
    let Some(cut::Rows(rows)) = &args.rows else {
        refuse!(
            "no --rows; name the digit of each row from the top, such as --rows 0-9, as pictures without labels train \
             nothing; digit-predict --many reads a page"
        );
    };
    let inputs: Vec<&Path> = args.pages.iter().map(PathBuf::as_path).collect();
    let marked = args.marked.as_deref().map(|file| OutputFile::new("--marked", file, &inputs)).transpose()?;
    if marked.is_some() && args.pages.len() > 1 {
        refuse!("--marked shows one page, and {} are given; cut them one after the other", args.pages.len());
    }
    let settings = cut::Settings { rows, writer: args.writer.as_deref(), size: args.size, max_pixels: args.max_pixels };
    let found = cut::plan(&args.pages, &settings, version, |page| marked.iter().try_for_each(|file| file.write(page)))?;
    let how = How { inputs: &inputs, strict: args.strict, reuse: args.folder.reuse(), console };
    folder::write(&args.out, found, &how, cut::make)
}

fn draw_set(args: &DrawArgs, version: &str, console: &Console) -> anyhow::Result<ExitStatus> {
    let mut settings = DrawSettings::new(args.count, args.draw_sizes()?, args.labels.clone(), args.seed);
    let numbers: Vec<u8> = settings.sizes.iter().map(|size| size.number()).collect();
    let mut json = serde_json::json!({"count": args.count, "sizes": numbers, "seed": args.seed});
    // Keys only where they say something: folders of earlier versions stay up to date.
    if let Some(Writers(writers)) = &args.writers {
        json["writers"] = serde_json::json!([writers.start, writers.end]);
        settings.writers = writers.clone();
    }
    if let Some(sides) = args.side_px {
        json["side_px"] = serde_json::json!(sides.ends_px());
    }
    let info = StageInfo::new("digit-source", version, serde_json::json!({"draw": json}), args.labels.clone());
    let pictures = draw::plan(&settings)
        .into_iter()
        .map(|spec| {
            let name = PictureName { label: spec.label, size: spec.size.number(), id: spec.id() };
            Planned::new(name, format!("drawn with seed {}", args.seed), spec)
        })
        .collect();
    let job = Job::new(info, pictures);
    let how = How { inputs: &[], strict: true, reuse: args.folder.reuse(), console };
    folder::write(&args.out, job, &how, |picture: &Planned<DrawnSpec>| {
        let drawn = match args.side_px {
            Some(sides) => draw::render_few_pixels(&picture.origin, args.seed, sides),
            None => draw::render(&picture.origin, args.seed),
        };
        let bytes = drawn.and_then(|drawn| drawn.to_png()).map_err(|error| format!("{error:#}"))?;
        Ok(PictureFile { bytes, extension: "png" })
    })
}

impl DrawArgs {
    /// The sizes of the pictures; those of few pixels fill the canvas.
    fn draw_sizes(&self) -> anyhow::Result<Vec<Size>> {
        if self.side_px.is_some() {
            return Ok(vec![Size::Fills]);
        }
        if let Some(size) = self.sizes.iter().find(|size| Size::of_number(**size).is_none()) {
            refuse!("--sizes: expected 20, 8 or both, found {size}");
        }
        Ok([Size::Fills, Size::Small].into_iter().filter(|size| self.sizes.contains(&size.number())).collect())
    }
}

/// What the command accepts, for a program that has several commands.
pub fn command() -> clap::Command {
    stage_cli::command::<Cli>()
}

/// The whole of the command on given arguments, the first being the program name; can be called repeatedly.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitStatus {
    stage_cli::run::<Cli>(arguments)
}

/// The `digit-source` process.
pub fn main() -> ExitCode {
    stage_cli::main::<Cli>()
}
