//! Label, size and id of each picture: from its name, from the folder that it lies in, from `--size`.
//!
//! | picture | without `--size` | with `--size 20` |
//! |---|---|---|
//! | `3_20_kim-1.png` | label 3, size 20 | label 3, size 20 |
//! | `3_8_kim-1.png` | label 3, size 8 | label 3, size 20, which is said |
//! | `3/x.png`, `kim/3/x.png`, `3/5_3_12.png` | rejected | label 3 |
//! | `3_kim.png`, `3-005.png`, `3.png`, `3 (2).png` | rejected | label 3, unless there are folders by digit |
//! | `3/kim/IMG_7.JPG`, if all pictures lie so | rejected | label 3, writer kim |
//! | `5/3_20_kim-1.png` | rejected | rejected |
//! | `kim/3_20_1.png`, `lee/3_20_1.png` and more such twins | id `kim-1`, `lee-1` | id `kim-1`, `lee-1` |
//! | `three/IMG_7.JPG`, `kim/03/IMG_7.JPG` | rejected | label 3, if all folders beside it spell a label |
//!
//! `--layout folders` takes the label from folders by digit and rejects pictures outside of them. `--layout names`
//! takes it from the names, whatever the folders are called.
//!
//! A wrong label is worse than none, so what may mean two labels is rejected with both.

use std::collections::{BTreeMap, BTreeSet};

use stage_files::picture_name::PictureName;
use stage_files::text_name::folded;
use stage_files::walk::PictureFile;
use stage_files::writer::writer_of;

use crate::labels_in::LabelsIn;
use crate::stem::{are_counted, come_again, leading_digit, leading_number, second_digit, split_label};
use stage_files::folder_name::{is_number, label_in_words};

/// Sizes that names and folders of this project have.
const NOMINAL_SIZES: [u8; 2] = [20, 8];

/// What the folder of a picture says.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    /// A digit: the label of its pictures.
    Digit(u8),
    /// A label in other words, such as `three`, `03` or `class_3`.
    InWords(u8),
    /// A number that is no digit: a size, a writer or a label beyond 9.
    Number,
    /// Nothing about labels.
    Other,
}

/// How the pictures of a tree are named, as far as one name alone does not tell.
pub(crate) struct Naming {
    size: Option<u8>,
    labels_in: Option<LabelsIn>,
    /// Name of the folder of all pictures.
    root: String,
    /// Folders with pictures, by the folder that they lie in.
    folders: BTreeMap<Vec<String>, BTreeSet<String>>,
    has_class_folders: bool,
    /// All pictures lie in `{digit}/{writer}/`, and in no folder that is a digit itself.
    digit_outside: bool,
    /// In folders by digit: most names that begin with a digit begin with that of their folder.
    begin_with_label: bool,
    /// In folders by digit: most names begin with a digit that their folder does not confirm.
    begin_with_other_digit: bool,
    /// Outside folders by digit: the second number of all names is a size, not a part of the id.
    have_sizes: bool,
    /// Outside folders by digit: many names `{label}_{size}_{id}` come again in other folders, which are the writers.
    come_again: bool,
    /// Outside folders by digit: the numbers at the beginning count the pictures: 1, 2, .. 10, 11.
    are_counted: bool,
}

impl Naming {
    pub(crate) fn of(pictures: &[PictureFile], size: Option<u8>, labels_in: Option<LabelsIn>) -> Self {
        let mut folders: BTreeMap<Vec<String>, BTreeSet<String>> = BTreeMap::new();
        for found in pictures {
            if let Some((last, parent)) = found.folders.split_last() {
                folders.entry(parent.to_vec()).or_default().insert(last.clone());
            }
        }
        let mut naming = Self {
            size,
            labels_in,
            root: pictures.first().map(PictureFile::root_name).unwrap_or_default(),
            folders,
            has_class_folders: false,
            digit_outside: false,
            begin_with_label: false,
            begin_with_other_digit: false,
            have_sizes: true,
            come_again: false,
            are_counted: false,
        };
        let (mut in_class, mut begin, mut agree, mut confirmed) = (0, 0, 0, 0);
        let mut counts: Vec<&str> = Vec::new();
        let mut own: Vec<String> = Vec::new();
        let counted = counted_folders(pictures);
        for found in pictures {
            // In `3/1.png`, `3/2.png`, .. `3/10.png` the names only count.
            let first = leading_digit(found.stem()).filter(|_| !counted.contains(&*found.folders));
            if let Class::Digit(label) = naming.class_of(found) {
                in_class += 1;
                begin += usize::from(first.is_some());
                agree += usize::from(first == Some(label));
                confirmed += usize::from(first.is_some() && second_digit(found.stem()) == Some(label));
                continue;
            }
            counts.push(leading_number(found.stem()));
            if let Ok(name) = PictureName::parse_stem(found.stem()) {
                naming.have_sizes &= naming.is_nominal(name.size);
                own.push(folded(found.stem()));
            }
        }
        naming.come_again = come_again(own);
        naming.has_class_folders = in_class > 0;
        naming.digit_outside = in_class == 0 && labels_in != Some(LabelsIn::Names) && are_in_digits(pictures);
        let is_said = labels_in == Some(LabelsIn::Folders);
        naming.begin_with_label = !is_said && agree * 2 > begin;
        naming.begin_with_other_digit =
            !is_said && !naming.begin_with_label && begin.saturating_sub(confirmed) * 2 > in_class;
        naming.are_counted = are_counted(counts);
        naming
    }

