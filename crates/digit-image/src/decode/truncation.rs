//! Truncated GIF and WebP files. Their decoders are content when the first frame seems complete, and fill in what is
//! missing; so the structure of the file is walked over first.

use super::error::DecodeError;
use crate::format::Format;

/// Checks GIF and WebP files; the decoders of the other formats notice a missing end themselves.
pub(super) fn check(bytes: &[u8], format: Format) -> Result<(), DecodeError> {
    let cut_off =
        |inside: &str| DecodeError::CutOff { format, file_bytes: bytes.len() as u64, inside: inside.to_owned() };
    match format {
        Format::Gif => walk_gif(bytes)?.map(|_| ()).ok_or_else(|| cut_off("the blocks before the end mark")),
        Format::WebP => {
            // The container states its length, without the 8 bytes that state it (RIFF header).
            let stated = bytes.get(4..8).and_then(|length| length.try_into().ok()).map(u32::from_le_bytes);
            match stated {
                Some(length) if bytes.len() as u64 >= u64::from(length) + 8 => Ok(()),
                Some(length) => Err(cut_off(&format!("the {} bytes that it states", u64::from(length) + 8))),
                None => Err(cut_off("the header")),
            }
        }
        _ => Ok(()),
    }
}

/// Pictures in a GIF file.
pub(super) fn gif_frames(bytes: &[u8]) -> usize {
    walk_gif(bytes).ok().flatten().unwrap_or(0)
}

/// Walks over all blocks up to the trailer (GIF89a specification, appendix B) and counts pictures. `None` means the
/// file ends before the trailer.
fn walk_gif(bytes: &[u8]) -> Result<Option<usize>, DecodeError> {
    let (mut at, mut frames) = (13, 0);
    let Some(&flags) = bytes.get(10) else { return Ok(None) };
    at += color_table_bytes(flags);
    loop {
        let Some(&introducer) = bytes.get(at) else { return Ok(None) };
        at += match introducer {
            // Trailer.
            0x3b => return Ok(Some(frames)),
            // Extension: label, then sub-blocks.
            0x21 => 2,
            // Image: position and size, flags, its own colours, LZW code size, then sub-blocks.
            0x2c => {
                let Some(&flags) = bytes.get(at + 9) else { return Ok(None) };
                frames += 1;
                11 + color_table_bytes(flags)
            }
            other => {
                let what = format!("a block begins with byte {other:02x}; only 21, 2c and 3b (hexadecimal) do");
                return Err(DecodeError::damaged(Format::Gif, at, what));
            }
        };
        loop {
            let Some(&length) = bytes.get(at) else { return Ok(None) };
            at += 1 + usize::from(length);
            if length == 0 {
                break;
            }
        }
    }
}

/// Three bytes for each colour, if there is a table.
fn color_table_bytes(flags: u8) -> usize {
    if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) }
}
