//! Which rule applies to a pair of sizes, with its weights: computed once, used for every picture of that size.

use super::{area::AreaWeights, block::BlockFactors, linear::LinearWeights};
use crate::raster::GrayPicture;

/// How far a scale may be from a whole number and still count as one. OpenCV uses the spacing of f64 at 1, which for
/// scales of 1 and more means exact equality.
const WHOLE_NUMBER_TOLERANCE: f64 = f64::EPSILON;

/// Weights for resizing pictures of one size to another.
#[derive(Clone, Debug)]
pub struct ResizePlan {
    source_px: (u32, u32),
    target_px: (u32, u32),
    rule: Rule,
}

#[derive(Clone, Debug)]
enum Rule {
    Copy,
    Block(BlockFactors),
    Area(AreaWeights),
    Linear(LinearWeights),
}

/// Buffers that are used again from picture to picture. One for each thread.
#[derive(Clone, Debug, Default)]
pub struct Scratch {
    pub(super) sums: Vec<u32>,
    pub(super) source_row: Vec<f32>,
    pub(super) row: Vec<f32>,
    pub(super) total: Vec<f32>,
    pub(super) upper: Vec<i32>,
    pub(super) lower: Vec<i32>,
}

/// The scale of one axis as OpenCV computes it. `scale` is `1 / inverse` and not `source / target`: the two differ for
/// some sizes (980 to 20 gives 49.00000000000001), and the rule depends on it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Axis {
    pub source_px: u32,
    pub target_px: u32,
    pub inverse: f64,
    pub scale: f64,
}

impl Axis {
    pub(super) fn new(source_px: u32, target_px: u32) -> Self {
        let inverse = f64::from(target_px) / f64::from(source_px);
        Self { source_px, target_px, inverse, scale: 1.0 / inverse }
    }

    /// The scale as a whole number, if it is one.
    fn whole_factor(self) -> Option<u32> {
        let nearest = self.scale.round_ties_even();
        ((self.scale - nearest).abs() < WHOLE_NUMBER_TOLERANCE).then_some(nearest as u32)
    }
}

impl ResizePlan {
    /// Chooses the rule for `source` to `target` and computes its weights.
    ///
    /// # Panics
    /// When a side is 0.
    pub fn new(source_width_px: u32, source_height_px: u32, target_width_px: u32, target_height_px: u32) -> Self {
        let source_px = (source_width_px, source_height_px);
        let target_px = (target_width_px, target_height_px);
        assert!(
            source_px.0 > 0 && source_px.1 > 0 && target_px.0 > 0 && target_px.1 > 0,
            "a picture has at least one row and one column: resize {source_px:?} to {target_px:?}"
        );
        let (x, y) = (Axis::new(source_px.0, target_px.0), Axis::new(source_px.1, target_px.1));
        let rule = if source_px == target_px {
            Rule::Copy
        } else if x.scale >= 1.0 && y.scale >= 1.0 {
            match (x.whole_factor(), y.whole_factor()) {
                (Some(columns), Some(rows)) => Rule::Block(BlockFactors { columns, rows }),
                _ => Rule::Area(AreaWeights::new(x, y)),
            }
        } else {
            Rule::Linear(LinearWeights::new(x, y))
        };
        Self { source_px, target_px, rule }
    }

    /// Source width and height, in pixels.
    pub fn source_px(&self) -> (u32, u32) {
        self.source_px
    }

    /// Target width and height, in pixels.
    pub fn target_px(&self) -> (u32, u32) {
        self.target_px
    }

    /// The resized picture.
    ///
    /// # Panics
    /// When `picture` does not have the size that the plan is for.
    pub fn apply(&self, picture: &GrayPicture, scratch: &mut Scratch) -> GrayPicture {
        assert_eq!((picture.width_px, picture.height_px), self.source_px, "the plan is for another size");
        let (width_px, height_px) = self.target_px;
        let pixels = match &self.rule {
            Rule::Copy => picture.pixels.clone(),
            Rule::Block(factors) => {
                super::block::shrink(*factors, &picture.pixels, self.source_px.0, self.target_px, scratch)
            }
            Rule::Area(weights) => super::area::shrink(weights, &picture.pixels, self.source_px.0, scratch),
            Rule::Linear(weights) => super::linear::resize(weights, &picture.pixels, self.source_px.0, scratch),
        };
        GrayPicture { width_px, height_px, pixels }
    }
}

/// Resizes pictures of any size to one target size, keeping the plan of the last source size and all buffers.
#[derive(Clone, Debug)]
pub struct Resizer {
    target_px: (u32, u32),
    plan: Option<ResizePlan>,
    scratch: Scratch,
}

impl Resizer {
    /// A resizer for pictures of `width_px` x `height_px`, both at least 1.
    pub fn new(width_px: u32, height_px: u32) -> Self {
        Self { target_px: (width_px, height_px), plan: None, scratch: Scratch::default() }
    }

    /// The resized picture, equal to [`super::area`].
    ///
    /// # Panics
    /// When a side of the source or of the target is 0.
    pub fn resize(&mut self, picture: &GrayPicture) -> GrayPicture {
        let source_px = (picture.width_px, picture.height_px);
        if self.plan.as_ref().is_some_and(|plan| plan.source_px != source_px) {
            self.plan = None;
        }
        let target_px = self.target_px;
        let plan = self.plan.get_or_insert_with(|| ResizePlan::new(source_px.0, source_px.1, target_px.0, target_px.1));
        plan.apply(picture, &mut self.scratch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(source_px: (u32, u32), target_px: (u32, u32)) -> &'static str {
        match ResizePlan::new(source_px.0, source_px.1, target_px.0, target_px.1).rule {
            Rule::Copy => "copy",
            Rule::Block(_) => "block",
            Rule::Area(_) => "area",
            Rule::Linear(_) => "linear",
        }
    }

    #[test]
    fn the_rule_follows_from_the_two_scales() {
        assert_eq!(rule((20, 20), (20, 20)), "copy");
        assert_eq!(rule((40, 60), (20, 20)), "block");
        assert_eq!(rule((20, 160), (20, 20)), "block");
        assert_eq!(rule((41, 60), (20, 20)), "area");
        assert_eq!(rule((19, 4000), (20, 20)), "linear");
    }

    #[test]
    fn some_whole_factors_are_not_whole_in_f64_and_take_the_area_rule() {
        for factor in [49, 93, 98, 99, 103, 105, 107, 117, 123, 186, 196, 197, 198, 206] {
            assert_eq!(rule((factor * 20, 20), (20, 20)), "area", "factor {factor}");
        }
        assert_eq!((1..4000).filter(|factor| rule((factor * 20, 40), (20, 20)) == "area").count(), 603);
    }
}
