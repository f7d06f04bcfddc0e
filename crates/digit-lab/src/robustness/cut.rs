//! Pictures cut out of larger ones: cells of a table, words of a photographed page, a crop on a plain canvas.

use anyhow::Result;

use super::condition::{Condition, File};
use super::damage;
use super::random::Random;
use super::world::{self, PENS, Placement, WHITE, grayish, times};
use crate::sheet::{Colour, Cover, Sheet};

/// A condition with so many pictures of each label that its share says something alone.
const fn condition(name: &'static str, make: fn(&Cover, &mut Random) -> Result<File>) -> Condition {
    Condition { name, each: 8, make }
}

pub(super) const CONDITIONS: &[Condition] = &[
    condition("table-cell", |digit, random| table_cell(digit, 0.62, random)),
    condition("table-cell-touched", |digit, random| table_cell(digit, 0.85, random)),
    condition("small-beige-crop", |digit, random| small_crop(digit, [205.0, 190.0, 178.0], random)),
    condition("small-gray-crop", |digit, random| small_crop(digit, [150.0, 148.0, 145.0], random)),
    condition("small-ruled-crop", small_ruled_crop),
    condition("gray-crop-on-white-canvas", |digit, random| on_canvas(digit, WHITE, random)),
    condition("crop-on-black-canvas", |digit, random| on_canvas(digit, [0.0; 3], random)),
    condition("line-at-the-lower-edge", line_at_the_edge),
];

const BLUE_OR_BLACK: [Colour; 4] = [[40.0, 42.0, 50.0], [45.0, 40.0, 150.0], [90.0, 80.0, 140.0], [70.0, 66.0, 70.0]];

/// A cell cut along the lines of its table: a thin frame on all four sides, sometimes a little askew.
fn table_cell(digit: &Cover, share: f64, random: &mut Random) -> Result<File> {
    let side = random.between(28.0, 110.0);
    let (width, height) = ((side * random.between(0.8, 1.3)) as usize, side as usize);
    let paper = grayish(random.between(215.0, 252.0), random);
    let mut sheet = Sheet::new(width, height, paper);
    let radius = random.between(0.0, 2.0);
    let place = Placement::about_the_middle(&sheet, digit, share, 0.5, random);
    world::write(&mut sheet, &digit.broader(radius), place, random.one_of(&PENS));
    let ink = grayish(random.between(20.0, 140.0), random);
    let thick = random.between(0.8, 1.0 + side / 30.0);
    let (right, bottom) = (width as f64, height as f64);
    for at in [0.0, bottom] {
        let (inset, lean) = (random.between(0.0, 0.04) * side, random.between(-0.02, 0.02));
        let from = if at == 0.0 { inset } else { bottom - inset - thick };
        line(&mut sheet, |x, y| (x, y), right, (from, thick, lean), ink);
    }
    for at in [0.0, right] {
        let (inset, lean) = (random.between(0.0, 0.04) * side, random.between(-0.02, 0.02));
        let from = if at == 0.0 { inset } else { right - inset - thick };
        line(&mut sheet, |x, y| (y, x), bottom, (from, thick, lean), ink);
    }
    damage::noise(&mut sheet, 1.5, random);
    if random.chance(0.5) { world::jpeg(&sheet, 80) } else { world::png(&sheet) }
}

/// A straight line with soft edges: where it begins, how thick it is and how much it rises, in pixels. `place` gives
/// column and row for a place along and across it.
fn line(
    sheet: &mut Sheet,
    place: impl Fn(usize, usize) -> (usize, usize),
    length: f64,
    (from, thick, rise): (f64, f64, f64),
    ink: Colour,
) {
    let (across, _) = place(sheet.height, sheet.width);
    for along in 0..length as usize {
        let low = from + rise * (along as f64 - length / 2.0);
        let high = low + thick;
        for beside in low.floor().max(0.0) as usize..(high.ceil().max(0.0) as usize).min(across) {
            let cover = high.min(beside as f64 + 1.0) - low.max(beside as f64);
            let (x, y) = place(along, beside);
            let at = y * sheet.width + x;
            sheet.lay(at, ink, cover.clamp(0.0, 1.0));
        }
    }
}

