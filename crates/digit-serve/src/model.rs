//! The network that answers, as this crate sees it.

use std::path::Path;
use std::sync::Arc;

use digit_image::reader::PictureReader;
use stage_files::answer::Prediction;
use stage_files::labels::LabelSet;
use stage_files::picture::PictureSettings;
use stage_files::refused;

/// A trained network that prepares pictures and predicts them. Threads share it.
pub trait Model: Send + Sync {
    /// The digits that it can predict.
    fn labels(&self) -> &LabelSet;
    /// How pictures become pixels.
    fn picture_settings(&self) -> &PictureSettings;
    /// The steps of preprocessing in words: `none`, `standard`, or their list.
    fn preprocessing(&self) -> String;
    /// Whether its confidence tells digits from anything else.
    fn has_detector(&self) -> bool;
    /// The pixels of a picture file as the network takes them, or what is wrong with the picture.
    ///
    /// # Errors
    /// What is wrong with the picture, and what to do.
    fn prepare(&self, bytes: &[u8]) -> Result<Vec<u8>, String>;
    /// The prediction for each row of prepared pixels, or why there is none.
    ///
    /// # Errors
    /// When the number of pixels is no multiple of the network's inputs.
    fn predict(&self, pixels: &[u8]) -> anyhow::Result<Vec<Result<Prediction, String>>>;
}

/// Loads the model of a run folder.
pub type Load = Box<dyn Fn(&Path) -> anyhow::Result<Arc<dyn Model>> + Send + Sync>;

/// A model with what shows its preprocessing.
pub(crate) struct InUse {
    pub(crate) model: Arc<dyn Model>,
    pub(crate) reader: PictureReader,
}

impl InUse {
    pub(crate) fn new(model: Arc<dyn Model>) -> anyhow::Result<Self> {
        let reader = PictureReader::new(model.picture_settings()).map_err(refused)?;
        Ok(Self { model, reader })
    }
}
