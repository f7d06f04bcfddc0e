//! `--pack`: the labelled pictures of each size as one tar archive.
//!
//! Pictures are made in the order of the archive. What an earlier run has made is copied from its archive, or stays in
//! the [one that was being written](PART_FILE) when it was interrupted, if it has the digest that the cache remembers.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Context;
use rayon::prelude::*;
use stage_cli::ExitStatus;
use stage_files::cache::Log;
use stage_files::digest::sha256;
use stage_files::output::FolderWriter;
use stage_files::pack::{self, Member, Pack, PackWriter};

use crate::known::{Done, Sha256, State, entry};
use crate::make::make;
use crate::work::{CHUNK, Work};

/// Private name of the archive that is being written.
pub(crate) const PART_FILE: &str = ".pack.part";

/// The planned pictures of a size, by their positions, in the order of the archive.
struct Group {
    size: u8,
    pictures: Vec<usize>,
    /// How many of them, and how many bytes, an interrupted run has left in [`PART_FILE`].
    begun: (usize, u64),
}

impl Group {
    /// Which of its pictures has this name.
    fn find(&self, work: &Work<'_>, name: &str) -> Option<usize> {
        self.pictures.binary_search_by(|&at| work.planned[at].output().as_str().cmp(name)).ok()
    }
}

/// Writes the archives and fills in `state`. Gives the status to end with if a signal asks for it.
///
/// # Errors
/// Faults from outside.
pub(crate) fn write(work: &Work<'_>, state: &mut State, log: &mut Log) -> anyhow::Result<Option<ExitStatus>> {
    let mut by_size: BTreeMap<u8, Vec<usize>> = BTreeMap::new();
    for (at, planned) in work.planned.iter().enumerate() {
        by_size.entry(planned.name.size).or_default().push(at);
    }
    let group = |(size, mut pictures): (u8, Vec<usize>)| {
        pictures.sort_unstable_by(|&a, &b| work.planned[a].name.cmp_path(&work.planned[b].name));
        Group { size, pictures, begun: (0, 0) }
    };
    let mut groups: Vec<Group> = by_size.into_iter().map(group).collect();
    go_on(work, state, &mut groups);
    for group in &groups {
        if let Some(status) = write_one(work, state, log, group)? {
            return Ok(Some(status));
        }
    }
    Ok(None)
}

/// Finds out how much of the archive that was being written still holds. Its group comes first, as the others will need
/// its place.
fn go_on(work: &Work<'_>, state: &State, groups: &mut [Group]) {
    let Ok(part) = Pack::open(&work.writer.root().join(PART_FILE)) else { return };
    let members = members(&part);
    let Some(first) = members.first() else { return };
    let Some(place) = groups.iter().position(|group| group.find(work, &first.name).is_some()) else { return };
    groups[..=place].rotate_right(1);
    let group = &mut groups[0];
    for member in members {
        let (mut next, _) = group.begun;
        while group.pictures.get(next).is_some_and(|&at| matches!(&state[at], Some(Done { made: Err(_), .. }))) {
            next += 1;
        }
        let Some(&at) = group.pictures.get(next) else { return };
        if work.planned[at].output() != member.name
            || !is_made(state[at].as_ref(), part.read(&member, u64::MAX).ok().as_deref())
        {
            return;
        }
        group.begun = (next + 1, member.end_bytes());
    }
}

/// The members of an archive up to its end or the first damage.
fn members(pack: &Pack) -> Vec<Member> {
    let mut members = Vec::new();
    // What is behind the damage is made anew.
    let _ = pack.visit(|member| members.push(member));
    members
}

/// Whether some bytes are what was made of a picture.
fn is_made(done: Option<&Done>, bytes: Option<&[u8]>) -> bool {
    let remembered: Option<&Sha256> = done.and_then(|done| done.made.as_ref().ok());
    remembered.is_some() && bytes.map(sha256).as_ref() == remembered
}

