//! Pictures in Base64: as requests bring them, and as PNG, as the page shows them.

use anyhow::Context;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use digit_image::preprocess::Image;
use digit_image::resize;
use stage_files::png_bytes::{self, Effort, Samples};

/// The longer side of a picture that is shown.
const MAX_SIDE_PX: u32 = 192;

/// A picture, shrunk if it is large, as PNG in Base64.
///
/// # Errors
/// A fault of the encoder.
pub(crate) fn shown(image: &Image) -> anyhow::Result<String> {
    let bytes = match image {
        Image::Gray(gray) => {
            let (width_px, height_px) = shown_px(gray.width_px, gray.height_px);
            let gray = resize::area(gray, width_px, height_px);
            png_bytes::encode(width_px, height_px, Samples::Gray(&gray.pixels), Effort::Fast)
        }
        Image::Rgb(rgb) => {
            let (width_px, height_px) = shown_px(rgb.width_px, rgb.height_px);
            let rgb = resize::area_rgb(rgb, width_px, height_px);
            png_bytes::encode(width_px, height_px, Samples::Rgb(rgb.pixels.as_flattened()), Effort::Fast)
        }
    };
    Ok(STANDARD.encode(bytes.context("cannot encode the PNG")?))
}

/// The bytes of a Base64 text, with or without the start of a data URL.
pub(crate) fn decoded(text: &str) -> Result<Vec<u8>, String> {
    let data = match text.strip_prefix("data:") {
        Some(rest) => rest.split_once(";base64,").map_or("", |(_, data)| data),
        None => text,
    };
    STANDARD.decode(data).map_err(|error| format!("expected Base64, found a fault: {error}"))
}

/// Width and height of a picture as it is shown.
fn shown_px(width_px: u32, height_px: u32) -> (u32, u32) {
    let longer = width_px.max(height_px);
    if longer <= MAX_SIDE_PX {
        return (width_px, height_px);
    }
    let side = |px: u32| (u64::from(px) * u64::from(MAX_SIDE_PX) / u64::from(longer)).max(1) as u32;
    (side(width_px), side(height_px))
}
