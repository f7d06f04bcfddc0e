//! What a sheet says about itself: a QR code with the form, the page and the writer, and marks that name it too.
//!
//! `digit-form;1;9f86d081;a4;0-9;8;1;3;kim` is edition 1, form 9f86d081, A4, digits 0 to 9, 8 boxes each, page 1 of the
//! third writer, kim.

use anyhow::Context;
use qrcodegen::{QrCode, QrCodeEcc, QrSegment, Version};
use stage_files::digest::sha256_hex;

use crate::dictionary::PER_CORNER;
use crate::layout::{EDITION, Layout, MOST_PER_LABEL};

/// The version of the QR code, always the same, so that its modules stand at known places.
const VERSION: u8 = 8;
/// Modules along a side (ISO/IEC 18004).
pub(crate) const MODULES: usize = 17 + 4 * VERSION as usize;
/// Longest name in the code, in bytes.
pub const MAX_NAME_BYTES: usize = 100;
/// Most sheets of a form: so many have different marks in each half.
pub const MOST_SHEETS: u32 = PER_CORNER * PER_CORNER;

/// What a sheet is.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    /// Which form it belongs to, see [`form_id`].
    pub form: u32,
    /// The layout of the form.
    pub layout: Layout,
    /// The page, from 1.
    pub page: u32,
    /// The writer's number, from 1.
    pub writer_number: u32,
    /// Who writes on it.
    pub writer: String,
}

/// The number of a form: from what it asks for and who fills it in, so that it is the same whenever it is printed.
pub fn form_id(layout: &Layout, writers: &[String]) -> u32 {
    let Layout { paper, labels, per_label } = layout;
    let text = format!("{EDITION};{paper};{labels};{per_label};{}", writers.join("\n"));
    number_of(&text)
}

/// The first 32 bits of the SHA-256.
fn number_of(text: &str) -> u32 {
    u32::from_str_radix(&sha256_hex(text.as_bytes())[..8], 16).unwrap_or_default()
}

impl Sheet {
    /// The modules of the code, row by row; true is black.
    ///
    /// # Errors
    /// A name that is too long for the code.
    pub(crate) fn modules(&self) -> anyhow::Result<Vec<bool>> {
        let segment = QrSegment::make_bytes(self.to_text().as_bytes());
        let version = Version::new(VERSION);
        let code = QrCode::encode_segments_advanced(&[segment], QrCodeEcc::Medium, version, version, None, true)
            .ok()
            .with_context(|| format!("the name {} does not fit the code", self.writer))?;
        let side = code.size();
        Ok((0..side).flat_map(|y| (0..side).map(move |x| (x, y))).map(|(x, y)| code.get_module(x, y)).collect())
    }

    /// The ids of the marks by corner: upper left, upper right, lower right, lower left.
    ///
    /// Of any two of the first [`MOST_SHEETS`] sheets of a form, each half (upper, lower, left, right) has at least one
    /// mark that differs. The marks of two forms start at different numbers, so their halves agree by chance, once in
    /// 62,500.
    pub fn marks(&self) -> [u16; 4] {
        let serial = (self.writer_number - 1) * self.layout.pages() + self.page - 1;
        std::array::from_fn(|corner| {
            let start = number_of(&format!("{:08x};{corner}", self.form)) % PER_CORNER;
            let more = if corner % 2 == 1 { serial / PER_CORNER } else { 0 };
            let group = (start + serial % PER_CORNER + more % PER_CORNER) % PER_CORNER;
            (4 * group) as u16 + corner as u16
        })
    }

    fn to_text(&self) -> String {
        let Self { form, layout: Layout { paper, labels, per_label }, page, writer_number, writer } = self;
        format!("digit-form;{EDITION};{form:08x};{paper};{labels};{per_label};{page};{writer_number};{writer}")
    }

