//! Image processing that several steps use.

pub(super) mod blur;
pub(super) mod components;
pub(super) mod distance_transform;
pub(super) mod histogram;
pub(super) mod ink_box;
pub(super) mod moments;
pub(super) mod morphology;
pub(super) mod resample;
pub(super) mod shading;
pub(super) mod strokes;
