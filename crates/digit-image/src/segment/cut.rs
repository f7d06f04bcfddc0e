//! A digit as a picture of its own: its part of the picture with a margin, in the picture's colours, without what
//! belongs to others.

use crate::raster::RgbPicture;

use super::{Found, Segments};

/// Paper around the digit, over its longer side.
const MARGIN: f64 = 0.25;
/// Ink has soft edges: so many pixels beside that of others are theirs, too.
const SOFT_PX: i64 = 2;

impl Segments {
    /// Cuts out what was found. Ink of other digits, of lines and of specks becomes paper.
    pub fn cut(&self, picture: &RgbPicture, found: &Found) -> RgbPicture {
        let area = found.area;
        let margin = (MARGIN * f64::from(area.width_px.max(area.height_px))).ceil() as u32;
        let (left, top) = (area.left.saturating_sub(margin), area.top.saturating_sub(margin));
        let right = (area.left + area.width_px + margin).min(picture.width_px);
        let bottom = (area.top + area.height_px + margin).min(picture.height_px);
        let (width, height) = ((right - left) as usize, (bottom - top) as usize);
        let place = |at: usize| (left + (at % width) as u32, top + (at / width) as u32);
        let kinds: Vec<Kind> = (0..width * height).map(|at| self.kind(place(at), found.owner)).collect();
        let pixels = (0..kinds.len()).map(|at| {
            let from = if kinds[at] == Kind::Foreign { nearest_paper(&kinds, width, at) } else { at };
            let (x, y) = place(from);
            picture.pixels[y as usize * picture.width_px as usize + x as usize]
        });
        RgbPicture { width_px: width as u32, height_px: height as u32, pixels: pixels.collect() }
    }

    /// Whose a pixel of the whole picture is. What is near ink of the digit is the digit's.
    fn kind(&self, (x, y): (u32, u32), own: u32) -> Kind {
        let (x, y) = (i64::from(x / self.factor), i64::from(y / self.factor));
        let (width, height) = (i64::from(self.width_px), self.owners.len() as i64 / i64::from(self.width_px));
        let at = |x: i64, y: i64| {
            let inside = (0..width).contains(&x) && (0..height).contains(&y);
            if inside { self.owners[(y * width + x) as usize] } else { 0 }
        };
        match at(x, y) {
            owner if owner == own => return Kind::Own,
            0 => {}
            _ => return Kind::Foreign,
        }
        let mut kind = Kind::Paper;
        for (dx, dy) in (-SOFT_PX..=SOFT_PX).flat_map(|dy| (-SOFT_PX..=SOFT_PX).map(move |dx| (dx, dy))) {
            match at(x + dx, y + dy) {
                0 => {}
                owner if owner == own => return Kind::Own,
                _ => kind = Kind::Foreign,
            }
        }
        kind
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Paper,
    Own,
    Foreign,
}

/// The nearest place with paper to the left, right, above or below; the same place if there is none.
fn nearest_paper(kinds: &[Kind], width: usize, at: usize) -> usize {
    let (x, y, height) = (at % width, at / width, kinds.len() / width);
    for distance in 1..width.max(height) {
        let left = (x >= distance).then(|| at - distance);
        let right = (x + distance < width).then(|| at + distance);
        let above = (y >= distance).then(|| at - distance * width);
        let below = (y + distance < height).then(|| at + distance * width);
        if let Some(found) = [left, right, above, below].into_iter().flatten().find(|&at| kinds[at] == Kind::Paper) {
            return found;
        }
    }
    at
}
