//! Where the sheet lies in the picture: one mark for each corner, all of one sheet, all 16 of their corners where one
//! plane puts them, and a code that names the same marks.

use digit_image::raster::GrayPicture;

use crate::code::Sheet;
use crate::dictionary::CORNERS;
use crate::layout::{MARK_MM, Paper};

use super::homography::Homography;
use super::marks::Mark;
use super::sampler::Sampler;
use super::sheet_code;

/// One plane puts the corners of the four marks where they are found, but for this many millimetres on the paper. On
/// simulated photographs they are within 0.1 mm, creased sheets included; a corner folded over is not.
const MOST_OFF_MM: f64 = 0.5;
/// Marks of one sheet are at most so many times as large as each other: seen from above, not from the side.
const MOST_ASLANT: f64 = 3.0;

type Point = (f64, f64);

/// A sheet and the way from it to the picture.
pub(super) struct Placed {
    pub(super) sheet: Sheet,
    pub(super) marks: [Mark; 4],
    pub(super) to_photo: Homography,
    /// How far the corners of the marks lie beside their places at most, in pixels.
    pub(super) residual_px: f64,
}

/// Finds out which sheet it is and where it lies.
///
/// # Errors
/// Why not, and what to do.
pub(super) fn place(gray: &GrayPicture, all: &[Mark]) -> Result<Placed, String> {
    let marks = four(all)?;
    check_shape(&marks)?;
    let mut reasons = Vec::new();
    // The paper decides where the marks stand, and the code says which paper it is, so each is tried.
    for paper in Paper::ALL {
        let pairs = pairs(paper, &marks);
        let Some(to_photo) = Homography::fit(&pairs) else { continue };
        let sheet = match sheet_code::read(&Sampler::new(gray), &to_photo, paper) {
            Ok(sheet) if sheet.layout.paper == paper => sheet,
            Ok(_) => continue,
            Err(reason) => {
                reasons.extend(reason);
                continue;
            }
        };
        check_ids(&sheet, &marks)?;
        let residual_px = to_photo.worst(&pairs);
        check_residual(residual_px, &marks)?;
        return Ok(Placed { sheet, marks, to_photo, residual_px });
    }
    // A code that was read says more than one that was not.
    Err(reasons.into_iter().next().unwrap_or_else(|| {
        "no code: expected one beside the upper right mark, and cannot read it; photograph the sheet again, sharply, flat \
         and without glare"
            .to_owned()
    }))
}

/// One mark for each corner.
fn four(all: &[Mark]) -> Result<[Mark; 4], String> {
    let of = |corner: usize| all.iter().filter(move |mark| mark.corner() == corner);
    if all.is_empty() {
        return Err(
            "no form: expected a sheet with four corner marks, found none; photograph the whole sheet, sharply \
                    and from above"
                .to_owned(),
        );
    }
    if let Some(corner) = (0..4).find(|&corner| of(corner).count() > 1) {
        return Err(format!(
            "several forms: expected one sheet, found {} marks of the {} corner; photograph one sheet at a time",
            of(corner).count(),
            CORNERS[corner]
        ));
    }
    if let [Some(a), Some(b), Some(c), Some(d)] = std::array::from_fn(|corner| of(corner).next().copied()) {
        return Ok([a, b, c, d]);
    }
    let missing = (0..4).filter(|&corner| of(corner).next().is_none()).map(|corner| CORNERS[corner]);
    let missing: Vec<&str> = missing.collect();
    Err(format!(
        "half a form: expected four corner marks, the {} not found; photograph the whole sheet, sharply, with nothing \
         over its corners",
        if missing.len() == 1 { format!("{} one is", missing[0]) } else { format!("{} ones are", missing.join(", ")) }
    ))
}

/// Whether four marks can be those of a flat sheet seen from above: they turn the right way, and none is much larger.
fn check_shape(marks: &[Mark; 4]) -> Result<(), String> {
    let middles = marks.map(|mark| mark.middle());
    let is_convex = turns_clockwise(&middles) && marks.iter().all(|mark| turns_clockwise(&mark.corners));
    if !is_convex {
        return Err(
            "several forms: the four corner marks are not in the order of one sheet; photograph one sheet at a \
                    time, and no mirror image"
                .to_owned(),
        );
    }
    let sides = marks.map(|mark| mark.side_px());
    let (least, most) = sides.iter().fold((f64::MAX, 0.0_f64), |(low, high), &side| (low.min(side), high.max(side)));
    if most > MOST_ASLANT * least {
        return Err(format!(
            "seen too much aslant: expected corner marks of about one size, found {least:.0} and {most:.0} pixels; \
             photograph the sheet from above"
        ));
    }
    Ok(())
}

