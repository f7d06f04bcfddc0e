//! Which runs there should be, by a list of configs, and which of them are missing.

use std::collections::BTreeSet;
use std::path::Path;

use stage_files::config::{Config, config_list};
use stage_files::run::FoundRun;
use stage_files::text_name::base_name;
use stage_files::{in_words, is_refused, refused};

use crate::run::LeftOut;

/// Gaps that a refusal names.
const SHOWN: usize = 5;

/// The runs of the configs in `list` that have no folder among `found`, and the configs that cannot be used. A config
/// stands for all its seeds, folds and values of a sweep.
///
/// # Errors
/// A list that cannot be read, and faults from outside.
pub(crate) fn missing(list: &Path, found: &[FoundRun]) -> anyhow::Result<Vec<LeftOut>> {
    let there: BTreeSet<&str> = found.iter().map(|run| run.name.as_str()).collect();
    let mut missing = Vec::new();
    let mut gap = |name: String, reason: String| {
        missing.push(LeftOut { name, reason, is_fault: false, is_missing: true });
    };
    for path in config_list("--configs-from", list)? {
        match Config::read(&path).and_then(run_names) {
            Ok(names) => {
                let absent = names.into_iter().filter(|name| !there.contains(name.as_str()));
                absent.for_each(|name| gap(name, "missing; run mlp-train with its config".to_owned()));
            }
            Err(error) if is_refused(&error) => {
                // The report must not depend on where the configs lie.
                let reason = in_words(&error).replace(&path.display().to_string(), &base_name(&path));
                let name = base_name(&path).trim_end_matches(".json").to_owned();
                gap(name, format!("missing; its config cannot be used: {reason}"));
            }
            Err(error) => return Err(error),
        }
    }
    Ok(missing)
}

fn run_names(config: Config) -> anyhow::Result<Vec<String>> {
    let configs = config.expand()?;
    let of_config = |config: Config| {
        let runs = config.folds_and_seeds().into_iter();
        runs.map(|(config, seed)| config.run_name(seed)).collect::<Vec<_>>()
    };
    Ok(configs.into_iter().flat_map(of_config).collect())
}

/// Refuses a report with gaps.
pub(crate) fn refuse_gaps(runs: &Path, left_out: &[LeftOut]) -> anyhow::Result<()> {
    if left_out.is_empty() {
        return Ok(());
    }
    if let Some(unread) = left_out.iter().find(|run| run.is_fault) {
        anyhow::bail!("{}: {}: {}; try again", runs.display(), unread.name, unread.reason);
    }
    let named: Vec<String> = left_out.iter().take(SHOWN).map(|run| format!("{}: {}", run.name, run.reason)).collect();
    let more = left_out.len().saturating_sub(SHOWN);
    let more = if more > 0 { format!("; and {more} more") } else { String::new() };
    Err(refused(format!(
        "{}: {} of the runs are not there ({}{more}); train them first, or give --allow-missing",
        runs.display(),
        left_out.len(),
        named.join("; ")
    )))
}
