//! How many pictures a file holds beside the one that is read.

#[cfg(feature = "tiff")]
use super::tiff;
use super::truncation;
use crate::format::{Format, sniff};

/// How many pages of a TIFF file, or frames of an animation (GIF, WebP, PNG), follow the first one, which is read. 0
/// for everything else, and for damaged files.
pub(crate) fn pages_after_first(bytes: &[u8]) -> usize {
    match sniff(bytes) {
        #[cfg(feature = "tiff")]
        Some(Format::Tiff) => tiff::pages_after_first(bytes),
        Some(Format::Gif) => truncation::gif_frames(bytes).saturating_sub(1),
        // Chunks: name, length in 4 bytes, data padded to an even length (WebP container specification).
        Some(Format::WebP) => count_chunks(bytes, 12, *b"ANMF", webp_chunk).saturating_sub(1),
        Some(Format::Png) => frames_of_png(bytes).saturating_sub(1),
        _ => 0,
    }
}

/// Name of the chunk that begins at a place, and where the next one begins.
type ReadChunk = fn(&[u8], usize) -> Option<([u8; 4], usize)>;

fn count_chunks(bytes: &[u8], first: usize, wanted: [u8; 4], read: ReadChunk) -> usize {
    let (mut count, mut at) = (0, first);
    while let Some((name, next)) = read(bytes, at) {
        count += usize::from(name == wanted);
        at = next;
    }
    count
}

fn word(bytes: &[u8], at: usize) -> Option<[u8; 4]> {
    bytes.get(at..)?.first_chunk().copied()
}

fn webp_chunk(bytes: &[u8], at: usize) -> Option<([u8; 4], usize)> {
    let length = u32::from_le_bytes(word(bytes, at + 4)?) as usize;
    Some((word(bytes, at)?, at + 8 + length + length % 2))
}

fn png_chunk(bytes: &[u8], at: usize) -> Option<([u8; 4], usize)> {
    let length = u32::from_be_bytes(word(bytes, at)?) as usize;
    Some((word(bytes, at + 4)?, at + 12 + length))
}

/// Every frame has a frame control chunk; a default image that is no frame counts beside them.
fn frames_of_png(bytes: &[u8]) -> usize {
    let frames = count_chunks(bytes, 8, *b"fcTL", png_chunk);
    let Some(data) = bytes.windows(4).position(|name| name == b"IDAT") else { return frames };
    let default_is_a_frame = count_chunks(&bytes[..data], 8, *b"fcTL", png_chunk) > 0;
    frames + usize::from(!default_is_a_frame)
}
