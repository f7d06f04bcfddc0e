//! A list of config paths, one a line: a batch of runs.

use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::{refuse, regular_file};

/// Longest list that is read.
const MAX_BYTES: u64 = 1 << 30;

/// The config paths in the file that `option` names. Blank lines are passed over.
///
/// # Errors
/// Refusals that name the option.
pub fn config_list(option: &str, list: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let bytes = regular_file::read_input(list, MAX_BYTES).with_context(|| option.to_owned())?;
    let Ok(text) = String::from_utf8(bytes) else {
        refuse!("{option} {}: expected a text file with a config path on each line", list.display());
    };
    Ok(text.lines().map(str::trim).filter(|line| !line.is_empty()).map(PathBuf::from).collect())
}
