//! The quick way through a sound picture: its data is unpacked as a whole, and the rows are made in place.
//!
//! A picture that is damaged in any way, interlaced or large gives nothing here. It goes the careful way, row by row,
//! which says what is wrong.

use std::cell::RefCell;

use stage_files::zlib;

use super::header::Header;
use super::samples::Converter;
use super::unfilter::unfilter;
use crate::raster::Pixel;

/// Larger pictures are read row by row, which takes less memory: an RGB picture of 1,600 x 1,600 pixels.
const MAX_BYTES: usize = 8 << 20;
/// Deflate makes at most 1,032 bytes of one.
const MAX_RATIO: usize = 1032;

/// Buffers that all pictures of a thread use.
#[derive(Default)]
struct Buffers {
    /// The compressed data, where it lies in several chunks.
    packed: Vec<u8>,
    /// The rows, each with its filter type before it.
    rows: Vec<u8>,
    /// The row above the first one.
    blank: Vec<u8>,
}

thread_local! {
    static BUFFERS: RefCell<Buffers> = RefCell::default();
}

/// The pixels of a picture whose compressed data is `data`, piece by piece.
pub(super) fn pixels<P: Pixel>(header: &Header, converter: &Converter<P>, data: &[&[u8]]) -> Option<Vec<P>> {
    let (columns, row_bytes) = (header.width_px as usize, header.row_bytes(header.width_px));
    let needed = (header.height_px as usize).checked_mul(row_bytes + 1).filter(|&needed| needed <= MAX_BYTES)?;
    let packed_bytes: usize = data.iter().map(|piece| piece.len()).sum();
    // No file is believed about its size.
    if header.interlaced || needed.div_ceil(MAX_RATIO) > packed_bytes {
        return None;
    }
    BUFFERS.with_borrow_mut(|Buffers { packed, rows, blank }| {
        let stream = match data {
            [stream] => stream,
            pieces => {
                packed.clear();
                pieces.iter().for_each(|piece| packed.extend_from_slice(piece));
                packed.as_slice()
            }
        };
        // Nothing is cleared: the whole buffer is written, or the result is nothing.
        if rows.len() < needed {
            rows.try_reserve_exact(needed - rows.len()).ok()?;
            rows.resize(needed, 0);
        }
        let rows = &mut rows[..needed];
        if !zlib::unpack(stream, rows) {
            return None;
        }
        blank.resize(row_bytes, 0);
        let mut pixels = Vec::new();
        pixels.try_reserve_exact(columns * header.height_px as usize).ok()?;
        let mut above = blank.as_slice();
        for row in rows.chunks_exact_mut(row_bytes + 1) {
            let (filter, row) = row.split_first_mut()?;
            unfilter(*filter, header.pixel_bytes(), above, row)?;
            converter.convert(row, columns, &mut pixels);
            above = row;
        }
        Some(pixels)
    })
}
