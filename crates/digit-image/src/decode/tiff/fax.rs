//! CCITT compression of black and white pictures: ITU-T T.4 (groups 3, one- and two-dimensional) and T.6 (group 4).
//! The code tables are those of the crate `fax`.

use std::convert::Infallible;

use fax::maps::{Mode, black, mode, white};
use fax::{BitReader, Bits};

/// Which of the codings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fax {
    /// Rows begin at whole bytes, or words of two bytes, and have no end mark (compression 2 and 32771).
    Rle { is_word_aligned: bool },
    /// Group 3: rows begin with an end-of-line code; of two dimensions, a bit behind it names the row's coding.
    Group3 { is_two_dimensional: bool },
    /// Group 4.
    Group4,
}

/// Why rows could not be decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FaxError {
    /// The data ends inside this row.
    CutOff(usize),
    /// A code of this row does not exist, or leads backwards.
    BadCode(usize),
    /// The row uses the extension for uncompressed data.
    Extension,
}

/// Rows of `width_px` pixels, each padded to whole bytes, black as 1. Rows behind the mark of the page's end are white.
pub(super) fn decode(data: &[u8], fax: Fax, width_px: usize, rows: usize) -> Result<Vec<u8>, FaxError> {
    let mut bits = BitCursor { data, at_bit: 0 };
    let row_bytes = width_px.div_ceil(8);
    let mut decoded = Vec::new();
    let mut changes: Vec<usize> = Vec::new();
    for row in 0..rows {
        let is_one_dimensional = match fax {
            Fax::Rle { is_word_aligned } => {
                bits.align(if is_word_aligned { 16 } else { 8 });
                Some(true)
            }
            Fax::Group3 { is_two_dimensional } => start_of_row(&mut bits, is_two_dimensional),
            Fax::Group4 => (!bits.is_at_end_of_block()).then_some(false),
        };
        let Some(is_one_dimensional) = is_one_dimensional else { break };
        let result = if is_one_dimensional {
            one_dimensional(&mut bits, width_px)
        } else {
            two_dimensional(&mut bits, width_px, &changes)
        };
        changes = match result {
            Ok(changes) => changes,
            Err(RowError::Extension) => return Err(FaxError::Extension),
            Err(RowError::BadCode) if bits.is_past_end() => return Err(FaxError::CutOff(row)),
            Err(RowError::BadCode) => return Err(FaxError::BadCode(row)),
        };
        if bits.at_bit > 8 * data.len() {
            return Err(FaxError::CutOff(row));
        }
        paint(&changes, width_px, row_bytes, &mut decoded);
    }
    decoded.resize(row_bytes * rows, 0);
    Ok(decoded)
}

/// Bits of `data`, followed by zeros without end.
struct BitCursor<'a> {
    data: &'a [u8],
    at_bit: usize,
}

impl BitReader for BitCursor<'_> {
    type Error = Infallible;

    fn peek(&self, bits: u8) -> Option<u16> {
        let byte = |offset| u32::from(self.data.get(self.at_bit / 8 + offset).copied().unwrap_or(0));
        let word = byte(0) << 16 | byte(1) << 8 | byte(2);
        Some((word << (8 + self.at_bit % 8) >> (32 - u32::from(bits.clamp(1, 16)))) as u16)
    }

    fn consume(&mut self, bits: u8) -> Result<(), Infallible> {
        self.at_bit += usize::from(bits);
        Ok(())
    }

    fn bits_to_byte_boundary(&self) -> u8 {
        (8 - self.at_bit % 8) as u8 % 8
    }
}

impl BitCursor<'_> {
    fn align(&mut self, bits: usize) {
        self.at_bit = self.at_bit.next_multiple_of(bits);
    }

    /// Whether codes cannot go on: a code has at most 13 bits, an end mark 12.
    fn is_past_end(&self) -> bool {
        self.at_bit + 13 > 8 * self.data.len()
    }

    /// Skips an end-of-line code, eleven zeros or more and a one, if one is here.
    fn skip_end_of_line(&mut self) -> bool {
        if self.peek(11) != Some(0) {
            return false;
        }
        let mut at = self.at_bit + 11;
        while let Some(byte) = self.data.get(at / 8) {
            at += 1;
            if byte << ((at - 1) % 8) & 0x80 != 0 {
                self.at_bit = at;
                return true;
            }
        }
        false
    }

    fn is_at_end_of_block(&mut self) -> bool {
        self.expect(Bits { data: 1, len: 12 }).is_ok()
    }
}

