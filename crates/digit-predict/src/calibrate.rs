//! `digit-predict calibrate`: fits temperature and detector to a data set and stores them in the model file.

use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use digit_model::{MIN_ROWS, Rows, calibrate, canvas_of};
use mlp_core::kernels::KernelPath;
use serde::Serialize;
use stage_cli::{Console, ExitStatus, counted};
use stage_files::dataset::DataSet;
use stage_files::model::Model;
use stage_files::output::{OutputFile, amend};
use stage_files::picture::PictureSettings;
use stage_files::refuse;
use stage_files::run::model_file;

use crate::Predictor;

/// The arguments of `digit-predict calibrate`.
#[derive(Args)]
#[command(after_help = "\
Example:
  digit-predict calibrate --model runs/mine --data held-out/20x20_info.csv
  digit-predict calibrate --model runs/mine --data b.csv --out c.safetensors

The rows must not have trained the model, or it will be taken for better than it is; best are writers that it has \
never seen. No label changes, only probabilities and confidences do.")]
pub(crate) struct CalibrateArgs {
    /// Run folder of mlp-train, or a model.safetensors
    #[arg(long, value_name = "RUN|FILE")]
    model: PathBuf,
    /// Data set CSV of rows that did not train the model, prepared as its training rows were
    #[arg(long, value_name = "CSV")]
    data: PathBuf,
    /// Model file to write [default: the model's own file]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// The summary for `--json`.
#[derive(Serialize)]
struct Facts {
    rows: usize,
    temperature: f32,
    calibration_error_before: f64,
    calibration_error_after: f64,
    detector: &'static str,
}

impl CalibrateArgs {
    /// Reads model and rows, calibrates, and writes the model.
    pub(crate) fn run(&self, console: &Console) -> anyhow::Result<ExitStatus> {
        let file = model_file(&self.model)?;
        let out = self.out.as_ref().map(|out| OutputFile::new("--out", out, &[&file, &self.data])).transpose()?;
        let mut model = Model::read(&file)?;
        let data = DataSet::read(&self.data)?;
        check(&model, &data).with_context(|| format!("{} for {}", self.data.display(), file.display()))?;
        let Some(canvas) = canvas_of(&model) else {
            refuse!("{}: the model does not say which canvas its inputs are", file.display());
        };
        let pixels: Vec<u8> = data.pixels.iter().copied().collect();
        let predictions = Predictor::from_model(model.clone())?.predict_pixels(&pixels)?;
        if let Some(reason) = predictions.into_iter().find_map(Result::err) {
            refuse!("{} on {}: {reason}", file.display(), self.data.display());
        }
        let had_detector = model.detector.is_some();
        let rows = Rows { pixels: &pixels, classes: &data.classes };
        let calibrated = calibrate(&mut model, rows, canvas, KernelPath::detect())?;
        match &out {
            Some(out) => out.write(&model.to_bytes()?)?,
            None => amend(&file, &model.to_bytes()?)?,
        }
        let facts = Facts {
            rows: data.classes.len(),
            temperature: calibrated.temperature,
            calibration_error_before: calibrated.error_before,
            calibration_error_after: calibrated.error_after,
            detector: match (&model.detector, had_detector) {
                (None, _) => "none, for want of rows",
                (Some(_), true) => "kept",
                (Some(_), false) => "learned",
            },
        };
        let sentence = format!(
            "digit-predict: temperature {:.3} from {}; expected calibration error {:.2} % before, {:.2} % after \
             (on rows that the temperature was not fitted on); detector {}; written to {}",
            facts.temperature,
            counted(facts.rows as u64, "row"),
            100.0 * facts.calibration_error_before,
            100.0 * facts.calibration_error_after,
            facts.detector,
            self.out.as_ref().unwrap_or(&file).display()
        );
        console.summary(sentence, &facts)?;
        Ok(ExitStatus::Done)
    }
}

/// Refuses rows whose labels, size or preprocessing differ from the model's.
fn check(model: &Model, data: &DataSet) -> anyhow::Result<()> {
    let (inputs, pixels) = (model.layers.first().map_or(0, |layer| layer.inputs), data.pixels.ncols());
    if inputs != pixels {
        refuse!("expected rows of {inputs} pixels, as the model takes, found {pixels}");
    }
    if data.labels != model.labels {
        refuse!("expected the labels {}, as the model knows, found {}", model.labels, data.labels);
    }
    if let Some([expected, found]) = PictureSettings::unlike(model.picture.as_ref(), data.picture()) {
        refuse!(
            "the data set was prepared in another way than the model's training pictures; expected {expected}, found \
             {found}; make it again with that --canvas, --alpha and --preprocess, and --fresh"
        );
    }
    if data.classes.len() < MIN_ROWS {
        refuse!("expected at least {MIN_ROWS} rows, found {}; take more", data.classes.len());
    }
    Ok(())
}
