//! JPEG 2000 to pixels: `hayro-jpeg2000` decodes, strictly, so that a file that is cut off is an error.
//!
//! Files of the reversible transform give OpenCV's pixels. The irreversible one is computed in floating point, where
//! decoders may differ by 1 in a pixel.

use hayro_jpeg2000::{ComponentData, MarkerError};
use hayro_jpeg2000::{DecodeError as Hayro, DecodeSettings, DecoderContext, FormatError, Image};
use stage_files::picture::Alpha;

use super::alpha::over_white_8;
use super::error::DecodeError;
use super::gray_weights::gray_q15;
use super::options::DecodeOptions;
use crate::format::Format;
use crate::raster::{Pixel, Raster};

/// The marker at the end of a codestream.
const END_OF_CODESTREAM: [u8; 2] = [0xff, 0xd9];
/// A tile begins with its header and the marker of its data.
const LEAST_TILE_BYTES: u64 = 14;
/// Red, green, blue and alpha.
const MOST_COMPONENTS: u16 = 4;
/// The first bytes of a file that is nothing but a codestream.
const CODESTREAM: &[u8] = b"\xff\x4f\xff\x51";

/// Reads a JP2 file or a bare codestream.
pub(super) fn decode<P: Pixel>(bytes: &[u8], options: &DecodeOptions) -> Result<Raster<P>, DecodeError> {
    let translate = |error| translate(error, bytes);
    let settings = DecodeSettings { strict: true, ..DecodeSettings::default() };
    let image = Image::new(bytes, &settings).map_err(translate)?;
    let (width_px, height_px) = (image.width(), image.height());
    options.check_size(u64::from(width_px), u64::from(height_px))?;
    check_codestreams(bytes, options.max_pixels)?;
    let mut context = DecoderContext::default();
    let decoded = image.decode(&mut context).map_err(translate)?;
    let channels: Vec<Vec<u8>> = decoded.components().iter().map(to_8_bits).collect();
    let pixel_count = width_px as usize * height_px as usize;
    if channels.iter().any(|channel| channel.len() != pixel_count) {
        return Err(damaged("its channels have different sizes"));
    }
    let lay = |sample: u8, alpha: u8| if options.alpha == Alpha::White { over_white_8(sample, alpha) } else { sample };
    let pixels: Vec<P> = match channels.as_slice() {
        [gray] => gray.iter().map(|&gray| P::of_gray(gray)).collect(),
        [gray, alpha] => gray.iter().zip(alpha).map(|(&gray, &alpha)| P::of_gray(lay(gray, alpha))).collect(),
        // As OpenCV has it, a fourth channel is alpha.
        [red, green, blue, more @ ..] if more.len() < 2 => (0..pixel_count)
            .map(|at| {
                let alpha = more.first().map_or(u8::MAX, |alpha| alpha[at]);
                P::of_rgb([red[at], green[at], blue[at]].map(|sample| lay(sample, alpha)), gray_q15)
            })
            .collect(),
        channels => {
            let what = Some(format!("{} channels", channels.len()));
            return Err(DecodeError::Unsupported { format: Format::Jpeg2000, what });
        }
    };
    Raster::new(width_px, height_px, pixels).ok_or_else(|| damaged("it has no pixels"))
}

/// Refuses codestreams with more pixels than allowed, more tiles than their bytes can hold, or more components than any
/// picture that is read: the decoder sets memory aside for each component of each tile.
pub(super) fn check_codestreams(bytes: &[u8], max_pixels: u64) -> Result<(), DecodeError> {
    let begin = |(at, window): (usize, &[u8])| (window == CODESTREAM).then_some(at);
    bytes.windows(CODESTREAM.len()).enumerate().filter_map(begin).try_for_each(|at| check(&bytes[at..], max_pixels))
}

