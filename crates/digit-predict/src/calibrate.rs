//! `digit-predict calibrate`: fits temperature and detector to a data set, or measures a guarantee, and stores them in
//! the model file.

use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Args;
use digit_labeler::LabelsIn;
use digit_model::{MIN_ROWS, Rows, calibrate, canvas_of};
use mlp_core::kernels::KernelPath;
use serde::Serialize;
use stage_cli::{Console, ExitStatus, counted};
use stage_files::dataset::DataSet;
use stage_files::guarantee::Guarantee;
use stage_files::model::Model;
use stage_files::output::{OutputFile, amend};
use stage_files::picture::PictureSettings;
use stage_files::run::model_file;
use stage_files::{refuse, refused};

use crate::Predictor;
use crate::guarantee::{Measured, measure, percent, promise};
use crate::labelled_pictures::{LabelledFolder, digits};

/// The arguments of `digit-predict calibrate`.
#[derive(Args)]
#[command(after_help = "\
Example:
  digit-predict calibrate --model runs/mine --data held-out/20x20_info.csv
  digit-predict calibrate --model runs/mine --data b.csv --out c.safetensors
  digit-predict calibrate --error 0.01 --model M mine --out sure.safetensors

The pictures must not have trained the model, or it will be taken for better than it is; best are writers that it has \
never seen. No label changes, only probabilities and confidences do.
With --error, digit-predict --guarantee then refuses what it is not sure of. The promise holds for pictures like those \
that it was measured on, and with 95 % confidence. It is measured after the confidences are fitted: fitting removes it.")]
pub(crate) struct CalibrateArgs {
    /// Folder of labelled pictures that did not train the model, for --error
    folder: Option<PathBuf>,
    /// Run folder of mlp-train, or a model.safetensors
    #[arg(long, value_name = "RUN|FILE")]
    model: PathBuf,
    /// Data set CSV of rows that did not train the model, prepared as its training rows were
    #[arg(long, value_name = "CSV")]
    data: Option<PathBuf>,
    /// Measure from which confidence on at most this share of answers is wrong, instead of fitting the confidences
    #[arg(long, value_name = "E", value_parser = parse_error)]
    error: Option<f64>,
    /// Where FOLDER has the digits: in the names of its folders or of its pictures [default: found out]
    #[arg(long, value_name = "folders|names")]
    layout: Option<LabelsIn>,
    /// Model file to write [default without --error: the model's own file]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// With --error: write the model's own file
    #[arg(long, conflicts_with = "out")]
    in_place: bool,
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

fn parse_error(text: &str) -> Result<f64, String> {
    let share = text.parse().ok().filter(|share| *share > 0.0 && *share < 1.0);
    share.ok_or_else(|| format!("expected a share of errors between 0 and 1, such as 0.01, found `{text}`"))
}

impl CalibrateArgs {
    /// Reads model and pictures, calibrates, and writes the model.
    pub(crate) fn run(&self, console: &Console) -> anyhow::Result<ExitStatus> {
        let read: Vec<&Path> = self.data.iter().chain(&self.folder).map(PathBuf::as_path).collect();
        let file = model_file(&self.model)?;
        let inputs: Vec<&Path> = [file.as_path()].into_iter().chain(read).collect();
        let out = self.out.as_ref().map(|out| OutputFile::new("--out", out, &inputs)).transpose()?;
        match (self.error, &self.folder, &self.data) {
            (Some(_), Some(_), Some(_)) => refuse!("expected one source of pictures, found FOLDER and --data"),
            (Some(_), None, None) => refuse!("no pictures; name a folder of labelled pictures, or --data CSV"),
            (Some(_), ..) if out.is_none() && !self.in_place => refuse!(
                "expected a file for the model with its guarantee; give --out FILE, or --in-place to change {}",
                file.display()
            ),
            (Some(error), ..) => self.measure(error, &file, out.as_ref(), console),
            (None, _, Some(data)) if self.folder.is_none() => self.fit(data, &file, out.as_ref(), console),
            (None, ..) => refuse!(
                "expected --data CSV, to fit the confidences, or --error E and a folder of pictures, to measure from \
                 which confidence on they can be trusted"
            ),
        }
    }

    /// Measures a guarantee.
    fn measure(
        &self,
        error: f64,
        file: &Path,
        out: Option<&OutputFile>,
        console: &Console,
    ) -> anyhow::Result<ExitStatus> {
        let mut model = Model::read(file)?;
        let predictor = Predictor::from_model(model.clone()).with_context(|| file.display().to_string())?;
        let (guarantee, rejected) = match (&self.folder, &self.data) {
            (Some(folder), _) => self.of_folder(error, folder, &predictor, console)?,
            (None, Some(csv)) => {
                let data = DataSet::read(csv)?;
                let at = csv.display().to_string();
                check(&model, &data).with_context(|| format!("{at} for {}", file.display()))?;
                (of_rows(error, &data, &predictor, &at)?, 0)
            }
            (None, None) => refuse!("no pictures"),
        };
        model.guarantee = Some(guarantee.clone());
        write(&model, file, out)?;
        let share = guarantee.accepted as f64 / guarantee.pictures as f64;
        let sentence = format!(
            "digit-predict: threshold {}: {} of {} accepted ({}), {} of them wrong; {}; written to {}",
            guarantee.threshold,
            guarantee.accepted,
            counted(guarantee.pictures, "answer"),
            percent(share),
            guarantee.wrong,
            promise(&guarantee),
            self.out.as_deref().unwrap_or(file).display()
        );
        console.summary(sentence, &guarantee)?;
        Ok(if rejected == 0 { ExitStatus::Done } else { ExitStatus::SomeRejected })
    }

