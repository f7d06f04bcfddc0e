//! A file's bytes to the pixels of a labelled picture: decoding, preprocessing, shrinking. The batch and every program
//! that uses a model go through here, so that both see the same pixels.

use std::fmt;

use stage_files::picture::{Alpha, Canvas, PictureSettings};

use crate::decode::{DecodeError, DecodeOptions, decode_gray, decode_rgb, of_rgba};
use crate::format::Format;
use crate::preprocess::{Image, Pipeline, Step, Unfit, gray_of};
use crate::raster::GrayPicture;
use crate::resize;

/// Reads pictures under one set of settings.
///
/// ```
/// use digit_image::reader::PictureReader;
/// use stage_files::picture::{Alpha, Canvas, PictureSettings};
///
/// let settings = PictureSettings { canvas: Canvas::DEFAULT, alpha: Alpha::White, preprocess: vec![] };
/// let reader = PictureReader::new(&settings)?;
/// let picture = reader.read(b"P2 2 1 255 7 250 ", 1_000_000)?;
/// assert_eq!((picture.width_px, picture.height_px), (20, 20));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct PictureReader {
    canvas: Canvas,
    alpha: Alpha,
    pipeline: Pipeline,
}

/// Why a file gave no pixels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unread {
    /// It is no picture that can be read.
    Decode(DecodeError),
    /// It can be read, and does not show one whole digit.
    Unfit(Unfit),
}

impl fmt::Display for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Decode(error) => error.fmt(f),
            Self::Unfit(unfit) => unfit.fmt(f),
        }
    }
}

impl std::error::Error for Unread {}

impl From<DecodeError> for Unread {
    fn from(error: DecodeError) -> Self {
        Self::Decode(error)
    }
}

impl From<Unfit> for Unread {
    fn from(unfit: Unfit) -> Self {
        Self::Unfit(unfit)
    }
}

impl PictureReader {
    /// A reader for settings that come from a `stage.json` or a model file.
    ///
    /// # Errors
    /// A step that this version does not know or knows in another version; what was expected and found.
    pub fn new(settings: &PictureSettings) -> Result<Self, String> {
        let pipeline = Pipeline::from_json(&settings.preprocess)?;
        Ok(Self { canvas: settings.canvas, alpha: settings.alpha, pipeline })
    }

    /// The pixels of the picture in `bytes`, as large as the canvas. Pictures with more than `max_pixels` are refused.
    ///
    /// # Errors
    /// [`Unread`] says what is wrong with the picture and what to do.
    pub fn read(&self, bytes: &[u8], max_pixels: u64) -> Result<GrayPicture, Unread> {
        self.read_page(bytes, 0, max_pixels)
    }

    /// As [`Self::read`], of a page of a TIFF file or a frame of an animation, from 0.
    ///
    /// # Errors
    /// As [`Self::read`], and when the file has no such page.
    pub fn read_page(&self, bytes: &[u8], page: usize, max_pixels: u64) -> Result<GrayPicture, Unread> {
        self.read_page_seen(bytes, page, max_pixels, |_, _| ())
    }

    /// As [`Self::read_page`]; `seen` is shown the picture as decoded, without a step, and after each step.
    ///
    /// # Errors
    /// As [`Self::read_page`].
    pub fn read_page_seen(
        &self,
        bytes: &[u8],
        page: usize,
        max_pixels: u64,
        seen: impl FnMut(Option<&Step>, &Image),
    ) -> Result<GrayPicture, Unread> {
        let options = DecodeOptions { alpha: self.alpha, max_pixels, page };
        let decoded = if self.pipeline.starts_from_colour() {
            Image::Rgb(decode_rgb(bytes, &options)?)
        } else {
            Image::Gray(decode_gray(bytes, &options)?)
        };
        Ok(self.finish(decoded, seen)?)
    }

    /// As [`Self::read_page_seen`], of the pixels of a canvas: red, green, blue and alpha of each, row by row. The
    /// result is that of a PNG file with these pixels.
    ///
    /// # Errors
    /// As [`Self::read_page`], and when there are not four bytes for each pixel.
    pub fn read_rgba_seen(
        &self,
        width_px: u32,
        height_px: u32,
        rgba: &[u8],
        seen: impl FnMut(Option<&Step>, &Image),
    ) -> Result<GrayPicture, Unread> {
        let decoded = if self.pipeline.starts_from_colour() {
            of_rgba(width_px, height_px, rgba, self.alpha).map(Image::Rgb)
        } else {
            of_rgba(width_px, height_px, rgba, self.alpha).map(Image::Gray)
        };
        let Some(decoded) = decoded else {
            let what = format!("{} bytes are not the pixels of a canvas of {width_px} x {height_px}", rgba.len());
            return Err(DecodeError::Damaged { format: Format::Png, at_byte: None, what }.into());
        };
        Ok(self.finish(decoded, seen)?)
    }

    /// Prepares and shrinks a decoded picture.
    fn finish(&self, decoded: Image, mut seen: impl FnMut(Option<&Step>, &Image)) -> Result<GrayPicture, Unfit> {
        seen(None, &decoded);
        let gray = match self.pipeline.apply(self.canvas, decoded, |step, image| seen(Some(step), image))? {
            Image::Gray(gray) => gray,
            Image::Rgb(rgb) => gray_of(&rgb),
        };
        Ok(resize::area(&gray, self.canvas.width_px, self.canvas.height_px))
    }
}
