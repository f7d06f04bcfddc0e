//! File bytes to a picture, gray or in colour.
//!
//! PNG is read by own code, exactly as OpenCV's `imread(.., IMREAD_GRAYSCALE)` gives it, damaged files included; TIFF
//! and JPEG give OpenCV's pixels too, but a file that is cut off is an error here. The other formats are decoded by the
//! `image` crate and weighted to gray as OpenCV weights them.
//!
//! | format | gray value of colour |
//! |---|---|
//! | PNG | `(9797 R + 19234 G + 3737 B) >> 15`, or the gamma-aware form, see [`png`] |
//! | JPEG, YCbCr or gray | the stored luma; chroma is not used |
//! | JPEG, RGB | `(19595 R + 38470 G + 7471 B + 32768) >> 16` |
//! | JPEG, CMYK or YCCK | to RGB, then as BMP |
//! | BMP, TIFF, PNM | `(4899 R + 9617 G + 1868 B + 8192) >> 14` |
//! | GIF, WebP, JPEG 2000 | `(9798 R + 19235 G + 3735 B + 16384) >> 15` |
//!
//! These are OpenCV's pixels, seen without a difference in thousands of pictures; BMP with 16 bits a pixel or with bit
//! fields has weights of its own. `docs/formats.md` names the exceptions: above all TIFF with alpha, which OpenCV
//! multiplies into the colours.
//!
//! Samples of 16 bits count with their high byte; those of colours in TIFF are rounded.
//! [`Alpha`] decides what becomes of transparent parts. EXIF orientation is applied in
//! every format that carries it. No input makes any of this panic, and no file is believed about its size beyond
//! `max_pixels`.

mod alpha;
mod bmp;
mod error;
mod gray_weights;
#[cfg(feature = "jpeg")]
mod jpeg;
#[cfg(feature = "jpeg2000")]
mod jpeg2000;
mod options;
mod orientation;
mod other;
mod pages;
pub mod png;
#[cfg(feature = "tiff")]
mod tiff;
mod truncation;

pub use error::DecodeError;
pub use options::{DEFAULT_MAX_PIXELS, DecodeOptions, parse_pixels};
pub use pages::{PageChoice, Pages, pages};
use png::plain_gray;
use stage_files::panic_guard::guarded;
use stage_files::picture::Alpha;

use crate::format::{Format, PNG_SIGNATURE, sniff};
use crate::raster::{GrayPicture, Pixel, Raster, RgbPicture};

/// Decodes a whole picture file to gray. The content decides the format. Of several frames or pages [`DecodeOptions`]
/// names one.
///
/// ```
/// use digit_image::decode::{DecodeOptions, decode_gray};
///
/// let picture = decode_gray(b"P2 2 1 255 7 250 ", &DecodeOptions::default())?;
/// assert_eq!((picture.width_px, picture.height_px, picture.pixels), (2, 1, vec![7, 250]));
/// # Ok::<(), digit_image::decode::DecodeError>(())
/// ```
///
/// # Errors
/// [`DecodeError`] says what is wrong with the bytes, where, and what to do. A picture is returned whole or not at all.
pub fn decode_gray(bytes: &[u8], options: &DecodeOptions) -> Result<GrayPicture, DecodeError> {
    decode(bytes, options, png::decode)
}

/// As [`decode_gray`], with the colours kept apart as the file stores them: no gamma is applied. Gray files give equal
/// channels.
///
/// # Errors
/// As [`decode_gray`].
pub fn decode_rgb(bytes: &[u8], options: &DecodeOptions) -> Result<RgbPicture, DecodeError> {
    decode(bytes, options, png::decode)
}

/// As [`decode_gray`] or [`decode_rgb`], but a PNG file is read row by row, even if it could be unpacked at once. The
/// result is the same, the error too. Tests compare the two.
///
/// # Errors
/// As [`decode_gray`].
pub fn decode_row_by_row<P: Pixel>(bytes: &[u8], options: &DecodeOptions) -> Result<Raster<P>, DecodeError> {
    decode(bytes, options, png::decode_row_by_row)
}

/// Refuses JPEG 2000 data that says it has more pixels than `max_pixels` or more tiles than its bytes can hold. This is
/// for those who have it decoded elsewhere; [`decode_gray`] looks itself.
///
/// # Errors
/// What it says of its size.
#[cfg(feature = "jpeg2000")]
pub fn check_jpeg2000(bytes: &[u8], max_pixels: u64) -> Result<(), DecodeError> {
    jpeg2000::check_codestreams(bytes, max_pixels)
}

/// The picture of the pixels of a canvas, as a PNG file with these pixels gives it; `None` if there are not four bytes
/// for each pixel.
pub(crate) fn of_rgba<P: Pixel>(width_px: u32, height_px: u32, rgba: &[u8], alpha: Alpha) -> Option<Raster<P>> {
    let (pixels, []) = rgba.as_chunks() else { return None };
    let pixel = |&[r, g, b, a]: &[u8; 4]| {
        let over_white = |sample| if alpha == Alpha::White { alpha::over_white_8(sample, a) } else { sample };
        P::of_rgb([r, g, b].map(over_white), plain_gray)
    };
    Raster::new(width_px, height_px, pixels.iter().map(pixel).collect())
}