/// Checks a codestream by its SIZ segment: behind the marker a length and a profile of 2 bytes each, then width, height
/// and offsets of the picture, the same of its tiles, and the number of components (ISO/IEC 15444-1, annex A.5.1).
fn check(codestream: &[u8], max_pixels: u64) -> Result<(), DecodeError> {
    let word = |at: usize| {
        let bytes = codestream.get(8 + 4 * at..).and_then(<[u8]>::first_chunk);
        bytes.map(|bytes| u64::from(u32::from_be_bytes(*bytes))).ok_or_else(|| damaged("it ends inside of its header"))
    };
    let [width, height, left, top] = [word(0)?, word(1)?, word(2)?, word(3)?];
    let [tile_width, tile_height, tiles_left, tiles_top] = [word(4)?, word(5)?, word(6)?, word(7)?];
    let components = codestream.get(40..42).map_or(0, |count| u16::from_be_bytes([count[0], count[1]]));
    let (width_px, height_px) = (width.saturating_sub(left), height.saturating_sub(top));
    let options = DecodeOptions { max_pixels, ..DecodeOptions::default() };
    options.check_size(width_px, height_px)?;
    if components > MOST_COMPONENTS {
        let what = Some(format!("{components} channels"));
        return Err(DecodeError::Unsupported { format: Format::Jpeg2000, what });
    }
    let tiles = |side: u64, first: u64, tile: u64| side.saturating_sub(first).div_ceil(tile.max(1));
    let tiles = tiles(width, tiles_left, tile_width).saturating_mul(tiles(height, tiles_top, tile_height));
    if tiles > codestream.len() as u64 / LEAST_TILE_BYTES {
        return Err(damaged(format!("{tiles} tiles do not fit into its {} bytes", codestream.len())));
    }
    Ok(())
}

/// Samples of more than 8 bits count with their highest 8, as OpenCV has it. Those of fewer are spread over 0..255.
fn to_8_bits(channel: &ComponentData) -> Vec<u8> {
    let bits = u32::from(channel.bit_depth()).clamp(1, 31);
    let max = (1_u32 << bits) - 1;
    let to_8_bits = |&sample: &f32| {
        // The float is within the range of the cast, which also takes NaN to 0.
        let whole = ((sample + 0.5).max(0.0) as u32).min(max);
        if bits >= 8 { (whole >> (bits - 8)) as u8 } else { (whole * 255 / max) as u8 }
    };
    channel.samples().iter().map(to_8_bits).collect()
}

fn damaged(what: impl Into<String>) -> DecodeError {
    DecodeError::Damaged { format: Format::Jpeg2000, at_byte: None, what: what.into() }
}

fn translate(error: Hayro, bytes: &[u8]) -> DecodeError {
    match error {
        Hayro::Format(FormatError::Unsupported) | Hayro::Marker(MarkerError::Unsupported) => {
            let what = Some("parts of the standard that are rarely used".to_owned());
            DecodeError::Unsupported { format: Format::Jpeg2000, what }
        }
        _ if is_cut_off(bytes) => DecodeError::CutOff {
            format: Format::Jpeg2000,
            file_bytes: bytes.len() as u64,
            inside: "the picture".to_owned(),
        },
        other => damaged(other.to_string()),
    }
}

/// Whether the end of the codestream is not there.
fn is_cut_off(bytes: &[u8]) -> bool {
    match boxes_end(bytes) {
        Some(end) => end > bytes.len() as u64 || !bytes.ends_with(&END_OF_CODESTREAM),
        None => true,
    }
}

/// Where the last box of a JP2 file ends, which may be behind the end of the file. A box begins with its length in 4
/// bytes and its name; the length 1 stands for one in the 8 bytes that follow, and 0 for the rest of the file (ISO/IEC
/// 15444-1, annex I.4). `None` when the file ends inside of such a beginning.
fn boxes_end(bytes: &[u8]) -> Option<u64> {
    let mut at = 0_u64;
    while at < bytes.len() as u64 && !bytes.starts_with(CODESTREAM) {
        let head = &bytes[at as usize..];
        let length = match u32::from_be_bytes(*head.first_chunk()?) {
            0 => return Some(bytes.len() as u64),
            1 => u64::from_be_bytes(*head.get(8..)?.first_chunk()?),
            length => u64::from(length),
        };
        at = at.checked_add(length.max(8))?;
    }
    Some(at.max(bytes.len() as u64))
}
