//! What the data consist of: rows by label, size and writer, and copies among them.

use std::collections::{BTreeMap, BTreeSet};

use stage_files::is_fault_of_system;
use stage_files::run::{Part, RowCount, read_row_counts};

use super::copies;
use crate::experiment::Experiment;
use crate::words::details::label_column;
use crate::words::sections as said;
use stage_page::{Block, Lang, Table};

/// Writers in the table, those with the most rows.
const MOST_WRITERS: usize = 40;
/// Parts of a split, in the order of their columns.
const PARTS: [Part; 4] = [Part::Train, Part::Extra, Part::Validation, Part::Test];

/// The tables of a data set, as the first run of an experiment divides it. Nothing for run folders without counts.
///
/// # Errors
/// Faults of the system. What a damaged file keeps out is told on the page.
pub(super) fn counts(lang: Lang, experiment: &Experiment<'_>) -> anyhow::Result<Vec<Block>> {
    let run = experiment.runs[0];
    let counts = match read_row_counts(&run.folder) {
        Ok(counts) if counts.is_empty() => return Ok(Vec::new()),
        Ok(counts) => counts,
        Err(error) if is_fault_of_system(&error) => return Err(error),
        Err(error) => {
            return Ok(vec![Block::Warning(said::counts_not_shown(lang, &run.name, &format!("{error:#}")))]);
        }
    };
    let mut blocks = vec![Block::Paragraph(facts(lang, experiment, &counts))];
    blocks.push(by(lang, &counts, said::rows_by_label(lang, &run.name), label_column(lang), |count| Some(count.label)));
    if counts.iter().filter_map(|count| count.size).collect::<BTreeSet<u8>>().len() > 1 {
        blocks
            .push(by(lang, &counts, said::rows_by_size(lang, &run.name), said::size_column(lang), |count| count.size));
    }
    blocks.extend(by_writer(lang, &counts, experiment.runs[0].summary.labels.as_slice()));
    Ok(blocks)
}

/// How many rows, writers and copies there are.
fn facts(lang: Lang, experiment: &Experiment<'_>, counts: &[RowCount]) -> String {
    let own = || counts.iter().filter(|count| count.part != Part::Extra);
    let rows: u64 = own().map(|count| count.rows).sum();
    let writers = own().filter_map(|count| count.writer.as_deref()).collect::<BTreeSet<&str>>().len();
    let mut text = said::rows_of_writers(lang, rows, writers);
    let extra: u64 = counts.iter().filter(|count| count.part == Part::Extra).map(|count| count.rows).sum();
    if extra > 0 {
        text += &said::extra(lang, extra);
    }
    let summary = &experiment.runs[0].summary;
    match copies::sentence(lang, experiment) {
        Some(sentence) => text += &format!(" {sentence}"),
        None if summary.test_rows_in_training == Some(0) => {
            text += said::no_copies(lang);
        }
        None => {}
    }
    text
}

/// Rows in each part, by a number that they have.
fn by(
    lang: Lang,
    counts: &[RowCount],
    caption: String,
    title: &str,
    number: impl Fn(&RowCount) -> Option<u8>,
) -> Block {
    let parts: Vec<(Part, &str)> = PARTS
        .into_iter()
        .zip(said::part_columns(lang))
        .filter(|(part, _)| counts.iter().any(|count| count.part == *part))
        .collect();
    let columns: Vec<&str> =
        [title].into_iter().chain(parts.iter().map(|(_, title)| *title)).chain([said::rows_column(lang)]).collect();
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
fn by_writer(lang: Lang, counts: &[RowCount], labels: &[u8]) -> Option<Block> {
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
    let caption = said::rows_by_writer(lang, writers.len(), all);
    let digits: Vec<String> = labels.iter().map(|label| format!("#{label}")).collect();
    let columns: Vec<&str> = said::writer_columns(lang)
        .into_iter()
        .chain(digits.iter().map(String::as_str))
        .chain([said::rows_column(lang)])
        .collect();
    let mut table = Table::new(caption, &columns);
    for (writer, (parts, by_label)) in writers {
        let parts: Vec<&str> = parts.into_iter().map(|part| word(lang, part)).collect();
        let cells = labels.iter().map(|label| by_label.get(label).copied().unwrap_or(0).to_string());
        let row = [writer.to_owned(), parts.join(", ")].into_iter().chain(cells);
        table.rows.push(row.chain([rows(&by_label).to_string()]).collect());
    }
    Some(Block::Table(table))
}

fn word(lang: Lang, part: Part) -> &'static str {
    let [training, validation, test] = said::uses(lang);
    match part {
        Part::Train | Part::Extra => training,
        Part::Validation => validation,
        Part::Test => test,
    }
}
