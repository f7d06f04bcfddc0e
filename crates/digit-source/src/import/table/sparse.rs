//! The text format of libsvm: `label index:value index:value ..`, indices from 1, zeros left out.

use stage_files::refuse;

use super::cell::number;

/// A line of the file.
pub(super) struct SparseRow {
    /// Its number, from 1.
    pub line: u64,
    /// Its label and its indices (from 0) with their values, or why it cannot be read.
    pub content: Result<(i64, Vec<(usize, f32)>), String>,
}

/// Largest index that is taken for one: pictures of 1024 x 1024 pixels.
const MAX_INDEX: usize = 1 << 20;

/// Whether a text is in this format: most of its first lines go on with `index:value` after the label.
pub(super) fn is_sparse(text: &str) -> bool {
    let lines = text.lines().filter(|line| !line.trim().is_empty()).take(20);
    let is_row = |line: &&str| line.split_ascii_whitespace().nth(1).and_then(entry).is_some();
    let (rows, all) = (lines.clone().filter(is_row).count(), lines.count());
    rows > 0 && 4 * rows >= 3 * all
}

/// The rows, and how many pixels they have: the largest index, or where that makes no picture the next number that
/// does, since pixels that are blank in all pictures are left out at the end, too (780 of 784 in MNIST's).
///
/// # Errors
/// No row can be read.
pub(super) fn read(text: &str, width_px: Option<u32>) -> anyhow::Result<(Vec<SparseRow>, usize)> {
    let lines = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
    let mut rows: Vec<SparseRow> = lines.map(|(line, text)| SparseRow { line, content: row(text) }).collect();
    let entries = || rows.iter().flat_map(|row| row.content.iter().flat_map(|(_, entries)| entries));
    let from_zero = entries().any(|(index, _)| *index == 0);
    let Some(largest) = entries().map(|(index, _)| *index).max() else {
        refuse!("no row with `index:value`; expected `label index:value index:value ..`");
    };
    // At least one pixel: index 1, or 0.
    let largest = if from_zero { largest + 1 } else { largest };
    if !from_zero {
        for (_, entries) in rows.iter_mut().filter_map(|row| row.content.as_mut().ok()) {
            entries.iter_mut().for_each(|(index, _)| *index -= 1);
        }
    }
    let pixels = match width_px {
        Some(width) => largest.next_multiple_of(width as usize),
        None => (largest - 1).isqrt().saturating_add(1).pow(2),
    };
    Ok((rows, pixels))
}

fn row(text: &str) -> Result<(i64, Vec<(usize, f32)>), String> {
    let text = text.split('#').next().unwrap_or(text);
    let mut cells = text.split_ascii_whitespace();
    let label = cells.next().unwrap_or_default();
    let Some(value) = number(label, '.').filter(|value| value.fract() == 0.0) else {
        return Err(format!("column 1: expected a label 0..9, found `{label}`"));
    };
    let entries = (2..).zip(cells).map(|(column, cell)| {
        let fault = || format!("column {column}: expected `index:value`, found `{cell}`");
        entry(cell).ok_or_else(fault)
    });
    Ok((value as i64, entries.collect::<Result<_, _>>()?))
}

fn entry(cell: &str) -> Option<(usize, f32)> {
    let (index, value) = cell.split_once(':')?;
    Some((index.parse().ok().filter(|&index| index <= MAX_INDEX)?, number(value, '.')?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_read_and_blank_pixels_at_the_end_completed() {
        let text = "5 1:0.5 3:1\n+3 2:-1 # note\n\nx 1:1\n4 1:z\n";
        assert!(is_sparse(text));
        let (rows, pixels) = read(text, None).unwrap();
        assert_eq!(pixels, 4);
        assert_eq!(rows[0].content, Ok((5, vec![(0, 0.5), (2, 1.0)])));
        assert_eq!(rows[1].content, Ok((3, vec![(1, -1.0)])));
        assert!(rows[2].content.as_ref().unwrap_err().contains("column 1: expected a label"));
        assert_eq!((rows[3].line, rows[3].content.clone().unwrap_err().contains("found `1:z`")), (5, true));
        assert_eq!(read(text, Some(3)).unwrap().1, 3);
    }

    #[test]
    fn indices_may_begin_with_0_and_tables_are_not_sparse() {
        let (rows, pixels) = read("1 0:7 3:9\n", None).unwrap();
        assert_eq!((pixels, rows[0].content.clone().unwrap().1), (4, vec![(0, 7.0), (3, 9.0)]));
        for text in ["1 2 3\n", "label,p0\n1,2\n", "", "time 12:30\nx\ny\n"] {
            assert!(!is_sparse(text), "{text}");
        }
    }
}
