//! The compressed bytes of a strip or tile to its rows.

use std::borrow::Cow;

use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::core::{DecompressorOxide, decompress, inflate_flags};
use weezl::{BitOrder, LzwStatus};

use super::fax::{self, Fax, FaxError};
use super::{damaged, unsupported};
use crate::decode::DecodeError;

/// How strips and tiles are compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Compression {
    None,
    Fax(Fax),
    Lzw,
    Jpeg,
    Deflate,
    PackBits,
}

impl Compression {
    /// By the values of the tags Compression and T4Options.
    pub(super) fn of(number: u64, t4_options: u64) -> Result<Self, DecodeError> {
        Ok(match number {
            1 => Self::None,
            2 => Self::Fax(Fax::Rle { is_word_aligned: false }),
            3 => Self::Fax(Fax::Group3 { is_two_dimensional: t4_options & 1 != 0 }),
            4 => Self::Fax(Fax::Group4),
            5 => Self::Lzw,
            7 => Self::Jpeg,
            8 | 32_946 => Self::Deflate,
            32_771 => Self::Fax(Fax::Rle { is_word_aligned: true }),
            32_773 => Self::PackBits,
            other => return Err(unsupported(name_of_other(other))),
        })
    }

    /// The most bytes that one byte of the file can become, where there is a bound.
    pub(super) fn ratio(self) -> Option<u64> {
        match self {
            Self::None => Some(1),
            // A code of 12 bits stands for at most 3838 bytes.
            Self::Lzw => Some(2560),
            // A match of 258 bytes takes 2 bits.
            Self::Deflate => Some(1032),
            // 128 bytes in 2.
            Self::PackBits => Some(64),
            Self::Fax(_) | Self::Jpeg => None,
        }
    }
}

fn name_of_other(number: u64) -> String {
    match number {
        6 => "JPEG compression of the old kind (6)".to_owned(),
        34_712 => "JPEG 2000 compression".to_owned(),
        34_887 => "LERC compression".to_owned(),
        34_925 => "LZMA compression".to_owned(),
        50_000 => "Zstandard compression".to_owned(),
        50_001 => "WebP compression".to_owned(),
        other => format!("compression number {other}"),
    }
}

/// The rows of a strip or tile: `row_bytes` each.
pub(super) fn expand(
    data: Cow<'_, [u8]>,
    compression: Compression,
    width_px: usize,
    row_bytes: usize,
    rows: usize,
) -> Result<Cow<'_, [u8]>, DecodeError> {
    let expected_bytes = row_bytes * rows;
    let expanded = match compression {
        Compression::None | Compression::Jpeg => data,
        Compression::Fax(fax) => Cow::Owned(fax::decode(&data, fax, width_px, rows).map_err(translate)?),
        Compression::Lzw => Cow::Owned(lzw(&data, expected_bytes)?),
        Compression::Deflate => Cow::Owned(deflate(&data, expected_bytes)?),
        Compression::PackBits => Cow::Owned(pack_bits(&data, expected_bytes)),
    };
    if expanded.len() < expected_bytes {
        let what = format!("a strip or tile holds {} bytes, expected {expected_bytes}", expanded.len());
        return Err(damaged(None, what));
    }
    Ok(expanded)
}

fn translate(error: FaxError) -> DecodeError {
    match error {
        FaxError::CutOff(row) => damaged(None, format!("the fax data of a strip stops in its row {row}")),
        FaxError::BadCode(row) => damaged(None, format!("the fax data of a strip has a wrong code in its row {row}")),
        FaxError::Extension => unsupported("fax data in uncompressed mode".to_owned()),
    }
}

fn lzw(data: &[u8], expected_bytes: usize) -> Result<Vec<u8>, DecodeError> {
    // TIFF 5 and earlier packed codes from the low bit; their first code, 256 in 9 bits, tells.
    let is_old = matches!(data, [0, second, ..] if second & 1 == 1);
    let mut decoder = if is_old {
        weezl::decode::Decoder::new(BitOrder::Lsb, 8)
    } else {
        weezl::decode::Decoder::with_tiff_size_switch(BitOrder::Msb, 8)
    };
    let mut expanded = vec![0; expected_bytes];
    let (mut read, mut written) = (0, 0);
    while written < expected_bytes {
        let result = decoder.decode_bytes(&data[read..], &mut expanded[written..]);
        (read, written) = (read + result.consumed_in, written + result.consumed_out);
        match result.status {
            Ok(LzwStatus::Ok) => {}
            Ok(LzwStatus::Done | LzwStatus::NoProgress) => break,
            Err(_) => return Err(damaged(None, "the LZW data of a strip or tile has a wrong code")),
        }
    }
    expanded.truncate(written);
    Ok(expanded)
}

fn deflate(data: &[u8], expected_bytes: usize) -> Result<Vec<u8>, DecodeError> {
    let flags = inflate_flags::TINFL_FLAG_PARSE_ZLIB_HEADER | inflate_flags::TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF;
    let mut expanded = vec![0; expected_bytes];
    let (status, _, written) = decompress(&mut DecompressorOxide::new(), data, &mut expanded, 0, flags);
    expanded.truncate(written);
    match status {
        TINFLStatus::Done | TINFLStatus::HasMoreOutput => Ok(expanded),
        _ if written == expected_bytes => Ok(expanded),
        _ => Err(damaged(None, "the Deflate data of a strip or tile is wrong or stops early")),
    }
}

/// TIFF 6.0, section 9. Ends early where the data does.
fn pack_bits(data: &[u8], expected_bytes: usize) -> Vec<u8> {
    let mut expanded = Vec::with_capacity(expected_bytes);
    let mut rest = data;
    while expanded.len() < expected_bytes
        && let [control, after @ ..] = rest
    {
        let length = match control {
            0..=127 => {
                let length = (usize::from(*control) + 1).min(after.len());
                expanded.extend_from_slice(&after[..length]);
                length
            }
            128 => 0,
            129..=255 => {
                expanded.extend(
                    after.first().iter().flat_map(|&&byte| std::iter::repeat_n(byte, 257 - usize::from(*control))),
                );
                after.len().min(1)
            }
        };
        rest = &after[length..];
    }
    expanded
}
