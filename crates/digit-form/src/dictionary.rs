//! The marks in the corners: ArUco's dictionary `DICT_5X5_1000` as OpenCV has it, each with a black border of one cell
//! (Garrido-Jurado and others, Automatic generation and detection of highly reliable fiducial markers under
//! occlusion, 2014). Any two marks, in any turn, differ in five bits or more.
//!
//! The id of a mark divided by 4 leaves its corner: 0 upper left, 1 upper right, 2 lower right, 3 lower left. The rest
//! says which sheet it belongs to, see [`Sheet::marks`](crate::code::Sheet::marks).

mod table;

use table::MARKS;

/// Cells along a side, the border included.
pub const CELLS: usize = 7;
/// Cells along a side without the border.
pub(crate) const INNER: usize = CELLS - 2;
/// Marks of the dictionary.
pub(crate) const COUNT: usize = 1000;
/// Marks for each corner.
pub(crate) const PER_CORNER: u32 = COUNT as u32 / 4;
/// So many bits may be read wrongly. Two marks differ in five, so the nearest one is still the right one.
const MOST_WRONG: u32 = 1;

/// Names of the corners for messages.
pub(crate) const CORNERS: [&str; 4] = ["upper left", "upper right", "lower right", "lower left"];

/// The corner of a sheet that a mark stands in.
pub(crate) fn corner_of(id: u16) -> usize {
    usize::from(id % 4)
}

/// Whether a cell of a mark is white.
pub(crate) fn is_white(id: u16, column: usize, row: usize) -> bool {
    let inner = |at: usize| (1..=INNER).contains(&at);
    inner(column) && inner(row) && MARKS[usize::from(id)] >> place(column - 1, row - 1) & 1 == 1
}

/// The mark that shows these bits, and by how many quarter turns it is turned clockwise. One bit may be wrong.
pub(crate) fn find(bits: u32) -> Option<(u16, usize)> {
    let mut turned = bits;
    for turns in 0..4 {
        if let Some(id) = MARKS.iter().position(|mark| (mark ^ turned).count_ones() <= MOST_WRONG) {
            return Some((id as u16, turns));
        }
        turned = turned_back(turned);
    }
    None
}

/// Where the bit of a cell within the border stands.
fn place(column: usize, row: usize) -> usize {
    INNER * INNER - 1 - (INNER * row + column)
}

/// A quarter turn against the clock.
fn turned_back(bits: u32) -> u32 {
    let places = (0..INNER).flat_map(|row| (0..INNER).map(move |column| (column, row)));
    places.fold(0, |turned, (column, row)| turned << 1 | bits >> place(INNER - 1 - row, column) & 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mark_is_told_in_any_turn_and_with_a_wrong_bit() {
        for id in 0..COUNT as u16 {
            let mut bits = MARKS[usize::from(id)];
            for turns_back in 0..4 {
                assert_eq!(find(bits), Some((id, (4 - turns_back) % 4)));
                assert_eq!(find(bits ^ 1 << (id % 25)), Some((id, (4 - turns_back) % 4)));
                bits = turned_back(bits);
            }
            assert_eq!(bits, MARKS[usize::from(id)]);
        }
        assert_eq!((find(0), find(0x1ff_ffff)), (None, None));
    }

    #[test]
    fn marks_differ_in_five_bits() {
        // All pairs take a second in a debug build; every seventh mark with all others is enough.
        for (at, &one) in MARKS.iter().enumerate().step_by(7) {
            let mut turned = one;
            for turn in 0..4 {
                let others = MARKS.iter().enumerate().filter(|(other, _)| (*other, turn) != (at, 0));
                assert!(others.clone().all(|(_, mark)| (mark ^ turned).count_ones() >= 5), "{at} {turn}");
                turned = turned_back(turned);
            }
        }
    }

    #[test]
    fn the_border_is_black() {
        for at in 0..CELLS {
            for (column, row) in [(at, 0), (at, CELLS - 1), (0, at), (CELLS - 1, at)] {
                assert!(!is_white(17, column, row));
            }
        }
    }
}
