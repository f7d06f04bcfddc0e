//! `fixes.csv`: what a person decided about single pictures. The page of `digit-doctor` saves it; `digit-labeler` and
//! `digit-csv` apply it. The pictures themselves never change.
//!
//! ```text
//! picture,source,row,action,label,was
//! 20/5_20_kim-12.png,kim/5/IMG_12.JPG,411,relabel,3,5
//! 20/7_20_lee-2.png,lee/7/IMG_2.JPG,,drop,,7
//! 20/1_20_lee-4.png,lee/1/IMG_4.JPG,,keep,,1
//! ```
//!
//! | column | meaning |
//! |---|---|
//! | `picture` | the labelled picture, relative to its folder; empty if not known |
//! | `source` | the source picture, relative to its folder; empty if not known |
//! | `row` | the row of the data set that was looked at, from 0; for people, no command reads it |
//! | `action` | `drop`: leave it out; `relabel`: give it the label in the next column; `keep`: change nothing |
//! | `label` | the new label with `relabel`, otherwise empty |
//! | `was` | the label that the picture had when it was looked at; a fix for another label is not used |
//!
//! A picture is found by its source; where that is not known, or gives several pictures, by its name as a labelled
//! picture.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::digest::sha256_hex;
use crate::plain_text::plain;
use crate::{refuse, refused, regular_file};

/// The name under which the page saves it.
pub const FIXES_FILE: &str = "fixes.csv";
/// Its header.
pub const FIXES_COLUMNS: [&str; 6] = ["picture", "source", "row", "action", "label", "was"];
/// Longest file that is read.
const MAX_BYTES: u64 = 1 << 30;
/// Fixes that are not used and named in a message; more are counted.
const SHOWN: usize = 5;

/// What happens to a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// It is left out.
    Drop,
    /// It gets this label, 0..=9.
    Relabel(u8),
    /// Nothing.
    Keep,
}

/// One line of the file.
#[derive(Clone, Debug)]
struct Fix {
    line: u64,
    picture: String,
    source: String,
    action: Action,
    was: u8,
}

impl Fix {
    fn name(&self) -> &str {
        if self.source.is_empty() { &self.picture } else { &self.source }
    }
}

/// The fixes of a file, and which of them were used.
#[derive(Clone, Debug)]
pub struct Fixes {
    /// SHA-256 of the file, for the settings of a stage.
    pub sha256: String,
    shown: String,
    lines: Vec<Fix>,
    by_picture: BTreeMap<String, Vec<usize>>,
    by_source: BTreeMap<String, Vec<usize>>,
    used: BTreeSet<usize>,
    other_label: BTreeMap<usize, u8>,
    dropped: u64,
    relabelled: u64,
}

