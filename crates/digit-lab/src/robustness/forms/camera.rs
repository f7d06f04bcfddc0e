//! A camera above a sheet, and a scanner: perspective, a fold, light, blur, noise and JPEG.

use anyhow::Result;
use digit_form::layout::Paper;
use digit_image::decode::{DecodeOptions, decode_rgb};
use digit_image::raster::RgbPicture;

use super::super::random::Random;
use super::super::{damage, world};
use super::paper::PX_A_MM;
use crate::sheet::{Colour, Sheet};

/// The way from a photograph back to the sheet.
pub(super) struct Camera {
    /// From pixels to the sheet, flat, in millimetres.
    matrix: [f64; 9],
    /// Where the sheet is folded, level: the row, how far it is lifted there, and over which length.
    crease: Option<(f64, f64)>,
}

impl Camera {
    /// Where a place of the photograph lies on the sheet.
    pub(super) fn back(&self, (u, v): (f64, f64)) -> (f64, f64) {
        let m = &self.matrix;
        let w = m[6] * u + m[7] * v + m[8];
        let (x, y) = ((m[0] * u + m[1] * v + m[2]) / w, (m[3] * u + m[4] * v + m[5]) / w);
        match self.crease {
            Some((row, lift)) => {
                let near = (1.0 - (y - row).abs() / 120.0).max(0.0);
                (x + lift * near * (x / 105.0 - 1.0) * 0.4, y + lift * near)
            }
            None => (x, y),
        }
    }
}

/// A photograph or scan of a sheet, and the way back.
pub(super) fn photographed(
    kind: &str,
    sheet: &Sheet,
    paper: Paper,
    random: &mut Random,
) -> Result<(RgbPicture, Camera)> {
    let (wide, high) = paper.size_mm();
    let is_scan = kind == "scan";
    let width = if is_scan { 1240.0 } else { random.between(1500.0, 2200.0) };
    let height = width * if is_scan { high / wide } else { 4.0 / 3.0 };
    let corners = corners(kind, (width, height), wide / high, random);
    let scale = [wide, 0.0, 0.0, 0.0, high, 0.0, 0.0, 0.0, 1.0];
    let crease = (kind == "crease").then(|| (random.between(0.35, 0.65) * high, random.between(0.6, 1.6)));
    let camera = Camera { matrix: product(&scale, &inverse(&square_to(&corners))), crease };
    let mut photo = seen(sheet, &camera, (width as usize, height as usize), paper, random);
    if !is_scan {
        damage::uneven(&mut photo, random);
        if kind == "shadow" {
            let soft = random.between(0.0, 0.2);
            damage::shadow_edge(&mut photo, soft, random);
        }
        photo.blurred(if kind == "blurred" { 2 } else { 0 });
    }
    let deviation = if is_scan { 1.5 } else { random.between(2.0, 5.0) };
    damage::noise(&mut photo, deviation, random);
    let file = world::jpeg(&photo, random.one_of(&[75, 85, 92]))?;
    let picture = decode_rgb(&file.bytes, &DecodeOptions::default()).map_err(anyhow::Error::msg)?;
    Ok((picture, camera))
}

/// The corners of the sheet in the picture, clockwise from its upper left one.
fn corners(kind: &str, (width, height): (f64, f64), shape: f64, random: &mut Random) -> [(f64, f64); 4] {
    let (turn, jitter) = match kind {
        "scan" => (random.between(-1.5, 1.5), 0.0),
        "turned" => (random.one_of(&[90.0, 180.0, 270.0]) + random.between(-15.0, 15.0), 0.03),
        _ => (random.between(-6.0, 6.0), 0.06),
    };
    let (sin, cos) = (libm::sin(f64::to_radians(turn)), libm::cos(f64::to_radians(turn)));
    let (across, down) = (shape * cos.abs() + sin.abs(), shape * sin.abs() + cos.abs());
    let share = if kind == "scan" { 1.0 } else { random.between(0.8, 0.94) };
    let long = share * (width / across).min(height / down);
    [(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)].map(|(x, y)| {
        let (x, y) = (x * shape * long, y * long);
        let off = |side: f64, random: &mut Random| side * random.between(-jitter, jitter);
        (width / 2.0 + x * cos - y * sin + off(width, random), height / 2.0 + x * sin + y * cos + off(height, random))
    })
}

