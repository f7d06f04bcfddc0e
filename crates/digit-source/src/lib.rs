//! Brings digits in: draws them (fonts and handwriting), imports IDX files, class folders and CSV, or cuts a page of
//! digits apart, as source pictures.
//!
//! A source picture is a file `{label}_{size}_{id}.{png,jpg,..}` that shows one digit, dark on light paper.
//!
//! What this crate must never do: shrink, threshold or otherwise prepare pictures for a network. It hands on what a
//! camera, a scanner or a pen would have given.

#![cfg_attr(test, allow(clippy::disallowed_methods, reason = "tests put files in place as users do"))]

pub mod cli;
pub mod cut;
pub mod draw;
mod draw_options;
pub mod folder;
pub mod import;

use std::path::Path;

/// Longest input that is read: several times the largest table of digits that is known.
const MAX_INPUT_BYTES: u64 = 1 << 34;

/// The bytes of a file that the user named; that it is not there is the user's mistake, not the disk's.
pub(crate) fn read_input(path: &Path) -> anyhow::Result<Vec<u8>> {
    stage_files::regular_file::read_input(path, MAX_INPUT_BYTES)
}
