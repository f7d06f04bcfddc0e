//! From labelled pictures, as a file holds them, to the job of writing them: the part that tables, IDX files and arrays
//! share.

use std::collections::BTreeMap;

use serde_json::Value;
use stage_files::labels::LabelSet;
use stage_files::picture_name::PictureName;
use stage_files::refuse;
use stage_files::rejected::Rejected;
use stage_files::stage::{Input, StageInfo};

use super::{gray_png, polarity};
use crate::folder::{Job, Made, Planned};

/// Labels of an import without `--labels`.
pub const ALL_LABELS: std::ops::RangeInclusive<u8> = 0..=9;

/// What the user asks of an import, whatever the kind of file.
pub struct Request<'a> {
    /// Labels that are taken, others are counted; all when none are given.
    pub labels: Option<&'a LabelSet>,
    /// How the file writes the digit 0, where that is not 0.
    pub zero_is: Option<ZeroIs>,
    /// The size in the new names.
    pub size: u8,
    /// Whether rows and columns of each picture change places.
    pub transpose: bool,
    /// Version of the command.
    pub version: &'a str,
}

/// How a file that knows no label 0 writes the digit 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum ZeroIs {
    /// 10 stands for 0, 1..9 for themselves (SVHN, Octave's exercises)
    #[value(name = "10")]
    Ten,
    /// Labels are shifted: 1 stands for 0, 2 for 1, .. 10 for 9 (USPS as libsvm has it)
    #[value(name = "1")]
    One,
}

/// A picture with its label, as the file holds it.
pub struct Item {
    /// Where it stands: `line 4`, `item 3`.
    pub source: String,
    /// The end of its new name.
    pub id: String,
    /// The label before [`ZeroIs`] is applied.
    pub label: i64,
    /// Gray levels, row by row.
    pub levels: Vec<u8>,
    /// Columns of this picture, where pictures have sizes of their own.
    pub width_px: Option<u32>,
}

/// What a file holds.
pub struct Pictures {
    /// Columns of each picture that has no size of its own.
    pub width_px: u32,
    /// Rows of each picture that has no size of its own.
    pub height_px: u32,
    /// The pictures in the order of the file.
    pub items: Vec<Item>,
    /// What could not be read.
    pub rejected: Vec<Rejected>,
    /// Where the labels stand, for a message: `column 1 (label)`; empty where that is plain.
    pub label_place: String,
}

/// The labels that an import takes.
pub fn taken(labels: Option<&LabelSet>) -> LabelSet {
    let all = || LabelSet::new(ALL_LABELS.collect()).unwrap_or_else(|_| unreachable!("ten distinct digits"));
    labels.cloned().unwrap_or_else(all)
}

impl Request<'_> {
    /// The job of writing the pictures, dark on light, and the maker of their files. `name` is the file's in messages;
    /// what was asked for is added to `settings`.
    ///
    /// # Errors
    /// Labels that may stand for other digits than they say, and a file without a picture that is asked for.
    pub fn job(
        &self,
        name: &str,
        mut settings: Value,
        inputs: Vec<Input>,
        pictures: Pictures,
    ) -> anyhow::Result<(Job<usize>, impl Fn(&Planned<usize>) -> Made + Sync + use<>)> {
        let set = taken(self.labels);
        settings["size"] = self.size.into();
        if self.transpose {
            settings["transpose"] = true.into();
        }
        if let Some(zero_is) = self.zero_is {
            settings["zero_is"] = zero_is.number().into();
        }
        let Pictures { width_px, height_px, mut items, mut rejected, label_place } = pictures;
        check_zero(name, &items, self.zero_is)?;
        let mut info = StageInfo::new("digit-source", self.version, settings, set.clone());
        info.inputs = inputs;
        let (mut planned, mut left_out) = (Vec::new(), BTreeMap::new());
        for (i, item) in items.iter_mut().enumerate() {
            let (source, id) = (std::mem::take(&mut item.source), std::mem::take(&mut item.id));
            match digit(item.label, self.zero_is) {
                Err(reason) => rejected.push(Rejected { source, reason: at_place(&label_place, &reason) }),
                Ok(label) if set.class_of(label).is_none() => *left_out.entry(label).or_default() += 1,
                Ok(label) => planned.push(Planned::new(PictureName { label, size: self.size, id }, source, i)),
            }
        }
        if planned.is_empty() {
            refuse_empty(name, &set, &left_out, &rejected)?;
        }
        let mut job = Job::new(info, planned);
        job.rejected = rejected;
        job.set_left_out(left_out);
        let turn_round =
            polarity::is_light_on_dark(&polarity::histogram(items.iter().flat_map(|item| item.levels.iter().copied())));
        let transpose = self.transpose;
        let make = move |picture: &Planned<usize>| {
            let item = &items[picture.origin];
            let mut levels = item.levels.clone();
            let own = item.width_px.map(|width_px| (width_px, levels.len() as u32 / width_px.max(1)));
            let (width_px, height_px) = own.unwrap_or((width_px, height_px));
            if turn_round {
                levels.iter_mut().for_each(|level| *level = 255 - *level);
            }
            if transpose {
                return gray_png(height_px, width_px, &transposed(&levels, width_px as usize));
            }
            gray_png(width_px, height_px, &levels)
        };
        Ok((job, make))
    }
}

impl ZeroIs {
    /// As on the command line.
    pub fn number(self) -> u8 {
        match self {
            Self::Ten => 10,
            Self::One => 1,
        }
    }
}

