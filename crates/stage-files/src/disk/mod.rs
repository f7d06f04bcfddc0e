//! Bytes on disk, whatever they mean: reading what others wrote, writing so that a file is whole or not there.

#![allow(clippy::disallowed_methods, reason = "this is the one place")]

pub mod atomic;
pub mod digest;
pub mod json;
pub mod no_follow;
pub mod plain_text;
pub mod regular_file;
pub mod tree;
