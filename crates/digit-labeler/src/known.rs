//! What an earlier run has done already.

use std::collections::BTreeMap;

use rayon::prelude::*;
use stage_files::cache::{Outcome, Remembered};
use stage_files::digest::sha256_hex;
use stage_files::output::Standing;
use stage_files::regular_file;

use crate::plan::Planned;
use crate::request::MAX_FILE_BYTES;

/// What is remembered of inputs, by [`Planned::key`].
pub(crate) type Memory = BTreeMap<String, Remembered>;

/// Divides the pictures into those whose output is intact, with what is remembered of them, and those to do (their
/// positions).
pub(crate) fn what_is_known(
    standing: &Standing,
    planned: &[Planned],
    mut memory: Memory,
    pool: &rayon::ThreadPool,
) -> (Memory, Vec<usize>) {
    let valid: Vec<Option<u64>> =
        pool.install(|| planned.par_iter().map(|planned| still_valid(standing, planned, &memory)).collect());
    let mut state = Memory::new();
    let mut todo = Vec::new();
    for (at, (planned, valid)) in planned.iter().zip(valid).enumerate() {
        // Moved and not copied: there may be millions.
        match valid.and_then(|modified_ns| Some((modified_ns, memory.remove_entry(&planned.key())?))) {
            Some((modified_ns, (key, known))) => {
                state.insert(key, Remembered { modified_ns, ..known });
            }
            None => todo.push(at),
        }
    }
    (state, todo)
}

/// The time of the last change of an input whose outcome still holds.
fn still_valid(standing: &Standing, planned: &Planned, memory: &Memory) -> Option<u64> {
    let known = memory.get(&planned.key())?;
    if known.size_bytes != planned.found.size_bytes {
        return None;
    }
    if known.modified_ns != planned.found.modified_ns || known.modified_ns == 0 {
        let bytes = regular_file::read(&planned.found.path, MAX_FILE_BYTES).ok()?;
        if sha256_hex(&bytes) != known.sha256 {
            return None;
        }
    }
    let holds = match &known.outcome {
        Outcome::Written { output } => *output == planned.output && standing.has(output),
        // What could not be read at all may be readable now.
        Outcome::Rejected(_) => !known.sha256.is_empty(),
    };
    holds.then_some(planned.found.modified_ns)
}
