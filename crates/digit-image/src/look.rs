//! What a file is whose name does not say that it is a picture: one by its content, something that looks like a picture
//! and cannot be read, or notes.

use stage_files::walk::Look;

use crate::decode::DecodeError;
use crate::format::{Format, sniff};

/// Endings of pictures and scans that are not read, with what they are. Endings whose content tells the format and that
/// [`stage_files::walk`] knows already, such as `.heic`, are not repeated.
const UNREAD_ENDINGS: [(&str, &[&str]); 14] = [
    ("a PDF", &["pdf"]),
    ("a TGA picture", &["tga", "icb", "vda", "vst"]),
    ("an ICO picture", &["ico", "cur", "icns"]),
    ("a GIMP file", &["xcf"]),
    ("a Photoshop file", &["psb"]),
    ("a PostScript file", &["ps", "eps", "ai"]),
    ("a DjVu document", &["djvu", "djv"]),
    (
        "a camera's raw picture",
        &[
            "raw", "dng", "cr2", "cr3", "crw", "nef", "nrw", "arw", "sr2", "srf", "orf", "rw2", "raf", "pef", "srw",
            "x3f", "3fr", "iiq", "kdc", "dcr", "mrw", "erf", "rwl",
        ],
    ),
    ("a drawing", &["svgz", "emf", "wmf", "cdr", "sketch", "kra", "ora", "clip"]),
    ("a JPEG 2000 picture", &["jpm", "jph", "jhc"]),
    ("a PFM picture of floating-point numbers", &["pfm"]),
    ("a medical picture", &["dcm", "dicom"]),
    ("a PCX picture", &["pcx", "dcx"]),
    (
        "a picture of another format",
        &["dds", "exr", "hdr", "qoi", "pict", "pct", "sgi", "ras", "xpm", "xbm", "wdp", "jxr"],
    ),
];

/// Endings of files that may hold pictures among other things. They count only under a picture's name: notes and the
/// archive that the pictures came from are no pictures.
const CONTAINER_ENDINGS: [(&str, &[&str]); 2] = [
    ("an archive; unpack it", &["zip", "rar", "7z", "tar", "gz", "tgz", "bz2", "xz", "zst"]),
    (
        "a document; export its pictures as PNG or JPEG",
        &["doc", "docx", "odt", "odg", "ppt", "pptx", "odp", "xls", "xlsx", "rtf", "pages", "key"],
    ),
];

/// What a file is whose name has no ending of pictures that [`stage_files::walk`] knows, by its name and its first
/// [`crate::format::SNIFF_BYTES`]. Content goes before the ending: a PNG called `a.tga` is read.
pub fn look(file_name: &str, start: &[u8]) -> Look {
    // XML, `\xff\x0a` and `\0\0\1\0` begin files of other kinds too; only a name makes pictures of them.
    let is_plain =
        |format: &Format| !matches!(format, Format::Svg | Format::Icon | Format::JpegXl | Format::PostScript);
    let unsupported = |format| Look::Unreadable(DecodeError::Unsupported { format, what: None }.to_string());
    match sniff(start).filter(is_plain) {
        Some(format) if format.is_decoded() => return Look::Picture,
        Some(format) => return unsupported(format),
        None => (),
    }
    let Some((stem, ending)) = file_name.rsplit_once('.') else { return Look::Other };
    let named = |endings: &[&str]| endings.iter().any(|known| ending.eq_ignore_ascii_case(known));
    if let Some((what, _)) = UNREAD_ENDINGS.iter().find(|(_, endings)| named(endings)) {
        let export = Format::export_names();
        return Look::Unreadable(format!("{what} by its ending, which is not read; export it as {export}"));
    }
    match CONTAINER_ENDINGS.iter().find(|(_, endings)| named(endings)) {
        Some((what, _)) if is_named_as_picture(stem) => Look::Unreadable(format!("is no picture but {what}")),
        _ => Look::Other,
    }
}

/// Whether a stem begins as names of labelled pictures do, with one digit: `7_20_scan`, `3-005`, `3`.
fn is_named_as_picture(stem: &str) -> bool {
    matches!(stem.as_bytes(), [b'0'..=b'9'] | [b'0'..=b'9', b'_' | b'-' | b'.' | b' ' | b'(', ..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_a_picture_is_named_and_notes_are_not() {
        for (name, start) in
            [("a", &b"\x89PNG\r\n\x1a\n"[..]), ("1_20_a.tga", b"\xff\xd8\xff\xe0"), ("x.dat", b"P5 1 1 255 ")]
        {
            assert_eq!(look(name, start), Look::Picture, "{name}");
        }
        for (name, start, what) in [
            ("7_20_scan.pdf", &b"%PDF-1.7"[..], "PDF"),
            ("scan", b"%PDF-1.7", "PDF"),
            ("7_20_scan.pdf", b"", "PDF"),
            ("7_20_a.TGA", b"\0\0\x02\0", "TGA"),
            ("7_20_a.ico", b"\0\0\x01\0\x01\0", "ICO"),
            ("a.xcf", b"gimp xcf v011", "XCF"),
            ("a.bin", b"8BPS", "PSD"),
            ("a.eps", b"%!PS-Adobe", "PostScript"),
            ("a.cr3", b"\0\0\0\x18ftypcrx ", "camera raw"),
            ("a.raf", b"FUJIFILMCCD-RAW", "camera raw"),
            ("a.nef", b"unknown", "camera's raw"),
            ("a.djvu", b"AT&TFORM", "DjVu"),
            ("a.pfm", b"Pf\n2 2\n", "PFM"),
            ("7_20_a.zip", b"PK\x03\x04", "archive; unpack"),
            ("3.rar", b"Rar!", "archive"),
            ("7_20_a.docx", b"PK\x03\x04", "document; export"),
        ] {
            let Look::Unreadable(reason) = look(name, start) else { panic!("{name}: {:?}", look(name, start)) };
            assert!(
                reason.contains(what) && (reason.contains("export") || reason.contains("unpack")),
                "{name}: {reason}"
            );
        }
        for (name, start) in [
            ("notes.txt", &b"notes"[..]),
            ("labels.xml", b"<?xml version=\"1.0\"?>"),
            ("Thumbs.db", b"\xd0\xcf\x11\xe0"),
            ("pictures.zip", b"PK\x03\x04"),
            ("report.docx", b"PK\x03\x04"),
            ("3_20_a.txt", b"notes"),
            ("12_20_a.zip", b"PK\x03\x04"),
            ("none", b""),
        ] {
            assert_eq!(look(name, start), Look::Other, "{name}");
        }
    }
}