/// A digit of thick strokes cut out of a photograph: some dozens of pixels, soft, light from one side.
fn small_crop(digit: &Cover, paper: Colour, random: &mut Random) -> Result<File> {
    let mut sheet = photographed(digit, times(paper, random.between(0.85, 1.1)), 3.0, random);
    if random.chance(0.3) {
        // The next line, or the page's end, just comes into sight.
        let (width, height) = (sheet.width, sheet.height);
        let (rows, shade) = (random.between(1.0, 4.0) as usize, random.between(0.7, 0.9));
        for pixel in &mut sheet.pixels[(height - rows) * width..] {
            *pixel = times(*pixel, shade);
        }
    }
    finished(sheet, random)
}

/// The same on ruled paper, the lines weak.
fn small_ruled_crop(digit: &Cover, random: &mut Random) -> Result<File> {
    let mut sheet = photographed(digit, [222.0, 220.0, 214.0], 1.5, random);
    let step = random.between(0.3, 0.6) * sheet.height as f64;
    let (mut at, rise, ink) = (random.between(0.0, step), random.between(-0.03, 0.03), [150.0, 160.0, 185.0]);
    let (length, thick) = (sheet.width as f64, random.between(0.8, 1.8));
    while at < sheet.height as f64 - 1.0 {
        line(&mut sheet, |x, y| (x, y), length, (at, thick, rise), ink);
        at += step;
    }
    finished(sheet, random)
}

fn photographed(digit: &Cover, paper: Colour, most_radius: f64, random: &mut Random) -> Sheet {
    let (width, height) = (random.between(42.0, 75.0) as usize, random.between(55.0, 95.0) as usize);
    let mut sheet = Sheet::new(width, height, paper);
    let radius = random.between(0.0, most_radius);
    let share = random.between(0.5, 0.8);
    let place = Placement::about_the_middle(&sheet, digit, share, 0.5, random);
    world::write(&mut sheet, &digit.broader(radius), place, random.one_of(&BLUE_OR_BLACK));
    sheet
}

fn finished(mut sheet: Sheet, random: &mut Random) -> Result<File> {
    damage::uneven(&mut sheet, random);
    if random.chance(0.7) {
        sheet.blurred(1);
    }
    damage::noise(&mut sheet, 2.0, random);
    world::jpeg(&sheet, 85)
}

/// A gray crop laid on a larger plain canvas, as programs do that make all pictures alike in size.
fn on_canvas(digit: &Cover, canvas: Colour, random: &mut Random) -> Result<File> {
    let side = random.between(28.0, 130.0) as usize;
    let mut crop = Sheet::new(side, side * 5 / 4, grayish(random.between(120.0, 205.0), random));
    let place = Placement::about_the_middle(&crop, digit, 0.7, 0.5, random);
    world::write(&mut crop, digit, place, random.one_of(&BLUE_OR_BLACK));
    damage::noise(&mut crop, 2.0, random);
    let room = crop.height * 3 / 2;
    let mut sheet = Sheet::new(room, room, canvas);
    let (left, top) = ((room - crop.width) / 2, (room - crop.height) / 2);
    for (row, pixels) in crop.pixels.chunks_exact(crop.width).enumerate() {
        sheet.pixels[(top + row) * room + left..][..crop.width].copy_from_slice(pixels);
    }
    world::png(&sheet)
}

/// The line that was written on runs along the lower edge: a little tilted, soft, sometimes touching the digit.
fn line_at_the_edge(digit: &Cover, random: &mut Random) -> Result<File> {
    let (width, height) = (random.between(60.0, 150.0) as usize, random.between(65.0, 115.0) as usize);
    let mut sheet = Sheet::new(width, height, [205.0, 200.0, 192.0]);
    let share = random.between(0.6, 0.8);
    let mut place = Placement::about_the_middle(&sheet, digit, share, 0.4, random);
    let at = height as f64 * random.between(0.86, 0.99);
    place.top = at - place.scale * digit.height as f64 - random.between(-2.0, 0.12 * height as f64);
    let ink = times(random.one_of(&BLUE_OR_BLACK), 1.2);
    world::write(&mut sheet, digit, place, ink);
    let (rise, thick) = (random.between(-0.09, 0.09), random.between(0.8, 2.2));
    line(&mut sheet, |x, y| (x, y), width as f64, (at - thick, thick, rise), [130.0, 128.0, 125.0]);
    finished(sheet, random)
}
