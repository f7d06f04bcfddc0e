//! Cuts off what surrounds the paper: a plain canvas that the picture was laid on, and the lines of a table's cell.
//!
//! Both would mislead `ink`. Paper on a white canvas looks like one large blot, and the lines around a cell make the
//! paper within look like the lighter of two things.

mod canvas;
mod cell;

use crate::preprocess::step::{Context, Image, Setting, StepKind, Unfit, Work};
use crate::raster::RgbPicture;

/// The step.
pub(super) const CROP: StepKind = StepKind {
    name: "crop",
    version: 1,
    about: "cut off a plain canvas around the paper, and the lines of a table's cell",
    settings: &[Setting::number("band", 0.12, 0.0, 0.3, "a cell's lines lie within this share of the sides")],
    work: Work::OnFile(run),
};

/// Smaller pictures are taken as they are: a line of theirs may be a stroke.
const SMALLEST_PX: usize = 24;
/// A canvas may lie on another one.
const MOST_CANVASES: usize = 3;

/// Columns and rows that stay; the last ones are left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Part {
    left: usize,
    top: usize,
    right: usize,
    bottom: usize,
}

#[allow(clippy::unnecessary_wraps)] // The signature of all steps.
fn run(context: &Context<'_>, picture: &RgbPicture) -> Result<Image, Unfit> {
    let mut picture = picture.clone();
    for _ in 0..MOST_CANVASES {
        let Some(part) = canvas::paper_on(&picture) else { break };
        picture = part.of(&picture);
    }
    if let Some(part) = cell::within_lines(&picture, context.number("band")) {
        picture = part.of(&picture);
    }
    Ok(Image::Rgb(picture))
}

/// The mean of a pixel's channels.
fn brightness([r, g, b]: [u8; 3]) -> u8 {
    ((u16::from(r) + u16::from(g) + u16::from(b)) / 3) as u8
}

impl Part {
    fn width(self) -> usize {
        self.right - self.left
    }

    fn height(self) -> usize {
        self.bottom - self.top
    }

    fn of(self, picture: &RgbPicture) -> RgbPicture {
        let rows = picture.rows().skip(self.top).take(self.height());
        let pixels = rows.flat_map(|row| &row[self.left..self.right]).copied().collect();
        RgbPicture { width_px: self.width() as u32, height_px: self.height() as u32, pixels }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHITE: [u8; 3] = [255; 3];

    fn picture(side: usize, pixel: impl Fn(usize, usize) -> [u8; 3]) -> RgbPicture {
        let pixels = (0..side * side).map(|at| pixel(at % side, at / side)).collect();
        RgbPicture { width_px: side as u32, height_px: side as u32, pixels }
    }

    /// A stroke, and what lies around it.
    fn written(x: usize, y: usize, paper: [u8; 3]) -> [u8; 3] {
        if (45..52).contains(&x) && (30..70).contains(&y) { [30; 3] } else { paper }
    }

    #[test]
    fn paper_on_a_canvas_is_found_to_the_pixel() {
        let on =
            picture(
                100,
                |x, y| {
                    if (20..80).contains(&x) && (15..88).contains(&y) { written(x, y, [170; 3]) } else { WHITE }
                },
            );
        assert_eq!(canvas::paper_on(&on), Some(Part { left: 20, top: 15, right: 80, bottom: 88 }));
    }

    #[test]
    fn strokes_bars_and_boxes_on_paper_are_no_paper_on_a_canvas() {
        let bar = |x: usize, y: usize| (30..60).contains(&x) && (10..90).contains(&y);
        for (what, found) in [
            ("a stroke", picture(100, |x, y| written(x, y, WHITE))),
            ("a bar", picture(100, |x, y| if bar(x, y) { [20; 3] } else { WHITE })),
            (
                "a soft bar",
                picture(100, |x, y| match (bar(x, y), bar(x + 2, y) && bar(x - 2, y)) {
                    (true, true) => [20; 3],
                    (true, false) => [130; 3],
                    _ => WHITE,
                }),
            ),
            (
                "an angular 0",
                picture(100, |x, y| {
                    let inside = (36..64).contains(&x) && (16..84).contains(&y);
                    if (30..70).contains(&x) && (10..90).contains(&y) && !inside { [20; 3] } else { WHITE }
                }),
            ),
            ("nothing", picture(100, |_, _| WHITE)),
        ] {
            assert_eq!(canvas::paper_on(&found), None, "{what}");
        }
    }

    #[test]
    fn four_lines_are_a_cell_and_three_are_not() {
        let lines = |sides: [bool; 4]| {
            picture(100, move |x, y| {
                let hit = [x == 2 || x == 3, y == 3 || y == 4, x == 96 || x == 97, y == 95 || y == 96];
                let inked = hit.iter().zip(sides).any(|(hit, side)| *hit && side);
                if inked { [60; 3] } else { written(x, y, [240; 3]) }
            })
        };
        let part = cell::within_lines(&lines([true; 4]), 0.12).unwrap();
        assert!((4..7).contains(&part.left) && (5..8).contains(&part.top), "{part:?}");
        assert!((94..97).contains(&part.right) && (93..96).contains(&part.bottom), "{part:?}");
        for missing in 0..4 {
            assert_eq!(cell::within_lines(&lines(std::array::from_fn(|side| side != missing)), 0.12), None);
        }
    }

    #[test]
    fn an_angular_0_along_the_border_is_no_cell() {
        let on_border = |at: usize| !(4..96).contains(&at);
        let zero = picture(100, |x, y| if on_border(x) || on_border(y) { [20; 3] } else { WHITE });
        assert_eq!(cell::within_lines(&zero, 0.12), None);
    }
}
