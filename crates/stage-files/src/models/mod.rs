//! The model file and what its numbers mean.

pub mod model;
pub mod safetensors;
pub mod scaling;
