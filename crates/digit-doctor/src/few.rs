//! Labels and writers with few pictures.

use std::collections::BTreeMap;

use crate::finding::{Finding, Kind};
use crate::pictures::Pictures;
use crate::reason::{Few, Reason};

/// A label has few pictures below this number,
const MIN_OF_LABEL: usize = 10;
/// or below one in so many of what the label in the middle has.
const LABEL_ONE_IN: usize = 10;
/// A writer has few pictures below this number.
const MIN_OF_WRITER: usize = 5;
/// Writers named one by one; more are one finding.
const MOST_WRITERS: usize = 20;

/// Labels and writers with few pictures.
pub(crate) fn few(pictures: &Pictures) -> Vec<Finding> {
    let mut found = few_of_label(pictures);
    found.extend(few_of_writer(pictures));
    found
}

fn finding(kind: Kind, of: Vec<u32>, reason: Few) -> Finding {
    // The fewest are the worst.
    Finding { kind, score: -(of.len() as f64), of, other: None, suggested: None, reason: Reason::Few(reason) }
}

fn few_of_label(pictures: &Pictures) -> Vec<Finding> {
    let mut by_label: BTreeMap<u8, Vec<u32>> =
        pictures.labels.as_slice().iter().map(|&label| (label, Vec::new())).collect();
    for (row, item) in (0u32..).zip(&pictures.items[..pictures.own]) {
        by_label.entry(item.label).or_default().push(row);
    }
    let mut counts: Vec<usize> = by_label.values().map(Vec::len).collect();
    counts.sort_unstable();
    let middle = counts.get(counts.len() / 2).copied().unwrap_or_default();
    let is_few = |count: usize| count < MIN_OF_LABEL || count * LABEL_ONE_IN < middle;
    by_label
        .into_iter()
        .filter(|(_, of)| is_few(of.len()))
        .map(|(label, of)| {
            let reason = Few::Label { label, pictures: of.len(), middle };
            finding(Kind::FewOfLabel, of, reason)
        })
        .collect()
}

fn few_of_writer(pictures: &Pictures) -> Vec<Finding> {
    let mut by_writer: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
    for (row, item) in (0u32..).zip(&pictures.items[..pictures.own]) {
        if let Some(writer) = &item.writer {
            by_writer.entry(writer).or_default().push(row);
        }
    }
    let writers = by_writer.len();
    let few: Vec<(&str, Vec<u32>)> = by_writer.into_iter().filter(|(_, of)| of.len() < MIN_OF_WRITER).collect();
    if few.len() > MOST_WRITERS {
        let such_as: Vec<String> = few.iter().take(3).map(|(writer, _)| (*writer).to_owned()).collect();
        let reason = Few::Writers { writers: few.len(), all: writers, least: MIN_OF_WRITER, such_as };
        return vec![finding(Kind::FewOfWriter, few.into_iter().flat_map(|(_, of)| of).collect(), reason)];
    }
    few.into_iter()
        .map(|(writer, of)| {
            let reason = Few::Writer { writer: writer.to_owned(), pictures: of.len() };
            finding(Kind::FewOfWriter, of, reason)
        })
        .collect()
}