/// Whether four points are the corners of a convex shape, in this order; rows count downwards.
fn turns_clockwise(points: &[Point; 4]) -> bool {
    (0..4).all(|at| {
        let (a, b, c) = (points[at], points[(at + 1) % 4], points[(at + 2) % 4]);
        (b.0 - a.0) * (c.1 - b.1) - (b.1 - a.1) * (c.0 - b.0) > 0.0
    })
}

fn check_ids(sheet: &Sheet, marks: &[Mark; 4]) -> Result<(), String> {
    let others: Vec<&str> = (0..4).filter(|&at| sheet.marks()[at] != marks[at].id).map(|at| CORNERS[at]).collect();
    if others.is_empty() {
        return Ok(());
    }
    Err(format!(
        "several forms: the code is that of page {} of writer {}, but the {} mark is of another sheet; photograph one \
         whole sheet at a time",
        sheet.page,
        sheet.writer_number,
        others.join(" and the ")
    ))
}

fn check_residual(residual_px: f64, marks: &[Mark; 4]) -> Result<(), String> {
    let px_a_mm = marks.iter().map(Mark::side_px).sum::<f64>() / 4.0 / MARK_MM;
    let limit_px = MOST_OFF_MM * px_a_mm;
    if residual_px <= limit_px {
        return Ok(());
    }
    Err(format!(
        "not flat: the corners of the marks lie up to {residual_px:.1} pixels beside those of a flat sheet, expected at \
         most {limit_px:.1}; lay the sheet flat, unfold its corners, and photograph it again"
    ))
}

fn pairs(paper: Paper, marks: &[Mark; 4]) -> Vec<(Point, Point)> {
    let corners = paper.marks_mm().into_iter().flat_map(|(left, top)| {
        [(0.0, 0.0), (MARK_MM, 0.0), (MARK_MM, MARK_MM), (0.0, MARK_MM)].map(|(x, y)| (left + x, top + y))
    });
    corners.zip(marks.iter().flat_map(|mark| mark.corners)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Marks of a sheet of A4, seen straight from above at 4 pixels a millimetre.
    fn marks(ids: [u16; 4]) -> Vec<Mark> {
        let places = Paper::A4.marks_mm().into_iter().zip(ids);
        let corners = |(left, top)| {
            [(0.0, 0.0), (12.0, 0.0), (12.0, 12.0), (0.0, 12.0)].map(|(x, y)| (4.0 * (left + x), 4.0 * (top + y)))
        };
        places.map(|(place, id)| Mark { id, corners: corners(place) }).collect()
    }

    #[test]
    fn one_mark_for_each_corner_is_asked_for() {
        let all = marks([4, 5, 6, 7]);
        assert!(four(&all).is_ok() && check_shape(&four(&all).unwrap()).is_ok());
        assert!(four(&[]).unwrap_err().starts_with("no form"));
        assert!(four(&all[..3]).unwrap_err().contains("the lower left one is not found"));
        assert!(four(&all[..2]).unwrap_err().contains("the lower right, lower left ones are not found"));
        let two = [all.clone(), marks([8, 9, 10, 11])].concat();
        assert!(four(&two).unwrap_err().contains("several forms: expected one sheet, found 2 marks of the upper left"));
    }

    #[test]
    fn marks_in_another_order_or_mirrored_are_none_of_a_sheet() {
        let crossed = four(&marks([4, 6, 5, 7])).unwrap();
        assert!(check_shape(&crossed).unwrap_err().contains("not in the order"));
        let mirrored = four(&marks([4, 5, 6, 7]))
            .unwrap()
            .map(|mark| Mark { corners: mark.corners.map(|(x, y)| (-x, y)), ..mark });
        assert!(check_shape(&mirrored).is_err());
        let mut aslant = four(&marks([4, 5, 6, 7])).unwrap();
        let middle = aslant[0].middle();
        aslant[0].corners =
            aslant[0].corners.map(|(x, y)| (middle.0 + 0.3 * (x - middle.0), middle.1 + 0.3 * (y - middle.1)));
        assert!(check_shape(&aslant).unwrap_err().contains("found 14 and 48 pixels"));
    }

    #[test]
    fn a_mark_that_lies_beside_the_plane_is_refused() {
        let mut shifted = four(&marks([4, 5, 6, 7])).unwrap();
        shifted[2].corners = shifted[2].corners.map(|(x, y)| (x - 40.0, y - 25.0));
        let found = pairs(Paper::A4, &shifted);
        let residual_px = Homography::fit(&found).unwrap().worst(&found);
        assert!(check_residual(residual_px, &shifted).unwrap_err().starts_with("not flat"), "{residual_px}");
        let straight = four(&marks([4, 5, 6, 7])).unwrap();
        let found = pairs(Paper::A4, &straight);
        assert!(check_residual(Homography::fit(&found).unwrap().worst(&found), &straight).is_ok());
    }
}
