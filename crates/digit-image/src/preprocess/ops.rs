//! Image processing that several steps use.

pub(crate) mod blur;
pub(crate) mod components;
pub(crate) mod distance_transform;
pub(crate) mod histogram;
pub(crate) mod ink_box;
pub(crate) mod moments;
pub(crate) mod morphology;
pub(crate) mod resample;
pub(crate) mod shading;
pub(crate) mod strokes;
