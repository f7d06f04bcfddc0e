//! What an earlier run has done already.

use std::path::Path;

use rayon::prelude::*;
use stage_files::cache::{self, Entry, Outcome};
use stage_files::digest::{hex, sha256, unhex};
use stage_files::output::Standing;

use crate::plan::Planned;
use crate::request::MAX_FILE_BYTES;

/// A digest, SHA-256.
pub(crate) type Sha256 = [u8; 32];

/// A picture after the work.
#[derive(Clone, Debug)]
pub(crate) struct Done {
    /// Of the bytes of its source; `None` if they could not be read.
    pub(crate) source: Option<Sha256>,
    /// Of the labelled picture, or why there is none.
    pub(crate) made: Result<Sha256, Box<str>>,
    /// Pages or frames of the source that are not used.
    pub(crate) pages_left_out: u64,
}

/// What is done of each planned picture.
pub(crate) type State = Vec<Option<Done>>;

/// A picture and what is done of it, as the cache has it.
pub(crate) fn entry<'a>(planned: &'a Planned, done: &'a Done) -> Entry<'a> {
    let outcome = match &done.made {
        Ok(sha256) => Outcome::Written { output: planned.output().into(), sha256: hex(sha256).into() },
        Err(reason) => Outcome::Rejected((&**reason).into()),
    };
    Entry {
        source: planned.found.name.as_str().into(),
        page: planned.page as u64,
        size_bytes: planned.found.size_bytes,
        modified_ns: planned.found.modified_ns,
        sha256: done.source.map_or_else(String::new, |source| hex(&source)).into(),
        outcome,
        pages_left_out: done.pages_left_out,
    }
}

/// The entries of all pictures that are done.
pub(crate) fn entries<'a>(planned: &'a [Planned], state: &'a State) -> impl Iterator<Item = Entry<'a>> {
    planned.iter().zip(state).filter_map(|(planned, done)| Some(entry(planned, done.as_ref()?)))
}

/// What the cache of a folder knows of the planned pictures, and whether more may be appended to it. A picture counts
/// as known if its source has not changed, by size and time, or else by its digest.
pub(crate) fn recall(folder: &Path, key: &str, planned: &[Planned], pool: &rayon::ThreadPool) -> (State, bool) {
    let mut state: State = vec![None; planned.len()];
    // Sources that have another time than they had: they may be the same all the same.
    let mut doubtful: Vec<usize> = Vec::new();
    let mut next = 0;
    let is_whole = cache::read(folder, key, |entry| {
        let Some(at) = position(planned, &entry, next) else { return };
        next = at + 1;
        let found = &planned[at].found;
        state[at] = if found.size_bytes == entry.size_bytes { done(&planned[at], &entry) } else { None };
        if found.modified_ns != entry.modified_ns || found.modified_ns == 0 {
            doubtful.push(at);
        }
    });
    let changed: Vec<usize> = pool.install(|| {
        let has_changed = |at: &usize| state[*at].as_ref().is_some_and(|done| !is_same(&planned[*at], done));
        doubtful.into_par_iter().filter(has_changed).collect()
    });
    changed.into_iter().for_each(|at| state[at] = None);
    (state, is_whole)
}

/// Where the picture of an entry stands; most stand where they are expected.
fn position(planned: &[Planned], entry: &Entry<'_>, expected: usize) -> Option<usize> {
    let order = |planned: &Planned| {
        planned.found.name.as_str().cmp(&*entry.source).then((planned.page as u64).cmp(&entry.page))
    };
    if planned.get(expected).is_some_and(|planned| order(planned).is_eq()) {
        return Some(expected);
    }
    planned.binary_search_by(order).ok()
}

/// What an entry says, if that still holds for the picture's name.
fn done(planned: &Planned, entry: &Entry<'_>) -> Option<Done> {
    let source = unhex(&entry.sha256);
    let made = match &entry.outcome {
        Outcome::Written { output, sha256 } if *output == planned.output() => Ok(unhex(sha256)?),
        Outcome::Written { .. } => return None,
        // What could not be read at all may be readable now.
        Outcome::Rejected(_) if source.is_none() => return None,
        Outcome::Rejected(reason) => Err(reason.as_ref().into()),
    };
    Some(Done { source, made, pages_left_out: entry.pages_left_out })
}

fn is_same(planned: &Planned, done: &Done) -> bool {
    let bytes = planned.found.read(MAX_FILE_BYTES);
    bytes.is_ok_and(|bytes| Some(sha256(&bytes)) == done.source)
}

/// Forgets the pictures whose files are not intact.
pub(crate) fn forget_lost(state: &mut State, planned: &[Planned], standing: &Standing, pool: &rayon::ThreadPool) {
    let forget = |(done, planned): (&mut Option<Done>, &Planned)| {
        let made = done.as_ref().and_then(|done| done.made.as_ref().ok());
        if made.is_some_and(|sha256| !standing.has_of(&planned.output(), sha256)) {
            *done = None;
        }
    };
    pool.install(|| state.par_iter_mut().zip(planned).for_each(forget));
}
