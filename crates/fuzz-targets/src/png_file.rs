//! PNG files whose checksums are sound, so that inputs reach what lies behind the checks.

use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;

use crate::input::Input;

const SIGNATURE: [u8; 8] = *b"\x89PNG\r\n\x1a\n";
/// Colour type and bits of each sample: all that there are.
const KINDS: [[u8; 2]; 15] = [
    [0, 8],
    [0, 1],
    [0, 2],
    [0, 4],
    [0, 16],
    [2, 8],
    [2, 16],
    [3, 1],
    [3, 2],
    [3, 4],
    [3, 8],
    [4, 8],
    [4, 16],
    [6, 8],
    [6, 16],
];
/// Longest side of a built picture.
const MOST_SIDE_PX: u32 = 48;

/// A file with the checksum of each chunk corrected; bytes that are no PNG stay as they are.
pub(crate) fn with_checksums(bytes: &[u8]) -> Vec<u8> {
    let mut file = bytes.to_vec();
    if !file.starts_with(&SIGNATURE) {
        return file;
    }
    let mut at = SIGNATURE.len();
    while let Some(length) = file.get(at..at + 4) {
        let length = length.iter().fold(0, |value, &byte| value << 8 | usize::from(byte));
        let Some(summed) = file.get(at + 4..at + 8 + length) else { break };
        let sum = crc32fast::hash(summed).to_be_bytes();
        let Some(stored) = file.get_mut(at + 8 + length..at + 12 + length) else { break };
        stored.copy_from_slice(&sum);
        at += 12 + length;
    }
    file
}

/// A file of any kind: header, palette, transparency, gamma and rows as the input has them, compressed and divided.
pub(crate) fn built(input: &mut Input<'_>, kinds: usize) -> Vec<u8> {
    let (width_px, height_px) = (input.side(MOST_SIDE_PX), input.side(MOST_SIDE_PX));
    let [colour, bits] = KINDS[usize::from(input.byte()) % kinds];
    let choices = input.byte();
    let is_interlaced = kinds > 1 && choices & 3 == 3;
    let mut file = SIGNATURE.to_vec();
    let sides = [width_px.to_be_bytes(), height_px.to_be_bytes()].concat();
    push(&mut file, *b"IHDR", &[&sides[..], &[bits, colour, 0, 0, u8::from(is_interlaced)]].concat());
    if choices & 4 != 0 {
        push(&mut file, *b"gAMA", input.take(4));
    }
    if colour == 3 || choices & 8 != 0 {
        let colours = 3 * usize::from(input.byte());
        push(&mut file, *b"PLTE", input.take(colours));
    }
    if choices & 16 != 0 {
        let length = usize::from(input.byte());
        push(&mut file, *b"tRNS", input.take(length));
    }
    let samples = [1, 0, 3, 1, 2, 0, 4][usize::from(colour)];
    let row_bytes = 1 + (width_px as usize * samples * usize::from(bits)).div_ceil(8);
    // A few bytes too many or too few.
    let surplus = if choices & 32 != 0 { usize::from(input.byte()) } else { 4 };
    let needed = (row_bytes * height_px as usize + surplus).saturating_sub(4);
    let pieces = if choices & 64 != 0 { usize::from(input.byte() % 8) + 1 } else { 1 };
    let is_damaged = choices & 128 != 0 && input.is_set();
    let level = Compression::new(u32::from(choices >> 6));
    let rest = std::mem::replace(input, Input::new(&[])).rest();
    let mut rows = Input::new(rest).repeated(needed);
    // Filter types beyond 4 are refused; most inputs have none.
    rows.iter_mut().step_by(row_bytes).for_each(|filter| *filter %= if is_damaged { 6 } else { 5 });
    let mut packed = packed(&rows, level);
    if let Some(last) = packed.last_mut().filter(|_| is_damaged && surplus % 2 == 0) {
        *last ^= 1;
    }
    packed.chunks(packed.len().div_ceil(pieces).max(1)).for_each(|piece| push(&mut file, *b"IDAT", piece));
    push(&mut file, *b"IEND", &[]);
    file
}

fn packed(rows: &[u8], level: Compression) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), level);
    encoder.write_all(rows).expect("memory takes all bytes");
    encoder.finish().expect("memory takes all bytes")
}

fn push(file: &mut Vec<u8>, name: [u8; 4], data: &[u8]) {
    file.extend((data.len() as u32).to_be_bytes());
    let begin = file.len();
    file.extend(name);
    file.extend(data);
    file.extend(crc32fast::hash(&file[begin..]).to_be_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;
    use digit_image::decode::{DecodeOptions, decode_gray};

    #[test]
    fn a_file_with_wrong_checksums_becomes_sound_and_a_built_one_is() {
        let file = built(&mut Input::new(&[2, 1, 0, 0, 0, 7, 8, 9, 0, 10, 11, 12]), KINDS.len());
        let picture = decode_gray(&file, &DecodeOptions::default()).unwrap();
        assert_eq!((picture.width_px, picture.height_px, picture.pixels), (3, 2, vec![7, 8, 9, 10, 11, 12]));
        let mut wrong = file.clone();
        wrong[29] ^= 1;
        assert!(decode_gray(&wrong, &DecodeOptions::default()).is_err());
        assert_eq!(with_checksums(&wrong), file);
    }
}