/// A decoder of one format.
type Decoder<P> = fn(&[u8], &DecodeOptions) -> Result<Raster<P>, DecodeError>;

fn decode<P: Pixel>(bytes: &[u8], options: &DecodeOptions, png: Decoder<P>) -> Result<Raster<P>, DecodeError> {
    let Some(format) = sniff(bytes) else {
        return Err(unrecognised(bytes));
    };
    if options.page > 0 && options.page >= pages(bytes).readable {
        let what = format!("it has no page or frame {} that can be read", options.page + 1);
        return Err(DecodeError::Damaged { format, at_byte: None, what });
    }
    // The decoders are other people's; panics were met over JPEG's sampling factors and TIFF's separate planes. One bad
    // file must not end a whole batch.
    let decoded = guarded(|| match format {
        Format::Png => png(bytes, options),
        #[cfg(feature = "jpeg")]
        Format::Jpeg => jpeg::decode(bytes, options),
        #[cfg(feature = "jpeg2000")]
        Format::Jpeg2000 => jpeg2000::decode(bytes, options),
        #[cfg(feature = "tiff")]
        Format::Tiff => tiff::decode(bytes, options),
        Format::Bmp | Format::Gif | Format::WebP | Format::Pnm if format.is_supported() => {
            other::decode(bytes, format, options)
        }
        unsupported => Err(DecodeError::Unsupported { format: unsupported, what: None }),
    });
    decoded.unwrap_or_else(|| {
        Err(DecodeError::Damaged { format, at_byte: None, what: "the decoder failed on what it holds".to_owned() })
    })
}

fn unrecognised(bytes: &[u8]) -> DecodeError {
    if bytes.is_empty() {
        return DecodeError::Empty;
    }
    if PNG_SIGNATURE.starts_with(bytes) {
        return DecodeError::CutOff {
            format: Format::Png,
            file_bytes: bytes.len() as u64,
            inside: "the signature".into(),
        };
    }
    if bytes.starts_with(&PNG_SIGNATURE[..4]) {
        let what = "its first 8 bytes are not those of a PNG, as after a transfer in text mode".to_owned();
        return DecodeError::Damaged { format: Format::Png, at_byte: Some(4), what };
    }
    DecodeError::NotAPicture { start: bytes[..bytes.len().min(16)].to_vec() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(bytes: &[u8]) -> String {
        match decode_gray(bytes, &DecodeOptions::default()) {
            Ok(picture) => panic!("decoded to {}x{}", picture.width_px, picture.height_px),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn files_that_are_no_pictures_say_what_they_are() {
        assert_eq!(message(b""), "the file is empty (0 bytes); copy or export it again");
        let (names, export) = if cfg!(feature = "default") {
            ("PNG, JPEG, BMP, GIF, WebP, TIFF, PNM or JPEG 2000".to_owned(), "PNG or JPEG")
        } else {
            (Format::supported_names(), Format::export_names())
        };
        assert_eq!(
            message(b"this is no picture"),
            format!("not a picture: expected {names}, found text that begins with \"this is no pictu\"")
        );
        assert_eq!(
            message(b"\0\0\0\0rubbish"),
            format!("not a picture: expected {names}, found a file that begins with \"\\x00\\x00\\x00\\x00rubbish\"")
        );
        assert_eq!(
            message(b"\0\0\0\x18ftypheic...."),
            format!("HEIC pictures are not supported; export it as {export}")
        );
        assert_eq!(
            message(b"\x89PNG\n\x1a\n.."),
            "damaged PNG: at byte 4: its first 8 bytes are not those of a PNG, as after a transfer in text mode; \
             copy or export it again"
        );
        assert_eq!(
            message(b"\x89PNG\r"),
            "cut-off PNG: the file ends at byte 5, inside the signature; copy or export it again"
        );
    }
    /// Files that begin as these formats do and hold nothing: damaged where the format is read.
    #[test]
    fn a_format_that_is_switched_off_is_refused_in_words() {
        let starts: [(&[u8], Format); 7] = [
            (b"\xff\xd8\xff", Format::Jpeg),
            (b"BM", Format::Bmp),
            (b"GIF89a", Format::Gif),
            (b"RIFF\0\0\0\0WEBP", Format::WebP),
            (b"II*\0", Format::Tiff),
            (b"P5 ", Format::Pnm),
            (b"\xff\x4f\xff\x51", Format::Jpeg2000),
        ];
        for (bytes, format) in starts {
            let off = format!("{format} pictures are switched off in this build; export it as PNG");
            assert_eq!(message(bytes).starts_with(&off), !format.is_supported(), "{format}: {}", message(bytes));
        }
    }
}
