//! `mlp-train export`: a trained network for other programs.
//!
//! Every format takes the pixels 0..255 of a row of the data set CSV: inverting, scaling and the temperature of the
//! probabilities are part of what is exported. Equal models give equal bytes.

mod c;
mod c_comment;
mod c_parts;
mod html;
mod npz;
mod onnx;
mod protobuf;

use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Args;
use stage_cli::{Console, ExitStatus};
use stage_files::model::Model;
use stage_files::output::OutputFile;
use stage_files::run::model_file;
use stage_files::{refuse, regular_file};

pub use c::{c_header, c_source};
pub use html::with_model;
pub use npz::npz;
pub use onnx::onnx;

/// Longer than any header that is written here.
const MAX_HEADER_BYTES: u64 = 1 << 16;

/// What `mlp-train export` takes.
#[derive(Args)]
#[command(after_help = "\
Example:
  mlp-train export runs/recommended-20x20 --onnx digits.onnx
  mlp-train export runs/recommended-20x20 --c digits.c --npz digits.npz
  mlp-train export runs/recommended-20x20 --f16 digits.safetensors
  mlp-train export runs/mine --html mine.html --page target/page/digits.html
  cc -std=c99 -O2 -c digits.c   a function digit_predict(pixels, probabilities),
                                no library needed; digits.h declares it

ONNX, C and NumPy take pixel values 0..255 in the order of the data set's CSV and give the probabilities that \
digit-predict gives. The file of --f16 is a model for digit-predict --model. The page of --html draws, predicts, \
collects and teaches in a browser, without a server and without a network; `just page` makes the one of --page.")]
pub struct ExportArgs {
    /// Run folder, or a model.safetensors
    run: PathBuf,
    /// ONNX model to write: input `pixels` (N, inputs), output `probabilities` (N, labels)
    #[arg(long, value_name = "FILE")]
    onnx: Option<PathBuf>,
    /// C99 source to write: weights and one function, no dependency; with a header `FILE.h` for C and C++ beside it
    #[arg(long, value_name = "FILE.c")]
    c: Option<PathBuf>,
    /// NumPy archive to write: weights, scaling and metadata
    #[arg(long, value_name = "FILE")]
    npz: Option<PathBuf>,
    /// Model file of half the length to write: weights have 16 bits; detector and calibration are in it
    #[arg(long, value_name = "FILE")]
    f16: Option<PathBuf>,
    /// Page to write: the model and all it needs in one file, to be opened in a browser
    #[arg(long, value_name = "FILE", requires = "page")]
    html: Option<PathBuf>,
    /// The page that --html puts the model into: a digits.html that `just page` made
    #[arg(long, value_name = "FILE", requires = "html")]
    page: Option<PathBuf>,
}

impl ExportArgs {
    /// Writes the files that were asked for.
    pub(crate) fn run(&self, console: &Console) -> anyhow::Result<ExitStatus> {
        let header = self.c.as_deref().map(header_beside).transpose()?.flatten();
        let file = model_file(&self.run)?;
        let named = [
            ("--onnx", self.onnx.as_deref()),
            ("--c", self.c.as_deref()),
            ("the header of --c", header.as_deref()),
            ("--npz", self.npz.as_deref()),
            ("--f16", self.f16.as_deref()),
            ("--html", self.html.as_deref()),
        ];
        if named.iter().all(|(_, path)| path.is_none()) {
            refuse!("nothing to write; give --onnx FILE, --c FILE, --npz FILE, --f16 FILE or --html FILE");
        }
        let page = self.page.as_deref().map(html::template).transpose()?.unwrap_or_default();
        let in_page = |model: &Model| Ok(with_model(&page, &model.to_bytes()?).into_bytes());
        let formats: [&dyn Fn(&Model) -> anyhow::Result<Vec<u8>>; 6] = [
            &|model| Ok(onnx(model)),
            &|model| Ok(c_source(model).into_bytes()),
            &|model| Ok(c_header(model).into_bytes()),
            &npz,
            &Model::to_half_bytes,
            &in_page,
        ];
        let inputs: Vec<&Path> = [Some(file.as_path()), self.page.as_deref()].into_iter().flatten().collect();
        let files = OutputFile::all(named, &inputs)?;
        let model = Model::read(&file)?;
        for ((output, bytes_of), (_, path)) in files.into_iter().zip(formats).zip(named) {
            let (Some(output), Some(path)) = (output, path) else { continue };
            let bytes = bytes_of(&model).with_context(|| file.display().to_string())?;
            output.write(&bytes)?;
            console.note(format!("{}: {} bytes", path.display(), bytes.len()));
        }
        Ok(ExitStatus::Done)
    }
}

/// Where the header of a C source file goes; none where the source goes to standard output or a device. A header that
/// some other program or person wrote stays.
fn header_beside(source: &Path) -> anyhow::Result<Option<PathBuf>> {
    if source == Path::new("-") || source.exists() && !source.is_file() {
        return Ok(None);
    }
    let header = source.with_extension("h");
    if header == source {
        refuse!("{}: is the name of a header; name the C source, such as digits.c", source.display());
    }
    if let Ok(bytes) = regular_file::read(&header, MAX_HEADER_BYTES)
        && !String::from_utf8_lossy(&bytes).contains(c::GUARD)
    {
        refuse!(
            "{}: belongs beside {} and holds something else; move it away or give the source another name",
            header.display(),
            source.display()
        );
    }
    Ok(Some(header))
}
