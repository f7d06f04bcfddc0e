//! Sheets on paper: what the PDF has, as pixels, with strokes in the boxes; and a camera above it.

use digit_form::code::{Sheet, form_id};
use digit_form::drawing::{Shape, shapes};
use digit_form::layout::{BOX_MM, Cell, Layout, Paper};
use image::{GrayImage, Luma};
use imageproc::geometric_transformations::{Border, Interpolation, Projection, warp_into};
use test_support::gray_png;

/// Resolution: 127 dpi.
pub(crate) const PX_A_MM: f64 = 5.0;
pub(crate) const WRITERS: [&str; 3] = ["kim", "lee", "park"];

/// The sheet of a writer, from 1, of a form for 0 to 2 with four boxes each.
pub(crate) fn sheet(writer_number: u32) -> Sheet {
    sheet_for(&WRITERS, writer_number)
}

pub(crate) fn sheet_for(writers: &[&str], writer_number: u32) -> Sheet {
    let layout = Layout { paper: Paper::A4, labels: "0-2".parse().unwrap(), per_label: 4 };
    let writers: Vec<String> = writers.iter().map(|&writer| writer.to_owned()).collect();
    let form = form_id(&layout, &writers);
    Sheet { form, layout, page: 1, writer_number, writer: writers[writer_number as usize - 1].clone() }
}

/// The printed sheet.
pub(crate) fn printed(sheet: &Sheet) -> GrayImage {
    let (width, height) = sheet.layout.paper.size_mm();
    let mut paper = GrayImage::from_pixel((width * PX_A_MM) as u32, (height * PX_A_MM) as u32, Luma([235]));
    for shape in shapes(sheet, 3).unwrap() {
        match shape {
            Shape::Rectangle { left, top, width, height } => rectangle(&mut paper, (left, top), (width, height), 20),
            Shape::Stroke { points, width } => {
                for pair in points.windows(2) {
                    stroke(&mut paper, pair[0], pair[1], width, 120);
                }
            }
            Shape::Text { .. } => {}
        }
    }
    paper
}

/// The sheet with a stroke of its own slant in each box: none in box 3 of each digit, and box 4 crossed out.
pub(crate) fn filled(sheet: &Sheet) -> GrayImage {
    let mut paper = printed(sheet);
    for cell in sheet.layout.cells(sheet.page) {
        let at = |x: f64, y: f64| (cell.left_mm + x, cell.top_mm + y);
        if cell.number != 3 {
            // From 4 mm to the left to as many to the right: the slant says the label.
            let slant = 3.0 * (f64::from(cell.label) - 1.0);
            stroke(&mut paper, at(7.0 - slant, 3.0), at(7.0 + slant, 11.0), 0.8, 60);
        }
        if cell.number == 4 {
            stroke(&mut paper, at(0.5, 0.8), at(BOX_MM - 0.6, BOX_MM - 0.4), 0.6, 60);
            stroke(&mut paper, at(BOX_MM - 0.9, 0.5), at(0.4, BOX_MM - 1.0), 0.6, 60);
        }
    }
    paper
}

/// The label that the slant of a picture's ink says.
pub(crate) fn slant(picture: &GrayImage) -> u8 {
    let middle = |rows: std::ops::Range<u32>| {
        let inked = picture.enumerate_pixels().filter(|(_, y, pixel)| rows.contains(y) && pixel.0[0] < 140);
        let (sum, count) = inked.fold((0.0, 0.0), |(sum, count), (x, _, _)| (sum + f64::from(x), count + 1.0));
        sum / count
    };
    let across = middle(58..72) - middle(30..44);
    if across < -8.0 { 0 } else { u8::from(across > 8.0) + 1 }
}

/// Seen from where the corners of the sheet come to lie at these shares of the picture.
pub(crate) fn photographed(paper: &GrayImage, corners: [(f32, f32); 4]) -> GrayImage {
    let (width, height) = (paper.width() as f32, paper.height() as f32);
    let from = [(0.0, 0.0), (width, 0.0), (width, height), (0.0, height)];
    let to = corners.map(|(x, y)| (x * width, y * height));
    let mut photo = GrayImage::new(paper.width(), paper.height());
    let projection = Projection::from_control_points(from, to).unwrap();
    warp_into(paper, projection, Interpolation::Bilinear, Border::Constant(Luma([90])), &mut photo);
    photo
}

/// Aslant, as people hold a telephone.
pub(crate) const ASLANT: [(f32, f32); 4] = [(0.08, 0.03), (0.95, 0.07), (0.9, 0.96), (0.03, 0.9)];

pub(crate) fn png(picture: &GrayImage) -> Vec<u8> {
    gray_png(picture.width(), picture.height(), |x, y| picture.get_pixel(x, y).0[0])
}

pub(crate) fn rectangle(paper: &mut GrayImage, (left, top): (f64, f64), (width, height): (f64, f64), gray: u8) {
    // By the share of each pixel that is covered, so that lines are as thick as they are printed.
    let share = |at: u32, low: f64, length: f64| {
        let (low, high) = (low * PX_A_MM, (low + length) * PX_A_MM);
        ((f64::from(at) + 1.0).min(high) - f64::from(at).max(low)).clamp(0.0, 1.0)
    };
    let reach = |low: f64, length: f64, side: u32| {
        (low * PX_A_MM).max(0.0) as u32..(((low + length) * PX_A_MM).ceil().max(0.0) as u32).min(side)
    };
    for y in reach(top, height, paper.height()) {
        for x in reach(left, width, paper.width()) {
            lay(paper, (x, y), gray, share(x, left, width) * share(y, top, height));
        }
    }
}

/// A line with round ends, in millimetres.
pub(crate) fn stroke(paper: &mut GrayImage, from: (f64, f64), to: (f64, f64), width: f64, gray: u8) {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let length = (dx * dx + dy * dy).max(1e-9);
    let reach = |a: f64, b: f64, side: u32| {
        ((a.min(b) - width) * PX_A_MM).max(0.0) as u32..(((a.max(b) + width) * PX_A_MM) as u32 + 1).min(side)
    };
    for y in reach(from.1, to.1, paper.height()) {
        for x in reach(from.0, to.0, paper.width()) {
            let (px, py) = ((f64::from(x) + 0.5) / PX_A_MM - from.0, (f64::from(y) + 0.5) / PX_A_MM - from.1);
            let along = ((px * dx + py * dy) / length).clamp(0.0, 1.0);
            let off = (px - along * dx).hypot(py - along * dy);
            lay(paper, (x, y), gray, ((width / 2.0 - off) * PX_A_MM + 0.5).clamp(0.0, 1.0));
        }
    }
}

fn lay(paper: &mut GrayImage, (x, y): (u32, u32), gray: u8, cover: f64) {
    let pixel = &mut paper.get_pixel_mut(x, y).0[0];
    *pixel = (f64::from(*pixel) * (1.0 - cover) + f64::from(gray) * cover).round() as u8;
}

/// Where a box stands, in pixels of the sheet.
pub(crate) fn cell(sheet: &Sheet, label: u8, number: u32) -> Cell {
    let cells = sheet.layout.cells(sheet.page);
    *cells.iter().find(|cell| (cell.label, cell.number) == (label, number)).unwrap()
}
