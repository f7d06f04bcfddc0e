//! The scale of one axis.

/// How far a scale may be from a whole number and still count as one. OpenCV uses the spacing of f64 at 1, which for
/// scales of 1 and more means exact equality.
const WHOLE_NUMBER_TOLERANCE: f64 = f64::EPSILON;

/// The scale of one axis as OpenCV computes it. `scale` is `1 / inverse` and not `source / target`: the two differ for
/// some sizes (980 to 20 gives 49.00000000000001), and the rule depends on it.
#[derive(Clone, Copy, Debug, PartialEq)]
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
    pub(super) fn whole_factor(self) -> Option<u32> {
        let nearest = self.scale.round_ties_even();
        ((self.scale - nearest).abs() < WHOLE_NUMBER_TOLERANCE).then_some(nearest as u32)
    }
}