/// The digit that a label stands for, or why it stands for none.
fn digit(label: i64, zero_is: Option<ZeroIs>) -> Result<u8, String> {
    let digit = match (zero_is, label) {
        (Some(ZeroIs::Ten), 10) => 0,
        (Some(ZeroIs::One), _) => label - 1,
        _ => label,
    };
    match u8::try_from(digit) {
        Ok(digit @ 0..=9) => Ok(digit),
        _ if label == 10 => {
            Err("label 10 is no digit 0..9; where 10 stands for 0 and no label is 0, --zero-is 10 --fresh maps it"
                .into())
        }
        _ => Err(format!("label {label} is no digit 0..9")),
    }
}

/// Refuses labels that may stand for other digits than they say. In a file with 10 and without 0 either 10 stands for 0
/// or all labels are shifted by one; then those from 1 to 9, which look right, would be wrong.
fn check_zero(name: &str, items: &[Item], zero_is: Option<ZeroIs>) -> anyhow::Result<()> {
    let count = |is: fn(i64) -> bool| items.iter().filter(|item| is(item.label)).count();
    let (zeros, tens, beyond) = (count(|l| l == 0), count(|l| l == 10), count(|l| l > 9));
    match zero_is {
        Some(zero_is) if zeros > 0 => refuse!(
            "{name}: --zero-is {}: expected no label 0 in the file, found {zeros}; leave the option out",
            zero_is.number()
        ),
        None if zeros == 0 && tens > 0 && beyond == tens => refuse!(
            "{name}: {tens} labels are 10 and none is 0, so either 10 stands for 0 or all labels are shifted by one; \
             give --zero-is 10 for the former (SVHN, Octave's exercises) or --zero-is 1 for the latter (USPS of libsvm)"
        ),
        None if zeros == 0 && 3 * beyond > items.len() => refuse!(
            "{name}: {beyond} of {} labels are 10 or more and none is 0, as in sets of letters, where 1 stands for A; \
             give a set of digits",
            items.len()
        ),
        _ => Ok(()),
    }
}

fn at_place(place: &str, reason: &str) -> String {
    if place.is_empty() { reason.to_owned() } else { format!("{place}: {reason}") }
}

fn refuse_empty(name: &str, set: &LabelSet, left_out: &BTreeMap<u8, u64>, rejected: &[Rejected]) -> anyhow::Result<()> {
    let found = LabelSet::new(left_out.keys().copied().collect());
    let others: u64 = left_out.values().sum();
    match (found, rejected.first()) {
        (Ok(found), _) => refuse!(
            "{name}: no picture has a label in {set}; {others} pictures have the labels {found}; give --labels {found}"
        ),
        (Err(_), Some(first)) => refuse!(
            "{name}: none of {} pictures can be used; the first, {}: {}",
            rejected.len(),
            first.source,
            first.reason
        ),
        (Err(_), None) => refuse!("{name}: no picture in it; expected one row or item a picture"),
    }
}

/// Rows become columns.
fn transposed(levels: &[u8], width_px: usize) -> Vec<u8> {
    let height_px = levels.len() / width_px;
    (0..levels.len()).map(|i| levels[i % height_px * width_px + i / height_px]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items(labels: &[i64]) -> Vec<Item> {
        let item = |&label| Item { source: String::new(), id: String::new(), label, levels: vec![0], width_px: None };
        labels.iter().map(item).collect()
    }

    #[test]
    fn labels_that_may_mean_other_digits_are_refused() {
        let ten: Vec<i64> = (1..=10).collect();
        let letters: Vec<i64> = (1..=26).collect();
        for (labels, zero_is, part) in [
            (&ten, None, "--zero-is 10"),
            (&vec![10, 10], None, "--zero-is 1 "),
            (&letters, None, "letters"),
            (&vec![0, 10], Some(ZeroIs::Ten), "leave the option out"),
            (&vec![0, 1], Some(ZeroIs::One), "leave the option out"),
        ] {
            let error = check_zero("f", &items(labels), zero_is).unwrap_err();
            assert!(stage_files::is_refused(&error) && error.to_string().contains(part), "{error}");
        }
        check_zero("f", &items(&ten), Some(ZeroIs::One)).unwrap();
        // A slip of the pen in a set without 0 is a row's fault, and so is a 10 beside zeros.
        check_zero("f", &items(&[1, 2, 3, 4, 5, 12]), None).unwrap();
        check_zero("f", &items(&[0, 1, 2, 10]), None).unwrap();
    }

    #[test]
    fn zero_may_be_written_as_ten_or_all_labels_shifted() {
        let map = |zero_is| (1..=10).map(|label| digit(label, zero_is)).collect::<Result<Vec<u8>, _>>();
        assert_eq!(map(Some(ZeroIs::Ten)).unwrap(), [1, 2, 3, 4, 5, 6, 7, 8, 9, 0]);
        assert_eq!(map(Some(ZeroIs::One)).unwrap(), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
        assert!(map(None).unwrap_err().contains("--zero-is 10"));
        assert!(digit(-1, None).is_err() && digit(11, Some(ZeroIs::One)).is_err());
    }

    #[test]
    fn transposing_twice_changes_nothing() {
        let picture = [1, 2, 3, 4, 5, 6];
        assert_eq!(transposed(&picture, 3), [1, 4, 2, 5, 3, 6]);
        assert_eq!(transposed(&transposed(&picture, 3), 2), picture);
    }
}
