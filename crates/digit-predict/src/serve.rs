//! `digit-predict serve`: the page and the server of `digit-serve`, with this crate's predictor.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use digit_serve::{Load, Model, ServeArgs};
use stage_cli::{Console, ExitStatus};
use stage_files::answer::Prediction;
use stage_files::labels::LabelSet;
use stage_files::picture::PictureSettings;

use crate::{Predictor, known};

/// The arguments of `digit-predict serve`.
#[derive(Args)]
#[command(after_help = "\
Example:
  digit-predict serve
  digit-predict serve --model runs/mine --collect scans --host 0.0.0.0

POST /predict takes a picture and answers as --json does. What the server accepts and refuses is in docs/serve.md.")]
pub(crate) struct Serve {
    /// Run folder of mlp-train, or a model.safetensors [default: the built-in network, for the digits 0-9]
    #[arg(long, value_name = "RUN|FILE")]
    model: Option<PathBuf>,
    #[command(flatten)]
    serve: ServeArgs,
}

impl Serve {
    /// Serves until a signal comes.
    pub(crate) fn run(&self, console: &Console) -> anyhow::Result<ExitStatus> {
        let max_pixels = self.serve.max_pixels();
        let predictor = Predictor::load_or_built_in(self.model.as_deref())?.with_max_pixels(max_pixels);
        known::say(&predictor, self.model.as_deref(), console);
        let load: Load = Box::new(move |path: &Path| {
            let model: Arc<dyn Model> = Arc::new(Predictor::load(path)?.with_max_pixels(max_pixels));
            Ok(model)
        });
        digit_serve::serve(&self.serve, Arc::new(predictor), load, console)
    }
}

impl Model for Predictor {
    fn labels(&self) -> &LabelSet {
        self.labels()
    }

    fn picture_settings(&self) -> &PictureSettings {
        self.picture_settings()
    }

    fn preprocessing(&self) -> String {
        self.preprocessing()
    }

    fn has_detector(&self) -> bool {
        self.has_detector()
    }

    fn prepare(&self, bytes: &[u8]) -> Result<Vec<u8>, String> {
        self.prepare(bytes).map_err(|error| format!("{error:#}"))
    }

    fn predict(&self, pixels: &[u8]) -> anyhow::Result<Vec<Result<Prediction, String>>> {
        self.predict_pixels(pixels)
    }
}
