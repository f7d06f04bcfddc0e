//! A printed sheet, filled with the digits of a drawn writer.

use anyhow::Result;
use digit_form::code::Sheet as Form;
use digit_form::drawing::{Shape, shapes};
use digit_form::layout::{BOX_MM, Cell};

use super::super::FIRST_WRITER;
use super::super::random::Random;
use super::super::world::PENS;
use crate::sheet::{Colour, Cover, Sheet};

/// Resolution of the drawn sheet.
pub(super) const PX_A_MM: f64 = 8.0;
/// A share of the boxes that stay empty, and that are crossed out.
const EMPTY: f64 = 0.05;
const CROSSED: f64 = 0.03;
/// Paper between a digit and the middle of the lines of its box, at least.
const ROOM_MM: f64 = 1.3;

/// What was written into a box: the box of its ink on the sheet in millimetres.
#[derive(Clone, Copy)]
pub(super) enum Written {
    Digit([f64; 4]),
    Nothing,
    CrossedOut,
}

/// The printed sheet with digits of a drawn writer.
pub(super) fn filled(
    form: &Form,
    is_pencil: bool,
    seed: u32,
    random: &mut Random,
) -> Result<(Sheet, Vec<(Cell, Written)>)> {
    let number = form.writer_number;
    let (width, height) = form.layout.paper.size_mm();
    let brightness = random.between(225.0, 252.0);
    let mut sheet = Sheet::new((width * PX_A_MM) as usize, (height * PX_A_MM) as usize, [brightness; 3]);
    for shape in shapes(form, number)? {
        print(&mut sheet, &shape);
    }
    let ink: Colour = if is_pencil { [random.between(95.0, 150.0); 3] } else { random.one_of(&PENS) };
    let mut written = Vec::new();
    for cell in form.layout.cells(1) {
        let what = if random.chance(EMPTY) {
            Written::Nothing
        } else {
            let digit = Cover::drawn(cell.label, FIRST_WRITER + seed * 1000 + number, cell.number, u64::from(seed))?;
            let extent = write(&mut sheet, &digit.cut(), &cell, ink, random);
            if random.chance(CROSSED) { cross_out(&mut sheet, &cell, ink, random) } else { Written::Digit(extent) }
        };
        written.push((cell, what));
    }
    Ok((sheet, written))
}

fn print(sheet: &mut Sheet, shape: &Shape) {
    const BLACK: Colour = [25.0; 3];
    const GRAY: Colour = [125.0; 3];
    match shape {
        Shape::Rectangle { left, top, width, height } => {
            let (left, top) = (left * PX_A_MM, top * PX_A_MM);
            let (right, bottom) = (left + width * PX_A_MM, top + height * PX_A_MM);
            let share =
                |at: usize, low: f64, high: f64| ((at as f64 + 1.0).min(high) - (at as f64).max(low)).clamp(0.0, 1.0);
            for y in top as usize..(bottom.ceil() as usize).min(sheet.height) {
                for x in left as usize..(right.ceil() as usize).min(sheet.width) {
                    let cover = share(x, left, right) * share(y, top, bottom);
                    sheet.lay(y * sheet.width + x, BLACK, cover);
                }
            }
        }
        Shape::Stroke { points, width } => {
            for pair in points.windows(2) {
                line(sheet, pair[0], pair[1], *width, GRAY);
            }
        }
        // Bars instead of letters, which nobody reads.
        Shape::Text { left, baseline, size, text } => {
            for at in 0..text.chars().count() {
                let x = left + at as f64 * size * 0.55;
                line(sheet, (x, *baseline), (x + size * 0.25, baseline - size * 0.7), size * 0.1, BLACK);
            }
        }
    }
}

/// A line with soft edges, in millimetres.
fn line(sheet: &mut Sheet, from: (f64, f64), to: (f64, f64), width: f64, colour: Colour) {
    let scaled = |(x, y): (f64, f64)| (x * PX_A_MM, y * PX_A_MM);
    let (from, to, half) = (scaled(from), scaled(to), width * PX_A_MM / 2.0);
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let length = (dx * dx + dy * dy).max(1e-9);
    let reach = |a: f64, b: f64, side: usize| {
        (a.min(b) - half - 1.0).max(0.0) as usize..((a.max(b) + half + 2.0) as usize).min(side)
    };
    for y in reach(from.1, to.1, sheet.height) {
        for x in reach(from.0, to.0, sheet.width) {
            let (px, py) = (x as f64 + 0.5 - from.0, y as f64 + 0.5 - from.1);
            let along = ((px * dx + py * dy) / length).clamp(0.0, 1.0);
            let off = (px - along * dx).hypot(py - along * dy);
            sheet.lay(y * sheet.width + x, colour, (half + 0.5 - off).clamp(0.0, 1.0));
        }
    }
}

/// Writes a digit into a box; gives the box of its ink in millimetres.
fn write(sheet: &mut Sheet, digit: &Cover, cell: &Cell, ink: Colour, random: &mut Random) -> [f64; 4] {
    let room = BOX_MM - 2.0 * ROOM_MM;
    let height = (room * random.between(0.5, 0.98)).min(room * digit.height as f64 / digit.width as f64);
    let scale = height / digit.height as f64;
    let width = scale * digit.width as f64;
    let left = cell.left_mm + ROOM_MM + (room - width) * random.unit();
    let top = cell.top_mm + ROOM_MM + (room - height) * random.unit();
    let extent = [left, top, left + width, top + height];
    let px = |mm: f64| mm * PX_A_MM;
    for y in px(extent[1]) as usize..=(px(extent[3]) as usize).min(sheet.height - 1) {
        for x in px(extent[0]) as usize..=(px(extent[2]) as usize).min(sheet.width - 1) {
            let u = ((x as f64 + 0.5) / PX_A_MM - left) / scale;
            let v = ((y as f64 + 0.5) / PX_A_MM - top) / scale;
            sheet.lay(y * sheet.width + x, ink, digit.between(u, v).clamp(0.0, 1.0));
        }
    }
    extent
}

fn cross_out(sheet: &mut Sheet, cell: &Cell, ink: Colour, random: &mut Random) -> Written {
    // From corner to corner as people do it: short of it or beyond it.
    let at = |x: f64, y: f64| (cell.left_mm + x, cell.top_mm + y);
    let mut near = || random.between(-1.0, 2.2);
    let (a, b) = (at(near(), near()), at(BOX_MM - near(), BOX_MM - near()));
    let (c, d) = (at(BOX_MM - near(), near()), at(near(), BOX_MM - near()));
    line(sheet, a, b, 0.5, ink);
    line(sheet, c, d, 0.5, ink);
    Written::CrossedOut
}