/// The sheet on a table, without light and lens.
fn seen(sheet: &Sheet, camera: &Camera, (width, height): (usize, usize), paper: Paper, random: &mut Random) -> Sheet {
    let (wide, high) = paper.size_mm();
    let table: Colour =
        random.one_of(&[[110.0, 75.0, 45.0], [60.0, 42.0, 32.0], [45.0, 45.0, 48.0], [190.0, 165.0, 125.0]]);
    let mut photo = Sheet::new(width, height, table);
    let grain = random.texture();
    for at in 0..photo.pixels.len() {
        let (u, v) = ((at % width) as f64 + 0.5, (at / width) as f64 + 0.5);
        let (x, y) = camera.back((u, v));
        photo.pixels[at] = if (0.0..wide).contains(&x) && (0.0..high).contains(&y) {
            // Beyond the fold the paper lies in another light.
            let shade = camera.crease.map_or(1.0, |(row, _)| {
                if y > row { 1.0 - 0.15 * (1.0 - (y - row) / 60.0).clamp(0.0, 1.0) } else { 1.0 }
            });
            between(sheet, x * PX_A_MM, y * PX_A_MM).map(|sample| sample * shade)
        } else {
            photo.pixels[at].map(|sample| sample * (1.0 + 0.15 * grain.at(u / 9.0, v / 60.0)))
        };
    }
    photo
}

fn between(sheet: &Sheet, x: f64, y: f64) -> Colour {
    let (x, y) = ((x - 0.5).clamp(0.0, sheet.width as f64 - 1.001), (y - 0.5).clamp(0.0, sheet.height as f64 - 1.001));
    let (left, top) = (x as usize, y as usize);
    let (u, v) = (x - left as f64, y - top as f64);
    let pixel = |dx: usize, dy: usize| {
        sheet.pixels[(top + dy).min(sheet.height - 1) * sheet.width + (left + dx).min(sheet.width - 1)]
    };
    let (a, b, c, d) = (pixel(0, 0), pixel(1, 0), pixel(0, 1), pixel(1, 1));
    std::array::from_fn(|i| (a[i] * (1.0 - u) + b[i] * u) * (1.0 - v) + (c[i] * (1.0 - u) + d[i] * u) * v)
}

/// The homography from the unit square to four corners (Heckbert 1989).
fn square_to(corners: &[(f64, f64); 4]) -> [f64; 9] {
    let [(x0, y0), (x1, y1), (x2, y2), (x3, y3)] = *corners;
    let (dx1, dy1, dx2, dy2) = (x1 - x2, y1 - y2, x3 - x2, y3 - y2);
    let (sx, sy) = (x0 - x1 + x2 - x3, y0 - y1 + y2 - y3);
    let whole = dx1 * dy2 - dx2 * dy1;
    let (g, h) = ((sx * dy2 - dx2 * sy) / whole, (dx1 * sy - sx * dy1) / whole);
    [x1 - x0 + g * x1, x3 - x0 + h * x3, x0, y1 - y0 + g * y1, y3 - y0 + h * y3, y0, g, h, 1.0]
}

fn inverse(m: &[f64; 9]) -> [f64; 9] {
    let minor = |a: usize, b: usize, c: usize, d: usize| m[a] * m[d] - m[b] * m[c];
    [
        minor(4, 5, 7, 8),
        minor(2, 1, 8, 7),
        minor(1, 2, 4, 5),
        minor(5, 3, 8, 6),
        minor(0, 2, 6, 8),
        minor(2, 0, 5, 3),
        minor(3, 4, 6, 7),
        minor(1, 0, 7, 6),
        minor(0, 1, 3, 4),
    ]
}

fn product(a: &[f64; 9], b: &[f64; 9]) -> [f64; 9] {
    std::array::from_fn(|at| (0..3).map(|k| a[at / 3 * 3 + k] * b[3 * k + at % 3]).sum())
}
