//! Source pictures to labelled pictures: gray decoding and area resize exact with OpenCV, label row embedded.

pub mod batch;
pub mod cli;
pub mod decode;
pub mod explain;
pub mod format;

pub mod plan;
pub mod preprocess;
pub mod raster;
pub mod reader;
pub mod request;
pub mod resize;
pub mod walk;
