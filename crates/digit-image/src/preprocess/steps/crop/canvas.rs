//! A plain canvas around the paper, as programs add it that make all pictures alike in size.

use crate::preprocess::ops::histogram::{histogram, quantile};
use crate::raster::RgbPicture;

use super::{Part, SMALLEST_PX, brightness};

/// Pixels of a canvas differ from its colour by at most this, as JPEG leaves them.
const PLAIN: u8 = 6;
/// The paper's edge: this share of a row or column is no canvas. The edge of a digit is not so straight.
const STRAIGHT: f64 = 0.95;
/// Levels by which ink differs from the paper.
const INK: u8 = 12;
/// Ink covers at least this share of the paper.
const LEAST_INK: f64 = 0.004;

/// The paper on a plain canvas; `None` without one.
pub(super) fn paper_on(picture: &RgbPicture) -> Option<Part> {
    let (width, height) = (picture.width_px as usize, picture.height_px as usize);
    let canvas = picture.pixels[0];
    let plain = |pixel: &[u8; 3]| pixel.iter().zip(canvas).all(|(&a, b)| a.abs_diff(b) <= PLAIN);
    let at = |x: usize, y: usize| &picture.pixels[y * width + x];
    let row_is_plain = |y: &usize| picture.pixels[y * width..][..width].iter().all(plain);
    let column_is_plain = |x: &usize| (0..height).all(|y| plain(at(*x, y)));
    let top = (0..height).take_while(row_is_plain).count();
    let bottom = height - (0..height).rev().take_while(row_is_plain).count();
    let left = (0..width).take_while(column_is_plain).count();
    let right = width - (0..width).rev().take_while(column_is_plain).count();
    if top >= bottom || left >= right {
        return None;
    }
    let paper = Part { left, top, right, bottom };
    if (paper.width(), paper.height()) == (width, height) || paper.width().min(paper.height()) < SMALLEST_PX {
        return None;
    }
    // One pixel further in: the outermost ones are soft when the picture was scaled.
    let (first_row, last_row, first_column, last_column) = (top + 1, bottom - 2, left + 1, right - 2);
    let straight = |line: &mut dyn Iterator<Item = &[u8; 3]>| {
        let (mut all, mut beyond) = (0_usize, 0_usize);
        for pixel in line {
            all += 1;
            beyond += usize::from(!plain(pixel));
        }
        beyond as f64 >= STRAIGHT * all as f64
    };
    let level = |y: usize| straight(&mut (left..right).map(|x| at(x, y)));
    let upright = |x: usize| straight(&mut (top..bottom).map(|y| at(x, y)));
    let edges = level(first_row) && level(last_row) && upright(first_column) && upright(last_column);
    (edges && is_written_on(picture, paper, canvas)).then_some(paper)
}

/// Whether a part is paper with ink on it: most of it as bright as its rim, some of it not. A mere bar is neither.
fn is_written_on(picture: &RgbPicture, paper: Part, canvas: [u8; 3]) -> bool {
    let Part { left, top, right, bottom } = paper;
    let width = picture.width_px as usize;
    let at = |x: usize, y: usize| brightness(picture.pixels[y * width + x]);
    let ends = (left..right).flat_map(|x| [at(x, top + 1), at(x, bottom - 2)]);
    let sides = (top..bottom).flat_map(|y| [at(left + 1, y), at(right - 2, y)]);
    let rim = quantile(&histogram(ends.chain(sides)), 0.5);
    let all = || (top..bottom).flat_map(|y| (left..right).map(move |x| (x, y))).map(|(x, y)| at(x, y));
    let usual = quantile(&histogram(all()), 0.5);
    let inked = all().filter(|value| value.abs_diff(usual) > INK).count();
    let even = 2 * u16::from(usual.abs_diff(rim)) <= u16::from(rim.abs_diff(brightness(canvas)));
    even && inked as f64 >= LEAST_INK * (paper.width() * paper.height()) as f64
}
