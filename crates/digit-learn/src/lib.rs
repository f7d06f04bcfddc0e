//! From a folder of pictures to a trained network and a report, in one command and one process.
//!
//! ```text
//! $ digit-learn scans
//! digit-learn: scans: 600 pictures, digits 0-9, 2 writers, layout {writer}/{digit}
//! ..
//! digit-learn: accuracy 0.910: 273 of 300 pictures of 1 writer who did not train (lee)
//! ```
//!
//! It looks at the folder, calls the stages through their libraries, and chooses their options:
//!
//! | module | what it decides |
//! |---|---|
//! | `place` | the folders that are written |
//! | `labels` | the digits to learn, and what to say about them |
//! | `road` | the order of the stages |
//! | `score` | what the accuracy speaks of |
//!
//! What this crate must never do: read or write pictures, data sets or networks itself.

#![cfg_attr(test, allow(clippy::disallowed_methods, reason = "tests put files in place as users do"))]

pub mod cli;
mod labels;
mod place;
mod request;
mod road;
mod score;
mod stages;
