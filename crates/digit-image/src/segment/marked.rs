//! A copy of the picture with boxes around what was found.

use crate::raster::RgbPicture;

use super::{Area, Segments, What};

/// Around digits.
pub const GREEN: [u8; 3] = [0, 160, 70];
/// Around what cannot be used.
pub const RED: [u8; 3] = [220, 30, 40];
/// Lines are one pixel thick for so many of the picture's longer side, and at least 2.
const PX_A_LINE_PX: u32 = 500;

/// Rows of a 3 by 5 grid for each digit, the highest bit on the left.
const FIGURES: [[u8; 5]; 10] = [
    [7, 5, 5, 5, 7],
    [2, 6, 2, 2, 7],
    [7, 1, 7, 4, 7],
    [7, 1, 7, 1, 7],
    [5, 5, 7, 1, 1],
    [7, 4, 7, 1, 7],
    [7, 4, 7, 5, 7],
    [7, 1, 2, 2, 2],
    [7, 5, 7, 5, 7],
    [7, 5, 7, 1, 7],
];

/// The picture with a box around each of `labels`, which are for all that was found, line by line: green with the
/// label at its upper left corner, red where there is no label or where digits touch.
pub fn marked(picture: &RgbPicture, segments: &Segments, labels: &[Option<u8>]) -> RgbPicture {
    let mut marked = picture.clone();
    for (found, label) in segments.lines.iter().flatten().zip(labels) {
        let is_read = found.what == What::Digit && label.is_some();
        let colour = if is_read { GREEN } else { RED };
        draw_box(&mut marked, &found.area, colour);
        if let (true, Some(label)) = (is_read, label) {
            draw_figure(&mut marked, *label, &found.area, colour);
        }
    }
    marked
}

/// Writes a digit beside the upper left corner of an area, a sixth as high.
fn draw_figure(picture: &mut RgbPicture, figure: u8, area: &Area, colour: [u8; 3]) {
    let dot = (area.height_px / 30).max(2);
    let rows = FIGURES.get(usize::from(figure)).into_iter().flatten();
    for (row, bits) in (0_u32..).zip(rows) {
        for column in (0_u32..3).filter(|column| bits >> (2 - column) & 1 == 1) {
            let left = area.left.saturating_sub(4 * dot) + column * dot;
            let top = area.top.saturating_sub(6 * dot) + row * dot;
            for (x, y) in (top..top + dot).flat_map(|y| (left..left + dot).map(move |x| (x, y))) {
                if x < picture.width_px && y < picture.height_px {
                    picture.pixels[y as usize * picture.width_px as usize + x as usize] = colour;
                }
            }
        }
    }
}

/// Draws a box around an area, outside of it as far as the picture reaches.
pub fn draw_box(picture: &mut RgbPicture, area: &Area, colour: [u8; 3]) {
    let thick = (picture.width_px.max(picture.height_px) / PX_A_LINE_PX).max(2);
    let (left, top) = (area.left.saturating_sub(2 * thick), area.top.saturating_sub(2 * thick));
    let right = (area.left + area.width_px + 2 * thick).min(picture.width_px);
    let bottom = (area.top + area.height_px + 2 * thick).min(picture.height_px);
    for y in top..bottom {
        let is_level = y < top + thick || y + thick >= bottom;
        for x in left..right {
            if is_level || x < left + thick || x + thick >= right {
                picture.pixels[y as usize * picture.width_px as usize + x as usize] = colour;
            }
        }
    }
}
