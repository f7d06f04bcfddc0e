//! The names of source and labelled pictures: `{label}_{size}_{id}.{extension}`.
//!
//! `id` may be `{writer}-{n}`: the writer is all before the last `-` when only digits follow it, and is the person
//! that wrote the digit. `-p{page}` may follow: `kim-3-p2` is the second page of a file, and the writer is `kim`.

use std::cmp::Ordering;
use std::fmt;

use crate::digest;

/// Longest file name, in bytes, that common file systems take.
pub const MAX_NAME_BYTES: usize = 255;
/// An id of so many bytes is never cut: beside it there are the label, a size of three digits, `_`, `_` and `.png`.
const SHORT_ID_BYTES: usize = MAX_NAME_BYTES - 10;

/// The parts of a picture's name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PictureName {
    /// The digit shown, 0..=9.
    pub label: u8,
    /// The nominal size of the digit, 1..=255: usually 20 (fills the picture) or 8 (small, anywhere in it).
    pub size: u8,
    /// Distinguishes pictures of the same label and size; not empty.
    pub id: String,
}

impl PictureName {
    /// Reads the stem of a file name (the name without its extension). The error says what is wrong with it.
    ///
    /// ```
    /// use stage_files::picture_name::PictureName;
    /// let name = PictureName::parse_stem("3_20_kim-12").unwrap();
    /// assert_eq!((name.label, name.size, name.writer()), (3, 20, Some("kim")));
    /// ```
    pub fn parse_stem(stem: &str) -> Result<Self, String> {
        let mut parts = stem.splitn(3, '_');
        let (label, size, id) = (parts.next().unwrap_or(""), parts.next(), parts.next());
        let label = match label.as_bytes() {
            [digit @ b'0'..=b'9'] => digit - b'0',
            _ => return Err(format!("name without label: expected {{label}}_{{size}}_{{id}}, found `{stem}`")),
        };
        let Some(size) = size else {
            return Err(format!("name without size: expected {{label}}_{{size}}_{{id}}, found `{stem}`"));
        };
        let Some(size) = parse_size(size) else {
            return Err(format!("size is not a number 1..255: found `{size}` in `{stem}`"));
        };
        match id {
            Some(id) if !id.is_empty() => Ok(Self { label, size, id: id.to_owned() }),
            _ => Err(format!("name without id: expected {{label}}_{{size}}_{{id}}, found `{stem}`")),
        }
    }

    /// Who wrote the digit: all of the id before the last `-`, when only digits follow it. A page's `-p{page}` at the
    /// end does not count.
    pub fn writer(&self) -> Option<&str> {
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        let id = self.id.rsplit_once("-p").filter(|(_, page)| is_number(page)).map_or(self.id.as_str(), |(id, _)| id);
        let (writer, n) = id.rsplit_once('-')?;
        (is_number(n) && !writer.is_empty()).then_some(writer)
    }

    /// The name of a page of the file with this name, from 0: the first one has the same name, the others `-p2`, `-p3`
    /// and so on at the end.
    #[must_use]
    pub fn with_page(mut self, page: usize) -> Self {
        if page > 0 {
            self.id += &format!("-p{}", page + 1);
        }
        self
    }

    /// The order of `{size}/{file name}` of labelled pictures, without making these texts where they are not needed.
    pub fn cmp_path(&self, other: &Self) -> Ordering {
        if self.size != other.size {
            return format!("{}/", self.size).cmp(&format!("{}/", other.size));
        }
        if self.id.len().max(other.id.len()) > SHORT_ID_BYTES {
            return self.png_file_name().cmp(&other.png_file_name());
        }
        let (a, b) = (self.id.bytes().chain(*b".png"), other.id.bytes().chain(*b".png"));
        self.label.cmp(&other.label).then_with(|| a.cmp(b))
    }

    /// `{label}_{size}_{id}`.
    pub fn stem(&self) -> String {
        format!("{}_{}_{}", self.label, self.size, self.id)
    }

