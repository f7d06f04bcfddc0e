//! Drawn digits under the conditions of other people's pictures: scans, paint programs, boards, photographs. A folder a
//! condition, some pictures a label:
//!
//! ```text
//! cargo run --release -p digit-labeler --example robustness -- pictures [SEED] [CONDITION..]
//! ```
//!
//! `practice/robustness.py` reads them with a network and prints a table. Equal seeds give equal digits under all
//! conditions; the hands are none of those that `digit-source draw` trains with.

mod boards;
mod damage;
mod paint;
mod photographs;
mod random;
mod scans;
#[path = "../sheet/mod.rs"]
mod sheet;
mod small;
mod world;

use std::path::Path;

use anyhow::{Context, Result, ensure};
use rayon::prelude::*;

use random::Random;
use sheet::Cover;

/// Hands from here on are not drawn by `digit-source draw`, which counts from 0.
const FIRST_HAND: u32 = 1_000_000;
const LABELS: u8 = 10;

/// A picture file's bytes and the ending of its name.
struct File {
    bytes: Vec<u8>,
    ending: &'static str,
}

/// A kind of pictures.
struct Condition {
    name: &'static str,
    /// Pictures of each label.
    each: u32,
    make: fn(&Cover, &mut Random) -> Result<File>,
}

const fn condition(name: &'static str, make: fn(&Cover, &mut Random) -> Result<File>) -> Condition {
    Condition { name, each: 3, make }
}

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().context("expected the folder to write")?;
    let seed: u32 = arguments.next().map_or(Ok(1), |text| text.parse()).context("expected a seed, a whole number")?;
    let wanted: Vec<String> = arguments.collect();
    let all = [scans::CONDITIONS, small::CONDITIONS, paint::CONDITIONS, boards::CONDITIONS, photographs::CONDITIONS];
    let all: Vec<&Condition> = all.into_iter().flatten().collect();
    let unknown = wanted.iter().find(|name| all.iter().all(|condition| condition.name != **name));
    ensure!(unknown.is_none(), "expected conditions among those of a run without any, found {unknown:?}");
    // Read by the script: the order of the table.
    fs_err::create_dir_all(&folder)?;
    let names: Vec<&str> = all.iter().map(|condition| condition.name).collect();
    fs_err::write(Path::new(&folder).join("conditions.txt"), names.join("\n") + "\n")?;
    let chosen = all.into_iter().filter(|condition| wanted.is_empty() || wanted.iter().any(|n| n == condition.name));
    chosen.collect::<Vec<_>>().into_par_iter().try_for_each(|condition| write(condition, Path::new(&folder), seed))
}

fn write(condition: &Condition, folder: &Path, seed: u32) -> Result<()> {
    let folder = folder.join(condition.name);
    fs_err::create_dir_all(&folder)?;
    for number in 0..condition.each * u32::from(LABELS) {
        let label = (number % u32::from(LABELS)) as u8;
        let hand = FIRST_HAND + seed * 1000 + number;
        let digit = Cover::drawn(label, hand, number, u64::from(seed))?.cut();
        let mut random = Random::new(condition.name, seed, number);
        let file = (condition.make)(&digit, &mut random).with_context(|| condition.name)?;
        let name = format!("{label}_20_{}-{number}.{}", condition.name, file.ending);
        fs_err::write(folder.join(name), file.bytes)?;
    }
    Ok(())
}
