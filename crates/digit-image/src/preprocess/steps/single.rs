//! Refuses what is not one whole digit: specks only, several digits, a digit cut off by the border.
//!
//! A wrong refusal costs a picture, so each rule asks for plain evidence. A digit may fall apart into pieces, and
//! tightly cut pictures touch all four sides; neither is refused.

mod count;

use crate::preprocess::ops::components::{Component, Components};
use crate::preprocess::step::{Context, Setting, StepKind, Unfit, Work};
use crate::raster::GrayPicture;

/// The step.
pub(super) const SINGLE: StepKind = StepKind {
    name: "single",
    version: 4,
    about: "refuse what is not one whole digit: specks only, several digits, a digit cut by the border",
    settings: &[
        Setting::number(
            "dot",
            0.06,
            0.0,
            0.5,
            "a solid component of 8 pixels or less is a speck below this share of the shorter side",
        ),
        Setting::number(
            "gap",
            0.3,
            0.05,
            5.0,
            "digits stand apart by this share of their height, or by a sixth of it if together they are wider than high",
        ),
        Setting::number("chord", 0.6, 0.1, 5.0, "a border cuts off a curve of this share of the digit's longer side"),
        Setting::number("wide", 4.0, 1.0, 1000.0, "one digit is at most this many times as wide as high"),
    ],
    work: Work::OnGray(run),
};

/// A component this small is a speck in any picture.
const SPECK_PX: u32 = 3;
/// Larger components may be digits in a photograph.
const DOT_PX: u32 = 8;
/// A speck fills this share of its box, strokes do not.
const SOLID: f64 = 0.5;
/// Sides from which the digit keeps this share of its longer side show that the picture is not cut tightly.
const FREE_SIDE: f64 = 0.08;
/// What is left of a digit that was cut reaches no deeper into the picture than this share of the chord.
const SHALLOW: f64 = 0.6;
/// Ink from this amount on touches the border.
const TOUCHING_INK: u8 = 128;

fn run(context: &Context<'_>, picture: &GrayPicture) -> Result<GrayPicture, Unfit> {
    let components = Components::of(picture).all;
    let whole = components.iter().copied().reduce(Component::union).ok_or(Unfit::NoInk)?;
    let shorter = f64::from(picture.width_px.min(picture.height_px));
    if is_speck(picture, context.number("dot") * shorter) {
        return Err(Unfit::OnlySpecks);
    }
    let count =
        count::digits(&components, context.number("gap")).max(count::on_a_sheet(&Components::fine(picture).all));
    if count > 1 {
        return Err(Unfit::SeveralDigits { count });
    }
    let ratio = f64::from(whole.width_px()) / f64::from(whole.height_px());
    if ratio > context.number("wide") {
        return Err(Unfit::TooWide { ratio: ratio.round() as u32 });
    }
    match cut_side(picture, &whole, context.number("chord")) {
        Some(side) => Err(Unfit::CutAtBorder { side }),
        None => Ok(picture.clone()),
    }
}

/// Whether all that is inked is one dot: no longer than `most_px`, and solid. In the picture itself, since smoothing
/// makes dots larger; pictures of a few pixels are as small as their digits.
fn is_speck(picture: &GrayPicture, most_px: f64) -> bool {
    let inked = |value: &u8| 255 - value >= TOUCHING_INK;
    let columns = (0..picture.width_px as usize).filter(|&x| picture.rows().any(|row| inked(&row[x])));
    let rows = picture.rows().enumerate().filter(|(_, row)| row.iter().any(inked)).map(|(y, _)| y);
    let extent = |places: Vec<usize>| match (places.first(), places.last()) {
        (Some(first), Some(last)) => (last - first + 1) as u32,
        _ => 0,
    };
    let (width, height) = (extent(columns.collect()), extent(rows.collect()));
    let longest = width.max(height);
    let count = picture.pixels.iter().filter(|value| inked(value)).count();
    let solid = count as f64 >= SOLID * f64::from(width) * f64::from(height);
    let tiny = picture.width_px.min(picture.height_px) <= SPECK_PX;
    let dot = longest <= DOT_PX && f64::from(longest) <= most_px && solid;
    !tiny && (dot || longest < SPECK_PX)
}

/// The side at which the digit goes on beyond the border: a stroke leaves there and comes back far away, what is seen
/// is narrow, and other sides are free.
///
/// The ends of a 2, 3, 5 or 9 often touch the border, too, in pictures that are easily read; they reach deeper into the
/// picture.
fn cut_side(picture: &GrayPicture, whole: &Component, chord: f64) -> Option<&'static str> {
    let (width, height) = (picture.width_px as usize, picture.height_px as usize);
    let longest = f64::from(whole.width_px().max(whole.height_px()));
    let margins = [whole.left, picture.width_px - 1 - whole.right, whole.top, picture.height_px - 1 - whole.bottom];
    let free = margins.iter().filter(|&&margin| f64::from(margin) >= FREE_SIDE * longest).count();
    if free < 2 {
        return None;
    }
    let pixel = |x: usize, y: usize| picture.pixels[y * width + x];
    let sides: [(&'static str, Vec<u8>); 4] = [
        ("left", (0..height).map(|y| pixel(0, y)).collect()),
        ("right", (0..height).map(|y| pixel(width - 1, y)).collect()),
        ("top", (0..width).map(|x| pixel(x, 0)).collect()),
        ("lower", (0..width).map(|x| pixel(x, height - 1)).collect()),
    ];
    let depths = [whole.width_px(), whole.width_px(), whole.height_px(), whole.height_px()];
    let cut = sides.into_iter().zip(depths).find(|((_, line), depth)| {
        let gap = longest_gap(line);
        gap >= chord * longest && f64::from(*depth) <= SHALLOW * gap
    });
    cut.map(|((side, _), _)| side)
}

/// The longest stretch of paper between two strokes on a line.
fn longest_gap(line: &[u8]) -> f64 {
    let inked = line.iter().enumerate().filter(|(_, value)| 255 - **value >= TOUCHING_INK).map(|(at, _)| at);
    let places: Vec<usize> = inked.collect();
    places.windows(2).map(|pair| pair[1] - pair[0] - 1).max().unwrap_or(0) as f64
}