    /// Whether a picture lies in a folder by digit and begins with another digit, as most names in such folders do: the
    /// folders may be writers.
    pub(crate) fn has_other_digit(&self, found: &PictureFile, label: u8) -> bool {
        self.begin_with_other_digit
            && self.class_of(found) == Class::Digit(label)
            && leading_digit(found.stem()).is_some_and(|first| first != label)
    }

    /// What a picture shows. `number` is its number in its folder. The error says why it is not known and what to do.
    pub(crate) fn name_of(&self, found: &PictureFile, number: &str) -> Result<PictureName, String> {
        let class = self.class_of(found);
        let own = PictureName::parse_stem(found.stem());
        if let Class::Digit(label) = class {
            return self.in_class_folder(found, label, own, number);
        }
        if let (Class::InWords(label), Some(size), None) = (class, self.size, leading_digit(found.stem()))
            && self.is_spelt(found)
        {
            return Ok(named_by_folder(found, label, size, number));
        }
        if let (true, Some(size), Some((digit, inner))) = (self.digit_outside, self.size, found.folders.split_first()) {
            let label = digit.bytes().next().map_or(0, |digit| digit - b'0');
            return match leading_digit(found.stem()) {
                Some(first) if first != label => Err(contradiction(first, digit)),
                _ => Ok(PictureName { label, size, id: format!("{}-{number}", inner.join("_")) }),
            };
        }
        if self.labels_in == Some(LabelsIn::Folders) {
            return Err(
                "lies in no folder named by its digit, which --layout folders asks for; move it into one".into()
            );
        }
        let folder = found.folders.last().map_or("", String::as_str);
        if let (Class::InWords(label), Some(first)) = (class, leading_digit(found.stem()))
            && first != label
        {
            return Err(contradiction(first, folder));
        }
        let name = match (own, self.size) {
            (Ok(name), None) => self.of_folder(name, found),
            (Ok(name), Some(size)) if self.have_sizes => PictureName { size, ..self.of_folder(name, found) },
            (_, Some(size)) => self.label_first(found, size)?,
            (Err(reason), None) => return Err(format!("{reason}; {}", self.way_out(found))),
        };
        // A label beyond 9 beside `3` and others.
        if class == Class::Number && self.has_class_sibling(found) {
            return Err(contradiction(name.label, folder));
        }
        // `3/left/5_3_12`: writer 5, digit 3; what looks like the size is the label of a folder.
        let second = name.size.to_string();
        if self.size.is_none() && second.len() == 1 && !self.is_nominal(name.size) && found.folders.contains(&second) {
            return Err(contradiction(name.label, &second));
        }
        Ok(name)
    }

    fn in_class_folder(
        &self,
        found: &PictureFile,
        label: u8,
        own: Result<PictureName, String>,
        number: &str,
    ) -> Result<PictureName, String> {
        let folder = label.to_string();
        let Some(size) = self.size else {
            return match own {
                Ok(name) if name.label == label => Ok(name),
                Ok(name) => Err(contradiction(name.label, &folder)),
                Err(reason) => {
                    Err(format!("{reason}; for folders named by label give --labels auto --size auto --fresh"))
                }
            };
        };
        match &own {
            Ok(name) if self.is_nominal(name.size) => {
                if name.label == label {
                    return Ok(PictureName { size, ..name.clone() });
                }
                // `8/2_8_a`: writer 2, digit 8 among folders by digit; alone, 8 may as well be the size.
                if name.size != label || !self.has_class_sibling(found) {
                    return Err(contradiction(name.label, &folder));
                }
            }
            _ => (),
        }
        match leading_digit(found.stem()) {
            Some(first) if first != label && self.begin_with_label => Err(contradiction(first, &folder)),
            _ => Ok(named_by_folder(found, label, size, number)),
        }
    }