impl Fixes {
    /// Reads a file.
    ///
    /// # Errors
    /// A refusal that names the line, when the file is not as the module describes or gives one picture two different
    /// actions; a fault from outside when it cannot be read.
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        let bytes = regular_file::read_input(path, MAX_BYTES)?;
        Self::parse(&bytes, &path.display().to_string())
    }

    /// Reads the bytes of a file; `shown` names it in messages.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn parse(bytes: &[u8], shown: &str) -> anyhow::Result<Self> {
        let mut fixes = Self {
            sha256: sha256_hex(bytes),
            shown: shown.to_owned(),
            lines: Vec::new(),
            by_picture: BTreeMap::new(),
            by_source: BTreeMap::new(),
            used: BTreeSet::new(),
            other_label: BTreeMap::new(),
            dropped: 0,
            relabelled: 0,
        };
        let text = plain(bytes);
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(&*text);
        let mut known: BTreeMap<(String, String), (u64, Action)> = BTreeMap::new();
        let mut has_header = false;
        for record in reader.records() {
            let record = record.map_err(|error| refused(format!("{shown}: {error}; save the fixes again")))?;
            let line = record.position().map_or(0, csv::Position::line);
            if !has_header {
                if record.iter().ne(FIXES_COLUMNS) {
                    let (expected, found) = (FIXES_COLUMNS.join(","), record.iter().collect::<Vec<_>>().join(","));
                    refuse!("{shown}, line {line}: expected the header {expected}, found {found}; give {FIXES_FILE}");
                }
                has_header = true;
                continue;
            }
            let fix = parse_line(&record, line).map_err(|what| refused(format!("{shown}, line {line}: {what}")))?;
            let key = (fix.picture.clone(), fix.source.clone());
            match known.get(&key) {
                Some((_, action)) if *action == fix.action => continue,
                Some((first, _)) => refuse!(
                    "{shown}, line {line}: {} has another action in line {first}; keep one of the two lines",
                    fix.name()
                ),
                None => drop(known.insert(key, (line, fix.action))),
            }
            let at = fixes.lines.len();
            fixes.by_picture.entry(fix.picture.clone()).or_default().push(at);
            fixes.by_source.entry(fix.source.clone()).or_default().push(at);
            fixes.lines.push(fix);
        }
        if !has_header {
            refuse!("{shown}: expected the header {}, found an empty file", FIXES_COLUMNS.join(","));
        }
        Ok(fixes)
    }

    /// What happens to a picture that has this label so far. `picture` is its name as a labelled picture, such as
    /// `20/3_20_kim-1.png`, and `source` its source, as far as known. Counts the fix as used.
    pub fn decide(&mut self, picture: &str, source: Option<&str>, label: u8) -> Action {
        let Some(at) = self.find(picture, source) else { return Action::Keep };
        let fix = &self.lines[at];
        if fix.was != label {
            self.other_label.insert(at, label);
            return Action::Keep;
        }
        if self.used.insert(at) {
            match fix.action {
                Action::Drop => self.dropped += 1,
                Action::Relabel(_) => self.relabelled += 1,
                Action::Keep => {}
            }
        }
        fix.action
    }

    fn find(&self, picture: &str, source: Option<&str>) -> Option<usize> {
        let of_picture = self.by_picture.get(picture).filter(|_| !picture.is_empty());
        let Some(source) = source.filter(|source| !source.is_empty()) else {
            return of_picture.and_then(|all| all.first().copied());
        };
        match self.by_source.get(source).map_or(&[][..], Vec::as_slice) {
            [] => of_picture?.iter().copied().find(|&at| self.lines[at].source.is_empty()),
            [one] => Some(*one),
            // The pages of one file.
            several => several.iter().copied().find(|&at| self.lines[at].picture == picture),
        }
    }

    /// Pictures left out, and pictures with another label, so far.
    pub fn counts(&self) -> (u64, u64) {
        (self.dropped, self.relabelled)
    }

    /// What there is to say of fixes that were not used: their pictures are gone or have another label by now.
    pub fn unused(&self) -> Vec<String> {
        let unused: Vec<usize> = (0..self.lines.len()).filter(|at| !self.used.contains(at)).collect();
        let sentence = |&at: &usize| {
            let (fix, shown) = (&self.lines[at], &self.shown);
            let place = format!("{shown}, line {}: {}", fix.line, fix.name());
            match self.other_label.get(&at) {
                Some(now) => {
                    format!("{place} has the label {now}, the fix is for the label {}; it is not used", fix.was)
                }
                None => format!("{place} is not among the pictures; the fix is not used"),
            }
        };
        let mut said: Vec<String> = unused.iter().take(SHOWN).map(sentence).collect();
        if let Some(more @ 1..) = unused.len().checked_sub(SHOWN) {
            said.push(format!("{}: {more} more fixes are not used", self.shown));
        }
        said
    }
}

/// `3 dropped and 2 relabelled by fixes`, from the counts `dropped` and `relabelled` of a stage that was given fixes.
pub fn fixed(counts: &BTreeMap<String, u64>) -> Option<String> {
    let (dropped, relabelled) = (counts.get("dropped")?, counts.get("relabelled")?);
    Some(format!("{dropped} dropped and {relabelled} relabelled by fixes"))
}

