//! Other people's data as source pictures: dark on light, named `{label}_{size}_{id}`.

#[cfg(feature = "arrays")]
mod arrays;
pub mod folders;
pub mod gather;
pub mod idx;
mod kind;
mod names;
pub mod one_file;
#[cfg(feature = "parquet")]
mod parquet;
pub mod place;
pub mod polarity;
pub mod sample;
mod scale;
mod table;
mod unpack;

use crate::folder::{Made, PictureFile};

/// A gray 8-bit PNG of rows of pixels.
pub(crate) fn gray_png(width_px: u32, height_px: u32, pixels: &[u8]) -> Made {
    png(width_px, height_px, png::ColorType::Grayscale, pixels)
}

/// An 8-bit PNG of rows of pixels, three bytes each.
pub(crate) fn rgb_png(width_px: u32, height_px: u32, pixels: &[u8]) -> Made {
    png(width_px, height_px, png::ColorType::Rgb, pixels)
}

fn png(width_px: u32, height_px: u32, colour: png::ColorType, pixels: &[u8]) -> Made {
    let encoded = encode(width_px, height_px, colour, pixels);
    let bytes = encoded.map_err(|error| format!("cannot be encoded as PNG: {error}"))?;
    Ok(PictureFile { bytes, extension: "png" })
}

fn encode(width_px: u32, height_px: u32, colour: png::ColorType, pixels: &[u8]) -> Result<Vec<u8>, png::EncodingError> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width_px, height_px);
    encoder.set_color(colour);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Balanced);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(pixels)?;
    writer.finish()?;
    Ok(bytes)
}
