//! The fast path against the strict reader, on files of every kind.

use super::*;
use crate::dataset::fast_path;
use proptest::prelude::*;
use proptest::strategy::ValueTree;

/// A file as other programs may write it, whole or damaged.
#[derive(Clone, Debug)]
struct Made {
    pixels: usize,
    labels: usize,
    rows: Vec<(Vec<u8>, usize)>,
    line_end: &'static str,
    bytes_before: &'static str,
    quoted_rows: bool,
    blank_lines_after: usize,
    ends_with_line_end: bool,
    /// Row, column and what stands there instead.
    wrong: Option<(usize, usize, &'static str)>,
    /// Place (modulo the length) and bytes that are put there.
    put: Option<(usize, Vec<u8>)>,
    /// Place (modulo the length) and number of bytes that are taken away.
    cut: Option<(usize, usize)>,
}

impl Made {
    fn bytes(&self) -> Vec<u8> {
        let header = Header { pixels: self.pixels, labels: format!("0-{}", self.labels - 1).parse().unwrap() };
        let mut lines = vec![header.line()];
        for (at, (pixels, class)) in self.rows.iter().enumerate() {
            let labels = (0..self.labels).map(|label| u8::from(label == class % self.labels));
            let cells = pixels.iter().copied().chain(labels).map(|value| value.to_string());
            let mut cells: Vec<String> =
                cells.map(|cell| if self.quoted_rows { format!("\"{cell}\"") } else { cell }).collect();
            if let Some((row, column, cell)) = self.wrong
                && row == at
            {
                let column = column % cells.len();
                cells[column] = cell.to_owned();
            }
            lines.push(cells.join(","));
        }
        lines.extend(std::iter::repeat_n(String::new(), self.blank_lines_after));
        let mut text = format!("{}{}", self.bytes_before, lines.join(self.line_end));
        if self.ends_with_line_end {
            text.push_str(self.line_end);
        }
        let mut bytes = text.into_bytes();
        if let Some((at, put)) = &self.put {
            let at = at % (bytes.len() + 1);
            bytes.splice(at..at, put.iter().copied());
        }
        if let Some((at, length)) = self.cut {
            let at = at % (bytes.len() + 1);
            let end = (at + length).min(bytes.len());
            bytes.drain(at..end);
        }
        bytes
    }
}

fn made() -> impl Strategy<Value = Made> {
    let paper_or_ink = prop_oneof![4 => Just(255u8), 4 => Just(0), 2 => any::<u8>()];
    let shape = (1..20usize, 1..5usize);
    let shape_and_rows = shape.prop_flat_map(move |(pixels, labels)| {
        let row = (prop::collection::vec(paper_or_ink.clone(), pixels), any::<usize>());
        (Just(pixels), Just(labels), prop::collection::vec(row, 0..9))
    });
    let ends = (
        prop_oneof![3 => Just("\n"), 1 => Just("\r\n")],
        prop_oneof![3 => Just(""), 1 => Just("\u{feff}")],
        prop::bool::weighted(0.2),
        0..3usize,
        any::<bool>(),
    );
    let cells = [
        "256", "-1", "1.5", "", " 7", "7 ", "007", "0255", "2", "\"9\"", "a", "1,1", "\u{e9}", "\r", "\n", "0", "1",
        "1",
    ];
    let wrong = prop::option::weighted(0.4, (0..9usize, any::<usize>(), prop::sample::select(cells.to_vec())));
    let put = prop::option::weighted(0.2, (any::<usize>(), prop::collection::vec(any::<u8>(), 1..3)));
    let cut = prop::option::weighted(0.2, (any::<usize>(), 1..40usize));
    (shape_and_rows, ends, wrong, put, cut).prop_map(|((pixels, labels, rows), ends, wrong, put, cut)| {
        let (line_end, bytes_before, quoted_rows, blank_lines_after, ends_with_line_end) = ends;
        Made {
            pixels,
            labels,
            rows,
            line_end,
            bytes_before,
            quoted_rows,
            blank_lines_after,
            ends_with_line_end,
            wrong,
            put,
            cut,
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn the_fast_path_and_any_block_size_give_what_the_strict_reader_gives(made in made(), block_bytes in 1..300usize) {
        let bytes = made.bytes();
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), &bytes).unwrap();
        let strict = Table::read(file.path(), 1 << 16, |_, _, _| None);
        let fast = Table::read(file.path(), block_bytes, fast_path::row);
        match (strict, fast) {
            (Ok(strict), Ok(fast)) => {
                prop_assert_eq!(&strict, &fast);
                prop_assert_eq!(strict.sha256, crate::digest::sha256_hex(&bytes));
            }
            (strict, fast) => {
                let (strict, fast) = (strict.map_err(|e| format!("{e:#}")), fast.map_err(|e| format!("{e:#}")));
                prop_assert_eq!(strict, fast);
            }
        }
    }
}

/// The strategy above must reach both ends, or it proves nothing.
#[test]
fn made_files_are_of_every_kind() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let file = tempfile::NamedTempFile::new().unwrap();
    let (mut whole, mut refused) = (0, std::collections::BTreeSet::new());
    for _ in 0..1500 {
        let bytes = made().new_tree(&mut runner).unwrap().current().bytes();
        std::fs::write(file.path(), &bytes).unwrap();
        match Table::read(file.path(), 100, fast_path::row) {
            Ok(_) => whole += 1,
            Err(error) => {
                let message = format!("{error:#}").replace(|c: char| c.is_ascii_digit(), "");
                let kinds = [
                    "an integer",
                    "too short",
                    "too long",
                    "empty line",
                    "UTF-",
                    "one label",
                    "only zeros",
                    "at least one row",
                ];
                refused.extend(kinds.into_iter().filter(|kind| message.contains(kind)));
            }
        }
    }
    assert!(whole > 300 && refused.len() == 8, "{whole} whole, refused: {refused:?}");
}

#[test]
fn a_line_without_end_is_refused_before_it_fills_the_memory() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), format!("pixel1,isOne\n1,1\n{}", "1".repeat(2 * MAX_LINE_BYTES))).unwrap();
    let error = Table::read(file.path(), blocks::BLOCK_BYTES, fast_path::row).unwrap_err();
    assert!(format!("{error:#}").contains("line 3: longer than 5242880 bytes"), "{error:#}");
}

#[test]
fn many_empty_lines_take_no_memory_for_rows() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let header = Header { pixels: 100_000, labels: "1".parse().unwrap() }.line();
    std::fs::write(file.path(), format!("{header}\n{}", "\n".repeat(2_000_000))).unwrap();
    // A row for every line would be 800 GB.
    let error = Table::read(file.path(), blocks::BLOCK_BYTES, fast_path::row).unwrap_err();
    assert!(format!("{error:#}").contains("expected at least one row"), "{error:#}");
}