    /// The guarantee on a folder, and how many pictures could not be used.
    fn of_folder(
        &self,
        error: f64,
        folder: &Path,
        predictor: &Predictor,
        console: &Console,
    ) -> anyhow::Result<(Guarantee, usize)> {
        let pictures = LabelledFolder::judge(predictor, folder, self.layout, console)?;
        pictures.check_labels(folder, predictor.labels())?;
        if !pictures.rejected.is_empty() {
            let all = counted(pictures.rejected.len() as u64, "picture");
            let first = &pictures.rejected[0];
            console.warn(format!("{all} could not be used, such as {}: {}", first.source, first.reason));
        }
        if !pictures.unknown.is_empty() {
            console.warn(format!(
                "{} of the digits {}, which the model does not know, count as wrong answers",
                counted(pictures.unknown.len() as u64, "picture"),
                digits(&pictures.unknown)
            ));
        }
        let all = pictures.known.iter().chain(&pictures.unknown);
        let measured: Vec<Measured<'_>> = all
            .map(|of| Measured {
                prediction: &of.prediction,
                is_correct: of.is_correct(),
                writer: of.writer.as_deref(),
            })
            .collect();
        Ok((measure(&measured, error, &folder.display().to_string())?, pictures.rejected.len()))
    }

    /// Fits temperature and detector.
    fn fit(&self, data: &Path, file: &Path, out: Option<&OutputFile>, console: &Console) -> anyhow::Result<ExitStatus> {
        let mut model = Model::read(file)?;
        let shown = data.display();
        let data = DataSet::read(data)?;
        check(&model, &data).and_then(|()| enough(&data)).with_context(|| format!("{shown} for {}", file.display()))?;
        let Some(canvas) = canvas_of(&model) else {
            refuse!("{}: the model does not say which canvas its inputs are", file.display());
        };
        let pixels: Vec<u8> = data.pixels.iter().copied().collect();
        let predictions = Predictor::from_model(model.clone())?.predict_pixels(&pixels)?;
        if let Some(reason) = predictions.into_iter().find_map(Result::err) {
            refuse!("{} on {shown}: {reason}", file.display());
        }
        let (had_detector, had_guarantee) = (model.detector.is_some(), model.guarantee.is_some());
        let rows = Rows { pixels: &pixels, classes: &data.classes };
        let calibrated = calibrate(&mut model, rows, canvas, KernelPath::detect())?;
        write(&model, file, out)?;
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
        if had_guarantee {
            console.warn("the guarantee is removed, since it was for the confidences as they were; measure it again");
        }
        let sentence = format!(
            "digit-predict: temperature {:.3} from {}; expected calibration error {:.2} % before, {:.2} % after \
             (on rows that the temperature was not fitted on); detector {}; written to {}",
            facts.temperature,
            counted(facts.rows as u64, "row"),
            100.0 * facts.calibration_error_before,
            100.0 * facts.calibration_error_after,
            facts.detector,
            self.out.as_deref().unwrap_or(file).display()
        );
        console.summary(sentence, &facts)?;
        Ok(ExitStatus::Done)
    }
}

/// Writes the model where the user wants it.
fn write(model: &Model, file: &Path, out: Option<&OutputFile>) -> anyhow::Result<()> {
    match out {
        Some(out) => out.write(&model.to_bytes()?),
        None => amend(file, &model.to_bytes()?),
    }
}

/// The guarantee on the rows of a data set.
fn of_rows(error: f64, data: &DataSet, predictor: &Predictor, at: &str) -> anyhow::Result<Guarantee> {
    let pixels: Vec<u8> = data.pixels.iter().copied().collect();
    let predictions: Result<Vec<_>, String> = predictor.predict_pixels(&pixels)?.into_iter().collect();
    let predictions = predictions.map_err(|reason| refused(format!("{at}: {reason}")))?;
    let writer = |row: usize| data.rows.as_ref()?.get(row)?.writer.as_deref();
    let measured: Vec<Measured<'_>> = predictions
        .iter()
        .zip(&data.classes)
        .enumerate()
        .map(|(row, (prediction, class))| Measured {
            prediction,
            is_correct: data.labels.digit_of(*class) == Some(prediction.label),
            writer: writer(row),
        })
        .collect();
    measure(&measured, error, at)
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
    Ok(())
}

/// Refuses too few rows for fitting.
fn enough(data: &DataSet) -> anyhow::Result<()> {
    if data.classes.len() < MIN_ROWS {
        refuse!("expected at least {MIN_ROWS} rows, found {}; take more", data.classes.len());
    }
    Ok(())
}
