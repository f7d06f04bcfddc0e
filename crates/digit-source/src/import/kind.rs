//! What a file is by its first bytes, so that one that is not read is named with what to do.

/// A kind of file that an import meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// NumPy's `.npy`.
    Npy,
    /// A ZIP archive: NumPy's `.npz`, a spreadsheet, or just packed files.
    Zip,
    /// MATLAB's `.mat` of versions 5 to 7.
    Mat,
    /// Apache Parquet.
    Parquet,
    /// An IDX file with this type byte and number of dimensions.
    Idx(u8, u8),
    /// What no import reads: what it is, and what to do.
    Foreign(&'static str, &'static str),
}

const PACKED: &str = "unpack it and give the file inside";
const PICTURE: &str = "a picture file; `digit-source import folders` takes pictures in folders named by their digit";
const SAVE_AS_CSV: &str = "save the sheet as CSV";
const SAVE_WITH_NUMPY: &str = "load it in Python and save it with numpy.savez(\"digits.npz\", images=.., labels=..)";

/// First bytes, what they stand for, and what to do.
const FOREIGN: [(&[u8], &str, &str); 19] = [
    (b"\x89HDF\r\n\x1a\n", "an HDF5 file", SAVE_WITH_NUMPY),
    (b"MATLAB 7.3", "a MATLAB file of version 7.3, which is HDF5", "save it with `save -v7`"),
    (b"Rar!\x1a\x07", "a RAR archive", PACKED),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", PACKED),
    (b"BZh", "a bzip2 file", PACKED),
    (b"\xfd7zXZ\0", "an xz file", PACKED),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an Excel workbook (.xls)", SAVE_AS_CSV),
    (b"ARROW1", "an Arrow or Feather file", "save it as CSV or Parquet"),
    (b"\x80\x02", "a Python pickle", SAVE_WITH_NUMPY),
    (b"\x80\x03", "a Python pickle", SAVE_WITH_NUMPY),
    (b"\x80\x04", "a Python pickle", SAVE_WITH_NUMPY),
    (b"\x80\x05", "a Python pickle", SAVE_WITH_NUMPY),
    (b"SQLite format 3\0", "an SQLite database", "export the table as CSV"),
    (b"\x89PNG\r\n\x1a\n", "a PNG picture", PICTURE),
    (b"\xff\xd8\xff", "a JPEG picture", PICTURE),
    (b"GIF8", "a GIF picture", PICTURE),
    (b"%PDF-", "a PDF document", "save its pages as PNG and cut the digits out"),
    (b"version https://git-lfs", "a Git LFS pointer, not the file itself", "fetch the file with `git lfs pull`"),
    (b"\x1f\x9d", "a file of Unix compress (.Z)", PACKED),
];

/// The kind of a file, if it is one that can be told; a text table is none.
pub(super) fn kind(bytes: &[u8]) -> Option<Kind> {
    match bytes {
        [0x93, b'N', b'U', b'M', b'P', b'Y', ..] => return Some(Kind::Npy),
        [b'P', b'K', 3, 4, ..] => return Some(Kind::Zip),
        [b'P', b'A', b'R', b'1', ..] => return Some(Kind::Parquet),
        [0, 0, kind @ (8 | 9 | 11..=14), dimensions @ 1..=4, ..] => return Some(Kind::Idx(*kind, *dimensions)),
        _ if bytes.starts_with(b"MATLAB 5.0 MAT-file") => return Some(Kind::Mat),
        _ => {}
    }
    if let Some((_, what, remedy)) = FOREIGN.iter().find(|(magic, ..)| bytes.starts_with(magic)) {
        return Some(Kind::Foreign(what, remedy));
    }
    if bytes.get(257..262) == Some(b"ustar") {
        return Some(Kind::Foreign("a tar archive", PACKED));
    }
    markup(bytes)
}

/// What begins with a tag or a brace: a server's answer in place of a data set, or data in a form that is not read.
fn markup(bytes: &[u8]) -> Option<Kind> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    let begins = |word: &str| bytes.get(..word.len()).is_some_and(|b| b.eq_ignore_ascii_case(word.as_bytes()));
    if begins("<!doctype html") || begins("<html") || begins("<head") || begins("<!--") {
        let remedy = "a server sent it in place of the data set; download the file again";
        return Some(Kind::Foreign("an HTML page", remedy));
    }
    if begins("<?xml") || begins("<error") {
        let remedy = "if it should be a data set, a server sent an error in its place; download the file again";
        return Some(Kind::Foreign("an XML document", remedy));
    }
    let is_json = begins("{") || begins("[") && bytes[1..].trim_ascii_start().starts_with(b"{");
    is_json.then_some(Kind::Foreign("JSON", "save the rows as CSV"))
}

impl Kind {
    /// What it is, and what to do where it is given in the place of something else.
    pub(super) fn described(self) -> String {
        match self {
            Self::Npy => "a NumPy array (.npy)".into(),
            Self::Zip => "a ZIP archive (.zip, .npz, .xlsx)".into(),
            Self::Mat => "a MATLAB file (.mat)".into(),
            Self::Parquet => "an Apache Parquet file".into(),
            Self::Idx(8, 1) => "an IDX file of labels".into(),
            Self::Idx(8, 3) => "an IDX file of pictures".into(),
            Self::Idx(kind, dimensions) => format!("an IDX file of type {kind} with {dimensions} dimensions"),
            Self::Foreign(what, remedy) => format!("{what}; {remedy}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_told_by_content() {
        for (bytes, part) in [
            (&b"\n <!DOCTYPE HTML><html>"[..], "an HTML page"),
            (b"<HTML>", "download the file again"),
            (b"\x89HDF\r\n\x1a\n...", "HDF5"),
            (b"MATLAB 7.3 MAT-file, Platform", "-v7"),
            (b"Rar!\x1a\x07\0", "RAR"),
            (b"\x80\x04\x95", "pickle"),
            (b"version https://git-lfs.github.com/spec/v1", "git lfs pull"),
            (b"[{\"label\": 3}]", "JSON"),
            (b"PAR1..", "Parquet"),
            (b"\0\0\x08\x01\0\0\0\x02", "an IDX file of labels"),
            (b"\0\0\x0c\x02\0\0\0\x02", "type 12 with 2 dimensions"),
        ] {
            let kind = kind(bytes).unwrap();
            assert!(kind.described().contains(part), "{kind:?}");
        }
        for text in ["label,p0\n1,2\n", "5 1:0.5", "0,0", "[1, 2]", ""] {
            assert_eq!(kind(text.as_bytes()), None, "{text}");
        }
    }
}
