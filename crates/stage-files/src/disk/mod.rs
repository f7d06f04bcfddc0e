//! Reading and writing bytes: regular files only, and output files that appear under their name only when they are
//! complete.

#![allow(clippy::disallowed_methods, reason = "this is the one place")]

pub mod atomic;
pub mod digest;
pub mod json;
pub mod kind;
pub(crate) mod modified;
pub mod no_follow;
pub mod plain_text;
pub mod regular_file;
pub mod tree;
