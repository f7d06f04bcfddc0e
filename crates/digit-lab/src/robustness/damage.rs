//! What light, lenses and old paper do to a picture.

use std::f64::consts::{PI, TAU};

use super::random::Random;
use crate::sheet::{Colour, Sheet};

/// Noise of a camera or scanner, alike in neighbouring channels.
pub(super) fn noise(sheet: &mut Sheet, deviation: f64, random: &mut Random) {
    for pixel in &mut sheet.pixels {
        let all = random.normal() * deviation * 0.8;
        *pixel = pixel.map(|sample| sample + all + random.normal() * deviation * 0.6);
    }
}

/// The fibres and clouds of paper.
pub(super) fn fibres(sheet: &mut Sheet, depth: f64, size_px: f64, random: &mut Random) {
    let texture = random.texture();
    let width = sheet.width;
    for (at, pixel) in sheet.pixels.iter_mut().enumerate() {
        let (x, y) = ((at % width) as f64, (at / width) as f64);
        let factor = 1.0 + depth * texture.rough(x / size_px, y / size_px, 3);
        *pixel = pixel.map(|sample| sample * factor);
    }
}

/// Each pixel times the light at its place; places are in units of the shorter side.
pub(super) fn lit(sheet: &mut Sheet, light: impl Fn(f64, f64) -> f64) {
    let (width, unit) = (sheet.width, sheet.width.min(sheet.height) as f64);
    for (at, pixel) in sheet.pixels.iter_mut().enumerate() {
        let factor = light((at % width) as f64 / unit, (at / width) as f64 / unit);
        *pixel = pixel.map(|sample| sample * factor);
    }
}

/// Light that falls off to one side and to the corners, as near a lamp or a window.
pub(super) fn uneven(sheet: &mut Sheet, random: &mut Random) {
    uneven_over(sheet, 1.0, random);
}

/// The same over a sheet of any shape: it falls off over the longer side as much as it else does over the shorter one.
pub(super) fn uneven_over_all(sheet: &mut Sheet, random: &mut Random) {
    let (across, down) = shape(sheet);
    uneven_over(sheet, across.max(down), random);
}

fn uneven_over(sheet: &mut Sheet, length: f64, random: &mut Random) {
    let (turn, fall, corners) = (random.between(0.0, TAU), random.between(0.15, 0.4), random.between(0.0, 0.2));
    let (dx, dy) = direction(turn);
    lit(sheet, |x, y| {
        let (x, y) = (x / length - 0.6, y / length - 0.6);
        1.0 - fall * (0.5 + 0.6 * (x * dx + y * dy)) - corners * (x * x + y * y)
    });
}

/// The shadow of something with a straight edge: all beyond a line, its edge as soft as `soft` shorter sides.
pub(super) fn shadow_edge(sheet: &mut Sheet, soft: f64, random: &mut Random) {
    let (turn, depth) = (random.between(0.0, TAU), random.between(0.35, 0.6));
    let (dx, dy) = direction(turn);
    let (across, down) = shape(sheet);
    let (x0, y0) = (random.between(0.2, 0.8) * across, random.between(0.2, 0.8) * down);
    lit(sheet, |x, y| 1.0 - depth * ramp((x - x0) * dx + (y - y0) * dy, soft));
}

/// The shadow of a hand or head: a lump that reaches in from a side.
pub(super) fn shadow_lump(sheet: &mut Sheet, random: &mut Random) {
    let (depth, soft, radius) = (random.between(0.35, 0.55), random.between(0.03, 0.15), random.between(0.3, 0.6));
    let (across, down) = shape(sheet);
    let (x0, y0) = [(0.0, 0.3), (across, 0.6), (0.4, down), (0.7, 0.0)][(random.unit() * 4.0) as usize];
    let edge = random.texture();
    lit(sheet, |x, y| {
        let distance = ((x - x0) * (x - x0) + (y - y0) * (y - y0)).sqrt();
        1.0 - depth * ramp(radius + 0.12 * edge.at(x * 4.0, y * 4.0) - distance, soft)
    });
}

/// A lamp mirrored on the sheet: nearly white in the middle, over paper and ink alike.
pub(super) fn glare(sheet: &mut Sheet, random: &mut Random) {
    let (across, down) = shape(sheet);
    let (x0, y0) = (random.between(0.1, 0.9) * across, random.between(0.1, 0.9) * down);
    let (size, strength) = (random.between(0.08, 0.25), random.between(0.35, 0.75));
    let (width, unit) = (sheet.width, sheet.width.min(sheet.height) as f64);
    for (at, pixel) in sheet.pixels.iter_mut().enumerate() {
        let (x, y) = ((at % width) as f64 / unit - x0, (at / width) as f64 / unit - y0);
        let share = strength / (1.0 + ((x * x + 0.5 * y * y) / (size * size)).powi(2));
        *pixel = pixel.map(|sample| sample + (262.0 - sample) * share);
    }
}

/// What is under the sheet, seen beyond the lines that bound it. A line is `(x, y, turn)`: a point on it and the
/// direction in which the table lies.
pub(super) fn table(sheet: &mut Sheet, sides: &[(f64, f64, f64)], random: &mut Random) {
    let colour: Colour = random.one_of(&[
        [110.0, 75.0, 45.0],
        [165.0, 125.0, 80.0],
        [60.0, 42.0, 32.0],
        [45.0, 45.0, 48.0],
        [120.0, 122.0, 125.0],
        [60.0, 85.0, 120.0],
        [190.0, 165.0, 125.0],
    ]);
    let (grain, depth, turn) = (random.texture(), random.between(0.05, 0.25), random.between(0.0, PI));
    let (gx, gy) = direction(turn);
    let (width, unit) = (sheet.width, sheet.width.min(sheet.height) as f64);
    let lines: Vec<_> = sides.iter().map(|&(x, y, turn)| (x, y, direction(turn))).collect();
    for (at, pixel) in sheet.pixels.iter_mut().enumerate() {
        let (x, y) = ((at % width) as f64 / unit, (at / width) as f64 / unit);
        let beyond = lines.iter().map(|(x0, y0, (dx, dy))| (x - x0) * dx + (y - y0) * dy);
        let beyond = beyond.fold(f64::MIN, f64::max) * unit;
        let wood = grain.rough((x * gx + y * gy) * 3.0, (y * gx - x * gy) * 40.0, 3);
        // The sheet casts a slim shadow.
        let shade = 1.0 - 0.4 * (1.0 - beyond / (0.012 * unit)).clamp(0.0, 1.0);
        let share = (beyond + 0.5).clamp(0.0, 1.0);
        for (sample, table) in pixel.iter_mut().zip(colour) {
            *sample += (table * (1.0 + depth * wood) * shade - *sample) * share;
        }
    }
}

/// Width and height in units of the shorter side.
pub(super) fn shape(sheet: &Sheet) -> (f64, f64) {
    let unit = sheet.width.min(sheet.height) as f64;
    (sheet.width as f64 / unit, sheet.height as f64 / unit)
}

/// From 0 to 1 over a length, smoothly.
fn ramp(along: f64, length: f64) -> f64 {
    let t = (along / length.max(1e-6) + 0.5).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

fn direction(turn: f64) -> (f64, f64) {
    (libm::cos(turn), libm::sin(turn))
}
