//! Thins fat strokes, so that the shape of the digit shows: a fat 1 is a bar, too, and not a block.

use crate::preprocess::ops::ink_box::InkBox;
use crate::preprocess::ops::strokes::{self, Strokes};
use crate::preprocess::step::{Context, Setting, StepKind, Unfit, Work};
use crate::raster::GrayPicture;

/// The step.
pub(super) const SLIM: StepKind = StepKind {
    name: "slim",
    version: 1,
    about: "thin fat strokes, so that the shape of the digit shows",
    settings: &[
        Setting::number(
            "fat",
            0.1,
            0.0,
            1.0,
            "strokes are fat when thicker than this share of the digit's longer side",
        ),
        Setting::number("to", 0.08, 0.01, 1.0, "share to which they are thinned"),
    ],
    work: Work::OnGray(run),
};

/// Weaker ink than this does not count.
const LEAST_INK: u8 = 96;

#[allow(clippy::unnecessary_wraps)] // The signature of all steps.
fn run(context: &Context<'_>, picture: &GrayPicture) -> Result<GrayPicture, Unfit> {
    let Some(ink) = InkBox::of(picture, LEAST_INK) else { return Ok(picture.clone()) };
    let longer_px = f64::from(ink.width_px().max(ink.height_px()));
    let strokes = Strokes::of(&picture.map(|value| 255 - value >= LEAST_INK));
    let share = strokes.thickness_px / longer_px;
    let too_much = share - context.number("to");
    // What usual pens leave stays as it is: `thickness` makes up for what they differ by.
    if share <= context.number("fat") || too_much <= 0.0 {
        return Ok(picture.clone());
    }
    let by_px = too_much * longer_px / 2.0;
    Ok(GrayPicture { pixels: strokes::inked_within(&strokes.thinned(by_px)), ..*picture })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slimmed(picture: &GrayPicture) -> GrayPicture {
        SLIM.with_defaults(|context| run(context, picture)).unwrap()
    }

    fn picture(inked: impl Fn(usize, usize) -> bool) -> GrayPicture {
        let pixels = (0..100 * 100).map(|at| if inked(at % 100, at / 100) { 0 } else { 255 });
        GrayPicture { width_px: 100, height_px: 100, pixels: pixels.collect() }
    }

    fn inked_in_row(picture: &GrayPicture, y: usize) -> usize {
        picture.pixels[y * 100..][..100].iter().filter(|&&value| value < 128).count()
    }

    #[test]
    fn usual_strokes_stay_as_they_are() {
        let bar = picture(|x, y| (47..54).contains(&x) && (10..90).contains(&y));
        assert_eq!(slimmed(&bar), bar);
        let blank = picture(|_, _| false);
        assert_eq!(slimmed(&blank), blank);
    }

    #[test]
    fn a_fat_bar_becomes_a_slim_one_as_long_as_it_was_but_for_its_ends() {
        let slim = slimmed(&picture(|x, y| (35..65).contains(&x) && (10..90).contains(&y)));
        let width = inked_in_row(&slim, 50);
        assert!((4..12).contains(&width), "{width}");
        assert!((20..80).all(|y| inked_in_row(&slim, y) > 0));
    }

    #[test]
    fn a_stroke_thinner_than_the_others_does_not_break() {
        // A fat bar that goes on as a thin one.
        let slim = slimmed(&picture(|x, y| {
            (30..60).contains(&x) && (5..50).contains(&y) || (42..48).contains(&x) && (50..95).contains(&y)
        }));
        let broken: Vec<usize> = (25..90).filter(|&y| inked_in_row(&slim, y) == 0).collect();
        assert!(broken.is_empty(), "rows without ink: {broken:?}");
    }
}
