//! File names as text. A file name is bytes, a CSV cell is UTF-8, and no two names may become the same text.

use std::ffi::OsStr;
use std::fmt::Write;
use std::path::{Component, Path};

use unicode_normalization::UnicodeNormalization;

/// A file name as UTF-8. Bytes that are not UTF-8 become `%HH`; a `%` that stands before two hex digits becomes `%25`,
/// so different names stay different.
///
/// ```
/// use std::ffi::OsStr;
/// use stage_files::text_name::text_name;
/// assert_eq!(text_name(OsStr::new("3_20_김-7.png")), "3_20_김-7.png");
/// assert_eq!(text_name(OsStr::new("1_20_50%41.png")), "1_20_50%2541.png");
/// ```
pub fn text_name(name: &OsStr) -> String {
    let bytes = name.as_encoded_bytes();
    if let Some(plain) = name.to_str().filter(|name| name.is_ascii() && !bytes.contains(&b'%')) {
        return plain.to_owned();
    }
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        for (at, c) in chunk.valid().char_indices() {
            let rest = &chunk.valid().as_bytes()[at + c.len_utf8()..];
            if c == '%' && rest.len() >= 2 && rest[..2].iter().all(u8::is_ascii_hexdigit) {
                text.push_str("%25");
            } else {
                text.push(c);
            }
        }
        for byte in chunk.invalid() {
            let _ = write!(text, "%{byte:02X}");
        }
    }
    text
}

/// A path as text: its components by [`text_name`], joined with `/` on every system.
pub fn text_path(path: &Path) -> String {
    let parts = path.components().map(|part| match part {
        Component::RootDir => String::new(),
        part => text_name(part.as_os_str()),
    });
    let text = parts.collect::<Vec<_>>().join("/");
    if text.is_empty() && path.has_root() { "/".to_owned() } else { text }
}

/// A name as file systems compare it that fold letters. `A.png` and `a.png` are one file on macOS and Windows, as are
/// `é` as one character and as two. Names of different files must differ after folding.
///
/// ```
/// use stage_files::text_name::folded;
/// assert_eq!(folded("1_20_KIM.png"), folded("1_20_kim.png"));
/// assert_eq!(folded("1_20_Jos\u{e9}.png"), folded("1_20_Jose\u{301}.png"));
/// ```
pub fn folded(name: &str) -> String {
    if name.is_ascii() {
        return name.to_ascii_lowercase();
    }
    // Both ways, since some letters have a capital that has another small letter. Then composed anew, as capitals may
    // come apart.
    name.nfd().flat_map(char::to_uppercase).flat_map(char::to_lowercase).nfc().collect()
}

/// Why an input is rejected whose output would have the name of another, or one that some file systems do not
/// distinguish.
pub fn same_name(name: &str, first_name: &str, first_source: &str) -> String {
    if name == first_name {
        return format!("would get the name {name}, which {first_source} has already; rename one of them");
    }
    format!(
        "would get the name {name}, which macOS and Windows take for {first_name} of {first_source}; rename one of them"
    )
}

/// The last component of a path as text. It names an input without its place on the disk. `.` and `..` are resolved.
pub fn base_name(path: &Path) -> String {
    let name = path.file_name().map(text_name);
    name.or_else(|| path.canonicalize().ok()?.file_name().map(text_name)).unwrap_or_default()
}

/// Whether a character is not visible but moves the cursor, ends a line or changes the direction of reading: control
/// characters, line separators, and the marks of bidirectional text (Unicode, UAX 9 and UTR 36).
pub fn is_hidden(c: char) -> bool {
    let is_mark = matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    c.is_control() || is_mark || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}')
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::ffi::OsStrExt;

    #[test]
    fn bytes_that_are_not_utf8_stay_distinct() {
        let name = |bytes: &[u8]| text_name(OsStr::from_bytes(bytes));
        assert_eq!(name(b"1_20_\xff\xfe.png"), "1_20_%FF%FE.png");
        assert_eq!(name(b"1_20_%FF%FE.png"), "1_20_%25FF%25FE.png");
        assert_eq!(name("1_20_\u{1f600}%.png".as_bytes()), "1_20_\u{1f600}%.png");
        assert_ne!(name(b"\xff"), name(b"%FF"));
        assert_eq!(name(b"%\xff"), "%%FF");
        assert_eq!(name(b"%25FF"), "%2525FF");
    }

    #[test]
    fn paths_join_with_slashes_and_base_names_drop_the_rest() {
        for path in ["a/b/c.png", "/a/b/c.png", "/", "../a", "", "."] {
            assert_eq!(text_path(Path::new(path)), path);
        }
        assert_eq!(base_name(Path::new("/x/y/demo/")), "demo");
        assert!(!base_name(Path::new(".")).is_empty());
    }
}
