//! Removes what editors and spreadsheets add to text: a byte order mark, carriage returns.

use std::borrow::Cow;

/// The text with LF line ends and without a byte order mark. The `csv` crate counts a line that ends in CRLF only when
/// the next one begins, so line numbers in messages would be one too small.
pub fn plain(bytes: &[u8]) -> Cow<'_, [u8]> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if !bytes.contains(&b'\r') {
        return Cow::Borrowed(bytes);
    }
    let next = bytes.iter().skip(1).map(Some).chain([None]);
    let kept = bytes.iter().zip(next).filter(|pair| *pair != (&b'\r', Some(&b'\n'))).map(|(byte, _)| *byte);
    Cow::Owned(kept.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_and_carriage_returns_go_and_nothing_else() {
        for (text, expected) in [
            ("", ""),
            ("a\nb", "a\nb"),
            ("\u{feff}a\r\nb\r\n", "a\nb\n"),
            ("a\rb\r\r\n\r", "a\rb\r\n\r"),
            ("a\u{feff}", "a\u{feff}"),
        ] {
            assert_eq!(plain(text.as_bytes()), expected.as_bytes(), "{text:?}");
        }
    }
}