/// Whether the row that begins here is coded in one dimension; `None` at the end of the page, which several end-of-line
/// codes mark.
fn start_of_row(bits: &mut BitCursor<'_>, is_two_dimensional: bool) -> Option<bool> {
    let mut marks = 0;
    let mut is_one_dimensional = true;
    while bits.skip_end_of_line() {
        marks += 1;
        if is_two_dimensional {
            is_one_dimensional = bits.peek(1) == Some(1);
            let Ok(()) = bits.consume(1);
        }
    }
    (marks < 2).then_some(is_one_dimensional)
}

enum RowError {
    BadCode,
    Extension,
}

/// A run length: codes for multiples of 64 and one below 64.
fn run(bits: &mut BitCursor<'_>, is_black: bool) -> Result<usize, RowError> {
    let mut run = 0;
    loop {
        let code = if is_black { black::decode(bits) } else { white::decode(bits) };
        let code = usize::from(code.ok_or(RowError::BadCode)?);
        run += code;
        if code < 64 {
            return Ok(run);
        }
    }
}

fn one_dimensional(bits: &mut BitCursor<'_>, width_px: usize) -> Result<Vec<usize>, RowError> {
    let mut changes = Vec::new();
    let (mut at, mut is_black) = (0, false);
    while at < width_px {
        at += run(bits, is_black)?;
        push(&mut changes, at);
        is_black = !is_black;
    }
    Ok(changes)
}

/// A change of colour; two at the same place are none.
fn push(changes: &mut Vec<usize>, at: usize) {
    if changes.last() == Some(&at) {
        changes.pop();
    } else {
        changes.push(at);
    }
}

/// A row described by what differs from the row above, whose changes of colour are `above`. Names as in T.4, 4.2.1.3:
/// `a0` is the place reached, `b1` the first change above to its right and to the other colour, `b2` the next.
fn two_dimensional(bits: &mut BitCursor<'_>, width_px: usize, above: &[usize]) -> Result<Vec<usize>, RowError> {
    let mut changes = Vec::new();
    let (mut a0, mut is_black, mut near) = (None, false, 0_usize);
    while a0.is_none_or(|a0| a0 < width_px) {
        near = near.saturating_sub(1);
        near += usize::from((near % 2 == 1) != is_black);
        while above.get(near).is_some_and(|&change| a0.is_some_and(|a0| change <= a0)) {
            near += 2;
        }
        let change_at = |index: usize| above.get(index).map_or(width_px, |&change| change.min(width_px));
        match mode::decode(bits).ok_or(RowError::BadCode)? {
            Mode::Pass => a0 = Some(change_at(near + 1)),
            Mode::Vertical(delta) => {
                let a1 = change_at(near).checked_add_signed(isize::from(delta));
                let a1 = a1.filter(|&a1| a0.is_none_or(|a0| a1 >= a0)).ok_or(RowError::BadCode)?;
                push(&mut changes, a1);
                is_black = !is_black;
                a0 = Some(a1);
            }
            Mode::Horizontal => {
                let a1 = a0.unwrap_or(0) + run(bits, is_black)?;
                let a2 = a1 + run(bits, !is_black)?;
                push(&mut changes, a1);
                push(&mut changes, a2);
                a0 = Some(a2);
            }
            Mode::Extension => return Err(RowError::Extension),
            Mode::EOF => return Err(RowError::BadCode),
        }
    }
    Ok(changes)
}

/// Adds a row of bits whose colour changes at `changes`.
fn paint(changes: &[usize], width_px: usize, row_bytes: usize, decoded: &mut Vec<u8>) {
    let start = decoded.len();
    decoded.resize(start + row_bytes, 0);
    let row = &mut decoded[start..];
    for run in changes.chunks(2) {
        let end = run.get(1).map_or(width_px, |&end| end.min(width_px));
        for x in run[0].min(end)..end {
            row[x / 8] |= 0x80 >> (x % 8);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Four rows of 8 pixels, coded by hand: T.4, tables 2 and 4.
    #[test]
    fn a_row_is_described_by_the_row_above() {
        // Horizontal 001, white 2 (0111), black 3 (10), V0 for the end; V0 V0 V0 repeats it; VR1 011, VL1 010, V0.
        let bits = "001 0111 10 1  1 1 1  011 010 1  000000000001 000000000001".replace(' ', "");
        let data: Vec<u8> = bits
            .as_bytes()
            .chunks(8)
            .map(|byte| byte.iter().enumerate().fold(0, |all, (at, &bit)| all | (bit - b'0') << (7 - at)))
            .collect();
        let expected = [0b0011_1000, 0b0011_1000, 0b0001_0000, 0];
        assert_eq!(decode(&data, Fax::Group4, 8, 4), Ok(expected.to_vec()));
        assert_eq!(decode(&data[..2], Fax::Group4, 8, 4), Err(FaxError::CutOff(2)));
        assert_eq!(decode(&[0x02; 20], Fax::Group4, 8, 1), Err(FaxError::Extension));
    }
}
