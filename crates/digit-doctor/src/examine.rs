//! All that is looked for.

use std::collections::BTreeMap;

use digit_image::raster::GrayPicture;
use rayon::prelude::*;

use crate::built_in::built_in;
use crate::copies::{Pair, groups, pairs};
use crate::cut::Meeting;
use crate::finding::{Finding, Findings, Kind};
use crate::ink::Inks;
use crate::out_of_fold::out_of_fold;
use crate::pictures::Pictures;
use crate::pool::pool;
use crate::probabilities::Probabilities;
use crate::reason::{Copied, Note, Reason};
use crate::wrong_labels::wrong_labels;
use crate::{cut, few, odd, order};

/// What is wrong with the pictures. `is_stopped` ends the work early; what is returned then is worth nothing.
///
/// # Errors
/// If the built-in network cannot be read, which its tests rule out.
pub(crate) fn examine(pictures: &Pictures, is_stopped: &(dyn Fn() -> bool + Sync)) -> anyhow::Result<Findings> {
    let mut findings = Findings::default();
    let inks = Inks::of(pictures);
    if inks.is_light_on_dark {
        findings.notes.push(Note::LightOnDark);
    }
    if pictures.is_prepared() && pictures.seen.is_empty() {
        findings.notes.push(Note::OnlyClosestCopies);
    }
    let pairs = pairs(pictures);
    let own = out_of_fold(pictures, &inks, &groups(pictures.len(), &pairs), is_stopped);
    let built_in = built_in(pictures, &inks)?;
    let classes: Vec<u8> = (0..pictures.own).map(|row| pictures.class(row)).collect();
    let said = match (own, &built_in) {
        (Ok(own), Some(built_in)) => Ok(pool(&own, built_in, &classes)),
        (Err(_), Some(built_in)) => Ok(built_in.clone()),
        (own, None) => own,
    };
    findings.list.extend(of_pairs(pictures, &pairs, said.as_ref().ok()));
    match said {
        Ok(said) => labels(pictures, &said, built_in.as_ref(), &classes, &mut findings),
        Err(why) => findings.notes.push(why),
    }
    findings.list.extend(odd::blank(pictures, &inks));
    cut::cut(&meetings(pictures), &mut findings);
    odd::unlike(pictures, &inks, &pairs, &mut findings);
    findings.list.extend(few::few(pictures));
    findings.sort();
    Ok(findings)
}

/// Where the digit of each own picture meets the border: of its source, as preprocessing puts digits into the middle,
/// or of its row.
fn meetings(pictures: &Pictures) -> Vec<Option<Meeting>> {
    if !pictures.seen.is_empty() {
        return pictures.seen.iter().map(|seen| seen.meeting).collect();
    }
    let (width_px, height_px) = (pictures.canvas.width_px, pictures.canvas.height_px);
    let of_row = |row: usize| cut::meeting_of(&GrayPicture::new(width_px, height_px, pictures.row(row).to_vec())?);
    (0..pictures.own).into_par_iter().map(of_row).collect()
}

/// A finding for each later picture of a pair; of several pairs the worst counts.
fn of_pairs(pictures: &Pictures, pairs: &[Pair], said: Option<&Probabilities>) -> Vec<Finding> {
    let mut worst: BTreeMap<u32, (Kind, Pair)> = BTreeMap::new();
    for pair in pairs.iter().filter(|pair| (pair.of as usize) < pictures.own) {
        let kind = kind_of(pictures, pair);
        let is_worse = |(other, known): &(Kind, Pair)| (kind, pair.distance) < (*other, known.distance);
        if worst.get(&pair.copy).is_none_or(is_worse) {
            worst.insert(pair.copy, (kind, *pair));
        }
    }
    worst.into_values().map(|(kind, pair)| of_pair(pictures, kind, &pair, said)).collect()
}

fn kind_of(pictures: &Pictures, pair: &Pair) -> Kind {
    let (a, b) = (&pictures.items[pair.copy as usize], &pictures.items[pair.of as usize]);
    if a.tests != b.tests {
        Kind::Leak
    } else if a.label != b.label {
        Kind::Contradiction
    } else if a.writer != b.writer {
        Kind::CopyOfOtherWriter
    } else {
        Kind::Copy
    }
}

fn of_pair(pictures: &Pictures, kind: Kind, pair: &Pair, said: Option<&Probabilities>) -> Finding {
    let item = |row: u32| &pictures.items[row as usize];
    let self_confidence = |row: u32| {
        said.filter(|said| (row as usize) < said.len() && said.judged[row as usize])
            .map(|said| said.of(row as usize)[usize::from(pictures.class(row as usize))])
    };
    // What a person decides about: of a leak the picture that trains, of a contradiction the less credible one.
    let is_turned = match kind {
        Kind::Leak => item(pair.copy).tests,
        Kind::Contradiction => self_confidence(pair.copy) > self_confidence(pair.of),
        _ => false,
    };
    let (of, other) = if is_turned { (pair.of, pair.copy) } else { (pair.copy, pair.of) };
    let (own, theirs) = (item(of), item(other));
    let reason = Reason::Copy(Copied {
        of: theirs.name(),
        is_of_test: kind == Kind::Leak,
        label: (own.label != theirs.label).then_some(theirs.label),
        writer: theirs.writer.clone().filter(|_| own.writer != theirs.writer),
        distance: (!pair.is_exact).then_some(pair.distance),
    });
    let suggested = (kind == Kind::Contradiction).then_some(theirs.label);
    Finding { kind, of: vec![of], other: Some(other), suggested, score: -f64::from(pair.distance), reason }
}

/// Labels out of order and single wrong labels; what belongs to a group is not told again.
fn labels(
    pictures: &Pictures,
    said: &Probabilities,
    built_in: Option<&Probabilities>,
    classes: &[u8],
    findings: &mut Findings,
) {
    let groups = order::out_of_order(pictures, said, built_in);
    let grouped: BTreeMap<u32, u8> =
        groups.iter().flat_map(|group| group.of.iter().filter_map(|&row| Some((row, group.suggested?)))).collect();
    findings.list.extend(groups);
    for wrong in wrong_labels(said, classes) {
        let suggested = pictures.labels.digit_of(wrong.class);
        if grouped.get(&wrong.row).copied() == suggested {
            continue;
        }
        let p = said.of(wrong.row as usize);
        let label = pictures.items[wrong.row as usize].label;
        let reason = Reason::Probabilities {
            label: (label, p[usize::from(classes[wrong.row as usize])]),
            suggested: (suggested.unwrap_or_default(), p[usize::from(wrong.class)]),
        };
        let of = vec![wrong.row];
        findings.list.push(Finding {
            kind: Kind::WrongLabel,
            of,
            other: None,
            suggested,
            // What is counted in the confident joint comes first; a margin is -1..=1.
            score: if wrong.is_counted { 2.0 - wrong.margin } else { -wrong.margin },
            reason,
        });
    }
    if !said.judged.iter().all(|&judged| judged) {
        let count = said.judged.iter().filter(|judged| !**judged).count();
        findings.notes.push(Note::NotJudged(count));
    }
}
