//! What the data consist of: rows by label, size and writer, and copies among them.

use std::collections::{BTreeMap, BTreeSet};

use stage_files::is_fault_of_system;
use stage_files::run::{Part, RowCount, read_row_counts};

use super::copies;
use crate::experiment::Experiment;
use stage_page::format::counted;
use stage_page::{Block, Table};

/// Writers in the table, those with the most rows.
const MOST_WRITERS: usize = 40;
/// Parts of a split with the title of their column.
const PARTS: [(Part, &str); 4] = [
    (Part::Train, "#train"),
    (Part::Extra, "#train, extra data"),
    (Part::Validation, "#validate"),
    (Part::Test, "#test"),
];

/// The tables of a data set, as the first run of an experiment divides it. Nothing for run folders without counts.
///
/// # Errors
/// Faults of the system. What a damaged file keeps out is told on the page.
pub(super) fn counts(experiment: &Experiment<'_>) -> anyhow::Result<Vec<Block>> {
    let run = experiment.runs[0];
    let counts = match read_row_counts(&run.folder) {
        Ok(counts) if counts.is_empty() => return Ok(Vec::new()),
        Ok(counts) => counts,
        Err(error) if is_fault_of_system(&error) => return Err(error),
        Err(error) => {
            return Ok(vec![Block::Warning(format!("The counts of {} cannot be shown: {error:#}", run.name))]);
        }
    };
    let mut blocks = vec![Block::Paragraph(facts(experiment, &counts))];
    let divided = format!("as {} divides them", run.name);
    blocks.push(by(&counts, format!("Rows by label, {divided}"), "#label", |count| Some(count.label)));
    if counts.iter().filter_map(|count| count.size).collect::<BTreeSet<u8>>().len() > 1 {
        blocks.push(by(&counts, format!("Rows by nominal size, {divided}"), "#size", |count| count.size));
    }
    blocks.extend(by_writer(&counts, experiment.runs[0].summary.labels.as_slice()));
    Ok(blocks)
}

/// How many rows, writers and copies there are.
fn facts(experiment: &Experiment<'_>, counts: &[RowCount]) -> String {
    let own = || counts.iter().filter(|count| count.part != Part::Extra);
    let rows: u64 = own().map(|count| count.rows).sum();
    let writers = own().filter_map(|count| count.writer.as_deref()).collect::<BTreeSet<&str>>().len();
    let mut text = counted(rows as usize, "row");
    text += &match writers {
        0 => ", the writers of which are not known.".into(),
        _ => format!(" of {}.", counted(writers, "writer")),
    };
    let extra: u64 = counts.iter().filter(|count| count.part == Part::Extra).map(|count| count.rows).sum();
    if extra > 0 {
        text += &format!(" {} of extra data only train.", counted(extra as usize, "row"));
    }
    let summary = &experiment.runs[0].summary;
    match copies::sentence(experiment) {
        Some(sentence) => text += &format!(" {sentence}"),
        None if summary.test_rows_in_training == Some(0) => {
            text += " No test row has the same pixels as a training row, and no copies have different labels.";
        }
        None => {}
    }
    text
}

/// Rows in each part, by a number that they have.
fn by(counts: &[RowCount], caption: String, title: &str, number: impl Fn(&RowCount) -> Option<u8>) -> Block {
    let parts: Vec<(Part, &str)> =
        PARTS.into_iter().filter(|(part, _)| counts.iter().any(|count| count.part == *part)).collect();
    let columns: Vec<&str> =
        [title].into_iter().chain(parts.iter().map(|(_, title)| *title)).chain(["#rows"]).collect();
    let mut table = Table::new(caption, &columns);
    let mut sums: BTreeMap<u8, BTreeMap<Part, u64>> = BTreeMap::new();
    for count in counts {
        if let Some(number) = number(count) {
            *sums.entry(number).or_default().entry(count.part).or_default() += count.rows;
        }
    }
    for (number, sums) in sums {
        let cells = parts.iter().map(|(part, _)| sums.get(part).copied().unwrap_or(0).to_string());
        let all = sums.values().sum::<u64>().to_string();
        table.rows.push([number.to_string()].into_iter().chain(cells).chain([all]).collect());
    }
    Block::Table(table)
}

/// Rows of each writer by label; nothing where no writer is known.
fn by_writer(counts: &[RowCount], labels: &[u8]) -> Option<Block> {
    let mut writers: BTreeMap<&str, (BTreeSet<Part>, BTreeMap<u8, u64>)> = BTreeMap::new();
    for count in counts {
        if let Some(writer) = &count.writer {
            let (parts, by_label) = writers.entry(writer).or_default();
            parts.insert(count.part);
            *by_label.entry(count.label).or_default() += count.rows;
        }
    }
    if writers.is_empty() {
        return None;
    }
    let all = writers.len();
    let mut writers: Vec<_> = writers.into_iter().collect();
    let rows = |by_label: &BTreeMap<u8, u64>| by_label.values().sum::<u64>();
    writers.sort_by(|a, b| rows(&b.1.1).cmp(&rows(&a.1.1)).then(a.0.cmp(b.0)));
    writers.truncate(MOST_WRITERS);
    let caption = if writers.len() < all {
        format!("Rows by writer and label: the {} of {all} writers with the most rows", writers.len())
    } else {
        "Rows by writer and label".to_owned()
    };
    let digits: Vec<String> = labels.iter().map(|label| format!("#{label}")).collect();
    let columns: Vec<&str> =
        ["writer", "does"].into_iter().chain(digits.iter().map(String::as_str)).chain(["#rows"]).collect();
    let mut table = Table::new(caption, &columns);
    for (writer, (parts, by_label)) in writers {
        let parts: Vec<&str> = parts.into_iter().map(word).collect();
        let cells = labels.iter().map(|label| by_label.get(label).copied().unwrap_or(0).to_string());
        let row = [writer.to_owned(), parts.join(", ")].into_iter().chain(cells);
        table.rows.push(row.chain([rows(&by_label).to_string()]).collect());
    }
    Some(Block::Table(table))
}

fn word(part: Part) -> &'static str {
    match part {
        Part::Train | Part::Extra => "trains",
        Part::Validation => "validates",
        Part::Test => "tests",
    }
}
