//! Lists of what each shard reads, for engines that ask what has changed: Snakemake, make.
//!
//! `--list-shards 4` writes `1-of-4.tsv` to `4-of-4.tsv`: a line for each source picture with its path, its size in
//! bytes and the time of its last change. A list that would not change is not touched, so ten more pictures change the
//! lists of their shards only.

use stage_cli::{Console, ExitStatus, counted};
use stage_files::output::OutputFile;
use stage_files::text_name::folded;
use stage_files::walk::Walk;
use stage_files::{refuse, regular_file};

use crate::batch::{check_source, find};
use crate::plan::{Shard, shards};
use crate::request::Request;

/// Longest list that is compared with the one that is there.
const MAX_LIST_BYTES: u64 = 1 << 34;
/// Most shards that are listed.
const MAX_SHARDS: u64 = 100_000;

/// Writes the list of each of `count` shards into the folder of the request, which must be there.
///
/// # Errors
/// Refusals as of the work itself, and faults from outside.
pub(crate) fn run(request: &Request, count: u64, console: &Console) -> anyhow::Result<ExitStatus> {
    if !(1..=MAX_SHARDS).contains(&count) {
        refuse!("--list-shards: expected a number from 1 to {MAX_SHARDS}, found {count}");
    }
    check_source(&request.source)?;
    let Walk { pictures, rejected, .. } = find(&request.source)?;
    let mut lists = vec![String::new(); count as usize];
    let pictures_found = pictures.len() as u64;
    for (found, shard) in shards(pictures, &request.labels, request.size, request.labels_in, count) {
        lists[shard as usize] += &format!("{}\t{}\t{}\n", found.name, found.size_bytes, found.modified_ns);
    }
    for entry in rejected {
        lists[Shard::of(&folded(&entry.source), count) as usize] += &format!("{}\trejected\n", entry.source);
    }
    let mut changed = 0;
    for (i, list) in lists.iter().enumerate() {
        let path = request.out.join(format!("{}-of-{count}.tsv", i + 1));
        let before = regular_file::read(&path, MAX_LIST_BYTES).ok();
        if before.as_deref() != Some(list.as_bytes()) {
            OutputFile::new("--list-shards", &path, &[])?.write(list.as_bytes())?;
            changed += 1;
        }
    }
    let shards = counted(count, "shard");
    console.note(format!(
        "digit-labeler: {} in {shards}, {} changed in {}",
        counted(pictures_found, "picture"),
        counted(changed, "list"),
        request.out.display()
    ));
    Ok(ExitStatus::Done)
}