    /// The file name of the labelled picture. A name that would be longer than file systems take is cut in the middle
    /// of its id, where the digest of the whole id takes the place of what is left out; the writer's `-{n}` stays.
    pub fn png_file_name(&self) -> String {
        let name = format!("{self}.png");
        if name.len() <= MAX_NAME_BYTES {
            return name;
        }
        let tail = self.writer().map_or(String::new(), |writer| self.id[writer.len()..].to_owned());
        let tail = if tail.len() > 40 { String::new() } else { tail };
        let mark = format!("~{}", &digest::sha256_hex(self.id.as_bytes())[..16]);
        let head_bytes = MAX_NAME_BYTES - (name.len() - self.id.len()) - mark.len() - tail.len();
        let head = &self.id[..self.id.floor_char_boundary(head_bytes)];
        format!("{}_{}_{head}{mark}{tail}.png", self.label, self.size)
    }
}

impl fmt::Display for PictureName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{}_{}", self.label, self.size, self.id)
    }
}

fn parse_size(text: &str) -> Option<u8> {
    let plain = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) && !text.starts_with('0');
    if plain { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_reads_back_what_it_says() {
        for (stem, label, size, writer) in [
            ("1_20_a", 1, 20, None),
            ("0_8_kim-3", 0, 8, Some("kim")),
            ("9_20_0001_CH4M-17", 9, 20, Some("0001_CH4M")),
            ("5_20_a-b-3", 5, 20, Some("a-b")),
            ("5_20_kim-3-p2", 5, 20, Some("kim")),
            ("5_20_kim-p2", 5, 20, None),
            ("5_20_kim-px", 5, 20, None),
            ("5_20_kim-p2-3", 5, 20, Some("kim-p2")),
            ("5_20_a-b", 5, 20, None),
            ("5_20_-3", 5, 20, None),
            ("5_20_a-", 5, 20, None),
            ("2_20_김-1", 2, 20, Some("김")),
        ] {
            let name = PictureName::parse_stem(stem).unwrap();
            assert_eq!((name.label, name.size, name.writer()), (label, size, writer), "{stem}");
            assert_eq!(name.stem(), stem);
        }
    }

    #[test]
    fn a_name_that_says_too_little_is_told_why() {
        for (stem, reason) in [
            ("photo", "name without label"),
            ("", "name without label"),
            ("12_20_a", "name without label"),
            ("x_20_a", "name without label"),
            ("1", "name without size"),
            ("1_big_a", "size is not a number"),
            ("1_0_a", "size is not a number"),
            ("1_256_a", "size is not a number"),
            ("1_-8_a", "size is not a number"),
            ("1_08_a", "size is not a number"),
            ("1_20", "name without id"),
            ("1_20_", "name without id"),
        ] {
            let error = PictureName::parse_stem(stem).unwrap_err();
            assert!(error.contains(reason), "{stem}: {error}");
        }
    }

    #[test]
    fn the_order_is_that_of_the_paths() {
        let long = "x".repeat(250);
        let ids = ["a", "a-1", "a.1", "a-10", "A", "a!", "가", &long, &long[1..], &format!("{long}y")];
        let names = ids.iter().flat_map(|id| {
            [(1, 20), (2, 20), (1, 2), (1, 200), (1, 8)].map(|(label, size)| PictureName {
                label,
                size,
                id: (*id).into(),
            })
        });
        let names: Vec<PictureName> = names.collect();
        let path = |name: &PictureName| format!("{}/{}", name.size, name.png_file_name());
        for a in &names {
            for b in &names {
                assert_eq!(a.cmp_path(b), path(a).cmp(&path(b)), "{} {}", path(a), path(b));
            }
        }
    }

    #[test]
    fn long_names_are_cut_and_stay_different() {
        let long = |last: &str| PictureName { label: 1, size: 20, id: format!("{}{last}-5", "가".repeat(90)) };
        let (a, b) = (long("a").png_file_name(), long("b").png_file_name());
        assert!(a.len() <= MAX_NAME_BYTES && a != b, "{a}");
        let back = PictureName::parse_stem(a.strip_suffix(".png").unwrap()).unwrap();
        assert!(back.writer().is_some() && a.ends_with("-5.png"));
        let exact = PictureName { label: 1, size: 20, id: "x".repeat(MAX_NAME_BYTES - 9) };
        assert_eq!(exact.png_file_name().len(), MAX_NAME_BYTES);
        assert!(!exact.png_file_name().contains('~'));
    }
}
