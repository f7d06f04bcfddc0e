//! Scales the digit to a box of the canvas and places it there.
//!
//! The result has the canvas's aspect, at a few pixels for each pixel of the canvas, so that stroke thickness can still
//! be changed finely; the final shrink makes block means of it.

use crate::preprocess::ops::ink_box::InkBox;
use crate::preprocess::ops::moments::Moments;
use crate::preprocess::ops::resample::{Span, resample};
use crate::preprocess::ops::strokes::Strokes;
use crate::preprocess::step::{Context, Setting, StepKind, Unfit, Work};
use crate::raster::{GrayPicture, Raster};

/// The step.
pub(super) const FIT: StepKind = StepKind {
    name: "fit",
    version: 2,
    about: "scale the digit to a box within the canvas and place it",
    settings: &[
        Setting::number("fill", 0.9, 0.1, 1.0, "longer side of the box over that of the canvas"),
        Setting::choice(
            "aspect",
            &["stretch", "root", "keep"],
            "shape of the digit: made square, drawn halfway there, kept",
        ),
        Setting::number(
            "most",
            2.0,
            0.0,
            100.0,
            "growth of the shorter side over the longer one, for what is no mere bar",
        ),
        Setting::choice(
            "centre",
            &["box", "mass"],
            "what lies in the middle; with mass, as far as the box stays inside",
        ),
        Setting::number(
            "strokes",
            0.13,
            0.0,
            0.5,
            "thickness that strokes are going to have, over the canvas; thinner ones leave room for it",
        ),
        Setting::number("detail", 5.0, 1.0, 32.0, "pixels of the result for each pixel of the canvas"),
    ],
    work: Work::OnGray(run),
};

/// A shape slimmer than this, shorter over longer side, is a bar; made broad it would be a block.
const BAR: f64 = 0.15;
/// With the thickness that strokes are going to have, the digit fills at most this share of the canvas.
const FULLEST: f64 = 0.99;
/// Weaker ink than this does not count for the box.
const BOX_INK: u8 = 96;

fn run(context: &Context<'_>, picture: &GrayPicture) -> Result<GrayPicture, Unfit> {
    let detail = context.number("detail").round();
    let (canvas_width, canvas_height) =
        (f64::from(context.canvas.width_px) * detail, f64::from(context.canvas.height_px) * detail);
    let ink = InkBox::of(picture, BOX_INK).ok_or(Unfit::NoInk)?;
    let moments = Moments::of(picture).ok_or(Unfit::NoInk)?;
    let (width, height) = (f64::from(ink.width_px()), f64::from(ink.height_px()));
    let (short, long) = (width.min(height), width.max(height));
    let thickness = thickness_px(picture, &ink) / long;
    let ratio = short / long;
    let fill = context.number("fill");
    let room = fill.min(FULLEST - context.number("strokes") + fill * thickness);
    let (room_x, room_y) = (room * canvas_width, room * canvas_height);
    // Aspect of the new box, shorter over longer side.
    let aspect = match context.word("aspect") {
        "stretch" => (ratio + context.number("most") * (ratio - BAR).max(0.0)).min(1.0),
        "root" => ratio.sqrt(),
        _ => ratio,
    };
    let (box_x, box_y) = if width < height { (aspect, 1.0) } else { (1.0, aspect) };
    let unit = (room_x / box_x).min(room_y / box_y);
    let (scale_x, scale_y) = (box_x * unit / width, box_y * unit / height);
    let mass = context.word("centre") == "mass";
    let start = |low: u32, high: u32, centre: f64, scale: f64, length: f64| {
        let (low, high, span) = (f64::from(low), f64::from(high), length / scale);
        let middle = if mass { centre + 0.5 } else { f64::midpoint(low, high) };
        // The whole box stays on the canvas.
        (middle - span / 2.0).clamp((high - span).min(low), low.max(high - span))
    };
    let columns = Span {
        start: start(ink.left, ink.right, moments.x, scale_x, canvas_width),
        length: canvas_width / scale_x,
        count: canvas_width as u32,
    };
    let rows = Span {
        start: start(ink.top, ink.bottom, moments.y, scale_y, canvas_height),
        length: canvas_height / scale_y,
        count: canvas_height as u32,
    };
    Ok(resample(picture, columns, rows))
}

/// The mean thickness of the strokes.
fn thickness_px(picture: &GrayPicture, ink: &InkBox) -> f64 {
    let (left, right) = (ink.left as usize, ink.right as usize);
    let rows = picture.rows().skip(ink.top as usize).take(ink.height_px() as usize);
    // Paper all round, from which the distance counts.
    let (width, mut pixels) = (right - left + 2, Vec::new());
    pixels.resize(width, false);
    for row in rows {
        pixels.push(false);
        pixels.extend(row[left..right].iter().map(|value| 255 - value >= BOX_INK));
        pixels.push(false);
    }
    pixels.resize(pixels.len() + width, false);
    let inked = Raster { width_px: width as u32, height_px: (pixels.len() / width) as u32, pixels };
    Strokes::of(&inked).thickness_px
}
