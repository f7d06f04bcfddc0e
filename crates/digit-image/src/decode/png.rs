//! PNG to pixels; gray as OpenCV's `imread(.., IMREAD_GRAYSCALE)` gives it.
//!
//! - Gray samples of 1, 2 and 4 bits are multiplied by 255, 85, 17; of 16 bits the high byte is taken.
//! - Colour becomes gray with the weights 9797, 19234, 3737 in 1/32768: truncated for 8 bits, rounded for 16; through
//!   linear light where the file states a gamma. gAMA and sRGB chunks matter for colour and only for colour.
//! - An animated PNG gives its default image.
//! - The whole file must be sound up to the end of IEND in everything that decides pixels; what lies behind IEND,
//!   unknown ancillary chunks and their checksums do not matter. A picture is given whole or not at all.
//!
//! A sound picture is unpacked at once. Of all others, rows are made as the compressed data delivers them. Either way
//! memory follows the data, not the header's word.

mod adam7;
mod ancillary;
mod animation;
mod at_once;
mod chunks;
mod gamma;
mod header;
mod inflate;
mod rows;
mod samples;
mod tone;
mod unfilter;

use self::ancillary::Ancillary;
use self::chunks::{Chunk, ChunkReader};
pub(crate) use self::gamma::plain_gray;
use self::header::{ColorType, Header};
use self::rows::ImageData;
use self::samples::Converter;
use super::error::{DecodeError, damaged_png};
use super::options::DecodeOptions;
use super::orientation;
use crate::raster::{Pixel, Raster};

/// Reads a PNG file whose signature has been seen.
///
/// # Errors
/// Everything that makes OpenCV refuse the file, and more pixels than `options.max_pixels`.
pub(super) fn decode<P: Pixel>(bytes: &[u8], options: &DecodeOptions) -> Result<Raster<P>, DecodeError> {
    read(bytes, options, true)
}

/// As [`decode`], always row by row.
///
/// # Errors
/// As [`decode`].
pub(super) fn decode_row_by_row<P: Pixel>(bytes: &[u8], options: &DecodeOptions) -> Result<Raster<P>, DecodeError> {
    read(bytes, options, false)
}

fn read<P: Pixel>(bytes: &[u8], options: &DecodeOptions, may_be_at_once: bool) -> Result<Raster<P>, DecodeError> {
    let mut reader = ChunkReader::after_signature(bytes);
    let header = Header::read(&reader.next_chunk()?)?;
    options.check_size(u64::from(header.width_px), u64::from(header.height_px))?;

    let mut extra = Ancillary::default();
    let mut palette: Option<Vec<[u8; 3]>> = None;
    let mut image: Option<ImageData<P>> = None;
    loop {
        let chunk = reader.next_chunk()?;
        if &chunk.name != b"IDAT" && image.as_ref().is_some_and(|image| !image.stream_ended()) {
            let what = format!("the compressed data stops before chunk {}", chunk.shown_name());
            return Err(damaged_png(chunk.at_byte, what));
        }
        match &chunk.name {
            b"IDAT" => {
                chunk.require_checksum()?;
                if image.is_none() {
                    if header.color_type == ColorType::Palette && palette.is_none() {
                        return Err(damaged_png(chunk.at_byte, "a palette picture needs PLTE before IDAT"));
                    }
                    let converter = Converter::new(&header, palette.as_deref(), &extra, options.alpha);
                    let data = if may_be_at_once { reader.data_of_equal(&chunk) } else { None };
                    image = Some(ImageData::new(&header, converter, data.as_deref()));
                }
                if let Some(image) = &mut image {
                    image.feed(&chunk)?;
                }
            }
            b"PLTE" => read_palette(&chunk, &header, &mut palette, image.is_some())?,
            b"IEND" => break,
            b"IHDR" => return Err(damaged_png(chunk.at_byte, "a second IHDR chunk; there is exactly one")),
            _ if chunk.is_critical() => {
                return Err(damaged_png(chunk.at_byte, format!("unknown critical chunk {}", chunk.shown_name())));
            }
            _ => {
                if image.is_none() {
                    animation::check(&chunk, &header)?;
                }
                extra.take(&chunk, &header, palette.as_deref(), image.is_some());
            }
        }
    }
    let Some(image) = image else {
        return Err(damaged_png(reader.at_byte(), "no IDAT chunk before IEND: the picture has no pixels"));
    };
    Ok(orientation::apply(image.finish(&header)?, extra.orientation))
}

/// Takes the palette: up to as many colours as the bit depth can address.
///
/// In a truecolour picture it is a mere suggestion, and libpng minds neither its checksum nor a second one; but its
/// place in the file matters for the chunks that must come before it, unless its length is impossible. In a gray
/// picture it means nothing at all.
fn read_palette(
    chunk: &Chunk<'_>,
    header: &Header,
    palette: &mut Option<Vec<[u8; 3]>>,
    after_data: bool,
) -> Result<(), DecodeError> {
    let (colours, rest) = chunk.data.as_chunks::<3>();
    let possible_length = colours.len() <= 256 && rest.is_empty();
    let first = palette.is_none() && !after_data;
    match header.color_type {
        ColorType::Gray | ColorType::GrayAlpha => return Ok(()),
        ColorType::Rgb | ColorType::Rgba if !first || !possible_length => return Ok(()),
        ColorType::Rgb | ColorType::Rgba if colours.is_empty() => {
            return Err(damaged_png(chunk.at_byte, "chunk PLTE is empty, expected 1 to 256 colours"));
        }
        ColorType::Rgb | ColorType::Rgba => {}
        ColorType::Palette => {
            chunk.require_checksum()?;
            if palette.is_some() {
                return Err(damaged_png(chunk.at_byte, "a second PLTE chunk; there is at most one"));
            }
            if after_data {
                return Err(damaged_png(chunk.at_byte, "chunk PLTE after IDAT; it belongs before"));
            }
            if colours.is_empty() || !possible_length {
                let bytes = chunk.data.len();
                let what = format!("chunk PLTE has {bytes} bytes, expected 3 for each of 1 to 256 colours");
                return Err(damaged_png(chunk.at_byte, what));
            }
        }
    }
    *palette = Some(colours.iter().copied().take(1 << header.depth_bits.min(8)).collect());
    Ok(())
}
