//! The columns of a table without a header, told by their numbers. A label is never guessed: where the first and the
//! last column could both be it, or none is plainly one, the user is asked.

use stage_files::refuse;

use super::by_name::column_of;
use super::grid::Grid;
use super::layout::{Label, LabelColumn, Layout};

const ASK: &str = "give --label-column first, last or its number";

/// How well a column would do as labels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// It is none: other numbers stand in it, or nothing but 0, as in the corner of a picture.
    No,
    /// It could be one, but so could a column of pixels: few digits, or mostly the same one.
    Perhaps,
    /// At least three digits, none of them in more than three of four rows.
    Yes,
}

/// Finds the columns of a table without a header.
///
/// # Errors
/// The label column is not plain.
pub(super) fn layout(grid: &Grid<'_>, width_px: Option<u32>, asked: Option<&LabelColumn>) -> anyhow::Result<Layout> {
    let mut passed_over = Vec::new();
    let asked_column = asked.map(|asked| column_of(&vec![String::new(); grid.columns], asked)).transpose()?;
    let mut rest: Vec<usize> = (0..grid.columns).collect();
    rest.retain(|&column| {
        let is_other = Some(column) != asked_column && grid.is_without_numbers(column);
        if is_other {
            passed_over.push((column, "no numbers"));
        }
        !is_other
    });
    let is_shape = |pixels: usize| match width_px {
        Some(width) => pixels > 0 && pixels.is_multiple_of(width as usize),
        None => pixels > 0 && pixels.isqrt().pow(2) == pixels,
    };
    // Row numbers first: only where one column less makes a picture.
    if let Some(&first) = rest.first()
        && Some(first) != asked_column
        && grid.is_count(first)
        && !is_shape(rest.len() - 1)
        && rest.len() > 2
        && is_shape(rest.len() - 2)
    {
        passed_over.push((first, "row numbers"));
        rest.remove(0);
    }
    let label = match asked_column {
        Some(column) => Label::One(column),
        None => one_hot(grid, &rest, is_shape).map_or_else(|| single(grid, &rest, is_shape), Ok)?,
    };
    rest.retain(|column| !label.has(*column));
    Ok(Layout { label, pixels: rest, passed_over })
}

fn single(grid: &Grid<'_>, columns: &[usize], is_shape: impl Fn(usize) -> bool) -> anyhow::Result<Label> {
    let (Some(&first), Some(&last)) = (columns.first(), columns.last()) else {
        refuse!("no column holds numbers; expected pixels and a label");
    };
    if !is_shape(columns.len() - 1) && is_shape(columns.len()) {
        let side = columns.len().isqrt();
        refuse!(
            "no header, and the {} columns make a picture of {side}x{side} pixels without a label, as in a table for \
             prediction; give a table with labels, or {ASK}",
            columns.len()
        );
    }
    match (fit(grid, first), fit(grid, last)) {
        (Fit::Yes, Fit::No) => Ok(Label::One(first)),
        (Fit::No, Fit::Yes) => Ok(Label::One(last)),
        (Fit::No, Fit::No) => {
            refuse!("no header, and neither the first nor the last column plainly holds digits 0..9; {ASK}")
        }
        (Fit::No, _) | (_, Fit::No) => refuse!(
            "no header, and too few different digits in the first and the last column to be sure that one of them is \
             the label; {ASK}"
        ),
        _ => refuse!("no header, and the label may be the first or the last column, which both hold digits; {ASK}"),
    }
}

fn fit(grid: &Grid<'_>, column: usize) -> Fit {
    let mut of_digit = [0usize; 11];
    let (mut digits, mut others) = (0, 0);
    for value in grid.column(column) {
        match value {
            0.0..=10.0 if value.fract() == 0.0 => {
                of_digit[value as usize] += 1;
                digits += 1;
            }
            _ => others += 1,
        }
    }
    // Two cells in a hundred, and one in any case, may be slips.
    if others > 1.max(grid.rows.len() / 50) || digits == of_digit[0] {
        return Fit::No;
    }
    let distinct = of_digit.iter().filter(|&&rows| rows > 0).count();
    let most = of_digit.into_iter().max().unwrap_or(0);
    if distinct >= 3 && 4 * most <= 3 * digits { Fit::Yes } else { Fit::Perhaps }
}

