//! The model file and what its numbers mean.

pub mod guarantee;
pub mod model;
pub mod safetensors;
pub mod scaling;
