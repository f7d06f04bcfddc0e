//! Source pictures to labelled pictures: gray decoding and area resize exact with OpenCV, label row embedded.

pub mod batch;
pub mod cli;
pub mod explain;
pub mod plan;
pub mod request;