/// Ten columns at one end that hold one 1 and nine 0 in (nearly) every row, beside columns that make a picture.
fn one_hot(grid: &Grid<'_>, columns: &[usize], is_shape: impl Fn(usize) -> bool) -> Option<Label> {
    let pixels = columns.len().checked_sub(10)?;
    if !is_shape(pixels) || is_shape(columns.len() - 1) {
        return None;
    }
    let is_one_hot = |ten: &[usize]| {
        let hot = |row: &&super::grid::Row<'_>| {
            let values = ten.iter().map(|&at| row.values[at]);
            values.clone().filter(|v| *v == 1.0).count() == 1 && values.filter(|v| *v == 0.0).count() == 9
        };
        grid.rows.iter().filter(hot).count() * 10 >= grid.rows.len() * 9
    };
    let (head, tail) = (&columns[..10], &columns[pixels..]);
    let ten = match (is_one_hot(head), is_one_hot(tail)) {
        (true, false) => head,
        (false, true) => tail,
        _ => return None,
    };
    Some(Label::OneHot(ten.iter().copied().zip(0..).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A table of 2x2 pixels without a header: row numbers from `first`, `last` and constant pixels.
    fn table(rows: usize, cell: impl Fn(usize, usize) -> u32, columns: usize) -> String {
        let row = |r| (0..columns).map(|c| cell(r, c).to_string()).collect::<Vec<_>>().join(",");
        (0..rows).map(|r| row(r) + "\n").collect()
    }

    fn label(text: &str) -> Result<Label, String> {
        let grid = Grid::parse(text).unwrap();
        assert!(grid.header.is_none());
        layout(&grid, None, None).map(|layout| layout.label).map_err(|error| error.to_string())
    }

    #[test]
    fn a_label_at_one_end_beside_a_blank_or_gray_corner_is_found() {
        let digit = |r: usize| (r * 7 % 10) as u32;
        for corner in [0, 200] {
            let first = table(
                30,
                |r, c| {
                    if c == 0 {
                        digit(r)
                    } else if c == 4 {
                        corner
                    } else {
                        90 + r as u32
                    }
                },
                5,
            );
            let last = table(
                30,
                |r, c| {
                    if c == 4 {
                        digit(r)
                    } else if c == 0 {
                        corner
                    } else {
                        90 + r as u32
                    }
                },
                5,
            );
            assert_eq!(label(&first), Ok(Label::One(0)));
            assert_eq!(label(&last), Ok(Label::One(4)));
        }
    }

    #[test]
    fn what_could_be_a_label_at_both_ends_is_never_guessed() {
        let two_classes = |r: usize| if r.is_multiple_of(2) { 0 } else { 2 };
        let corner = |r: usize| (r * 5 % 7) as u32;
        for (first, last) in [
            (Box::new(two_classes) as Box<dyn Fn(usize) -> u32>, Box::new(corner) as Box<dyn Fn(usize) -> u32>),
            (Box::new(corner), Box::new(two_classes)),
            (Box::new(corner), Box::new(corner)),
            // One class only: the constant column may be the label.
            (Box::new(|_| 3), Box::new(corner)),
            (Box::new(|_| 0), Box::new(two_classes)),
            (Box::new(|_| 1), Box::new(|_| 1)),
            // A corner that is mostly blank, and letters.
            (Box::new(|r| u32::from(r == 3) * 7), Box::new(|r| r as u32 % 26)),
        ] {
            let text = table(
                40,
                |r, c| match c {
                    0 => first(r),
                    4 => last(r),
                    _ => 77,
                },
                5,
            );
            let reason = label(&text).unwrap_err();
            assert!(reason.contains("--label-column first, last"), "{reason}");
        }
    }

    #[test]
    fn slips_in_the_label_do_not_make_the_corner_a_label() {
        let text = table(
            60,
            |r, c| match c {
                0 => 0,
                4 if r == 9 => 55,
                4 => r as u32 % 10,
                _ => 88,
            },
            5,
        );
        assert_eq!(label(&text), Ok(Label::One(4)));
    }

    #[test]
    fn one_hot_columns_at_either_end_row_numbers_and_file_names() {
        let hot = |r: usize, c: usize| u32::from(r * 3 % 10 == c);
        let last = table(20, |r, c| if c >= 9 { hot(r, c - 9) } else { u32::from((r + c).is_multiple_of(3)) }, 19);
        assert!(matches!(label(&last), Ok(Label::OneHot(columns)) if columns[0] == (9, 0)));
        let first = table(20, |r, c| if c < 10 { hot(r, c) } else { u32::from((r + c).is_multiple_of(3)) }, 19);
        assert!(matches!(label(&first), Ok(Label::OneHot(columns)) if columns[9] == (9, 9)));
        let digit = |r: usize| (r * 7 % 10) as u32;
        let counted = table(
            30,
            |r, c| match c {
                0 => r as u32,
                1 => digit(r),
                _ => 100,
            },
            6,
        );
        let grid = Grid::parse(&counted).unwrap();
        let found = layout(&grid, None, None).unwrap();
        assert_eq!((found.label, found.passed_over), (Label::One(1), vec![(0, "row numbers")]));
    }

    #[test]
    fn a_table_without_a_label_is_named() {
        let reason = label(&table(20, |r, c| (r * c) as u32 % 256, 9)).unwrap_err();
        assert!(reason.contains("3x3 pixels without a label"), "{reason}");
    }
}
