//! A sheet in a scan or photograph: found by its marks, named by its code, cut along the lines of its boxes.

mod cells;
mod content;
mod crossed;
mod frame;
mod gray;
mod homography;
mod ink;
mod marks;
mod placed;
mod sampler;
mod sheet_code;
mod square;

use digit_image::raster::RgbPicture;
use digit_image::segment::{Area, GREEN, RED, draw_box};

pub use cells::Cut;
pub use content::Content;
pub use marks::Mark;

use crate::code::Sheet;
use gray::gray_of;

/// With fewer boxes found than this share, the sheet is not where the marks say.
const LEAST_FOUND: f64 = 0.9;

/// A sheet that was found.
#[derive(Clone, Debug)]
pub struct Found {
    /// What its code says.
    pub sheet: Sheet,
    /// Its marks, by corner.
    pub marks: [Mark; 4],
    /// How far the corners of the marks lie beside those of a flat sheet at most, in pixels.
    pub residual_px: f64,
    /// Its boxes.
    pub cells: Vec<Cut>,
}

/// Why a sheet is not read.
#[derive(Clone, Debug)]
pub struct Refusal {
    /// What was expected, found, and what to do.
    pub reason: String,
    /// The marks that were found.
    pub marks: Vec<Mark>,
    /// The boxes that were looked for.
    pub cells: Vec<Cut>,
}

/// Finds the sheet in a picture and cuts its boxes out.
///
/// # Errors
/// [`Refusal`]: no sheet, half a sheet, two sheets, another edition, or one that is not found exactly.
pub fn read(picture: &RgbPicture) -> Result<Found, Refusal> {
    let gray = gray_of(picture);
    let all = marks::find(&gray);
    let placed =
        placed::place(&gray, &all).map_err(|reason| Refusal { reason, marks: all.clone(), cells: Vec::new() })?;
    let sheet = placed.sheet;
    let cells = cells::cut(picture, &gray, &placed.to_photo, &sheet.layout.cells(sheet.page));
    let found = cells.iter().filter(|cell| cell.is_found).count();
    if (found as f64) < LEAST_FOUND * cells.len() as f64 {
        let reason = format!(
            "not found exactly: expected {} boxes where the marks and the code say, found {found}; lay the sheet flat, \
             and photograph it sharply and whole",
            cells.len()
        );
        return Err(Refusal { reason, marks: all, cells });
    }
    Ok(Found { sheet, marks: placed.marks, residual_px: placed.residual_px, cells })
}

/// All marks of a picture, also where no sheet is found: for whoever compares their corners.
pub fn marks(picture: &RgbPicture) -> Vec<Mark> {
    marks::find(&gray_of(picture))
}

/// The picture with a box around each mark and each box of the sheet: green where a digit was cut out, red otherwise.
pub fn marked(picture: &RgbPicture, read: &Result<Found, Refusal>) -> RgbPicture {
    let mut marked = picture.clone();
    let (marks, cells) = match read {
        Ok(found) => (found.marks.as_slice(), &found.cells),
        Err(refusal) => (refusal.marks.as_slice(), &refusal.cells),
    };
    for mark in marks {
        draw_box(&mut marked, &area_of(&mark.corners, picture), if read.is_ok() { GREEN } else { RED });
    }
    for cell in cells {
        let is_written = read.is_ok() && matches!(cell.content, Content::Digit { .. });
        draw_box(&mut marked, &area_of(&cell.corners, picture), if is_written { GREEN } else { RED });
    }
    marked
}

fn area_of(corners: &[(f64, f64); 4], picture: &RgbPicture) -> Area {
    let within = |value: f64, side: u32| value.clamp(0.0, f64::from(side - 1)) as u32;
    let least = |pick: fn(&(f64, f64)) -> f64| corners.iter().map(pick).fold(f64::MAX, f64::min);
    let most = |pick: fn(&(f64, f64)) -> f64| corners.iter().map(pick).fold(f64::MIN, f64::max);
    let (left, right) = (within(least(|c| c.0), picture.width_px), within(most(|c| c.0), picture.width_px));
    let (top, bottom) = (within(least(|c| c.1), picture.height_px), within(most(|c| c.1), picture.height_px));
    Area { left, top, width_px: right + 1 - left, height_px: bottom + 1 - top }
}
