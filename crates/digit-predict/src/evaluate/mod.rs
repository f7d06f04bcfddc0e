//! `digit-predict evaluate`: a model on a folder of labelled pictures.

mod numbers;
mod page;
mod words;

use std::path::{Path, PathBuf};

use clap::Args;
use digit_labeler::LabelsIn;
use digit_model::built_in::DRAWN;
use serde_json::json;
use stage_cli::{Console, ExitStatus, FolderArgs, Outcome, counted};
use stage_files::digest::{sha256_file, sha256_hex};
use stage_files::json::to_bytes;
use stage_files::output::{Layout, OutputFolder, resolved};
use stage_files::refuse;
use stage_files::run::{PREDICTIONS_FILE, model_file, predictions_csv};
use stage_files::stage::{Input, StageInfo};
use stage_files::text_name::base_name;
use stage_page::Lang;

use crate::guarantee::threshold;
use crate::labelled_pictures::{LabelledFolder, digits};
use crate::{Predictor, known};
use numbers::Evaluation;

/// The folder below which evaluations go unless `--out` names one.
const DEFAULT_ROOT: &str = "evaluated";
/// The numbers.
const EVALUATION_FILE: &str = "evaluation.json";
/// The page.
const INDEX_FILE: &str = "index.html";
/// The language of the page among the settings.
const LANG_KEY: &str = "lang";
/// Which files this stage writes.
const LAYOUT: Layout =
    Layout { owns: |name| [EVALUATION_FILE, INDEX_FILE, PREDICTIONS_FILE].contains(&name), private: &[] };

/// The arguments of `digit-predict evaluate`.
#[derive(Args)]
#[command(after_help = "\
Example:
  digit-predict evaluate --model runs/mine others
  digit-predict evaluate --model runs/mine others --guarantee

The pictures must not have trained the model. Their labels are in the names of folders or pictures, as digit-labeler \
takes them: kim/3/x.png, 3/x.png, 3_x.png. A folder whose name begins with a dash or is that of a subcommand is given \
as ./evaluate.")]
pub(crate) struct EvaluateArgs {
    /// Folder of labelled pictures
    folder: PathBuf,
    /// Run folder of mlp-train, or a model.safetensors [default: the built-in network, for the digits 0-9]
    #[arg(long, value_name = "RUN|FILE")]
    model: Option<PathBuf>,
    /// Folder to write: index.html, evaluation.json, predictions.csv [default: evaluated/FOLDER]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Count answers below this confidence as refused, 0 to 1
    #[arg(long, value_name = "P", default_value_t = 0.0, value_parser = crate::refusal::parse_share)]
    min_confidence: f32,
    /// Count answers as refused below the confidence that `calibrate --error` has found
    #[arg(long)]
    guarantee: bool,
    /// Where FOLDER has the digits: in the names of its folders or of its pictures [default: found out]
    #[arg(long, value_name = "folders|names")]
    layout: Option<LabelsIn>,
    /// Language of the page; JSON and CSV files are the same in all
    #[arg(long, value_name = "en|ko", default_value = "en")]
    lang: Lang,
    #[command(flatten)]
    reuse: FolderArgs,
}

/// A model to evaluate.
pub(crate) struct Named {
    pub(crate) predictor: Predictor,
    /// What it is called in messages and on the page.
    pub(crate) name: String,
    /// Its file, which may be no output.
    pub(crate) file: Option<PathBuf>,
    /// Name and digest.
    pub(crate) input: Input,
    /// Whether it is the built-in network, whose name each language has.
    pub(crate) is_built_in: bool,
}

impl EvaluateArgs {
    /// Loads the model and evaluates it.
    pub(crate) fn run(&self, console: &Console) -> anyhow::Result<ExitStatus> {
        let named = match &self.model {
            Some(model) => {
                let (file, predictor) = (model_file(model)?, Predictor::load(model)?);
                let input = Input { name: base_name(&file), sha256: sha256_file(&file)?, files: 1 };
                Named { predictor, name: base_name(model), file: Some(file), input, is_built_in: false }
            }
            None => {
                let predictor = Predictor::built_in()?;
                known::say(&predictor, None, console);
                let name = format!("built-in network, version {}", DRAWN.version);
                let input = Input { name: name.clone(), sha256: sha256_hex(DRAWN.bytes), files: 1 };
                Named { predictor, name, file: None, input, is_built_in: true }
            }
        };
        self.evaluate(&named, console)
    }

