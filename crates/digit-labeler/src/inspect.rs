//! What a folder of source pictures holds, found out before any work: labels, size, writers and layout.
//!
//! ```text
//! 600 pictures, digits 0-9, 2 writers, layout {writer}/{digit}
//! ```
//!
//! The names are read by the rules of the labeler ([`crate::plan`]). A folder whose labels are not certain is refused
//! ([`Inspection::check`]), since a wrong label is worse than none.

mod doubt;

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use digit_image::decode::PageChoice;
use stage_cli::counted;
use stage_files::labels::LabelSet;
use stage_files::picture_name::PictureName;
use stage_files::rejected::Rejected;
use stage_files::walk::PictureFile;

use crate::batch::{check_source, find, with_page_counts};
use crate::labels_in::LabelsIn;
use crate::plan::{Plan, Planned, plan};
use stage_files::folder_name::spells;

/// The nominal size of pictures whose names say none.
const USUAL_SIZE: u8 = 20;
/// Sizes that names of this project say.
const SIZES_IN_NAMES: [u8; 2] = [20, 8];

/// What the user says of a folder.
#[derive(Clone, Copy, Debug, Default)]
pub struct Asked {
    /// The option `--size`.
    pub size: Option<u8>,
    /// Whether `size` is final. If not, the names say the size, and where they say none it is 20.
    pub is_size_known: bool,
    /// The option `--layout`.
    pub labels_in: Option<LabelsIn>,
    /// The option `--pages`.
    pub pages: PageChoice,
}

/// What a folder holds.
#[derive(Debug)]
pub struct Inspection {
    /// What `--size` has to be; `None` where names say the size.
    pub size: Option<u8>,
    /// Pictures by label.
    pub by_label: BTreeMap<u8, u64>,
    /// Pictures by nominal size.
    pub by_size: BTreeMap<u8, u64>,
    /// Pictures by writer.
    pub by_writer: BTreeMap<String, u64>,
    /// Pictures whose writer is not known.
    pub without_writer: u64,
    /// Files by the form of their path, such as `{writer}/{digit}`.
    pub by_layout: BTreeMap<&'static str, u64>,
    /// The first picture with a label: its path below the folder, and the label.
    pub first: Option<(String, u8)>,
    /// What will be rejected because of its name or kind.
    pub rejected: Vec<Rejected>,
    /// What `--layout` says, and how many labels each of its values finds where something is in doubt.
    labels_in: Option<LabelsIn>,
    readings: Vec<(LabelsIn, u64)>,
    /// A file that is no picture that can be read, with what helps.
    unread: Option<Rejected>,
    /// A picture in a folder by digit whose name begins with another digit, as most do.
    other_digit: Option<String>,
}

/// Looks at the names in a folder. Files are opened only to count their pages, if all pages are pictures.
///
/// # Errors
/// Refusals: the folder is missing, is a file, holds no picture, or was written by a stage that does not make source
/// pictures. Faults from outside.
pub fn inspect(source: &Path, asked: &Asked) -> anyhow::Result<Inspection> {
    check_source(source)?;
    let found = find(source)?;
    let size = if asked.is_size_known { asked.size } else { size_of(&found.pictures, asked.labels_in) };
    let (read, mut rejected) = labelled(&found.pictures, size, asked.labels_in);
    let unread = found.rejected.first().cloned();
    rejected.extend(found.rejected);
    rejected.sort();
    let other_digit = Some(read.remarks.other_digit).filter(|tally| tally.count > 0).map(|tally| tally.first);
    let mut inspection = Inspection {
        size,
        by_label: BTreeMap::new(),
        by_size: BTreeMap::new(),
        by_writer: BTreeMap::new(),
        without_writer: 0,
        by_layout: BTreeMap::new(),
        first: read.pictures.first().map(|planned| (planned.found.name.clone(), planned.name.label)),
        rejected,
        labels_in: asked.labels_in,
        readings: Vec::new(),
        unread,
        other_digit,
    };
    let pages = pages_by_name(&found.pictures, asked.pages);
    for planned in &read.pictures {
        inspection.add(planned, pages.get(&planned.found.name).copied().unwrap_or(1));
    }
    if inspection.is_doubtful() {
        inspection.readings = [LabelsIn::Folders, LabelsIn::Names]
            .map(|labels_in| {
                let size = if asked.is_size_known { size } else { size_of(&found.pictures, Some(labels_in)) };
                (labels_in, labelled(&found.pictures, size, Some(labels_in)).0.pictures.len() as u64)
            })
            .into();
    }
    Ok(inspection)
}

/// The pictures of a folder, each with its label and page, in the order of their names, and what is rejected because of
/// its name or kind. `found` is what [`inspect`] says of the same folder.
///
/// # Errors
/// Refusals and faults as of [`inspect`].
pub fn pictures(source: &Path, asked: &Asked, found: &Inspection) -> anyhow::Result<(Vec<Planned>, Vec<Rejected>)> {
    let walked = find(source)?;
    let mut rejected = walked.rejected;
    let with_pages = with_page_counts(walked.pictures, asked.pages);
    let plan = plan(with_pages, &all_digits(), found.size, asked.labels_in, None, None, &mut rejected);
    rejected.sort();
    Ok((plan.pictures, rejected))
}

fn all_digits() -> LabelSet {
    LabelSet::new((0..=9).collect()).unwrap_or_else(|_: String| unreachable!("these are digits"))
}

