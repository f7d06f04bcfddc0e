//! The bytes of a picture file to the pixels that a model takes: the one place where that happens.

use digit_image::reader::PictureReader;
use stage_files::labelled::LabelledPicture;
use stage_files::picture::{Canvas, PictureSettings};
use stage_files::refused;

/// Prepares pictures as a model's training pictures were prepared.
#[derive(Clone, Debug)]
pub(crate) struct Preparation {
    reader: PictureReader,
    canvas: Canvas,
}

impl Preparation {
    /// The preparation that a model file asks for.
    ///
    /// # Errors
    /// A refusal that names the step that is not known here.
    pub(crate) fn new(settings: &PictureSettings) -> anyhow::Result<Self> {
        let reader = PictureReader::new(settings).map_err(|what| refused(format!("metadata `picture`: {what}")))?;
        Ok(Self { reader, canvas: settings.canvas })
    }

    /// The pixels (P) of a page of a picture file, from 0. A labelled picture of the same canvas is already prepared:
    /// only its label row is removed.
    ///
    /// # Errors
    /// What is wrong with the picture, and what to do.
    pub(crate) fn pixels(&self, bytes: &[u8], page: usize, max_pixels: u64) -> Result<Vec<u8>, String> {
        if self.may_be_labelled(bytes)
            && let Ok(labelled) = LabelledPicture::decode(bytes)
        {
            return Ok(labelled.pixels);
        }
        self.reader.read_page(bytes, page, max_pixels).map(|read| read.pixels).map_err(|why| why.to_string())
    }

    /// Whether the header is that of a PNG with one row more than the canvas. Other pictures are not decoded twice.
    fn may_be_labelled(&self, bytes: &[u8]) -> bool {
        let (width, height) = (self.canvas.width_px.to_be_bytes(), (self.canvas.height_px + 1).to_be_bytes());
        bytes.get(12..24) == Some([*b"IHDR", width, height].concat().as_slice())
    }
}
