//! BMP files: headers that the `image` crate refuses, and how OpenCV weights the colours, which the header decides.

use std::borrow::Cow;

use super::gray_weights::gray_q14;

/// Where the second header begins, with its own length.
const HEADER: usize = 14;
/// Length of the header of Windows 3, with which all longer ones begin.
const PLAIN_BYTES: usize = 40;

/// The file with a header that the `image` crate knows. A header of an unusual length, such as OS/2's of 64 bytes, is
/// cut to the plain one, and the number of planes becomes 1: nothing depends on either.
pub(super) fn with_known_header(bytes: &[u8]) -> Cow<'_, [u8]> {
    let word = |at: usize| bytes.get(at..).and_then(<[u8]>::first_chunk).map_or(0, |&word| u32::from_le_bytes(word));
    let (length, compression) = (word(HEADER) as usize, word(HEADER + 16));
    let is_known = matches!(length, PLAIN_BYTES | 52 | 56 | 108 | 124);
    // Longer headers hold the masks of bit fields; OS/2 has other compressions under these numbers.
    let is_cut = !is_known && (PLAIN_BYTES + 1..=124).contains(&length) && compression <= 2;
    let has_planes =
        length >= PLAIN_BYTES && bytes.get(HEADER + 12..HEADER + 14).is_some_and(|planes| planes != [1, 0]);
    let data_at = word(10);
    if !is_cut && !has_planes || bytes.len() < HEADER + length {
        return Cow::Borrowed(bytes);
    }
    let mut file = bytes.to_vec();
    file[HEADER + 12..HEADER + 14].copy_from_slice(&[1, 0]);
    if is_cut {
        file.drain(HEADER + PLAIN_BYTES..HEADER + length);
        file[HEADER..HEADER + 4].copy_from_slice(&(PLAIN_BYTES as u32).to_le_bytes());
        let data_at = data_at.saturating_sub((length - PLAIN_BYTES) as u32);
        file[10..HEADER].copy_from_slice(&data_at.to_le_bytes());
    }
    Cow::Owned(file)
}

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

#[cfg(test)]
mod tests {
    use super::*;

    /// File header, a header of this length with these planes, 2 bytes of data.
    fn file(length: u32, planes: u8) -> Vec<u8> {
        let mut bytes = [b"BM\0\0\0\0\0\0\0\0", &(14 + length).to_le_bytes()[..], &length.to_le_bytes()].concat();
        bytes.extend([2, 0, 0, 0, 1, 0, 0, 0, planes, 0, 8]);
        bytes.resize(14 + length as usize, 0);
        bytes.extend([7, 9]);
        bytes
    }

    #[test]
    fn unusual_headers_become_plain_ones_and_others_stay() {
        for length in [12, 40, 52, 56, 108, 124] {
            let file = file(length, u8::from(length != 12));
            assert_eq!(with_known_header(&file), file, "{length}");
        }
        for (length, planes) in [(64, 1), (66, 1), (64, 3), (40, 3)] {
            assert_eq!(with_known_header(&file(length, planes)), file(40, 1), "{length} {planes}");
        }
        for length in 0..70 {
            with_known_header(&file(64, 2)[..length]);
        }
    }
}
