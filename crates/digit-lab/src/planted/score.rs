//! How much of what was planted `findings.csv` has.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::Result;

use super::faults::Planted;

/// The part of all pictures in which turned labels have to be.
const FIRST: f64 = 0.03;
const COPIES: [&str; 4] = ["leak", "contradiction", "copy_of_other_writer", "copy"];

struct Finding {
    kind: String,
    source: String,
    suggested: String,
    other: String,
    reason: String,
}

fn findings(folder: &Path) -> Result<Vec<Finding>> {
    let bytes = fs_err::read(folder.join("findings.csv"))?;
    let mut found = Vec::new();
    for record in csv::Reader::from_reader(bytes.as_slice()).into_deserialize() {
        let record: BTreeMap<String, String> = record?;
        let cell = |name: &str| record.get(name).cloned().unwrap_or_default();
        let (kind, source, suggested) = (cell("kind"), cell("source"), cell("suggested"));
        found.push(Finding { kind, source, suggested, other: cell("other"), reason: cell("reason") });
    }
    Ok(found)
}

/// How many copies were found.
pub(super) fn copies(folder: &Path) -> Result<usize> {
    Ok(findings(folder)?.iter().filter(|finding| COPIES.contains(&finding.kind.as_str())).count())
}

/// A table in Markdown: what was planted, found, and how many there were.
pub(super) fn table(folder: &Path, planted: &Planted) -> Result<String> {
    let found = findings(folder)?;
    let rejected: BTreeSet<String> = rejected(folder)?;
    let mut table = String::from("| planted | found | of |\n|---|---:|---:|\n");
    let wrong: Vec<&Finding> = found.iter().filter(|finding| finding.kind == "wrong_label").collect();
    let first = (FIRST * planted.files as f64) as usize;
    let is_turned = |finding: &&&Finding| planted.turned.contains_key(&finding.source);
    let turned = planted.turned.keys().filter(|name| !rejected.contains(*name)).count();
    let mut row = |what: &str, found: usize, of: usize| table += &format!("| {what} | {found} | {of} |\n");
    let early: Vec<&&Finding> = wrong.iter().take(first).filter(is_turned).collect();
    row(&format!("labels turned: in the first {first} of the list (3 %)"), early.len(), turned);
    row(
        &format!("labels turned: in the first {turned} of the list"),
        wrong.iter().take(turned).filter(is_turned).count(),
        turned,
    );
    let right = early.iter().filter(|finding| planted.turned[&finding.source].to_string() == finding.suggested);
    row("of those found, the right label is suggested", right.count(), early.len());
    let mut known: BTreeSet<(String, String)> = BTreeSet::new();
    let pairs: BTreeSet<(String, String)> = found
        .iter()
        .filter(|finding| COPIES.contains(&finding.kind.as_str()))
        .map(|finding| sorted(&finding.source, &finding.other))
        .collect();
    for (kind, copies) in &planted.copies {
        let usable: Vec<(String, String)> = copies
            .iter()
            .filter(|(copy, original)| !rejected.contains(copy) && !rejected.contains(original))
            .map(|(copy, original)| sorted(copy, original))
            .collect();
        row(&format!("copies: {kind}"), usable.iter().filter(|pair| pairs.contains(*pair)).count(), usable.len());
        known.extend(usable);
    }
    row("copies that were not planted", pairs.difference(&known).count(), 0);
    for (what, names, kind) in [("blank pictures", &planted.blank, "blank"), ("cut digits", &planted.cut, "cut")] {
        let is_found = |name: &&String| {
            rejected.contains(*name) || found.iter().any(|finding| finding.kind == kind && finding.source == **name)
        };
        let refused = names.iter().filter(|name| rejected.contains(*name)).count();
        let told = if refused > 0 { format!("{what} ({refused} by the preprocessing)") } else { what.to_owned() };
        row(&told, names.iter().filter(is_found).count(), names.len());
    }
    for (what, names) in &planted.out_of_order {
        let groups = found.iter().filter(|finding| finding.kind == "labels_out_of_order");
        let told: Vec<&Finding> = groups
            .filter(|finding| names.get(&finding.source).is_some_and(|label| label.to_string() == finding.suggested))
            .collect();
        let labels: BTreeSet<&u8> = names.values().collect();
        row(&format!("labels out of order: {what}, by label"), told.len(), labels.len());
        if let Some(first) = told.first() {
            row(&format!("- \"{}\"", first.reason.replace('|', "/")), 1, 1);
        }
    }
    Ok(table)
}

fn sorted(a: &str, b: &str) -> (String, String) {
    if a < b { (a.to_owned(), b.to_owned()) } else { (b.to_owned(), a.to_owned()) }
}

fn rejected(folder: &Path) -> Result<BTreeSet<String>> {
    let bytes = fs_err::read(folder.join("rejected.csv"))?;
    let records = csv::Reader::from_reader(bytes.as_slice()).into_records().collect::<Result<Vec<_>, _>>()?;
    Ok(records.iter().filter_map(|record| record.get(0).map(str::to_owned)).collect())
}
