//! Width and height of pictures.

use stage_files::picture::Canvas;
use stage_files::refuse;

/// Width and height of the pictures, in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shape {
    pub(crate) width: usize,
    pub(crate) height: usize,
}

impl Shape {
    /// The shape of the data set's canvas, or that of a square of so many pixels.
    ///
    /// # Errors
    /// When there is no canvas and `pixels` is no square number; `key` is the config key that needs the shape.
    pub(crate) fn new(key: &str, canvas: Option<Canvas>, pixels: usize) -> anyhow::Result<Self> {
        if let Some(canvas) = canvas.filter(|canvas| canvas.pixels() == pixels) {
            return Ok(Self { width: canvas.width_px as usize, height: canvas.height_px as usize });
        }
        let side = pixels.isqrt();
        if side * side != pixels {
            refuse!(
                "key `{key}`: rows of {pixels} pixels are no square, and no stage.json beside the data set tells the \
                 shape of its pictures; make the data set with digit-csv, or leave `{key}` out"
            );
        }
        Ok(Self { width: side, height: side })
    }
}
