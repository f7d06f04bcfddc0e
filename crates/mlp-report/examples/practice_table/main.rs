//! Tables of what the runs that `practice/` made say.
//!
//! ```sh
//! cargo run --release -p mlp-report --example practice_table -- recipes ROWS.tsv TABLE.md
//! cargo run --release -p mlp-report --example practice_table -- steps ROWS.tsv TABLE.md
//! ```
//!
//! `recipes` has a line for each row of the list; `steps` a line for each preprocessing and a column for each title, and
//! says how each preprocessing differs from the first one. A row of the list is: title, preprocessing, what is to be
//! reached, folder of runs, `rejected.csv` of the pictures that test.

mod recipes;
mod row;
mod steps;

use std::path::Path;

use anyhow::bail;
use stage_files::atomic::{self, Durability};

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [kind, list, table] = arguments.as_slice() else {
        bail!("expected KIND ROWS.tsv TABLE.md, found {arguments:?}")
    };
    let rows = row::read(Path::new(list))?;
    let text = match kind.as_str() {
        "recipes" => recipes::table(&rows),
        "steps" => steps::table(&rows)?,
        _ => bail!("expected recipes or steps, found {kind}"),
    };
    atomic::write(Path::new(table), text.as_bytes(), Durability::Process)
}
