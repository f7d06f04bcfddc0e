//! JSON files of the contract: indented, a line feed at the end, errors that name file, line and key.

use std::path::Path;

use anyhow::Context;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::atomic::{self, Durability};
use crate::refused;

/// The bytes of a value as the contract writes it.
pub fn to_bytes<T: Serialize>(value: &T) -> anyhow::Result<Vec<u8>> {
    let mut bytes = serde_json::to_vec_pretty(value)?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// Writes a value atomically.
pub fn write<T: Serialize>(path: &Path, value: &T) -> anyhow::Result<()> {
    atomic::write(path, &to_bytes(value)?, Durability::Process)
}

/// Reads a value.
pub fn read<T: DeserializeOwned>(path: &Path) -> anyhow::Result<T> {
    let bytes = fs_err::read(path)?;
    from_bytes(&bytes).with_context(|| path.display().to_string())
}

/// Reads a value from bytes; a byte order mark is passed over. The error names line, key, what was expected and found.
pub fn from_bytes<T: DeserializeOwned>(bytes: &[u8]) -> anyhow::Result<T> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let key = error.path().to_string();
        let (line, column) = (error.inner().line(), error.inner().column());
        let what = error.inner().to_string();
        // serde_json ends its messages with the place; it reads better in front.
        let what = what.rsplit_once(" at line ").map_or(what.as_str(), |(what, _)| what);
        // A name alone where its settings belong too; serde's words for it speak of Rust.
        let name = key.rsplit('.').next().unwrap_or_default();
        let bare = format!("expected an object with its settings, found a name alone; write {{\"{name}\": {{}}}}");
        let what = if what == "invalid type: unit variant, expected newtype variant" { bare.as_str() } else { what };
        let key = if key == "." { String::new() } else { format!(", key `{key}`") };
        refused(format!("line {line}, column {column}{key}: {what}"))
    })?;
    json.end().map_err(|error| refused(format!("after the JSON value: {error}; remove what follows it")))?;
    Ok(value)
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
            ("{\"x\": NaN}", "line 1"),
            ("", "line 1"),
        ] {
            let error = from_bytes::<Point>(text.as_bytes()).unwrap_err();
            assert!(error.to_string().contains(part), "{text}: {error}");
            assert!(crate::is_refused(&error));
        }
    }
}
