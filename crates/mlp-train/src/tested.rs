//! Which rows of a data set a config tests on, for commands that look at data and train nothing.

use std::path::Path;

use anyhow::Context;
use stage_files::config::{Config, Count};
use stage_files::dataset::DataSet;
use stage_files::refuse;

use crate::data::split::DataSplit;

/// The test rows of a config's first run: its first seed, its first combination of a sweep, and its first fold. `data`
/// stands for the data set that the config names.
///
/// # Errors
/// A refusal if the config is not valid, names a test file of its own, or cannot split these rows.
pub fn test_rows(config: &Path, data: &DataSet) -> anyhow::Result<Vec<u32>> {
    let shown = || config.display().to_string();
    let Some(config) = Config::read(config)?.expand().with_context(shown)?.into_iter().next() else {
        refuse!("{}: asks for no run", config.display());
    };
    let mut split = config.split.clone();
    if split.folds.is_some() && split.fold.is_none() {
        split.fold = Some(Count::ONE);
    }
    let seed = config.seed_list().first().copied().unwrap_or_default();
    let batch = config.batch.get() as usize;
    let split = DataSplit::new(&split, data.classes.len(), batch, data.rows.as_deref(), seed).with_context(shown)?;
    Ok(split.test)
}