fn write_one(work: &Work<'_>, state: &mut State, log: &mut Log, group: &Group) -> anyhow::Result<Option<ExitStatus>> {
    let name = pack::file_name(group.size);
    let path = work.writer.root().join(&name);
    let context = || format!("cannot write {}", path.display());
    let before = Earlier::open(work, &path, group);
    let (first, kept_bytes) = group.begun;
    let mut archive = PackWriter::new(work.writer.grow(PART_FILE, kept_bytes)?);
    let mut count = first;
    work.progress.add(first as u64);
    for (nth, chunk) in group.pictures[first..].chunks(CHUNK).enumerate() {
        if let Some(status) = work.interrupts.pending() {
            return Ok(Some(status));
        }
        let at_start = first + nth * CHUNK;
        let made: Vec<(Option<Vec<u8>>, Option<Done>)> = work.pool.install(|| {
            let one = |(i, &at): (usize, &usize)| {
                let made = one(work, at, state[at].as_ref(), || before.as_ref()?.read(at_start + i));
                work.progress.add(1);
                made
            };
            chunk.par_iter().enumerate().map(one).collect::<anyhow::Result<_>>()
        })?;
        for (&at, (png, _)) in chunk.iter().zip(&made) {
            if let Some(png) = png {
                archive.add(&work.planned[at].output(), png).with_context(context)?;
                count += 1;
            }
        }
        // The archive first: what the cache remembers is there.
        archive.flush().with_context(context)?;
        let new = chunk.iter().zip(&made).filter_map(|(&at, (_, done))| Some((at, done.as_ref()?)));
        log.append(new.map(|(at, done)| entry(&work.planned[at], done)))?;
        for (&at, (_, done)) in chunk.iter().zip(made) {
            if done.is_some() {
                state[at] = done;
            }
        }
    }
    // Closed before its successor takes its name.
    drop(before);
    let file = archive.finish().with_context(context)?;
    if count > 0 {
        file.finish(&name)?;
        index(work.writer, &path, group.size)?;
    }
    Ok(None)
}

/// A picture as the archive gets it, and what is new about it.
fn one(
    work: &Work<'_>,
    at: usize,
    done: Option<&Done>,
    before: impl FnOnce() -> Option<Vec<u8>>,
) -> anyhow::Result<(Option<Vec<u8>>, Option<Done>)> {
    match done.map(|done| &done.made) {
        Some(Err(_)) => return Ok((None, None)),
        Some(Ok(_)) => {
            if let Some(png) = before().filter(|png| is_made(done, Some(png))) {
                return Ok((Some(png), None));
            }
        }
        None => {}
    }
    let made = make(work.request, work.reader, &work.planned[at]);
    let mut kept = None;
    let done = made.done(|png| Ok(sha256(kept.insert(png))))?;
    Ok((kept, Some(done)))
}

/// The archive of an earlier run, and where in it the pictures of a group lie.
struct Earlier {
    pack: Pack,
    places: Vec<Option<(u64, u64)>>,
}

impl Earlier {
    fn open(work: &Work<'_>, path: &Path, group: &Group) -> Option<Self> {
        let pack = Pack::open(path).ok()?;
        let mut places = vec![None; group.pictures.len()];
        // What is behind the damage of a damaged one is made anew.
        let _ = pack.visit(|member| {
            if let Some(i) = group.find(work, &member.name) {
                places[i] = Some((member.offset_bytes, member.size_bytes));
            }
        });
        Some(Self { pack, places })
    }

    fn read(&self, i: usize) -> Option<Vec<u8>> {
        let (offset_bytes, size_bytes) = self.places[i]?;
        self.pack.read(&Member { name: String::new(), offset_bytes, size_bytes }, u64::MAX).ok()
    }
}

/// Writes `{size}.tar.csv`: where each picture lies in the archive.
fn index(writer: &FolderWriter, path: &Path, size: u8) -> anyhow::Result<()> {
    let pack = Pack::open(path).map_err(|error| error.at(path))?;
    let mut file = writer.create(&pack::index_name(size))?;
    pack.write_index(&mut file)?;
    file.finish()
}
