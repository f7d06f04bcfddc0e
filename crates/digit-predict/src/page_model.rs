//! The predictor as the page of digit-page sees it, behind a server or in WebAssembly.

use digit_page::Model;
use stage_files::answer::Prediction;
use stage_files::labels::LabelSet;
use stage_files::picture::PictureSettings;

use crate::Predictor;

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
