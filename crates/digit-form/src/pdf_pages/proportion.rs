//! Whether a stream takes memory and time in proportion to its length and to the pixels that are allowed. The decoders
//! believe what a stream says of its own size, so it is looked at before.

use digit_image::decode::check_jpeg2000;
use hayro_syntax::Filter;
use hayro_syntax::object::stream::Stream;
use hayro_syntax::object::{Array, Dict};
use hayro_syntax::page::Page;

/// What is said of an image that is not read.
pub(super) const NOT_READ: &str =
    "an image of the page is damaged, or stored in a way that is not read; scan to TIFF or JPEG";
/// Of the segments of JBIG2: the page (ISO/IEC 14492, 7.3).
const JBIG2_PAGE: u8 = 48;
/// The kinds of its segments that begin with width and height of a region.
const JBIG2_REGIONS: [u8; 12] = [4, 6, 7, 20, 22, 23, 36, 38, 39, 40, 42, 43];
/// A page of JBIG2 whose height is said later, at the end of its stripes.
const JBIG2_STRIPES: u32 = u32::MAX;

/// Whether a stream is compressed once at most. Twice is a thousand times a thousand.
pub(super) fn is_packed_once(stream: &Stream<'_>) -> bool {
    let filters = stream.filters();
    let packing =
        |filter: &&Filter| matches!(filter, Filter::FlateDecode | Filter::LzwDecode | Filter::RunLengthDecode);
    filters.iter().filter(packing).count() <= 1
}

/// Whether the content of a page is.
pub(super) fn is_content_packed_once(page: &Page<'_>) -> bool {
    if let Some(stream) = page.raw().get::<Stream<'_>>("Contents") {
        return is_packed_once(&stream);
    }
    let parts = page.raw().get::<Array<'_>>("Contents");
    parts.is_none_or(|parts| parts.iter::<Stream<'_>>().all(|part| is_packed_once(&part)))
}

/// Refuses an image of `height_px` rows that says it is larger than allowed.
pub(super) fn check(stream: &Stream<'_>, height_px: u32, max_pixels: u64) -> Result<(), String> {
    let filters = stream.filters();
    let is_alone = filters.len() == 1;
    let is_allowed = match filters.last() {
        Some(Filter::JpxDecode) => is_alone && check_jpeg2000(&stream.raw_data(), max_pixels).is_ok(),
        Some(Filter::Jbig2Decode) => is_alone && is_jbig2_allowed(&stream.raw_data(), max_pixels),
        Some(Filter::CcittFaxDecode) => {
            let widest = parameters(stream).filter_map(|parameters| parameters.get::<u32>("Columns")).max();
            u64::from(widest.unwrap_or(1728)) * u64::from(height_px) <= max_pixels
        }
        _ => true,
    };
    if is_allowed && is_packed_once(stream) { Ok(()) } else { Err(NOT_READ.to_owned()) }
}

/// The parameters of all filters.
fn parameters<'a>(stream: &Stream<'a>) -> impl Iterator<Item = Dict<'a>> {
    let dict = stream.dict();
    let keys = ["DP", "DecodeParms"];
    let alone: Vec<Dict<'a>> = keys.into_iter().filter_map(|key| dict.get::<Dict<'_>>(key)).collect();
    let lists = keys.into_iter().filter_map(|key| dict.get::<Array<'_>>(key)).collect::<Vec<_>>();
    alone.into_iter().chain(lists.into_iter().flat_map(|list| list.iter::<Dict<'_>>().collect::<Vec<_>>()))
}

/// Whether page and regions of an embedded JBIG2 stream have at most so many pixels each.
fn is_jbig2_allowed(mut bytes: &[u8], max_pixels: u64) -> bool {
    while let Some((kind, data, rest)) = jbig2_segment(bytes) {
        if kind == JBIG2_PAGE || JBIG2_REGIONS.contains(&kind) {
            let Some((&[w0, w1, w2, w3, h0, h1, h2, h3], _)) = data.split_first_chunk() else { return false };
            let (width_px, height_px) = (u32::from_be_bytes([w0, w1, w2, w3]), u32::from_be_bytes([h0, h1, h2, h3]));
            let rows = if kind == JBIG2_PAGE && height_px == JBIG2_STRIPES { 1 } else { height_px };
            if u64::from(width_px) * u64::from(rows) > max_pixels {
                return false;
            }
        }
        bytes = rest;
    }
    true
}

/// Kind and data of the first segment, and what is behind it (ISO/IEC 14492, 7.2). The data of one that does not say
/// its length are all that follows.
fn jbig2_segment(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (number, rest) = bytes.split_first_chunk()?;
    let (flags, rest) = rest.split_first()?;
    let referred_bytes = match u32::from_be_bytes(*number) {
        0..=256 => 1,
        257..=65_536 => 2,
        _ => 4,
    };
    let short = *rest.first()? >> 5;
    let (count, counted_bytes) = if short < 7 {
        (usize::from(short), 1)
    } else {
        let count = (u32::from_be_bytes(*rest.first_chunk()?) & 0x1fff_ffff) as usize;
        (count, 4 + (count + 8) / 8)
    };
    let page_bytes = if flags & 0x40 != 0 { 4 } else { 1 };
    let skipped = count.checked_mul(referred_bytes)?.checked_add(counted_bytes + page_bytes)?;
    let (length, rest) = rest.get(skipped..)?.split_first_chunk()?;
    let length = u32::from_be_bytes(*length) as usize;
    let (data, rest) = rest.split_at_checked(length).unwrap_or((rest, &[]));
    Some((flags & 0x3f, data, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segment(number: u32, flags: u8, referred: &[u8], size: [u32; 2]) -> Vec<u8> {
        let data = size.map(u32::to_be_bytes).concat();
        let count = [(referred.len() as u8) << 5];
        [&number.to_be_bytes()[..], &[flags], &count, referred, &[1], &8_u32.to_be_bytes(), &data].concat()
    }

    #[test]
    fn pages_and_regions_of_jbig2_have_at_most_so_many_pixels() {
        for (bytes, is_allowed) in [
            (segment(0, 48, &[], [100, 100]), true),
            (segment(0, 48, &[], [65_535, 65_535]), false),
            // In stripes: their heights come later.
            (segment(0, 48, &[], [100, u32::MAX]), true),
            ([segment(0, 48, &[], [100, 100]), segment(1, 38, &[0], [100, 101])].concat(), false),
            ([segment(0, 0, &[], [65_535, 65_535]), segment(2, 6, &[0, 1], [9, 9])].concat(), true),
            (segment(0, 48, &[], [100, 101])[..14].to_vec(), false),
            (Vec::new(), true),
        ] {
            assert_eq!(is_jbig2_allowed(&bytes, 10_000), is_allowed, "{bytes:?}");
        }
    }
}
