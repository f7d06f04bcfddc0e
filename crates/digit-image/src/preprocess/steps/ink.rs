//! Tells ink from paper: any colour of either, uneven light, light on dark.
//!
//! 1. *Paper.* Strokes are narrow, paper is not: in each channel the paper is what remains when all structures narrower
//!    than a window are filled (a grayscale closing for dark ink, an opening for light ink). It follows shadows and
//!    uneven light, and needs no threshold. Light that changes slowly from side to side is taken away before.
//! 2. *Dark or light.* With the wrong one of the two, the gaps within and around the digit would be the ink: more of
//!    it, and more of it along the border. The one with less is right, unless it is hardly there, as a mere bar has no
//!    gaps, or the other one reaches farther on all sides, as the strokes of a small digit do beyond their gaps. Light
//!    ink needs a dark ground: more of the whole picture lies far above its usual brightness than below. Each channel
//!    decides for itself: red ink on green paper is lighter in one and darker in another.
//! 3. *Colour.* The difference from the paper, summed over the pixels that differ most, is the colour of the ink. Each
//!    pixel counts by how far it lies from its paper in that direction, so noise in the channels that carry no ink does
//!    not matter, and ink as bright as its paper is still seen.
//! 4. *Contrast.* What lies within the paper's own noise becomes white, the ink's usual strength black, what is
//!    between in proportion.

mod candidates;
mod contrast;
mod ground;
mod page;
mod page_paper;
mod search;
mod stroke_test;

use crate::preprocess::step::{Context, Image, Setting, StepKind, Unfit, Work};
use crate::raster::RgbPicture;

use candidates::{Candidate, Channel};
pub(crate) use page::of_page;

/// The step.
pub(super) const INK: StepKind = StepKind {
    name: "ink",
    version: 5,
    about: "tell ink from paper: any colour, uneven light, light on dark; gives dark ink on white",
    settings: &[
        Setting::number("window", 0.5, 0.05, 1.0, "strokes are narrower than this share of the shorter side"),
        Setting::number("contrast", 12.0, 1.0, 128.0, "ink differs from paper by at least this many of 255 levels"),
        Setting::choice("polarity", &["auto", "dark", "light"], "ink that is darker or lighter than the paper"),
    ],
    work: Work::OnFile(run),
};

fn run(context: &Context<'_>, picture: &RgbPicture) -> Result<Image, Unfit> {
    let (window, polarity) = (context.number("window"), context.word("polarity"));
    let scene = search::Scene {
        channels: Channel::all(picture),
        shorter_px: picture.width_px.min(picture.height_px),
        least: context.number("contrast"),
    };
    let found = Candidate::with(&scene.channels, scene.radius_px(window), polarity);
    let amounts = found.along_the_ink();
    let usual = contrast::stretch(&amounts, scene.least)?;
    if stroke_test::is_plain(&usual) {
        return Ok(Image::Gray(usual));
    }
    Ok(Image::Gray(scene.better(window, polarity, picture, &found, amounts).unwrap_or(usual)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raster::GrayPicture;

    /// What the step makes of a picture of this width.
    fn made_of(width_px: u32, pixels: Vec<[u8; 3]>) -> Result<GrayPicture, Unfit> {
        let height_px = pixels.len() as u32 / width_px;
        let picture = RgbPicture { width_px, height_px, pixels };
        match INK.with_defaults(|context| run(context, &picture))? {
            Image::Gray(found) => Ok(found),
            Image::Rgb(_) => panic!("the step gives gray"),
        }
    }

    /// Once, the halo of smoothing around shapes without gaps was taken for light ink, and the shape for paper.
    #[test]
    fn dots_and_bars_without_gaps_are_ink_whether_dark_or_light() {
        for (width, height) in [(3, 3), (4, 50), (12, 60), (50, 5)] {
            for (paper, ink) in [(255, 30), (20, 220)] {
                let inked = |x: u32, y: u32| (25..25 + width).contains(&x) && (20..20 + height).contains(&y);
                let places = || (0..100).flat_map(|y| (0..100).map(move |x| (x, y)));
                let pixels = places().map(|(x, y)| [if inked(x, y) { ink } else { paper }; 3]).collect();
                let found = made_of(100, pixels).unwrap_or_else(|_| panic!("{width}x{height}, {ink} on {paper}"));
                for ((x, y), value) in places().zip(found.pixels) {
                    assert_eq!(value, if inked(x, y) { 0 } else { 255 }, "{width}x{height}, {ink} on {paper}: {x} {y}");
                }
            }
        }
    }

    /// Once, the wedge between the strokes of a small 1, which is less than the strokes, was taken for light ink.
    #[test]
    fn gaps_between_the_strokes_of_a_small_digit_are_no_ink() {
        for (paper, ink) in [(255, 160), (20, 120)] {
            let inked = |x: i64, y: i64| {
                let (upstroke, downstroke) = (110 - (y - 60) - x, 110 - (y - 60) / 4 - x);
                (60..110).contains(&y) && (0..4).contains(&downstroke)
                    || (60..85).contains(&y) && (0..4).contains(&upstroke)
            };
            let places = || (0..174).flat_map(|y| (0..174).map(move |x| (x, y)));
            let pixels = places().map(|(x, y)| [if inked(x, y) { ink } else { paper }; 3]).collect();
            let found = made_of(174, pixels).unwrap();
            for ((x, y), value) in places().zip(found.pixels) {
                assert_eq!(value < 128, inked(x, y), "{ink} on {paper}: {x} {y}: {value}");
            }
        }
    }

    /// Once, the cells of squared paper were taken for light ink, as the lines of which they are the gaps reach the
    /// border.
    #[test]
    fn cells_of_squared_paper_are_no_ink() {
        let places = || (0..120_u32).flat_map(|y| (0..120_u32).map(move |x| (x, y)));
        let from_ring = |x: u32, y: u32| ((f64::from(x) - 62.0).hypot(f64::from(y) - 58.0) - 38.0).abs();
        let in_cell = |at: u32| (at + 20) % 24;
        let pixels = places().map(|(x, y)| {
            let noise = |c: u32| ((x * 7919 + y * 104_729 + c * 31_337) % 7) as u8;
            let [r, g, b] = match (from_ring(x, y), in_cell(x).min(in_cell(y))) {
                (distance, _) if distance < 3.5 => [25, 25, 30],
                (_, 0..3) => [190; 3],
                _ => [247, 246, 243],
            };
            [r + noise(0), g + noise(1), b + noise(2)]
        });
        let found = made_of(120, pixels.collect()).unwrap();
        for ((x, y), value) in places().zip(found.pixels) {
            if from_ring(x, y) < 2.0 {
                assert!(value < 64, "ring at {x} {y}: {value}");
            } else if from_ring(x, y) > 6.0 && in_cell(x).min(in_cell(y)) > 6 && in_cell(x).max(in_cell(y)) < 20 {
                assert!(value > 240, "cell at {x} {y}: {value}");
            }
        }
    }
}
