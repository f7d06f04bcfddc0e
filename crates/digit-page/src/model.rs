//! The network that answers, as the page sees it.

use std::sync::Arc;

use digit_image::reader::PictureReader;
use stage_files::answer::{Answer, Prediction};
use stage_files::labels::LabelSet;
use stage_files::picture::PictureSettings;
use stage_files::refused;

/// Below this confidence the page shows no label, unless its user asks for another limit.
pub const DEFAULT_MIN_CONFIDENCE: f32 = 0.5;

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

/// A picture to be predicted.
#[derive(Clone, Copy, Debug)]
pub enum Picture<'a> {
    /// The bytes of a file.
    File(&'a [u8]),
    /// The pixels of a canvas: red, green, blue and alpha of each, row by row.
    Canvas {
        /// Columns.
        width_px: u32,
        /// Rows.
        height_px: u32,
        /// Four bytes a pixel.
        rgba: &'a [u8],
    },
}

/// A model with what shows its preprocessing.
pub struct InUse {
    /// The model.
    pub model: Arc<dyn Model>,
    pub(crate) reader: PictureReader,
}

impl InUse {
    /// Takes a model.
    ///
    /// # Errors
    /// A refusal when the model's preprocessing is not known here.
    pub fn new(model: Arc<dyn Model>) -> anyhow::Result<Self> {
        let reader = PictureReader::new(model.picture_settings()).map_err(refused)?;
        Ok(Self { model, reader })
    }

    /// The pixels of a picture as the network takes them.
    ///
    /// # Errors
    /// What is wrong with the picture, and what to do.
    pub fn prepare(&self, picture: Picture<'_>) -> Result<Vec<u8>, String> {
        match picture {
            Picture::File(bytes) => self.model.prepare(bytes),
            Picture::Canvas { width_px, height_px, rgba } => {
                let read = self.reader.read_rgba_seen(width_px, height_px, rgba, |_, _| ());
                read.map(|gray| gray.pixels).map_err(|error| error.to_string())
            }
        }
    }

    /// The answer for prepared pixels, or for the reason why there are none.
    ///
    /// # Errors
    /// A fault of the network.
    pub fn answer(&self, prepared: Result<Vec<u8>, String>, min_confidence: f32) -> anyhow::Result<Answer> {
        let predicted = match prepared {
            Err(reason) => Err(reason),
            Ok(pixels) => self.model.predict(&pixels)?.pop().unwrap_or_else(|| Err("no prediction".to_owned())),
        };
        Ok(Answer::of(predicted, min_confidence))
    }
}
