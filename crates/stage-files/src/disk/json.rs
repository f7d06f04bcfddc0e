//! JSON files: indented, with a line feed at the end. Errors name file, line and key.

use std::io;
use std::path::Path;

use anyhow::Context;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::atomic::{self, Durability};
use crate::text_name::is_hidden;
use crate::{refused, regular_file, suggest};

/// Longest file that is read.
const MAX_BYTES: u64 = 1 << 30;

/// The bytes of a value as files hold it.
pub fn to_bytes<T: Serialize>(value: &T) -> anyhow::Result<Vec<u8>> {
    let mut bytes = serde_json::to_vec_pretty(value)?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// A value as one line. Characters at which some programs end a line, and those that control a terminal, are written as
/// JSON escapes.
///
/// ```
/// assert_eq!(stage_files::json::to_line(&"a\u{85}b\u{202e}c").unwrap(), r#""a\u0085b\u202ec""#);
/// ```
pub fn to_line<T: Serialize>(value: &T) -> serde_json::Result<String> {
    let text = serde_json::to_string(value)?;
    if !text.chars().any(is_hidden) {
        return Ok(text);
    }
    let mut line = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if is_hidden(c) { line.push_str(&format!("\\u{:04x}", u32::from(c))) } else { line.push(c) }
    }
    Ok(line)
}

/// Writes a value atomically, piece by piece: its text may be larger than itself.
pub fn write<T: Serialize>(path: &Path, value: &T) -> anyhow::Result<()> {
    atomic::write_pieces(path, Durability::Process, |file| {
        serde_json::to_writer_pretty(&mut *file, value).map_err(io::Error::from)?;
        Ok(file.write_all(b"\n")?)
    })
}

/// Reads a value.
pub fn read<T: DeserializeOwned>(path: &Path) -> anyhow::Result<T> {
    let bytes = regular_file::read(path, MAX_BYTES).map_err(|error| error.at(path))?;
    from_bytes(&bytes).with_context(|| path.display().to_string())
}

/// Reads a value from bytes; a byte order mark is passed over. The error names line, key, what was expected and found.
pub fn from_bytes<T: DeserializeOwned>(bytes: &[u8]) -> anyhow::Result<T> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let (line, column) = (error.inner().line(), error.inner().column());
        if let Some(comment) = comment_at(bytes, line, column) {
            return comment;
        }
        let (key, what) = (key(&error), what(&error));
        refused(format!("line {line}, column {column}{}: {what}", key.map_or(String::new(), |key| format!(", {key}"))))
    })?;
    json.end().map_err(|error| {
        comment_at(bytes, error.line(), error.column())
            .unwrap_or_else(|| refused(format!("after the JSON value: {error}; remove what follows it")))
    })?;
    Ok(value)
}

/// Reads a value from a JSON value. The error names key, what was expected and found.
pub fn from_value<T: DeserializeOwned>(value: &Value) -> anyhow::Result<T> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let (key, what) = (key(&error), what(&error));
        refused(key.map_or(what.clone(), |key| format!("{key}: {what}")))
    })
}

/// The refusal of a comment at the place of an error, if there is one.
fn comment_at(bytes: &[u8], line: usize, column: usize) -> Option<anyhow::Error> {
    let text = bytes.split(|&byte| byte == b'\n').nth(line.checked_sub(1)?)?;
    // The parser counts the byte that it stands on, or the one before it.
    let at = [column.saturating_sub(1), column].into_iter().find(|&at| {
        text.get(at..).is_some_and(|rest| rest.starts_with(b"//") || rest.starts_with(b"/*") || rest.starts_with(b"#"))
    })?;
    let comment = String::from_utf8_lossy(&text[at..]);
    let (comment, column) = (comment.trim_end(), at + 1);
    Some(refused(format!(
        "line {line}, column {column}: JSON has no comments, found `{comment}`; remove it, or keep notes elsewhere"
    )))
}

/// The place of an error in a document, unless it is the whole document.
fn key(error: &serde_path_to_error::Error<serde_json::Error>) -> Option<String> {
    let path = error.path().to_string();
    (path != ".").then(|| format!("key `{path}`"))
}

/// What was expected and what was found.
fn what(error: &serde_path_to_error::Error<serde_json::Error>) -> String {
    let what = error.inner().to_string();
    // serde_json ends its messages with the place; it reads better in front.
    let what = what.rsplit_once(" at line ").map_or(what.as_str(), |(what, _)| what);
    if what == "invalid type: unit variant, expected newtype variant" {
        // A name alone where its settings belong too; serde's words for it speak of Rust.
        let path = error.path().to_string();
        let name = path.rsplit('.').next().unwrap_or_default();
        return format!("expected an object with its settings, found a name alone; write {{\"{name}\": {{}}}}");
    }
    suggested(what).unwrap_or_else(|| what.to_owned())
}

/// The message about an unknown name with the known name that is nearest to it.
fn suggested(what: &str) -> Option<String> {
    let (kind, rest) = what.split_once(" `").filter(|(kind, _)| ["unknown field", "unknown variant"].contains(kind))?;
    let (unknown, expected) = rest.split_once("`, expected ")?;
    let near = suggest::nearest(unknown, expected.split('`').skip(1).step_by(2))?;
    Some(format!("{kind} `{unknown}`; did you mean `{near}`? Expected {expected}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Point {
        x: u8,
    }

    #[test]
    fn a_value_round_trips_and_ends_with_a_line_feed() {
        let bytes = to_bytes(&Point { x: 3 }).unwrap();
        assert_eq!(bytes, b"{\n  \"x\": 3\n}\n");
        assert_eq!(from_bytes::<Point>(&bytes).unwrap(), Point { x: 3 });
        assert_eq!(from_bytes::<Point>(b"\xef\xbb\xbf{\"x\": 3}\r\n").unwrap(), Point { x: 3 });
    }

    #[test]
    fn errors_name_line_and_key_and_are_refusals() {
        for (text, part) in [
            ("{\"x\":\n -3}", "line 2, column 3, key `x`: invalid value: integer `-3`, expected u8"),
            ("{\"y\": 1}", "key `y`: unknown field `y`, expected `x`"),
            ("{\"x\": 1} {}", "after the JSON value"),
            ("{\"xs\": 1}", "key `xs`: unknown field `xs`; did you mean `x`? Expected `x`"),
            (
                "{\n  // the place\n  \"x\": 3}",
                "line 2, column 3: JSON has no comments, found `// the place`; remove it",
            ),
            ("{\"x\": 3 /* the place */}", "line 1, column 9: JSON has no comments, found `/* the place */}`"),
            ("{\"x\": # place\n3}", "line 1, column 7: JSON has no comments, found `# place`"),
            ("{\"x\": 3}\n// the place\n", "line 2, column 1: JSON has no comments"),
            ("{\"x\": NaN}", "line 1"),
            ("", "line 1"),
        ] {
            let error = from_bytes::<Point>(text.as_bytes()).unwrap_err();
            assert!(error.to_string().contains(part), "{text}: {error}");
            assert!(crate::is_refused(&error));
        }
    }
}
