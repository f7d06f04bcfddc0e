//! A contact sheet, to see with one's own eyes what writers and faces write: a row a writer or face, two drawings of
//! each digit.
//!
//! ```text
//! digit-lab contact-sheet docs/contact-sheet.png 0..8
//! digit-lab contact-sheet fonts.png fonts --size 8
//! ```

use std::ops::Range;
use std::path::Path;

use anyhow::{Context, Result};
use digit_source::draw::{DrawnBy, DrawnSpec, FACES, Picture, Size, render};

/// Side of the square that each picture gets, in pixels.
const CELL_PX: usize = 160;
/// Drawings of each digit.
const DRAWINGS: u32 = 2;

/// Writes the sheet of drawings of `size`, 20 or 8; `writers` are `fonts`, or drawn writers such as `0..16`.
pub(crate) fn write(file: &Path, size: u8, writers: &str) -> Result<()> {
    let size = Size::of_number(size).with_context(|| format!("size {size}: expected 20 or 8"))?;
    let writers: Vec<DrawnBy> = match writers {
        "fonts" => (0..FACES.len()).map(DrawnBy::Face).collect(),
        writers => numbers(writers)?.map(DrawnBy::Writer).collect(),
    };
    let columns = 10 * DRAWINGS as usize;
    let mut sheet = Picture {
        width_px: (columns * CELL_PX) as u32,
        height_px: (writers.len() * CELL_PX) as u32,
        rgb: vec![255; 3 * columns * writers.len() * CELL_PX * CELL_PX],
    };
    for (row, &by) in writers.iter().enumerate() {
        for column in 0..columns {
            let (label, n) = (column as u32 / DRAWINGS, column as u32 % DRAWINGS);
            let picture = render(&DrawnSpec { label: label as u8, size, by, n }, 1)?;
            paste(&mut sheet, &picture, column * CELL_PX, row * CELL_PX);
        }
    }
    Ok(fs_err::write(file, half(&sheet).to_png()?)?)
}

/// The picture at half its width and height, so that the file suits a page: each pixel the mean of four.
fn half(picture: &Picture) -> Picture {
    let (width_px, height_px) = (picture.width_px / 2, picture.height_px / 2);
    let at = |x: usize, y: usize| usize::from(picture.rgb[3 * (y * picture.width_px as usize) + x]);
    let mut rgb = Vec::with_capacity(3 * (width_px * height_px) as usize);
    for y in 0..height_px as usize {
        for x in 0..3 * width_px as usize {
            let left = x / 3 * 6 + x % 3;
            let sum: usize = [(0, 0), (3, 0), (0, 1), (3, 1)].iter().map(|(dx, dy)| at(left + dx, 2 * y + dy)).sum();
            rgb.push((sum / 4) as u8);
        }
    }
    Picture { width_px, height_px, rgb }
}

/// `from..to`, at least one number.
fn numbers(text: &str) -> Result<Range<u32>> {
    let range = text.split_once("..").and_then(|(from, to)| Some(from.parse().ok()?..to.parse().ok()?));
    range.filter(|range| !range.is_empty()).with_context(|| format!("writers {text}: expected a range such as 0..16"))
}

/// Copies the picture, which is no larger than a cell, into the sheet.
fn paste(sheet: &mut Picture, picture: &Picture, left: usize, top: usize) {
    let (row_bytes, sheet_row_bytes) = (picture.width_px as usize * 3, sheet.width_px as usize * 3);
    for (row, pixels) in picture.rgb.chunks_exact(row_bytes).enumerate() {
        let start = (top + row) * sheet_row_bytes + left * 3;
        sheet.rgb[start..start + row_bytes].copy_from_slice(pixels);
    }
}