    /// Reads the text of a code.
    ///
    /// # Errors
    /// What was expected and what was found.
    pub(crate) fn from_text(text: &str) -> Result<Self, String> {
        let wrong = || {
            format!(
                "expected the code of a sheet of digit-form, found `{}`; print the sheet with digit-form make",
                text.chars().filter(|c| !c.is_control()).take(60).collect::<String>()
            )
        };
        let rest = text.strip_prefix("digit-form;").ok_or_else(wrong)?;
        let (edition, rest) = rest.split_once(';').ok_or_else(wrong)?;
        if edition != EDITION.to_string() {
            let edition: String = edition.chars().filter(|c| !c.is_control()).take(20).collect();
            return Err(format!(
                "another edition: expected a sheet of edition {EDITION}, found one of {edition}; read it with the \
                 digit-form that printed it, or print it anew"
            ));
        }
        let parts: Vec<&str> = rest.splitn(7, ';').collect();
        let [form, paper, labels, per_label, page, writer_number, writer] = parts.as_slice() else {
            return Err(wrong());
        };
        let number = |text: &str, most: u32| {
            text.parse::<u32>().ok().filter(|number| (1..=most).contains(number)).ok_or_else(wrong)
        };
        let layout = Layout {
            paper: paper.parse().map_err(|_| wrong())?,
            labels: labels.parse().map_err(|_| wrong())?,
            per_label: number(per_label, MOST_PER_LABEL)?,
        };
        let sheet = Self {
            form: u32::from_str_radix(form, 16).map_err(|_| wrong())?,
            page: number(page, layout.pages())?,
            writer_number: number(writer_number, MOST_SHEETS / layout.pages())?,
            writer: (*writer).to_owned(),
            layout,
        };
        if sheet.writer.is_empty() || sheet.writer.len() > MAX_NAME_BYTES { Err(wrong()) } else { Ok(sheet) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet(writer: &str) -> Sheet {
        let layout = Layout { paper: "letter".parse().unwrap(), labels: "0,2,4,6,8".parse().unwrap(), per_label: 99 };
        Sheet { form: 0x9f86_d081, layout, page: 1, writer_number: 300, writer: writer.to_owned() }
    }

    #[test]
    fn a_code_says_what_was_put_into_it() {
        for writer in ["kim", "a;b; c", "a/b \"c\" \\", "김민지", "🙂 \"x\"", &"x".repeat(MAX_NAME_BYTES)] {
            let sheet = sheet(writer);
            assert_eq!(Sheet::from_text(&sheet.to_text()).unwrap(), sheet);
            let modules = sheet.modules().unwrap();
            assert_eq!(modules.len(), MODULES * MODULES);
            let grid = rqrr::SimpleGrid::from_func(MODULES, |x, y| modules[y * MODULES + x]);
            let (_, text) = rqrr::Grid::new(grid).decode().unwrap();
            assert_eq!(Sheet::from_text(&text).unwrap(), sheet);
        }
        assert!(sheet(&"x".repeat(200)).modules().is_err());
    }

    #[test]
    fn other_codes_and_editions_are_refused() {
        assert!(Sheet::from_text("https://example.org").unwrap_err().contains("found `https://example.org`"));
        let other = sheet("kim").to_text().replace("digit-form;1;", "digit-form;2;");
        assert!(Sheet::from_text(&other).unwrap_err().contains("edition 1, found one of 2"));
        for wrong in ["a4;0-9;0;1;1;x", "a4;0-9;8;2;1;x", "a5;0-9;8;1;1;x", "a4;0-9;8;1;0;x", "a4;0-9;8;1;4000000000;x"]
        {
            assert!(Sheet::from_text(&format!("digit-form;1;00000001;{wrong}")).is_err(), "{wrong}");
        }
        assert!(Sheet::from_text("digit-form;1;00000001;a4;0-9;8;1;1;").is_err(), "no writer");
    }

    #[test]
    fn halves_of_two_sheets_differ_in_a_mark() {
        let of = |number: u32| Sheet { writer_number: number, ..sheet("kim") };
        let pages = of(1).layout.pages();
        for (one, other) in [(1, 2), (1, 251), (3, 253), (7, 7 + 250 / pages), (2, MOST_SHEETS / pages), (100, 4100)] {
            let (one, other) = (of(one).marks(), of(other).marks());
            for half in [[0, 1], [1, 2], [2, 3], [3, 0]] {
                assert!(half.iter().any(|&corner| one[corner] != other[corner]), "{one:?} {other:?}");
            }
        }
        for (corner, id) in of(77).marks().into_iter().enumerate() {
            assert_eq!(crate::dictionary::corner_of(id), corner);
        }
    }
}
