//! Labels out of order: not single labels but those of a whole writer or folder are wrong.
//!
//! For each writer, the labels are counted against what networks that trained on other writers predict. A label of
//! which most pictures are predicted as another one stands for that. If it is so of most labels, each predicted as its
//! neighbour, the labels are shifted by one; if two labels are predicted as each other, they are swapped; otherwise a
//! folder has the wrong name. Where no writers are known, or only one is, all pictures are one group.

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::{Finding, Kind};
use crate::pictures::Pictures;
use crate::probabilities::Probabilities;
use crate::reason::{LooksLike, Pattern, Reason};

/// Pictures of a label that a writer must have.
const MIN_OF_LABEL: usize = 4;
/// Pictures that a writer must have for a shift of all labels.
const MIN_OF_WRITER: usize = 10;
/// Share of a label's pictures that are predicted as one other label.
const SHARE: f64 = 0.6;
/// The same by the built-in network, of all pictures of a label.
const SHARE_OF_ALL: f64 = 0.75;
/// Two labels of a set whose shares of pictures that are predicted as the other add up to more cannot be told apart.
const ALIKE: f64 = 0.5;

/// The groups of pictures whose label stands for another. `built_in` is asked about the set as a whole: networks that
/// learn from the set take over what is wrong in all of it.
pub(crate) fn out_of_order(
    pictures: &Pictures,
    said: &Probabilities,
    built_in: Option<&Probabilities>,
) -> Vec<Finding> {
    let mut by_writer: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
    for row in (0..said.len()).filter(|&row| said.judged[row]) {
        let writer = pictures.items[row].writer.as_deref();
        by_writer.entry(writer.unwrap_or_default()).or_default().push(row as u32);
    }
    let mut found: Vec<Finding> = Vec::new();
    for (writer, rows) in &by_writer {
        found.extend(of_group(pictures, said, writer, rows, SHARE));
    }
    let all: Vec<u32> = by_writer.into_values().flatten().collect();
    let told: BTreeSet<u8> = found.iter().filter_map(|finding| label_of(pictures, finding)).collect();
    if let Some(built_in) = built_in {
        let rows: Vec<u32> = all.iter().copied().filter(|&row| built_in.judged[row as usize]).collect();
        let of_set = of_group(pictures, built_in, "", &rows, SHARE_OF_ALL);
        found.extend(
            of_set.into_iter().filter(|finding| label_of(pictures, finding).is_none_or(|l| !told.contains(&l))),
        );
    }
    let told: BTreeSet<u8> = found.iter().filter_map(|finding| label_of(pictures, finding)).collect();
    let alike = alike(pictures, said, &all).into_iter();
    found.extend(alike.filter(|(a, b, _)| !told.contains(a) && !told.contains(b)).map(|alike| alike.2));
    found
}

fn label_of(pictures: &Pictures, finding: &Finding) -> Option<u8> {
    finding.of.first().map(|&row| pictures.items[row as usize].label)
}

/// Counts by label and predicted label.
struct Counts([[u32; 10]; 10]);

impl Counts {
    fn of(pictures: &Pictures, said: &Probabilities, rows: &[u32]) -> Self {
        let mut counts = [[0; 10]; 10];
        for &row in rows {
            let label = pictures.items[row as usize].label;
            let predicted = pictures.labels.digit_of(said.predicted(row as usize)).unwrap_or_default();
            counts[usize::from(label)][usize::from(predicted)] += 1;
        }
        Self(counts)
    }

    fn of_label(&self, label: u8) -> u32 {
        self.0[usize::from(label)].iter().sum()
    }

    fn share(&self, label: u8, predicted: u8) -> f64 {
        f64::from(self.0[usize::from(label)][usize::from(predicted)]) / f64::from(self.of_label(label).max(1))
    }

    /// What a label stands for, if most of its pictures are predicted as one other label.
    fn stands_for(&self, label: u8, least: f64) -> Option<u8> {
        let enough = self.of_label(label) as usize >= MIN_OF_LABEL;
        (0..10).find(|&other| other != label && enough && self.share(label, other) >= least)
    }

    /// By how much most of all labels are too small, if that is so: 1 or 9, which is -1.
    fn shift(&self, least: f64) -> Option<u8> {
        let all: u32 = (0..10).map(|label| self.of_label(label)).sum();
        let labels = (0..10).filter(|&label| self.of_label(label) > 0).count();
        [1, 9].into_iter().find(|&shift| {
            let shifted: u32 =
                (0..10u8).map(|label| self.0[usize::from(label)][usize::from((label + shift) % 10)]).sum();
            let is_most = f64::from(shifted) >= least * f64::from(all);
            labels > 2 && all as usize >= MIN_OF_WRITER && is_most
        })
    }
}

/// `least` is the share of a label's pictures that must be predicted as another one.
fn of_group(pictures: &Pictures, said: &Probabilities, writer: &str, rows: &[u32], least: f64) -> Vec<Finding> {
    let counts = Counts::of(pictures, said, rows);
    let shift = counts.shift(least);
    let mut found = Vec::new();
    for label in 0..10 {
        let by_shift = shift.map(|shift| (label + shift) % 10).filter(|to| pictures.labels.class_of(*to).is_some());
        let Some(to) = by_shift.or_else(|| counts.stands_for(label, least)) else { continue };
        let of: Vec<u32> = rows.iter().copied().filter(|&row| pictures.items[row as usize].label == label).collect();
        if of.is_empty() {
            continue;
        }
        let pattern = match shift {
            Some(1) => Pattern::TooSmall,
            Some(_) => Pattern::TooLarge,
            None if counts.stands_for(to, least) == Some(label) => Pattern::Swapped,
            None => Pattern::WrongFolder,
        };
        let share = counts.share(label, to);
        let count = counts.0[usize::from(label)][usize::from(to)];
        let writer = (!writer.is_empty()).then(|| writer.to_owned());
        let reason = Reason::LooksLike(LooksLike { count, all: of.len(), writer, label, to, pattern });
        found.push(Finding { kind: Kind::OutOfOrder, score: share, of, other: None, suggested: Some(to), reason });
    }
    found
}

/// Pairs of labels that the networks cannot tell apart: pictures of one digit may lie under both.
fn alike(pictures: &Pictures, said: &Probabilities, rows: &[u32]) -> Vec<(u8, u8, Finding)> {
    let counts = Counts::of(pictures, said, rows);
    let mut found = Vec::new();
    for (a, b) in (0..10u8).flat_map(|a| (a + 1..10).map(move |b| (a, b))) {
        let mixed = counts.share(a, b) + counts.share(b, a);
        let enough = [a, b].iter().all(|&label| counts.of_label(label) as usize >= MIN_OF_WRITER);
        if enough && mixed >= ALIKE {
            let reason = Reason::Alike { labels: [a, b], shares: [counts.share(a, b), counts.share(b, a)] };
            let finding =
                Finding { kind: Kind::OutOfOrder, of: Vec::new(), other: None, suggested: None, score: mixed, reason };
            found.push((a, b, finding));
        }
    }
    found
}
