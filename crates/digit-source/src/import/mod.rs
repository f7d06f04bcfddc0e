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

use stage_files::png_bytes::{self, Effort, Samples};

use crate::folder::{Made, PictureFile};

/// A gray 8-bit PNG of rows of pixels.
pub(crate) fn gray_png(width_px: u32, height_px: u32, pixels: &[u8]) -> Made {
    png(width_px, height_px, Samples::Gray(pixels))
}

/// An 8-bit PNG of rows of pixels, three bytes each.
pub(crate) fn rgb_png(width_px: u32, height_px: u32, pixels: &[u8]) -> Made {
    png(width_px, height_px, Samples::Rgb(pixels))
}

fn png(width_px: u32, height_px: u32, samples: Samples<'_>) -> Made {
    let encoded = png_bytes::encode(width_px, height_px, samples, Effort::Balanced);
    let bytes = encoded.map_err(|error| format!("cannot be encoded as PNG: {error}"))?;
    Ok(PictureFile { bytes, extension: "png" })
}
