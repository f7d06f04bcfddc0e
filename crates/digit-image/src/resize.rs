//! Shrinking a gray picture as OpenCV's `INTER_AREA` does, to the bit.
//!
//! One of four rules applies, chosen from the two scales: a plain copy, the mean of whole blocks (`block`), the
//! area-weighted mean (`area`), or, when a side grows, an 11-bit fixed-point linear filter (`linear`). Every operation
//! rounds on its own; nothing here may be fused, reordered or computed in a wider type, since each of these changes
//! pixels. No operation in use depends on the machine.

mod area;
mod axis;
mod block;
mod linear;

#[cfg(test)]
mod against_plain;
pub mod plain;

use crate::raster::{GrayPicture, RgbPicture};
use axis::Axis;
use block::BlockFactors;

/// Resizes `picture` to `width_px` x `height_px` with OpenCV's `INTER_AREA` rules.
///
/// ```
/// use digit_image::{raster::GrayPicture, resize};
///
/// let row = GrayPicture { width_px: 3, height_px: 1, pixels: vec![10, 20, 40] };
/// assert_eq!(resize::area(&row, 2, 1).pixels, [13, 33]);
/// ```
///
/// # Panics
/// When a side of the source or of the target is 0.
pub fn area(picture: &GrayPicture, width_px: u32, height_px: u32) -> GrayPicture {
    let (source_px, target_px) = ((picture.width_px, picture.height_px), (width_px, height_px));
    let pixels = match rule(source_px, target_px) {
        Rule::Copy => picture.pixels.clone(),
        Rule::Block(factors) => block::shrink(factors, picture, target_px),
        Rule::Area(x, y) => area::shrink(x, y, &picture.pixels),
        Rule::Linear(x, y) => linear::resize(x, y, &picture.pixels),
    };
    GrayPicture { width_px, height_px, pixels }
}

/// As [`area`], each of the three colours on its own.
///
/// # Panics
/// When a side of the source or of the target is 0.
pub fn area_rgb(picture: &RgbPicture, width_px: u32, height_px: u32) -> RgbPicture {
    let channel = |channel: usize| area(&picture.map(|pixel| pixel[channel]), width_px, height_px).pixels;
    let [red, green, blue] = [channel(0), channel(1), channel(2)];
    let rest = green.into_iter().zip(blue);
    let pixels = red.into_iter().zip(rest).map(|(red, (green, blue))| [red, green, blue]).collect();
    RgbPicture { width_px, height_px, pixels }
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Rule {
    Copy,
    Block(BlockFactors),
    Area(Axis, Axis),
    Linear(Axis, Axis),
}

/// The rule for a source and a target, each given as width and height.
fn rule(source_px: (u32, u32), target_px: (u32, u32)) -> Rule {
    assert!(
        source_px.0 > 0 && source_px.1 > 0 && target_px.0 > 0 && target_px.1 > 0,
        "a picture has at least one row and one column: resize {source_px:?} to {target_px:?}"
    );
    let (x, y) = (Axis::new(source_px.0, target_px.0), Axis::new(source_px.1, target_px.1));
    if source_px == target_px {
        Rule::Copy
    } else if x.scale >= 1.0 && y.scale >= 1.0 {
        match (x.whole_factor(), y.whole_factor()) {
            (Some(columns), Some(rows)) => Rule::Block(BlockFactors { columns, rows }),
            _ => Rule::Area(x, y),
        }
    } else {
        Rule::Linear(x, y)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rule_follows_from_the_two_scales() {
        assert_eq!(rule((20, 20), (20, 20)), Rule::Copy);
        assert_eq!(rule((40, 60), (20, 20)), Rule::Block(BlockFactors { columns: 2, rows: 3 }));
        assert_eq!(rule((20, 160), (20, 20)), Rule::Block(BlockFactors { columns: 1, rows: 8 }));
        assert!(matches!(rule((41, 60), (20, 20)), Rule::Area(..)));
        assert!(matches!(rule((19, 4000), (20, 20)), Rule::Linear(..)));
    }

    #[test]
    fn some_whole_factors_are_not_whole_in_f64_and_take_the_area_rule() {
        let takes_area = |factor: u32, height_px| matches!(rule((factor * 20, height_px), (20, 20)), Rule::Area(..));
        for factor in [49, 93, 98, 99, 103, 105, 107, 117, 123, 186, 196, 197, 198, 206] {
            assert!(takes_area(factor, 20), "factor {factor}");
        }
        assert_eq!((1..4000).filter(|&factor| takes_area(factor, 40)).count(), 603);
    }
}
