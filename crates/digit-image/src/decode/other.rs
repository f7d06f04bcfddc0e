//! BMP, GIF, WebP and PNM: decoded by the `image` crate, weighted to gray as OpenCV weights them.

use std::borrow::Cow;
use std::io::Cursor;

#[cfg(any(feature = "gif", feature = "webp"))]
use image::AnimationDecoder;
#[cfg(feature = "gif")]
use image::codecs::gif::GifDecoder;
#[cfg(feature = "webp")]
use image::codecs::webp::WebPDecoder;
use image::error::{ImageError, LimitErrorKind, UnsupportedErrorKind};
use image::{DynamicImage, Frames, ImageDecoder, ImageFormat, ImageReader, Limits};
use stage_files::picture::Alpha;

use super::alpha::{over_white_8, over_white_16};
use super::error::DecodeError;
use super::gray_weights::{gray_q14, gray_q15};
use super::options::DecodeOptions;
use super::{bmp, orientation, truncation};
use crate::format::Format;
use crate::raster::{Pixel, Raster};

/// The widest pixel decoded: four samples of 16 bits, and as much again for the decoder's own rows and tables.
const BYTES_PER_PIXEL_LIMIT: u64 = 16;
/// For tables that do not depend on the size of the picture.
const SPARE_BYTES: u64 = 16 << 20;

/// Reads a frame of a file in one of the formats that `image` decodes.
pub(super) fn decode<P: Pixel>(
    bytes: &[u8],
    format: Format,
    options: &DecodeOptions,
) -> Result<Raster<P>, DecodeError> {
    let image_format = match format {
        Format::Bmp => ImageFormat::Bmp,
        Format::Gif => ImageFormat::Gif,
        Format::WebP => ImageFormat::WebP,
        Format::Pnm => ImageFormat::Pnm,
        other => return Err(DecodeError::Unsupported { format: other, what: None }),
    };
    truncation::check(bytes, format)?;
    let known = if format == Format::Bmp { bmp::with_known_header(bytes) } else { Cow::Borrowed(bytes) };
    let bytes = &*known;
    let translate = |error: ImageError| translate(error, format, bytes.len());
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(options.max_pixels.saturating_mul(BYTES_PER_PIXEL_LIMIT).saturating_add(SPARE_BYTES));
    let mut reader = ImageReader::with_format(Cursor::new(bytes), image_format);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(translate)?;
    let (width_px, height_px) = decoder.dimensions();
    options.check_size(u64::from(width_px), u64::from(height_px))?;
    check_plausible(bytes.len(), format, decoder.total_bytes())?;
    let exif = decoder.exif_metadata().ok().flatten().unwrap_or_default();
    // Some writers keep the name that begins the block in a JPEG segment.
    let turned = orientation::from_exif(exif.strip_prefix(b"Exif\0\0").unwrap_or(&exif));
    let image = match options.page {
        0 => DynamicImage::from_decoder(decoder).map_err(translate)?,
        page => frame(bytes, format, page).map_err(translate)?,
    };
    let weigh = match format {
        Format::Gif | Format::WebP => gray_q15,
        Format::Bmp => bmp::weights(bytes),
        _ => gray_q14,
    };
    let pixels = to_pixels(&image, format, options.alpha, weigh)?;
    let picture = Raster::new(width_px, height_px, pixels).ok_or_else(|| DecodeError::Damaged {
        format,
        at_byte: None,
        what: format!("it declares {width_px}x{height_px} pixels and holds another number"),
    })?;
    Ok(orientation::apply(picture, turned))
}

/// A frame of an animation, as it is shown: with what earlier frames left standing.
#[cfg_attr(not(any(feature = "gif", feature = "webp")), allow(unused_variables))]
fn frame(bytes: &[u8], format: Format, page: usize) -> Result<DynamicImage, ImageError> {
    let frames = match format {
        #[cfg(feature = "gif")]
        Format::Gif => GifDecoder::new(Cursor::new(bytes))?.into_frames(),
        #[cfg(feature = "webp")]
        Format::WebP => WebPDecoder::new(Cursor::new(bytes))?.into_frames(),
        _ => Frames::new(Box::new(std::iter::empty())),
    };
    let frame = frames.into_iter().nth(page).transpose()?;
    let end = || ImageError::IoError(std::io::ErrorKind::UnexpectedEof.into());
    frame.map(|frame| DynamicImage::ImageRgba8(frame.into_buffer())).ok_or_else(end)
}