    /// Evaluates a model and writes the folder.
    pub(crate) fn evaluate(&self, model: &Named, console: &Console) -> anyhow::Result<ExitStatus> {
        let predictor = &model.predictor;
        let least = threshold(predictor.guarantee(), self.guarantee, self.min_confidence, &model.name)?;
        let out = self.out(console)?;
        let pictures = LabelledFolder::judge(predictor, &self.folder, self.layout, console)?;
        pictures.check_labels(&self.folder, predictor.labels())?;
        if !pictures.unknown.is_empty() {
            console.warn(format!(
                "{} of the digits {}, which the model does not know, are not counted; it knows {}",
                counted(pictures.unknown.len() as u64, "picture"),
                digits(&pictures.unknown),
                predictor.labels()
            ));
        }
        let evaluation = Evaluation::of(&pictures, predictor, &model.name, &base_name(&self.folder), least);
        let info = self.info(model, &pictures, least);
        let inputs: Vec<&Path> = [self.folder.as_path()].into_iter().chain(model.file.as_deref()).collect();
        let folder =
            OutputFolder::new(&out, LAYOUT, info.clone(), &inputs, self.reuse.reuse().but_for(LANG_KEY, &out, &info))?;
        let nothing_to_do = folder.up_to_date(|done| *done == info)?.is_some();
        if !nothing_to_do {
            let writer = folder.begin()?;
            writer.write(EVALUATION_FILE, &to_bytes(&evaluation.json())?)?;
            writer.write(PREDICTIONS_FILE, &predictions_csv(predictor.labels(), &evaluation.rows)?)?;
            let name = if model.is_built_in { words::built_in(self.lang, DRAWN.version) } else { model.name.clone() };
            let page = page::html(&evaluation, &pictures, predictor, self.guarantee, (self.lang, &name));
            writer.write(INDEX_FILE, page.as_bytes())?;
            writer.write_rejected(&pictures.rejected)?;
            console.altered(&out, &writer.finish(&info)?);
        }
        let result = format!("{}; page: {}", evaluation.sentence(), out.join(INDEX_FILE).display());
        console.outcome(&Outcome { folder: &out, info: &info, result: &result, nothing_to_do }, &pictures.rejected)
    }

    /// The folder to write, which must not lie inside the pictures.
    fn out(&self, console: &Console) -> anyhow::Result<PathBuf> {
        let out = self.out.clone().unwrap_or_else(|| Path::new(DEFAULT_ROOT).join(base_name(&self.folder)));
        if self.out.is_none() && self.folder.exists() && resolved(&out)?.starts_with(resolved(&self.folder)?) {
            let program = stage_cli::typed(console, "predict", "digit-predict");
            refuse!(
                "{} lies inside the folder of pictures, which is only read; name another one: {program} evaluate .. \
                 --out DIR",
                out.display()
            );
        }
        Ok(out)
    }

    fn info(&self, model: &Named, pictures: &LabelledFolder, least: f32) -> StageInfo {
        let mut settings = json!({
            "guarantee": self.guarantee,
            "layout": self.layout.map(LabelsIn::as_str),
            "min_confidence": least,
            "model": model.input.sha256,
        });
        // English is no setting: folders of versions that knew nothing else are up to date.
        if self.lang != Lang::En {
            settings[LANG_KEY] = self.lang.tag().into();
        }
        let labels = model.predictor.labels().clone();
        let mut info = StageInfo::new("digit-predict", env!("CARGO_PKG_VERSION"), settings, labels);
        info.inputs = vec![pictures.input.clone(), model.input.clone()];
        info.counts.insert("pictures".into(), pictures.known.len() as u64);
        info.counts.insert("rejected".into(), pictures.rejected.len() as u64);
        info.counts.insert("unknown_labels".into(), pictures.unknown.len() as u64);
        info.picture = Some(model.predictor.picture_settings().clone());
        info
    }
}