    /// `kim/3_20_1.png` beside `lee/3_20_1.png`: the folder is a part of the id, and the writer where a number follows.
    fn of_folder(&self, name: PictureName, found: &PictureFile) -> PictureName {
        if !self.come_again || name.writer().is_some() || found.folders.is_empty() {
            return name;
        }
        PictureName { id: joined(&found.folders, &name.id), ..name }
    }

    /// Whether all folders beside that of a picture spell a label, so that `03` beside `12` is none.
    fn is_spelt(&self, found: &PictureFile) -> bool {
        let beside = found.folders.split_last().and_then(|(_, parent)| self.folders.get(parent));
        beside.is_some_and(|beside| beside.iter().all(|folder| label_in_words(folder).is_some()))
    }

    /// `{label}_{anything}`, `{label}-{n}`, `{label}.{n}`, `{label}`, `{label} (2)`: the digit at the beginning is the
    /// label, the folders and the rest are the id.
    fn label_first(&self, found: &PictureFile, size: u8) -> Result<PictureName, String> {
        let stem = found.stem();
        let refuse = |what: &str| Err(format!("{what}, found `{stem}`; {}", self.way_out(found)));
        let number = leading_number(stem);
        if number.len() > 1 {
            return refuse(&format!(
                "name without label: expected one digit at its beginning, not the number {number}"
            ));
        }
        let Some((label, rest)) = split_label(stem) else {
            return refuse("name without label: expected {label}_{size}_{id}, or {label}_{id} with --size");
        };
        if self.has_class_folders {
            return refuse("the picture lies beside folders named by digit and in none of them");
        }
        if self.are_counted {
            return refuse("name without label: the numbers at the beginning of the names count the pictures");
        }
        let is_other =
            |folder: &String| is_number(folder) || label_in_words(folder).is_some_and(|other| other != label);
        let is_said = self.labels_in == Some(LabelsIn::Names);
        if let Some(folder) = found.folders.iter().find(|folder| !is_said && is_other(folder)) {
            return refuse(&format!("its folder {folder} may be a label or a writer"));
        }
        let root = leading_digit(&self.root).filter(|_| self.root.len() == 1).or_else(|| label_in_words(&self.root));
        if !is_said && root.is_some_and(|root| root != label) {
            return refuse(&format!("the source folder {} may be the label", self.root));
        }
        let rest = if rest.is_empty() { "0" } else { rest };
        let id = if found.folders.is_empty() { rest.to_owned() } else { joined(&found.folders, rest) };
        Ok(PictureName { label, size, id })
    }

    /// What to do with a picture without a label.
    fn way_out(&self, found: &PictureFile) -> &'static str {
        if self.size.is_none() && split_label(found.stem()).is_some() {
            "give --size 20 --fresh if the digit at the beginning is the label; or rename the picture"
        } else {
            "rename the picture, or put it into a folder named by its digit, such as 3/x.png, with --size 20 --fresh"
        }
    }

    fn is_nominal(&self, size: u8) -> bool {
        NOMINAL_SIZES.contains(&size) || self.size == Some(size)
    }

    fn class_of(&self, found: &PictureFile) -> Class {
        let Some(folder) = found.folders.last().filter(|_| self.labels_in != Some(LabelsIn::Names)) else {
            return Class::Other;
        };
        match folder.as_bytes() {
            // `8` beside `20` and no other digit holds the pictures of size 8.
            b"8" if self.has_sibling(found, "20") && !self.has_class_sibling(found) => Class::Number,
            [digit @ b'0'..=b'9'] => Class::Digit(digit - b'0'),
            _ => match label_in_words(folder) {
                Some(label) => Class::InWords(label),
                None if is_number(folder) => Class::Number,
                None => Class::Other,
            },
        }
    }

    fn has_sibling(&self, found: &PictureFile, folder: &str) -> bool {
        let beside = found.folders.split_last().and_then(|(own, parent)| Some((own, self.folders.get(parent)?)));
        beside.is_some_and(|(own, beside)| own != folder && beside.contains(folder))
    }

    /// Whether a folder named by a digit lies beside that of a picture; `8` beside `20` is a size.
    fn has_class_sibling(&self, found: &PictureFile) -> bool {
        let is_of_size = found.folders.last().is_some_and(|own| own == "20");
        let digits = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
        digits.iter().filter(|digit| !(is_of_size && **digit == "8")).any(|digit| self.has_sibling(found, digit))
    }

    /// Whether the label is the digit that the name begins with, and nothing else says so.
    pub(crate) fn is_label_first(&self, found: &PictureFile) -> bool {
        let is_own = self.have_sizes && PictureName::parse_stem(found.stem()).is_ok();
        let by_folder = matches!(self.class_of(found), Class::Digit(_))
            || leading_digit(found.stem()).is_none()
            || self.digit_outside && !found.folders.is_empty();
        self.size.is_some() && !is_own && !by_folder
    }
}

