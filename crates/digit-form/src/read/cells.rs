//! The boxes of a sheet: found by their own lines, cut out, and told whether they hold a digit.

use digit_image::raster::{GrayPicture, RgbPicture};
use image::RgbImage;
use imageproc::geometric_transformations::{Border, Interpolation, Projection, warp_into};

use crate::layout::{BOX_MM, Cell, LINE_MM};

use super::content::{Content, content};
use super::frame::{self, Side};
use super::homography::Homography;
use super::ink::Ink;
use super::sampler::Sampler;
use super::square::{AROUND_PX, CUT_PX, WIDE_PX};

/// What is cut begins this far within the middle of a line,
const INSET_MM: f64 = LINE_MM / 2.0 + 0.35;
/// and so far where the line is blurred and reaches into it.
const BLURRED_INSET_MM: f64 = LINE_MM / 2.0 + 0.75;

type Point = (f64, f64);

/// A box in the picture.
#[derive(Clone, Debug)]
pub struct Cut {
    /// Label and number.
    pub cell: Cell,
    /// The corners of what was cut out, or would have been, in pixels of the picture: upper left, then clockwise.
    pub corners: [Point; 4],
    /// What stands in it.
    pub content: Content,
    /// Whether its printed lines were found.
    pub(super) is_found: bool,
}

/// Cuts all boxes.
pub(super) fn cut(picture: &RgbPicture, gray: &GrayPicture, to_photo: &Homography, cells: &[Cell]) -> Vec<Cut> {
    let samples = picture.pixels.as_flattened().to_vec();
    let Some(colour) = RgbImage::from_raw(picture.width_px, picture.height_px, samples) else { return Vec::new() };
    let sampler = Sampler::new(gray);
    let one = |cell: &Cell| match frame::find(&sampler, to_photo, cell) {
        Ok(sides) => within_lines(&colour, to_photo, cell, &sides),
        Err(reason) => {
            let straight = [Side { first_mm: 0.0, last_mm: 0.0 }; 4];
            let corners = inner_corners(cell, &straight, INSET_MM).map(|corner| to_photo.apply(corner));
            Cut { cell: *cell, corners, content: Content::Doubtful(reason), is_found: false }
        }
    };
    cells.iter().map(one).collect()
}

/// What stands within the lines of a box.
fn within_lines(colour: &RgbImage, to_photo: &Homography, cell: &Cell, sides: &[Side; 4]) -> Cut {
    let at_inset = |inset_mm: f64| {
        let corners = inner_corners(cell, sides, inset_mm).map(|corner| to_photo.apply(corner));
        (corners, cut_out(colour, corners).map(|wide| (Ink::of(&wide), wide)))
    };
    let (mut corners, mut cut) = at_inset(INSET_MM);
    if cut.as_ref().is_ok_and(|(ink, _)| ink.touches_border()) {
        // A blurred line, or a stroke that reaches it. Ink that leaves the border free a little further in
        // has nothing to do with what is at the line.
        let (within, again) = at_inset(BLURRED_INSET_MM);
        if again.as_ref().is_ok_and(|(ink, _)| !ink.touches_border()) {
            (corners, cut) = (within, again);
        }
    }
    let content = match cut {
        Ok((ink, wide)) => content(&ink, &wide),
        Err(reason) => Content::Doubtful(reason),
    };
    Cut { cell: *cell, corners, content, is_found: true }
}

/// The corners of what is cut out, on the sheet: where the lines, moved inwards, meet.
fn inner_corners(cell: &Cell, [top, right, bottom, left]: &[Side; 4], inset_mm: f64) -> [Point; 4] {
    let corner = |level: &Side, upright: &Side, (across, down): (f64, f64)| {
        let x = across * BOX_MM + upright.at(down) + inset_mm * (1.0 - 2.0 * across);
        let y = down * BOX_MM + level.at(across) + inset_mm * (1.0 - 2.0 * down);
        (cell.left_mm + x, cell.top_mm + y)
    };
    [
        corner(top, left, (0.0, 0.0)),
        corner(top, right, (1.0, 0.0)),
        corner(bottom, right, (1.0, 1.0)),
        corner(bottom, left, (0.0, 1.0)),
    ]
}

/// What lies within four corners of the picture, as a square, with the paper around it.
fn cut_out(colour: &RgbImage, corners: [Point; 4]) -> Result<RgbPicture, String> {
    // imageproc takes the middle of the first pixel for 0, 0.
    let from = corners.map(|(x, y)| (x as f32 - 0.5, y as f32 - 0.5));
    let (width, height) = (f64::from(colour.width()), f64::from(colour.height()));
    if corners.iter().any(|&(x, y)| x < 0.0 || y < 0.0 || x > width || y > height) {
        return Err("it is not whole in the picture".to_owned());
    }
    let (near, far) = (AROUND_PX as f32, (AROUND_PX + CUT_PX) as f32);
    let to = [(near, near), (far, near), (far, far), (near, far)].map(|(x, y)| (x - 0.5, y - 0.5));
    let projection = Projection::from_control_points(from, to).ok_or("its lines make no box")?;
    let mut cut = RgbImage::new(WIDE_PX, WIDE_PX);
    warp_into(colour, projection, Interpolation::Bilinear, Border::Replicate, &mut cut);
    Ok(RgbPicture { width_px: WIDE_PX, height_px: WIDE_PX, pixels: cut.into_raw().as_chunks().0.to_vec() })
}
