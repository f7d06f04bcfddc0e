//! Source pictures to labelled pictures: gray decoding and area resize exact with OpenCV, label row embedded.

pub mod batch;
pub mod cli;
pub mod decode;
pub mod format;
pub mod gray;
pub mod plan;
pub mod resize;
pub mod walk;