/// PNM does not compress: a file that is too short for what it declares is refused before memory is set aside.
fn check_plausible(file_bytes: usize, format: Format, decoded_bytes: u64) -> Result<(), DecodeError> {
    // The densest form has 8 pixels in a byte, each decoded to at most 4 bytes.
    if format != Format::Pnm || decoded_bytes / 32 <= file_bytes as u64 {
        return Ok(());
    }
    Err(DecodeError::CutOff { format, file_bytes: file_bytes as u64, inside: "the picture".to_owned() })
}

fn high_byte(sample: u16) -> u8 {
    (sample >> 8) as u8
}

fn to_pixels<P: Pixel>(
    image: &DynamicImage,
    format: Format,
    alpha: Alpha,
    weigh: fn([u8; 3]) -> u8,
) -> Result<Vec<P>, DecodeError> {
    let colour = |rgb| P::of_rgb(rgb, weigh);
    let on_white = alpha == Alpha::White && !has_unused_alpha(image, format);
    let lay_8 = |sample, alpha| if on_white { over_white_8(sample, alpha) } else { sample };
    let lay_16 = |sample, alpha| if on_white { over_white_16(sample, alpha) } else { sample };
    Ok(match image {
        DynamicImage::ImageLuma8(samples) => samples.as_raw().iter().copied().map(P::of_gray).collect(),
        DynamicImage::ImageLumaA8(samples) => {
            samples.pixels().map(|pixel| P::of_gray(lay_8(pixel.0[0], pixel.0[1]))).collect()
        }
        DynamicImage::ImageRgb8(samples) => samples.pixels().map(|pixel| colour(pixel.0)).collect(),
        DynamicImage::ImageRgba8(samples) => samples
            .pixels()
            .map(|&image::Rgba([r, g, b, a])| colour([r, g, b].map(|sample| lay_8(sample, a))))
            .collect(),
        DynamicImage::ImageLuma16(samples) => samples.pixels().map(|pixel| P::of_gray(high_byte(pixel.0[0]))).collect(),
        DynamicImage::ImageLumaA16(samples) => {
            samples.pixels().map(|pixel| P::of_gray(high_byte(lay_16(pixel.0[0], pixel.0[1])))).collect()
        }
        DynamicImage::ImageRgb16(samples) => samples.pixels().map(|pixel| colour(pixel.0.map(high_byte))).collect(),
        DynamicImage::ImageRgba16(samples) => samples
            .pixels()
            .map(|&image::Rgba([r, g, b, a])| colour([r, g, b].map(|sample| high_byte(lay_16(sample, a)))))
            .collect(),
        _ => {
            let what = Some("floating-point samples".to_owned());
            return Err(DecodeError::Unsupported { format, what });
        }
    })
}

/// Many programs write 32-bit bitmaps with a fourth byte of 0 throughout and mean an opaque picture.
fn has_unused_alpha(image: &DynamicImage, format: Format) -> bool {
    match image {
        DynamicImage::ImageRgba8(samples) if format == Format::Bmp => samples.pixels().all(|pixel| pixel.0[3] == 0),
        _ => false,
    }
}

/// What a file needs that the library lacks, as part of a sentence: its own words without its own sentence.
fn feature(kind: &UnsupportedErrorKind, sentence: &str) -> String {
    match kind {
        UnsupportedErrorKind::GenericFeature(what) => {
            let (first, rest) = what.trim_end_matches('.').split_at(what.chars().next().map_or(0, char::len_utf8));
            format!("{}{rest}", first.to_lowercase())
        }
        UnsupportedErrorKind::Color(color) => format!("colours of the kind {color:?}"),
        _ => sentence.to_owned(),
    }
}

fn translate(error: ImageError, format: Format, file_bytes: usize) -> DecodeError {
    match error {
        ImageError::Unsupported(what) => {
            DecodeError::Unsupported { format, what: Some(feature(&what.kind(), &what.to_string())) }
        }
        // The library names the format again; the sentence does so already.
        ImageError::Decoding(what) => {
            let what = std::error::Error::source(&what).map_or_else(|| what.to_string(), ToString::to_string);
            DecodeError::Damaged { format, at_byte: None, what: what.trim_end_matches('.').to_owned() }
        }
        ImageError::Limits(what) if matches!(what.kind(), LimitErrorKind::InsufficientMemory) => {
            let what = "it asks for more memory than a picture of its size needs".to_owned();
            DecodeError::Damaged { format, at_byte: None, what }
        }
        ImageError::IoError(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
            DecodeError::CutOff { format, file_bytes: file_bytes as u64, inside: "the picture".to_owned() }
        }
        other => DecodeError::Damaged { format, at_byte: None, what: other.to_string() },
    }
}
