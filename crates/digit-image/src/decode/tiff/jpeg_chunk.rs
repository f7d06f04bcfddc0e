//! A strip or tile that is a JPEG file without its tables, which stand once for all in a tag (TIFF Technical Note 2).

use super::page::Page;
use super::{YCBCR, damaged, unsupported};
use crate::decode::{DecodeError, jpeg};

/// The rows of a strip or tile, all samples of a pixel side by side. YCbCr has become RGB.
pub(super) fn decode(data: &[u8], tables: &[u8], page: &Page, rows: usize) -> Result<Vec<u8>, DecodeError> {
    let samples = page.chunk_samples();
    if page.bits != 8 || !matches!(samples, 1 | 3 | 4) {
        return Err(unsupported(format!("JPEG compression of {samples} samples of {} bits", page.bits)));
    }
    let is_ycbcr = page.photometric == YCBCR && !page.is_planar;
    // An Adobe segment names the colours, which TIFF says in a tag of its own.
    let adobe = [b"\xff\xd8\xff\xee\0\x0eAdobe\0\x64\0\0\0\0".as_slice(), &[u8::from(is_ycbcr)]].concat();
    let mut file = adobe;
    copy_segments(tables, &mut file);
    copy_segments(data, &mut file);
    let (width_px, height_px, pixels) = jpeg::decode_samples(&file, samples)?;
    if width_px < page.chunk_width_px || height_px < rows {
        let what =
            format!("a strip or tile holds {width_px}x{height_px} pixels, expected {}x{rows}", page.chunk_width_px);
        return Err(damaged(None, what));
    }
    let row_bytes = page.chunk_width_px * samples;
    Ok(pixels.chunks_exact(width_px * samples).take(rows).flat_map(|row| &row[..row_bytes]).copied().collect())
}

/// Copies what decides pixels: no start mark, no application's segments, and no end mark before picture data.
fn copy_segments(data: &[u8], file: &mut Vec<u8>) {
    let mut rest = data;
    while let [0xff, marker, after @ ..] = rest {
        let length = match marker {
            0xd8 | 0xff => 0,
            0xd9 => return,
            0xda => break,
            _ => after
                .first_chunk()
                .map_or(after.len(), |&length| usize::from(u16::from_be_bytes(length)).min(after.len())),
        };
        if !matches!(marker, 0xd8 | 0xe0..=0xef | 0xff) {
            file.extend_from_slice(&rest[..2 + length]);
        }
        rest = if *marker == 0xff { &rest[1..] } else { &after[length..] };
    }
    file.extend_from_slice(rest);
}
