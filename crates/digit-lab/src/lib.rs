//! The project's own measurements, behind the recipes of the `justfile`: drawn digits under the conditions of other
//! people's pictures, contact sheets to look at, and tables of what runs reach. No part of the product; no other crate
//! depends on it.

#![allow(clippy::disallowed_methods, reason = "measurements write no folder of a stage")]

mod accuracy_table;
mod built_in;
mod contact_sheet;
mod csv_times;
mod hard_pictures;
mod planted;
mod robustness;
mod sheet;

use std::io::Write;
use std::path::PathBuf;

use clap::{Parser, Subcommand};

/// Pictures and tables that measure the project itself
#[derive(Parser)]
#[command(name = "digit-lab", version)]
struct Cli {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Draw digits under the conditions of other people's pictures, a folder a condition
    Robustness {
        /// Folder to write
        folder: PathBuf,
        /// Random seed of the pictures
        #[arg(long, default_value_t = 1)]
        seed: u32,
        /// Conditions to draw [default: all]
        conditions: Vec<String>,
    },
    /// Photograph forms filled with drawn digits, and count what is cut out of them: a Markdown table on stdout
    Forms {
        /// Pictures of each kind
        #[arg(long, default_value_t = 43)]
        count: u32,
        /// Random seed of the forms
        #[arg(long, default_value_t = 1)]
        seed: u32,
        /// Folder for some pictures, and all that are not read whole, with boxes around what was found
        #[arg(long, value_name = "DIR")]
        shown: Option<PathBuf>,
    },
    /// Draw lines of digits and count which of them are found: a Markdown table on stdout
    Lines {
        /// Lines of each kind
        #[arg(long, default_value_t = 300)]
        count: u32,
        /// Random seed of the lines
        #[arg(long, default_value_t = 1)]
        seed: u32,
        /// Folder for some of the lines, and all that are not found whole, with boxes around what was found
        #[arg(long, value_name = "DIR")]
        shown: Option<PathBuf>,
    },
    /// Draw digits under hard conditions, to try preprocessing on
    HardPictures {
        /// Folder to write
        folder: PathBuf,
        /// Folder for what each step makes of a picture that needs it, before and after
        #[arg(long, value_name = "DIR")]
        steps: Option<PathBuf>,
    },
    /// Draw what writers and font faces write: a row a writer, two drawings of each digit
    ContactSheet {
        /// PNG to write
        file: PathBuf,
        /// Nominal size: 20 or 8
        #[arg(long, default_value_t = 20)]
        size: u8,
        /// `fonts`, or drawn writers such as 0..16
        writers: String,
    },
    /// Make the built-in network again: draw, prepare, train, export
    BuiltIn {
        /// Folder for what is made on the way
        work: PathBuf,
        /// Model file to write
        out: PathBuf,
        /// Few digits and epochs, to see whether bytes have changed
        #[arg(long)]
        short: bool,
    },
    /// Plant faults in pictures and print how many of them digit-doctor finds
    Planted {
        /// Folder for the pictures and the findings
        work: PathBuf,
        /// Pictures in which faults are planted
        #[arg(long, default_value_t = 8000)]
        count: u32,
        /// Folder of pictures {label}_{size}_{id}.png [default: drawn ones]
        #[arg(long, value_name = "DIR")]
        source: Option<PathBuf>,
        /// Drawn pictures without copies, among which none may be found
        #[arg(long, default_value_t = 0)]
        clean: u32,
        /// Random seed of the pictures and the faults
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// Time reading and writing a data set: seconds as JSON on stdout
    CsvTimes {
        /// CSV to read
        csv: PathBuf,
        /// Folder to write it to
        out: PathBuf,
    },
    /// Write a table of what runs reach
    AccuracyTable {
        /// What the table compares
        kind: accuracy_table::Kind,
        /// A line a row: title, preprocessing, accuracy to reach, folder of runs, rejected.csv, tab-separated
        rows: PathBuf,
        /// Markdown file to write
        table: PathBuf,
        /// Markdown file that is put below the table
        #[arg(long, value_name = "FILE")]
        below: Option<PathBuf>,
    },
}

/// The whole of the command's `main`.
///
/// # Errors
/// Faults from outside, and wrong requests.
pub fn main() -> anyhow::Result<()> {
    match Cli::parse().action {
        Action::Robustness { folder, seed, conditions } => robustness::write(&folder, seed, &conditions),
        Action::Forms { count, seed, shown } => {
            let table = robustness::forms::measure(count, seed, shown.as_deref())?;
            Ok(std::io::stdout().write_all(table.as_bytes())?)
        }
        Action::Lines { count, seed, shown } => {
            let table = robustness::lines::measure(count, seed, shown.as_deref())?;
            Ok(std::io::stdout().write_all(table.as_bytes())?)
        }
        Action::HardPictures { folder, steps } => hard_pictures::write(&folder, steps.as_deref()),
        Action::ContactSheet { file, size, writers } => contact_sheet::write(&file, size, &writers),
        Action::BuiltIn { work, out, short } => {
            built_in::write(&work, &out, if short { built_in::SHORT } else { built_in::WHOLE })
        }
        Action::Planted { work, count, source, clean, seed } => {
            let source = source.as_deref();
            planted::write(&planted::Request { work: &work, count, source, clean, seed })
        }
        Action::CsvTimes { csv, out } => Ok(writeln!(std::io::stdout(), "{}", csv_times::measure(&csv, &out)?)?),
        Action::AccuracyTable { kind, rows, table, below } => {
            accuracy_table::write(kind, &rows, &table, below.as_deref())
        }
    }
}
