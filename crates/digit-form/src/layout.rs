//! Where everything stands on a sheet, in millimetres from its upper left corner.
//!
//! The layout follows from paper, labels and the number of boxes for each label, which the code on the sheet names. So
//! a sheet is read without the file that printed it. A change of the layout raises [`EDITION`].

use std::fmt;
use std::str::FromStr;

use stage_files::labels::LabelSet;

/// The edition of the layout, which the code names.
pub const EDITION: u32 = 1;

/// Side of a mark.
pub const MARK_MM: f64 = 12.0;
/// Between the border of the paper and marks, boxes and text: more than printers leave out.
pub const MARGIN_MM: f64 = 10.0;
/// Side of a box, from the middle of a line to that of the opposite one.
pub const BOX_MM: f64 = 14.0;
/// Thickness of its lines.
pub const LINE_MM: f64 = 0.4;
/// Side of a module of the code.
pub const MODULE_MM: f64 = 0.62;

/// From the upper border of the paper to the first samples.
const HEADER_MM: f64 = 42.0;
/// From a row of boxes to the next one.
const ROW_MM: f64 = 21.0;
/// Height of the sample above a box with the paper around it.
const SAMPLE_MM: f64 = 5.0;
/// Boxes stand at most so far apart, from left to left.
const WIDEST_MM: f64 = 23.0;
/// Most boxes in a row.
const COLUMNS: u32 = 11;
/// Most boxes for a label.
pub const MOST_PER_LABEL: u32 = 99;

/// Size of the paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paper {
    /// 210 by 297 mm.
    A4,
    /// 8.5 by 11 inches.
    Letter,
}

impl Paper {
    /// All sizes.
    pub const ALL: [Self; 2] = [Self::A4, Self::Letter];

    /// Width and height.
    pub fn size_mm(self) -> (f64, f64) {
        match self {
            Self::A4 => (210.0, 297.0),
            Self::Letter => (215.9, 279.4),
        }
    }

    /// The upper left corner of each mark: upper left, upper right, lower right, lower left.
    pub fn marks_mm(self) -> [(f64, f64); 4] {
        let (width, height) = self.size_mm();
        let (right, bottom) = (width - MARGIN_MM - MARK_MM, height - MARGIN_MM - MARK_MM);
        [(MARGIN_MM, MARGIN_MM), (right, MARGIN_MM), (right, bottom), (MARGIN_MM, bottom)]
    }

    /// The upper left corner of the code.
    pub fn code_mm(self) -> (f64, f64) {
        (self.size_mm().0 - MARGIN_MM - MARK_MM - 34.0, MARGIN_MM)
    }
}

impl fmt::Display for Paper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::A4 => "a4",
            Self::Letter => "letter",
        })
    }
}

impl FromStr for Paper {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let paper = Self::ALL.into_iter().find(|paper| paper.to_string() == text.to_ascii_lowercase());
        paper.ok_or_else(|| format!("expected a4 or letter, found `{text}`"))
    }
}

/// What a form asks for.
#[derive(Clone, Debug, PartialEq)]
pub struct Layout {
    /// The paper.
    pub paper: Paper,
    /// The digits.
    pub labels: LabelSet,
    /// Boxes for each digit, 1 to [`MOST_PER_LABEL`].
    pub per_label: u32,
}

/// A box.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cell {
    /// The digit to be written.
    pub label: u8,
    /// Its number among the boxes of this digit, from 1.
    pub number: u32,
    /// The left line's middle.
    pub left_mm: f64,
    /// The upper line's middle.
    pub top_mm: f64,
}

impl Layout {
    /// Pages of a form.
    pub fn pages(&self) -> u32 {
        let rows = self.labels.len() as u32 * self.rows_a_label();
        rows.div_ceil(self.rows_a_page()).max(1)
    }