/// The id of a picture in folders: a number after `-`, so that the folders are its writer, anything else after `_`.
fn joined(folders: &[String], rest: &str) -> String {
    let joint = if rest.bytes().all(|b| b.is_ascii_digit()) { '-' } else { '_' };
    format!("{}{joint}{rest}", folders.join("_"))
}

/// The name of a picture whose folder says its label.
fn named_by_folder(found: &PictureFile, label: u8, size: u8, number: &str) -> PictureName {
    let id = writer_of(&found.folders).map_or_else(|| found.stem().to_owned(), |writer| format!("{writer}-{number}"));
    PictureName { label, size, id }
}

/// Whether all pictures lie in folders of folders by digit, and those are several.
fn are_in_digits(pictures: &[PictureFile]) -> bool {
    let digit = |found: &PictureFile| match (found.folders.first()?.as_bytes(), found.folders.len()) {
        ([digit @ b'0'..=b'9'], 2..) => Some(*digit),
        _ => None,
    };
    let digits: Option<BTreeSet<u8>> = pictures.iter().map(digit).collect();
    digits.is_some_and(|digits| digits.len() > 1)
}

/// The folders whose pictures begin with numbers that count them.
fn counted_folders(pictures: &[PictureFile]) -> BTreeSet<&[String]> {
    let mut numbers: BTreeMap<&[String], Vec<&str>> = BTreeMap::new();
    for found in pictures {
        numbers.entry(&found.folders).or_default().push(leading_number(found.stem()));
    }
    numbers.into_iter().filter(|(_, numbers)| are_counted(numbers.clone())).map(|(folder, _)| folder).collect()
}

fn contradiction(label: u8, folder: &str) -> String {
    format!("its name says label {label}, its folder {folder}; rename the picture or move it")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(name: &str) -> PictureFile {
        PictureFile::below("".as_ref(), name, 0)
    }

    /// The label of the first of some pictures, if it is not rejected.
    fn label(names: &[String], size: Option<u8>) -> Option<u8> {
        let pictures: Vec<PictureFile> = names.iter().map(|name| found(name)).collect();
        Naming::of(&pictures, size, None).name_of(&pictures[0], "1").ok().map(|name| name.label)
    }

    #[test]
    fn a_picture_in_a_folder_by_digit_gets_no_other_label() {
        for (folder, digit) in (0..10).flat_map(|folder| (0..10).map(move |digit| (folder, digit))) {
            for stem in
                ["{d}", "{d}_1", "{d}-1", "{d}_{f}_12", "{d}_{f}", "{d}_20_kim-1", "{d}_8_kim-1", "{d} (2)", "{d}_3_1"]
            {
                let stem = stem.replace("{d}", &digit.to_string()).replace("{f}", &folder.to_string());
                for parent in ["", "kim/", "12/"] {
                    for beside in [&[][..], &["1/1_1", "2/2_2", "7/7_1"], &["1/5_1", "2/5_2", "9/3_1"], &["20/1_20_a"]]
                    {
                        // `8` beside `20` holds the pictures of size 8.
                        if folder == 8 && beside == ["20/1_20_a"] {
                            continue;
                        }
                        let mut names = vec![format!("{parent}{folder}/{stem}")];
                        names.extend(beside.iter().map(|name| format!("{parent}{name}")));
                        for size in [None, Some(20), Some(8)] {
                            let label = label(&names, size);
                            assert!(label.is_none_or(|label| label == folder), "{names:?} {size:?}: {label:?}");
                            // Rejected only where the name may be a label, too.
                            assert!(label.is_some() || digit != folder || size.is_none(), "{names:?} {size:?}");
                        }
                    }
                }
            }
        }
    }
}
