//! Image processing that several steps use.

pub mod blur;
pub mod components;
pub mod distance_transform;
pub mod histogram;
pub mod moments;
pub mod morphology;
pub mod resample;
pub mod shading;