fn parse_line(record: &csv::StringRecord, line: u64) -> Result<Fix, String> {
    if record.len() != FIXES_COLUMNS.len() {
        return Err(format!("expected {} cells, found {}", FIXES_COLUMNS.len(), record.len()));
    }
    let cell = |at: usize| record.get(at).unwrap_or_default();
    let digit = |column: &str, text: &str| match text.as_bytes() {
        [digit @ b'0'..=b'9'] => Ok(digit - b'0'),
        _ => Err(format!("column {column}: expected a digit 0..9, found `{text}`")),
    };
    let action = match cell(3) {
        "drop" => Action::Drop,
        "keep" => Action::Keep,
        "relabel" => Action::Relabel(digit("label", cell(4))?),
        other => return Err(format!("column action: expected drop, relabel or keep, found `{other}`")),
    };
    if !matches!(action, Action::Relabel(_)) && !cell(4).is_empty() {
        return Err(format!("column label: expected nothing with {}, found `{}`", cell(3), cell(4)));
    }
    if cell(0).is_empty() && cell(1).is_empty() {
        return Err(
            "expected the name of the picture or of its source, found neither; such a row of a data set has no \
                    rows file, so no command can fix it"
                .into(),
        );
    }
    Ok(Fix { line, picture: cell(0).into(), source: cell(1).into(), action, was: digit("was", cell(5))? })
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "picture,source,row,action,label,was\n";

    fn fixes(lines: &str) -> anyhow::Result<Fixes> {
        Fixes::parse(format!("{HEADER}{lines}").as_bytes(), "fixes.csv")
    }

    #[test]
    fn a_picture_is_found_by_its_source_or_by_its_name() {
        let mut fixes = fixes(
            "20/5_20_kim-1.png,\"kim, 김/5/\"\"1\"\".png\",4,relabel,3,5\n20/1_20_a.png,,,drop,,1\n\
             20/2_20_b.png,b.tif,,keep,,2\n20/2_20_b-p2.png,b.tif,,drop,,2\n",
        )
        .unwrap();
        assert_eq!(fixes.decide("8/5_8_x.png", Some("kim, 김/5/\"1\".png"), 5), Action::Relabel(3));
        assert_eq!(fixes.decide("20/1_20_a.png", Some("elsewhere.png"), 1), Action::Drop);
        assert_eq!(fixes.decide("20/2_20_b.png", Some("b.tif"), 2), Action::Keep);
        assert_eq!(fixes.decide("20/2_20_b-p2.png", Some("b.tif"), 2), Action::Drop);
        assert_eq!(fixes.decide("20/5_20_kim-1.png", Some("other.png"), 5), Action::Keep);
        assert_eq!(fixes.decide("20/5_20_kim-1.png", None, 5), Action::Relabel(3));
        assert_eq!((fixes.counts(), fixes.unused()), ((2, 1), vec![]));
    }

    #[test]
    fn fixes_for_pictures_that_are_gone_or_have_another_label_are_said() {
        let mut fixes = fixes("20/5_20_x.png,x.png,,drop,,5\n20/6_20_y.png,y.png,,drop,,6\n").unwrap();
        assert_eq!(fixes.decide("20/7_20_y.png", Some("y.png"), 7), Action::Keep);
        let said = fixes.unused();
        assert_eq!(said[0], "fixes.csv, line 2: x.png is not among the pictures; the fix is not used");
        assert!(
            said[1].starts_with("fixes.csv, line 3: y.png has the label 7, the fix is for the label 6"),
            "{said:?}"
        );
        assert_eq!(fixes.counts(), (0, 0));
    }

    #[test]
    fn what_is_not_a_line_of_fixes_is_refused_with_its_number() {
        for (lines, part) in [
            ("a.png,,,drop,,1\na.png,,,relabel,2,1\n", "line 3: a.png has another action in line 2"),
            ("a.png,,,relabel,2,1\na.png,,,relabel,3,1\n", "line 3: a.png has another action in line 2"),
            ("a.png,,,remove,,1\n", "line 2: column action: expected drop, relabel or keep, found `remove`"),
            ("a.png,,,relabel,,1\n", "line 2: column label: expected a digit"),
            ("a.png,,,drop,3,1\n", "line 2: column label: expected nothing with drop"),
            ("a.png,,,drop,,\n", "line 2: column was: expected a digit"),
            (",,7,drop,,1\n", "line 2: expected the name of the picture"),
            ("a.png,drop\n", "line 2: expected 6 cells, found 2"),
        ] {
            let error = fixes(lines).unwrap_err();
            assert!(crate::is_refused(&error) && error.to_string().contains(part), "{lines}: {error}");
        }
        fixes("a.png,,,drop,,1\r\na.png,,,drop,,1\r\n").unwrap();
        assert!(Fixes::parse(b"", "f").is_err() && Fixes::parse(b"a,b\n", "f").is_err());
    }
}
