//! Enlarges pictures of few pixels smoothly and lays them on a margin, before their ink is looked for.
//!
//! In a picture of 8 by 8 pixels, strokes and the gaps between them are one pixel wide, and ink reaches the border.
//! Enlarged by cubic interpolation (Catmull and Rom 1974), edges lie between pixels, as they did before somebody made
//! the picture so small. Lines of hard pixels, as paint programs draw them, have no such edges and stay as they are.

use image::imageops::{FilterType, resize};
use image::{ImageBuffer, Rgb};

use crate::preprocess::ops::histogram::{histogram, quantile};
use crate::preprocess::step::{Context, Image, Setting, StepKind, Unfit, Work};
use crate::raster::RgbPicture;

/// The step.
pub(super) const ENLARGE: StepKind = StepKind {
    name: "enlarge",
    version: 1,
    about: "enlarge pictures of few pixels smoothly and add a margin",
    settings: &[
        Setting::number("below", 32.0, 0.0, 200.0, "pictures whose longer side has at most this many pixels"),
        Setting::number(
            "to",
            120.0,
            8.0,
            400.0,
            "by a whole factor, to at least this many pixels along the longer side",
        ),
        Setting::number("margin", 0.15, 0.0, 1.0, "margin on each side, over the longer side"),
    ],
    work: Work::OnFile(run),
};

/// Pictures with at most this many colours have hard edges.
const HARD_COLOURS: usize = 2;

#[allow(clippy::unnecessary_wraps)] // The signature of all steps.
fn run(context: &Context<'_>, picture: &RgbPicture) -> Result<Image, Unfit> {
    let longer_px = picture.width_px.max(picture.height_px);
    if f64::from(longer_px) > context.number("below") || is_hard(picture) {
        return Ok(Image::Rgb(picture.clone()));
    }
    let factor = (context.number("to") / f64::from(longer_px)).ceil().max(1.0) as u32;
    let margin_px = (context.number("margin") * f64::from(longer_px)).ceil() as u32;
    let framed = with_margin(picture, margin_px);
    let (width_px, height_px) = (framed.width_px * factor, framed.height_px * factor);
    let Some(pixels) =
        ImageBuffer::<Rgb<u8>, _>::from_raw(framed.width_px, framed.height_px, framed.pixels.into_flattened())
    else {
        return Ok(Image::Rgb(picture.clone()));
    };
    let large = resize(&pixels, width_px, height_px, FilterType::CatmullRom);
    let pixels = large.pixels().map(|pixel| pixel.0).collect();
    Ok(Image::Rgb(RgbPicture { width_px, height_px, pixels }))
}

fn is_hard(picture: &RgbPicture) -> bool {
    let mut colours: Vec<[u8; 3]> = Vec::new();
    for pixel in &picture.pixels {
        if !colours.contains(pixel) {
            colours.push(*pixel);
            if colours.len() > HARD_COLOURS {
                return false;
            }
        }
    }
    true
}

/// The picture on paper of the colour that is usual along its border.
fn with_margin(picture: &RgbPicture, margin_px: u32) -> RgbPicture {
    let (width, height, margin) = (picture.width_px as usize, picture.height_px as usize, margin_px as usize);
    let paper = [0, 1, 2].map(|channel| quantile(&histogram(picture.border().map(|pixel| pixel[channel])), 0.5));
    let (wide, high) = (width + 2 * margin, height + 2 * margin);
    let mut pixels = vec![paper; wide * high];
    for (row, source) in pixels.chunks_exact_mut(wide).skip(margin).zip(picture.rows()) {
        row[margin..margin + width].copy_from_slice(source);
    }
    RgbPicture { width_px: wide as u32, height_px: high as u32, pixels }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn enlarged(picture: &RgbPicture) -> RgbPicture {
        match ENLARGE.with_defaults(|context| run(context, picture)).unwrap() {
            Image::Rgb(picture) => picture,
            Image::Gray(_) => panic!("the step keeps colours"),
        }
    }

    fn picture(side: u32, value: impl Fn(u32) -> u8) -> RgbPicture {
        RgbPicture { width_px: side, height_px: side, pixels: (0..side * side).map(|at| [value(at); 3]).collect() }
    }

    #[test]
    fn small_pictures_grow_by_a_whole_factor_on_a_margin_of_their_border() {
        let small = picture(8, |at| {
            if at == 27 {
                0
            } else if at == 28 {
                90
            } else {
                240
            }
        });
        let large = enlarged(&small);
        // 2 pixels of margin on each side, 15 times as large.
        assert_eq!((large.width_px, large.height_px), (180, 180));
        assert_eq!(large.pixels[0], [240; 3]);
        let middle = (2 + 27 / 8) * 15 + 7;
        let darkest = large.pixels[middle as usize * 180 + ((2 + 27 % 8) * 15 + 7) as usize][0];
        assert!(darkest < 20, "{darkest}");
    }

    #[test]
    fn larger_pictures_and_hard_lines_stay_as_they_are() {
        let larger = picture(33, |at| (at % 200) as u8);
        assert_eq!(enlarged(&larger), larger);
        let hard = picture(28, |at| if at % 28 == 14 { 0 } else { 255 });
        assert_eq!(enlarged(&hard), hard);
    }
}