    /// The boxes of a page, from 1.
    pub fn cells(&self, page: u32) -> Vec<Cell> {
        let (columns, rows_a_label) = (self.columns(), self.rows_a_label());
        let inner_mm = self.paper.size_mm().0 - 2.0 * MARGIN_MM;
        let step_mm = ((inner_mm - BOX_MM) / f64::from(columns - 1).max(1.0)).min(WIDEST_MM);
        let left_mm = (self.paper.size_mm().0 - step_mm * f64::from(columns - 1) - BOX_MM) / 2.0;
        let first = (page - 1) * self.rows_a_page();
        let rows = self.labels.as_slice().iter().flat_map(|&label| (0..rows_a_label).map(move |row| (label, row)));
        let rows = rows.skip(first as usize).take(self.rows_a_page() as usize);
        let mut cells = Vec::new();
        for (row, (label, row_of_label)) in (0_u32..).zip(rows) {
            for column in 0..columns {
                let number = row_of_label * columns + column + 1;
                if number <= self.per_label {
                    let left_mm = left_mm + step_mm * f64::from(column);
                    let top_mm = HEADER_MM + SAMPLE_MM + ROW_MM * f64::from(row);
                    cells.push(Cell { label, number, left_mm, top_mm });
                }
            }
        }
        cells
    }

    fn columns(&self) -> u32 {
        // Rows of one length: 12 boxes are two rows of 6.
        self.per_label.div_ceil(self.rows_a_label())
    }

    fn rows_a_label(&self) -> u32 {
        self.per_label.div_ceil(COLUMNS)
    }

    fn rows_a_page(&self) -> u32 {
        // The last row keeps off the lower marks.
        let room_mm = self.paper.size_mm().1 - HEADER_MM - MARGIN_MM - MARK_MM - 3.0;
        (room_mm / ROW_MM) as u32
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Whatever is asked for: each box is on one page, on the paper, off the marks, the code and each other.
        #[test]
        fn every_box_is_there_once_and_free(
            is_letter: bool,
            labels in prop::collection::btree_set(0..10_u8, 1..=10),
            per_label in 1..=MOST_PER_LABEL,
        ) {
            let paper = if is_letter { Paper::Letter } else { Paper::A4 };
            let labels = LabelSet::new(labels.into_iter().collect()).unwrap();
            let layout = Layout { paper, labels, per_label };
            let pages: Vec<Vec<Cell>> = (1..=layout.pages()).map(|page| layout.cells(page)).collect();
            let all: BTreeSet<(u8, u32)> = pages.iter().flatten().map(|cell| (cell.label, cell.number)).collect();
            prop_assert_eq!(all.len(), layout.labels.len() * per_label as usize);
            prop_assert_eq!(pages.iter().map(Vec::len).sum::<usize>(), all.len());
            let (width, height) = paper.size_mm();
            let code_bottom = paper.code_mm().1 + MODULE_MM * crate::code::MODULES as f64;
            for cells in &pages {
                prop_assert!(!cells.is_empty());
                for (at, cell) in cells.iter().enumerate() {
                    prop_assert!(cell.left_mm >= MARGIN_MM - 0.1 && cell.left_mm + BOX_MM <= width - MARGIN_MM + 0.1);
                    prop_assert!(cell.top_mm - SAMPLE_MM > code_bottom - 0.5);
                    prop_assert!(cell.top_mm + BOX_MM < height - MARGIN_MM - MARK_MM, "{cell:?}");
                    let is_free = cells[..at].iter().all(|other| {
                        (other.left_mm - cell.left_mm).abs() > BOX_MM + 2.0 || (other.top_mm - cell.top_mm).abs() > 20.0
                    });
                    prop_assert!(is_free, "{cell:?}");
                }
            }
        }
    }

    #[test]
    fn all_digits_eight_times_are_one_page() {
        for paper in Paper::ALL {
            let usual = Layout { paper, labels: "0-9".parse().unwrap(), per_label: 8 };
            assert_eq!(usual.pages(), 1, "{paper}");
        }
    }
}
