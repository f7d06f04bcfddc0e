//! Pixels to the bytes of a PNG file.

use super::small_png;

/// How hard the encoder tries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effort {
    /// Ten times as quick as [`Self::Balanced`], for files half as large again.
    Fast,
    /// The usual setting.
    Balanced,
    /// For small pictures of hard edges: deflate at level 6 without a filter.
    Small,
}

/// 8-bit samples, row by row.
#[derive(Clone, Copy, Debug)]
pub enum Samples<'a> {
    /// One a pixel.
    Gray(&'a [u8]),
    /// Red, green and blue of each pixel.
    Rgb(&'a [u8]),
}

/// The PNG file of a picture.
///
/// # Errors
/// Those of the encoder: a side of 0, or another number of samples than the size takes.
pub fn encode(
    width_px: u32,
    height_px: u32,
    samples: Samples<'_>,
    effort: Effort,
) -> Result<Vec<u8>, png::EncodingError> {
    let expected = u64::from(width_px) * u64::from(height_px);
    if let (Samples::Gray(samples), Effort::Small, 1..) = (samples, effort, expected)
        && samples.len() <= small_png::MAX_SAMPLES
        && samples.len() as u64 == expected
    {
        return Ok(small_png::encode(width_px, height_px, samples)?);
    }
    let (colour, samples) = match samples {
        Samples::Gray(samples) => (png::ColorType::Grayscale, samples),
        Samples::Rgb(samples) => (png::ColorType::Rgb, samples),
    };
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width_px, height_px);
    encoder.set_color(colour);
    encoder.set_depth(png::BitDepth::Eight);
    match effort {
        Effort::Fast => encoder.set_compression(png::Compression::Fast),
        Effort::Balanced => encoder.set_compression(png::Compression::Balanced),
        Effort::Small => {
            encoder.set_deflate_compression(png::DeflateCompression::Level(6));
            encoder.set_filter(png::Filter::NoFilter);
        }
    }
    let mut writer = encoder.write_header()?;
    writer.write_image_data(samples)?;
    writer.finish()?;
    Ok(bytes)
}
