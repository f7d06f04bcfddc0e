//! Drawn digits under the conditions of other people's pictures: scans, paint programs, boards, photographs. A folder a
//! condition, some pictures a label.
//!
//! `experiments/preprocessing/robustness.py` reads them with a network and prints a table. Equal seeds give equal
//! digits under all conditions; the writers are none of those that `digit-source draw` trains with.

mod boards;
mod condition;
mod cut;
mod damage;
pub(crate) mod lines;
mod paint;
mod photographs;
mod random;
mod scans;
mod small;
mod world;

use std::path::Path;

use anyhow::{Context, Result, ensure};
use rayon::prelude::*;

use crate::sheet::Cover;
use condition::Condition;
use random::Random;

/// Writers from here on are not drawn by `digit-source draw`, which counts from 0.
const FIRST_WRITER: u32 = 1_000_000;
const LABELS: u8 = 10;

/// Writes a folder for each of the `wanted` conditions, or for all when there are none, and the list of all conditions.
pub(crate) fn write(folder: &Path, seed: u32, wanted: &[String]) -> Result<()> {
    let groups = [
        scans::CONDITIONS,
        cut::CONDITIONS,
        small::CONDITIONS,
        paint::CONDITIONS,
        boards::CONDITIONS,
        photographs::CONDITIONS,
    ];
    let all: Vec<&Condition> = groups.into_iter().flatten().collect();
    let unknown = wanted.iter().find(|name| all.iter().all(|condition| condition.name != **name));
    ensure!(unknown.is_none(), "expected conditions among those of a run without any, found {unknown:?}");
    // Read by the script: the order of the table.
    fs_err::create_dir_all(folder)?;
    let names: Vec<&str> = all.iter().map(|condition| condition.name).collect();
    fs_err::write(folder.join("conditions.txt"), names.join("\n") + "\n")?;
    let chosen = all.into_iter().filter(|condition| wanted.is_empty() || wanted.iter().any(|n| n == condition.name));
    chosen.collect::<Vec<_>>().into_par_iter().try_for_each(|condition| write_one(condition, folder, seed))
}

fn write_one(condition: &Condition, folder: &Path, seed: u32) -> Result<()> {
    let folder = folder.join(condition.name);
    fs_err::create_dir_all(&folder)?;
    for number in 0..condition.each * u32::from(LABELS) {
        let label = (number % u32::from(LABELS)) as u8;
        let writer = FIRST_WRITER + seed * 1000 + number;
        let digit = Cover::drawn(label, writer, number, u64::from(seed))?.cut();
        let mut random = Random::new(condition.name, seed, number);
        let file = (condition.make)(&digit, &mut random).with_context(|| condition.name)?;
        let name = format!("{label}_20_{}-{number}.{}", condition.name, file.ending);
        fs_err::write(folder.join(name), file.bytes)?;
    }
    Ok(())
}
