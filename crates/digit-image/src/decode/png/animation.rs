//! The chunks of an animated PNG that stand before the default image. They change no pixel of it, but OpenCV refuses
//! the file when they make no sense. What stands behind the default image is not looked at.

use super::chunks::Chunk;
use super::header::Header;
use crate::decode::error::DecodeError;
use crate::decode::error::damaged_png;

/// Checks acTL and fcTL; other chunks pass.
pub(super) fn check(chunk: &Chunk<'_>, header: &Header) -> Result<(), DecodeError> {
    match (&chunk.name, chunk.data) {
        (b"acTL", [0, 0, 0, 0, _, _, _, _]) => {
            return Err(damaged_png(chunk.at_byte, "chunk acTL declares an animation of 0 frames"));
        }
        (b"acTL", [_, _, _, _, _, _, _, _]) => {}
        (b"acTL", data) => {
            let what = format!("chunk acTL has {} bytes, expected 8", data.len());
            return Err(damaged_png(chunk.at_byte, what));
        }
        (b"fcTL", data) => check_frame(chunk, data, header)?,
        _ => {}
    }
    Ok(())
}

fn check_frame(chunk: &Chunk<'_>, data: &[u8], header: &Header) -> Result<(), DecodeError> {
    let Ok(data) = <&[u8; 26]>::try_from(data) else {
        return Err(damaged_png(chunk.at_byte, format!("chunk fcTL has {} bytes, expected 26", data.len())));
    };
    let word = |at: usize| u64::from(u32::from_be_bytes([data[at], data[at + 1], data[at + 2], data[at + 3]]));
    let (width_px, height_px, x, y) = (word(4), word(8), word(12), word(16));
    if x + width_px > u64::from(header.width_px) || y + height_px > u64::from(header.height_px) {
        let what = format!(
            "chunk fcTL places a frame of {width_px}x{height_px} pixels at {x},{y}, outside the {}x{} picture",
            header.width_px, header.height_px
        );
        return Err(damaged_png(chunk.at_byte, what));
    }
    let (dispose, blend) = (data[24], data[25]);
    if dispose > 2 || blend > 1 {
        let what = format!("chunk fcTL has disposal {dispose} and blending {blend}, expected 0 to 2 and 0 or 1");
        return Err(damaged_png(chunk.at_byte, what));
    }
    Ok(())
}
