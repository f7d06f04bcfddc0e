//! Brings digits in: draws them (fonts and handwriting) or imports IDX files, class folders and CSV as source pictures.
//!
//! A source picture is a file `{label}_{size}_{id}.{png,jpg,..}` that shows one digit, dark on light paper.
//!
//! What this crate must never do: shrink, threshold or otherwise prepare pictures for a network. It hands on what a
//! camera, a scanner or a pen would have given.

pub mod cli;
pub mod draw;
pub mod folder;
pub mod import;

use std::path::Path;

use anyhow::Context;

/// The bytes of a file that the user named; that it is not there is the user's mistake, not the disk's.
pub(crate) fn read_input(path: &Path) -> anyhow::Result<Vec<u8>> {
    match std::fs::read(path) {
        Ok(bytes) => Ok(bytes),
        Err(error) if matches!(error.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::IsADirectory) => {
            Err(stage_files::refused(format!("{}: {error}; expected a file", path.display())))
        }
        Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
    }
}
