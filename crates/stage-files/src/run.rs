//! The run folder: what one training run leaves behind.
//!
//! | file | content | module |
//! |---|---|---|
//! | `config.json` | the config, complete and resolved; written first | |
//! | `metrics.csv` | one row an epoch | [`metrics`] |
//! | `predictions.csv` | one row a test row | [`predictions`] |
//! | `summary.json` | the outcome in one record; written last | [`summary`] |
//! | `timing.csv` | seconds; the only file besides the log in which time appears | [`timing`] |
//! | `log.txt` | lines for people | |
//!
//! A folder with a `config.json` is a run folder; it is whole once it has a `summary.json`.

use std::cmp::Ordering;
use std::path::{Path, PathBuf};

use crate::refuse;
use crate::text_name::text_path;

pub mod metrics;
pub mod predictions;
pub mod summary;
mod table;
pub mod timing;

pub use metrics::MetricsRow;
pub use predictions::{Prediction, Predictions};
pub use summary::{DataName, Outcome, Summary};
pub use timing::TimingRow;

/// The config as resolved.
pub const CONFIG_FILE: &str = "config.json";
/// One row an epoch.
pub const METRICS_FILE: &str = "metrics.csv";
/// One row a test row.
pub const PREDICTIONS_FILE: &str = "predictions.csv";
/// The outcome.
pub const SUMMARY_FILE: &str = "summary.json";
/// Seconds an epoch.
pub const TIMING_FILE: &str = "timing.csv";
/// Lines for people.
pub const LOG_FILE: &str = "log.txt";

/// How far a run folder has come.
#[derive(Clone, Debug, PartialEq)]
pub enum RunState {
    /// Every file is there and its summary can be read.
    Done(Box<Summary>),
    /// There is no summary yet: the run goes on or was interrupted.
    Unfinished,
    /// Something is missing or cannot be read; the reason names file and place.
    Damaged(String),
}

/// A run folder that was found.
#[derive(Clone, Debug, PartialEq)]
pub struct FoundRun {
    /// Relative name below the root with `/` between its parts; empty when the root itself is the run.
    pub name: String,
    /// Where it lies.
    pub path: PathBuf,
    /// How far it has come.
    pub state: RunState,
}

/// All run folders below a root (the root included) in natural order of their names: `2-b` before `10-a`. Links to
/// folders are not followed.
///
/// # Errors
/// A refusal when the root is no folder; a fault from outside when a folder cannot be listed.
pub fn find_runs(root: &Path) -> anyhow::Result<Vec<FoundRun>> {
    if !root.is_dir() {
        refuse!("{}: expected a folder with run folders in it, found {}", root.display(), what_is(root));
    }
    let mut runs = Vec::new();
    let mut waiting = vec![root.to_path_buf()];
    while let Some(folder) = waiting.pop() {
        if folder.join(CONFIG_FILE).is_file() {
            let name = folder.strip_prefix(root).map(text_path).unwrap_or_default();
            runs.push(FoundRun { name, state: state_of(&folder), path: folder });
            continue;
        }
        for entry in fs_err::read_dir(&folder)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                waiting.push(entry.path());
            }
        }
    }
    runs.sort_by(|a, b| natural_order(&a.name, &b.name));
    Ok(runs)
}

fn what_is(path: &Path) -> &'static str {
    if path.exists() { "a file" } else { "nothing" }
}

fn state_of(folder: &Path) -> RunState {
    if !folder.join(SUMMARY_FILE).is_file() {
        return RunState::Unfinished;
    }
    for file in [METRICS_FILE, PREDICTIONS_FILE] {
        if !folder.join(file).is_file() {
            return RunState::Damaged(format!("{file} is missing although the run is finished; train it again"));
        }
    }
    match Summary::read(folder) {
        Ok(summary) => RunState::Done(Box::new(summary)),
        // Only the file's own name: the folder is named by whoever shows the reason, and reports hold no paths.
        Err(error) => RunState::Damaged(format!("{SUMMARY_FILE}: {}", error.root_cause())),
    }
}

/// Compares texts so that numbers in them stand in the order of their values; equal values with different zeros in
/// front are told apart byte by byte.
pub fn natural_order(a: &str, b: &str) -> Ordering {
    let (mut left, mut right) = (a.as_bytes(), b.as_bytes());
    loop {
        let (l, r) = (digits(left), digits(right));
        if l > 0 && r > 0 {
            let (x, y) = (without_zeros(&left[..l]), without_zeros(&right[..r]));
            let order = x.len().cmp(&y.len()).then_with(|| x.cmp(y));
            if order != Ordering::Equal {
                return order;
            }
            (left, right) = (&left[l..], &right[r..]);
            continue;
        }
        match (left.split_first(), right.split_first()) {
            (Some((x, rest_x)), Some((y, rest_y))) if x == y => (left, right) = (rest_x, rest_y),
            (Some((x, _)), Some((y, _))) => return x.cmp(y),
            (None, None) => return a.cmp(b),
            (x, y) => return x.is_some().cmp(&y.is_some()),
        }
    }
}

fn digits(text: &[u8]) -> usize {
    text.iter().take_while(|c| c.is_ascii_digit()).count()
}

fn without_zeros(text: &[u8]) -> &[u8] {
    let zeros = text.iter().take_while(|&&c| c == b'0').count();
    &text[zeros..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_sort_by_the_numbers_in_them() {
        let mut names = ["10-a", "2-b", "2-a", "seed-10", "seed-9", "02-a", ""];
        names.sort_by(|a, b| natural_order(a, b));
        assert_eq!(names, ["", "02-a", "2-a", "2-b", "10-a", "seed-9", "seed-10"]);
    }

    #[test]
    fn run_folders_are_found_with_their_state() {
        let root = tempfile::tempdir().unwrap();
        for name in ["b/seed-10", "b/seed-9", "a", "c"] {
            let folder = root.path().join(name);
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(folder.join(CONFIG_FILE), "{}").unwrap();
        }
        let done = root.path().join("a");
        summary::tests::example().write(&done).unwrap();
        std::fs::write(done.join(METRICS_FILE), "").unwrap();
        std::fs::write(done.join(PREDICTIONS_FILE), "").unwrap();
        std::fs::write(root.path().join("c").join(SUMMARY_FILE), "{").unwrap();
        let runs = find_runs(root.path()).unwrap();
        let names: Vec<_> = runs.iter().map(|run| run.name.as_str()).collect();
        assert_eq!(names, ["a", "b/seed-9", "b/seed-10", "c"]);
        assert!(matches!(&runs[0].state, RunState::Done(s) if **s == summary::tests::example()));
        assert_eq!(runs[1].state, RunState::Unfinished);
        assert!(matches!(&runs[3].state, RunState::Damaged(why) if why.contains("metrics.csv")));
        std::fs::remove_file(done.join(SUMMARY_FILE)).unwrap();
        std::fs::write(done.join(SUMMARY_FILE), "{\"name\": 3}").unwrap();
        let runs = find_runs(root.path()).unwrap();
        assert!(matches!(&runs[0].state, RunState::Damaged(why) if why.contains("line 1") && why.contains("name")));
    }

    #[test]
    fn a_root_that_is_no_folder_is_refused() {
        let error = find_runs(Path::new("no/such/root")).unwrap_err();
        assert!(crate::is_refused(&error) && error.to_string().contains("no/such/root"));
    }
}
