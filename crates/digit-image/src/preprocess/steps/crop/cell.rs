//! The lines of a table around its cell.

use crate::preprocess::ops::histogram::{histogram, quantile};
use crate::raster::{GrayPicture, RgbPicture};

use super::{Part, SMALLEST_PX, brightness};

/// Dark lines lie at least this many levels below the paper,
const LEAST_DEPTH: f64 = 24.0;
/// and this share of the way to the darkest pixels.
const DEPTH: f64 = 0.25;
/// The darkest pixels: this share is darker.
const DARKEST: f64 = 0.01;
/// Share of a side along which there is a line.
const COVER: f64 = 0.9;
/// Share of a side along which paper follows within the band.
const PAPER_AGAIN: f64 = 0.75;
/// The cut follows the line where it reaches deepest, but for this share of it, where strokes touch it.
const REACHED: f64 = 0.9;
/// What is cut of the corners is not looked at: there, the other lines cross.
const CORNER: f64 = 0.1;

/// The inside of a cell with a dark line along each of its four sides; `None` if one is missing.
pub(super) fn within_lines(picture: &RgbPicture, band: f64) -> Option<Part> {
    let (width, height) = (picture.width_px as usize, picture.height_px as usize);
    if width.min(height) < SMALLEST_PX {
        return None;
    }
    let gray = picture.map(brightness);
    let counts = histogram(gray.pixels.iter().copied());
    let (paper, darkest) = (f64::from(quantile(&counts, 0.5)), f64::from(quantile(&counts, DARKEST)));
    let dark = (paper - (DEPTH * (paper - darkest)).max(LEAST_DEPTH)).max(0.0) as u8;
    let turned = gray.transposed();
    let [top, left] = [&gray, &turned].map(|picture| line_end(picture, dark, band, false));
    let [bottom, right] = [&gray, &turned].map(|picture| line_end(picture, dark, band, true));
    let part = Part { left: left?, top: top?, right: width - right?, bottom: height - bottom? };
    is_written_on(&gray, part, dark).then_some(part)
}

/// How many rows from the upper border (or from the lower one) a line there and its soft edge take up.
fn line_end(picture: &GrayPicture, dark: u8, band: f64, from_below: bool) -> Option<usize> {
    let (width, height) = (picture.width_px as usize, picture.height_px as usize);
    let rows = (band * height as f64).ceil() as usize;
    let corner = (CORNER * width as f64) as usize;
    let inked = |x: usize, depth: usize| {
        let y = if from_below { height - 1 - depth } else { depth };
        picture.pixels[y * width + x] <= dark
    };
    let mut ends: Vec<usize> = Vec::new();
    let mut paper_again = 0;
    for x in corner..width - corner {
        let Some(first) = (0..rows).find(|&depth| inked(x, depth)) else { continue };
        let end = (first..=rows).find(|&depth| !inked(x, depth));
        paper_again += usize::from(end.is_some());
        ends.push(end.unwrap_or(rows + 1));
    }
    let looked_at = (width - 2 * corner) as f64;
    if (ends.len() as f64) < COVER * looked_at || (paper_again as f64) < PAPER_AGAIN * looked_at {
        return None;
    }
    ends.retain(|&end| end <= rows);
    ends.sort_unstable();
    // One row more: the line's soft edge.
    ends.get(((ends.len() - 1) as f64 * REACHED) as usize).map(|end| end + 1)
}

/// Whether something is left within the lines; otherwise they are the digit, such as an angular 0.
fn is_written_on(gray: &GrayPicture, part: Part, dark: u8) -> bool {
    let row = |y: usize| &gray.pixels[y * gray.width_px as usize..][part.left..part.right];
    let inked = (part.top..part.bottom).flat_map(row).filter(|&&value| value <= dark).count();
    inked as f64 >= 0.01 * (part.width() * part.height()) as f64
}
