//! The fast path through a row of a data set: digits, commas and a line end, nothing else.
//!
//! It reads only usual rows that are right. At anything else, such as a quotation mark or a value of 256, it gives up.
//! Then the strict reader reads the row or says what is wrong with it. So errors are worded in one place.

/// Two cells of white paper.
const WHITE: u64 = u64::from_le_bytes(*b"255,255,");
/// Four cells of black.
const BLACK: u64 = u64::from_le_bytes(*b"0,0,0,0,");

/// Reads the row at the beginning of `bytes`: one value 0..=255 for each place in `pixels`, then `labels` cells of
/// which one is 1. Returns its length with the line end, and its class. On `None`, `pixels` holds leftovers.
pub(super) fn row(bytes: &[u8], pixels: &mut [u8], labels: usize) -> Option<(usize, u8)> {
    let (mut at, mut column) = (0, 0);
    while column < pixels.len() {
        // The labels and the line end lie behind the last pixel, so eight bytes are to be had, but for short rows at
        // the end of a block.
        let eight = u64::from_le_bytes(bytes.get(at..at + 8)?.try_into().ok()?);
        // Most cells of a picture are paper.
        let run = match eight {
            WHITE => pixels.get_mut(column..column + 2),
            BLACK => pixels.get_mut(column..column + 4),
            _ => None,
        };
        if let Some(run) = run {
            run.fill(if eight == WHITE { 255 } else { 0 });
            column += run.len();
            at += 8;
            continue;
        }
        let (length, value) = cell(eight as u32)?;
        pixels[column] = value;
        column += 1;
        at += length;
    }
    let end = at + 2 * labels;
    let class = one_hot(bytes.get(at..end)?)?;
    match (bytes[end - 1], bytes.get(end)) {
        (b'\n', _) => Some((end, class)),
        (b'\r', Some(b'\n')) => Some((end + 1, class)),
        _ => None,
    }
}

/// The one, two or three digits before a comma, from four bytes of text with the first in the lowest place: length
/// with the comma, and value.
#[inline(always)]
fn cell(four: u32) -> Option<(usize, u8)> {
    // Digits become 0..=9. A byte above 9, after adding 0x76 without its highest bit or by that bit, has it set.
    let digits = four ^ 0x3030_3030;
    let others = (((digits & 0x7f7f_7f7f) + 0x7676_7676) | digits) & 0x8080_8080;
    if others == 0 {
        return None;
    }
    let first_other_bits = others.trailing_zeros() & !7;
    if first_other_bits == 0 || (four >> first_other_bits) as u8 != b',' {
        return None;
    }
    // The last digit moves to the highest byte; zeros come in from below.
    let [_, hundreds, tens, ones] = (digits << (32 - first_other_bits)).to_le_bytes().map(u32::from);
    let value = u8::try_from(hundreds * 100 + tens * 10 + ones).ok()?;
    Some((first_other_bits as usize / 8 + 1, value))
}

/// The place of the only 1 among cells of one digit, each with the byte behind it, which is a comma but for the last.
fn one_hot(cells: &[u8]) -> Option<u8> {
    let mut class = None;
    let last = (cells.len() / 2).checked_sub(1)?;
    for (place, cell) in cells.chunks_exact(2).enumerate() {
        match cell[0] {
            b'0' => {}
            b'1' if class.is_none() => class = Some(place as u8),
            _ => return None,
        }
        if place < last && cell[1] != b',' {
            return None;
        }
    }
    class
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_is_read_and_what_is_no_value_is_not() {
        for value in 0..=u8::MAX {
            for text in [format!("{value},99"), format!("{value:02},99"), format!("{value:03},99")] {
                let four = u32::from_le_bytes(text.as_bytes()[..4].try_into().unwrap());
                assert_eq!(cell(four), Some((text.find(',').unwrap() + 1, value)), "{text}");
            }
        }
        for text in
            [",12,", "256,", "999,", "1234", "-1,2", "1.5,", "1 ,2", "\"1\",", "1\n2,", "12;3", "1\u{ac},", "/,:,"]
        {
            assert_eq!(cell(u32::from_le_bytes(text.as_bytes()[..4].try_into().unwrap())), None, "{text:?}");
        }
    }

    #[test]
    fn rows_end_where_their_line_does() {
        let mut pixels = [0; 7];
        for (text, expected) in [
            ("255,255,255,0,0,0,7,0,1,0\n9", Some((26, 1))),
            ("0,0,0,0,255,255,12,1,0,0\r\n9", Some((26, 0))),
            ("0,0,0,0,255,255,12,1,0,0\r9", None),
            ("0,0,0,0,255,255,12,1,0,0,\n", None),
            ("0,0,0,0,255,255,12,1,0,1\n", None),
            ("0,0,0,0,255,255,12,0,0,0\n", None),
            ("0,0,0,0,255,255,12,0,1\n0\n", None),
            ("0,0,0,0,255,255,12,0,1,0", None),
        ] {
            assert_eq!(row(text.as_bytes(), &mut pixels, 3), expected, "{text:?}");
        }
        row(b"255,255,255,0,0,0,7,0,1,0\n", &mut pixels, 3);
        assert_eq!(pixels, [255, 255, 255, 0, 0, 0, 7]);
    }
}