/// How many pages are taken of each file, if all are.
fn pages_by_name(pictures: &[PictureFile], pages: PageChoice) -> BTreeMap<String, u64> {
    if pages == PageChoice::First {
        return BTreeMap::new();
    }
    with_page_counts(pictures.to_vec(), pages).into_iter().map(|(found, pages)| (found.name, pages as u64)).collect()
}

/// The pictures with a label, one for each file, and what is rejected.
fn labelled(pictures: &[PictureFile], size: Option<u8>, labels_in: Option<LabelsIn>) -> (Plan, Vec<Rejected>) {
    let mut rejected = Vec::new();
    // The pages of a file have one label.
    let first_pages = pictures.iter().map(|found| (found.clone(), 1)).collect();
    let plan = plan(first_pages, &all_digits(), size, labels_in, None, None, &mut rejected);
    (plan, rejected)
}

/// What `--size` has to be: nothing where the names say it, as `3_8_kim-1.png` does.
fn size_of(pictures: &[PictureFile], labels_in: Option<LabelsIn>) -> Option<u8> {
    let (by_name, _) = labelled(pictures, None, labels_in);
    let says_size = |planned: &Planned| SIZES_IN_NAMES.contains(&planned.name.size);
    if by_name.pictures.is_empty() || !by_name.pictures.iter().all(says_size) {
        return Some(USUAL_SIZE);
    }
    let has_small = by_name.pictures.iter().any(|planned| planned.name.size != USUAL_SIZE);
    let all = labelled(pictures, Some(USUAL_SIZE), labels_in).0.pictures.len();
    (!has_small && all > by_name.pictures.len()).then_some(USUAL_SIZE)
}

impl Inspection {
    fn add(&mut self, planned: &Planned, pages: u64) {
        let name = &planned.name;
        *self.by_label.entry(name.label).or_default() += pages;
        *self.by_size.entry(name.size).or_default() += pages;
        *self.by_layout.entry(layout(planned)).or_default() += 1;
        match name.writer() {
            Some(writer) => *self.by_writer.entry(writer.to_owned()).or_default() += pages,
            None => self.without_writer += pages,
        }
    }

    /// How many pictures have a label.
    pub fn pictures(&self) -> u64 {
        self.by_label.values().sum()
    }

    /// How many files have a label.
    fn files(&self) -> u64 {
        self.by_layout.values().sum()
    }

    /// The labels that have pictures.
    ///
    /// # Errors
    /// A refusal when there are none.
    pub fn labels(&self) -> anyhow::Result<LabelSet> {
        LabelSet::new(self.by_label.keys().copied().collect()).map_err(stage_files::refused)
    }

    /// The digits between the smallest and the largest label that have no picture.
    pub fn missing(&self) -> Vec<u8> {
        let (Some((&first, _)), Some((&last, _))) = (self.by_label.first_key_value(), self.by_label.last_key_value())
        else {
            return Vec::new();
        };
        (first..=last).filter(|digit| !self.by_label.contains_key(digit)).collect()
    }
}

/// The form of a picture's path.
fn layout(planned: &Planned) -> &'static str {
    let (found, name) = (&planned.found, &planned.name);
    let digit = found.folders.last().is_some_and(|folder| spells(folder, name.label));
    match PictureName::parse_stem(found.stem()) {
        Ok(own) if (own.label, &own.id) == (name.label, &name.id) => {
            return if name.writer().is_some() { "{digit}_{size}_{writer}-{n}" } else { "{digit}_{size}_{id}" };
        }
        Ok(own) if !digit && own.size == name.size && own.label == name.label => return "{writer}/{digit}_{size}_{id}",
        _ => {}
    }
    let by_folder = name.id == found.stem() || found.folders.len() > 1 && name.writer().is_some();
    match found.folders.len() {
        1 if digit && by_folder => "{digit}/",
        2.. if digit && by_folder => "{writer}/{digit}",
        2.. if by_folder && spells(&found.folders[0], name.label) => "{digit}/{writer}",
        _ => "{digit}_{id}",
    }
}

impl fmt::Display for Inspection {
    /// `600 pictures, digits 0-9, 2 writers, layout {writer}/{digit}`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", counted(self.pictures(), "picture"))?;
        if let Ok(labels) = self.labels() {
            let noun = if labels.len() == 1 { "digit" } else { "digits" };
            write!(f, ", {noun} {}", labels.to_string().replace(',', ", "))?;
        }
        if self.by_size.keys().any(|&size| size != USUAL_SIZE) {
            let sizes: Vec<String> = self.by_size.keys().map(u8::to_string).collect();
            write!(f, ", {} {}", if sizes.len() == 1 { "size" } else { "sizes" }, sizes.join(" and "))?;
        }
        match (self.by_writer.len() as u64, self.without_writer) {
            (0, _) => write!(f, ", writers not known")?,
            (writers, 0) => write!(f, ", {}", counted(writers, "writer"))?,
            (writers, without) => {
                write!(
                    f,
                    ", {} and {} whose writer is not known",
                    counted(writers, "writer"),
                    counted(without, "picture")
                )?;
            }
        }
        let layouts: Vec<&str> = self.by_layout.keys().copied().collect();
        write!(f, ", layout {}", layouts.join(" and "))?;
        match self.rejected.len() as u64 {
            0 => Ok(()),
            rejected => write!(f, "; {} without a label", counted(rejected, "more file")),
        }
    }
}
