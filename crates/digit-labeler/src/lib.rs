//! Source pictures to labelled pictures: gray decoding and area resize exact with OpenCV, label row embedded.

#![cfg_attr(test, allow(clippy::disallowed_methods, reason = "tests put files in place as users do"))]

pub mod batch;
pub mod cli;
pub mod explain;
pub mod plan;
pub mod request;
