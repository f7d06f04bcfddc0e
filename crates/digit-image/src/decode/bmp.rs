//! How OpenCV weights the colours of a BMP file, which its header decides.

use super::gray_weights::gray_q14;

/// The gray value of a colour, for the file that `bytes` begin.
///
/// - 16 bits a pixel: the 5 or 6 bits of a sample count as the high bits of a byte whose low bits are 0.
/// - 32 bits in bit fields of whole bytes, in a header that holds their masks (56 bytes or more): floating point, cut.
/// - All others: as 24 bits a pixel.
pub(super) fn weights(bytes: &[u8]) -> fn([u8; 3]) -> u8 {
    let word = |at: usize| bytes.get(at..).and_then(<[u8]>::first_chunk).map_or(0, |&word| u32::from_le_bytes(word));
    let (header_bytes, bits, compression) = (word(14), word(28) & 0xffff, word(30));
    let masks = [word(54), word(58), word(62)];
    match (bits, compression) {
        (32, 3) if header_bytes >= 56 && masks.iter().all(|mask| mask.unbounded_shr(mask.trailing_zeros()) == 0xff) => {
            float_cut
        }
        (16, 3) if masks == [0xf800, 0x07e0, 0x001f] => |[r, g, b]| gray_q14([r & 0xf8, g & 0xfc, b & 0xf8]),
        (16, 3) if masks == [0x7c00, 0x03e0, 0x001f] => five_bits,
        (16, 0) => five_bits,
        _ => gray_q14,
    }
}

fn five_bits(rgb: [u8; 3]) -> u8 {
    gray_q14(rgb.map(|sample| sample & 0xf8))
}

fn float_cut(rgb: [u8; 3]) -> u8 {
    let [r, g, b] = rgb.map(f32::from);
    (0.299 * r + 0.587 * g + 0.114 * b) as u8
}
