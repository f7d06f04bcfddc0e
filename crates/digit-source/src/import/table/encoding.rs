//! Bytes of a text file to text with LF line ends: UTF-8 with or without mark, UTF-16, or an 8-bit code page.

use std::borrow::Cow;

use stage_files::refuse;

/// Text, and what its bytes were.
pub(super) struct Text<'a> {
    /// The text; its lines end in LF.
    pub content: Cow<'a, str>,
    /// Name of the encoding.
    pub encoding: &'static str,
    /// Name of the line ends.
    pub line_ends: &'static str,
}

/// # Errors
/// Bytes that are no text.
pub(super) fn decode(bytes: &[u8]) -> anyhow::Result<Text<'_>> {
    let (text, encoding) = characters(bytes)?;
    let (text, line_ends) = with_lf(text);
    Ok(Text { content: text, encoding, line_ends })
}

fn characters(bytes: &[u8]) -> anyhow::Result<(Cow<'_, str>, &'static str)> {
    if bytes.starts_with(&[0xff, 0xfe, 0, 0]) || bytes.starts_with(&[0, 0, 0xfe, 0xff]) {
        refuse!("text in UTF-32; save it as UTF-8");
    }
    if let Some(rest) = bytes.strip_prefix(&[0xff, 0xfe]) {
        return Ok((utf16(rest, u16::from_le_bytes)?, "UTF-16 LE"));
    }
    if let Some(rest) = bytes.strip_prefix(&[0xfe, 0xff]) {
        return Ok((utf16(rest, u16::from_be_bytes)?, "UTF-16 BE"));
    }
    // Without a mark: a table's first characters are ASCII, so every other byte is 0.
    match bytes {
        [1..=127, 0, 1..=127, 0, ..] => return Ok((utf16(bytes, u16::from_le_bytes)?, "UTF-16 LE without mark")),
        [0, 1..=127, 0, 1..=127, ..] => return Ok((utf16(bytes, u16::from_be_bytes)?, "UTF-16 BE without mark")),
        _ => {}
    }
    if let Some(at) = bytes.iter().position(|&byte| byte == 0) {
        refuse!("no text: byte {} is 0; expected a table of digits as text", at + 1);
    }
    let (plain, name) = match bytes.strip_prefix(b"\xef\xbb\xbf") {
        Some(plain) => (plain, "UTF-8 with mark"),
        None => (bytes, "UTF-8"),
    };
    Ok(match std::str::from_utf8(plain) {
        Ok(text) => (Cow::Borrowed(text), name),
        // Numbers are ASCII in all of them; only names of columns and files can look odd.
        Err(_) => (Cow::Owned(plain.iter().copied().map(char::from).collect()), "an 8-bit code page"),
    })
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> anyhow::Result<Cow<'_, str>> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    if !rest.is_empty() {
        refuse!("cut-off UTF-16: {} bytes, expected an even number; copy the file again", bytes.len());
    }
    let characters = char::decode_utf16(pairs.iter().map(|&pair| unit(pair)));
    Ok(Cow::Owned(characters.map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()))
}

/// CR LF and CR alone become LF.
fn with_lf(text: Cow<'_, str>) -> (Cow<'_, str>, &'static str) {
    if !text.contains('\r') {
        return (text, "LF");
    }
    let name = if text.contains("\r\n") {
        "CR LF"
    } else if text.contains('\n') {
        "LF and CR"
    } else {
        "CR"
    };
    (Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n")), name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_encoding_and_line_end_gives_the_same_text() {
        let text = "größe,1\n2,3\n";
        for (end, line_ends) in [("\n", "LF"), ("\r", "CR"), ("\r\n", "CR LF")] {
            let text_there = text.replace('\n', end);
            let le: Vec<u8> = text_there.encode_utf16().flat_map(u16::to_le_bytes).collect();
            let be: Vec<u8> = text_there.encode_utf16().flat_map(u16::to_be_bytes).collect();
            let latin: Vec<u8> = text_there.chars().map(|c| c as u8).collect();
            for (bytes, encoding) in [
                (text_there.clone().into_bytes(), "UTF-8"),
                ([b"\xef\xbb\xbf", text_there.as_bytes()].concat(), "UTF-8 with mark"),
                ([b"\xff\xfe", &le[..]].concat(), "UTF-16 LE"),
                ([b"\xfe\xff", &be[..]].concat(), "UTF-16 BE"),
                (le, "UTF-16 LE without mark"),
                (be, "UTF-16 BE without mark"),
                (latin, "an 8-bit code page"),
            ] {
                let read = decode(&bytes).unwrap();
                assert_eq!((&*read.content, read.encoding, read.line_ends), (text, encoding, line_ends));
            }
        }
    }

    #[test]
    fn what_is_no_text_is_refused() {
        for (bytes, part) in
            [(&b"12\x003"[..], "byte 3 is 0"), (b"\xff\xfe1", "cut-off UTF-16"), (b"\xff\xfe\0\0", "UTF-32")]
        {
            let error = decode(bytes).err().unwrap();
            assert!(stage_files::is_refused(&error) && error.to_string().contains(part), "{error}");
        }
    }
}
