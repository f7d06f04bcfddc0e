//! The bytes of a picture file to the pixels that a model takes: the one place where that happens.

use digit_labeler::decode::{DecodeOptions, decode_gray};
use digit_labeler::resize::Resizer;
use stage_files::labelled::LabelledPicture;
use stage_files::picture::{Canvas, PictureSettings};
use stage_files::refuse;

/// Pixels (P) of a picture, prepared as the settings say. A labelled picture of the same canvas, which is what the
/// labeler wrote for such a model, is ready: it loses its label row and nothing else is done to it.
///
/// # Errors
/// What is wrong with the picture, and what to do.
pub fn pixels(bytes: &[u8], settings: &PictureSettings, max_pixels: u64) -> Result<Vec<u8>, String> {
    if may_be_labelled(bytes, settings.canvas)
        && let Ok(labelled) = LabelledPicture::decode(bytes)
    {
        return Ok(labelled.pixels);
    }
    let options = DecodeOptions { alpha: settings.alpha, max_pixels };
    let gray = decode_gray(bytes, &options).map_err(|error| error.to_string())?;
    Ok(Resizer::new(settings.canvas.width_px, settings.canvas.height_px).resize(&gray).pixels)
}

/// Refuses settings that cannot be followed here, before any picture is read.
pub fn check(settings: &PictureSettings) -> anyhow::Result<()> {
    if let Some(step) = settings.preprocess.first() {
        refuse!(
            "metadata `picture`: the preprocessing step {step} is not known here; use the version that made the model"
        );
    }
    Ok(())
}

/// Whether the header is that of a PNG with one row more than the canvas; most pictures are spared a second decoding.
fn may_be_labelled(bytes: &[u8], canvas: Canvas) -> bool {
    let (width, height) = (canvas.width_px.to_be_bytes(), (canvas.height_px + 1).to_be_bytes());
    bytes.get(12..24) == Some([*b"IHDR", width, height].concat().as_slice())
}
